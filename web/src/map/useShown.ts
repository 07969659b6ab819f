// What the map shows at this moment: its zoom, and which level of each side is drawn.
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useEffect, useState } from 'react';

export interface Shown {
  zoom: number;
  gridLevel: string | null;
  beatLevel: string | null;
}

const levelOf = (map: MapLibreMap, layer: string): string | null => {
  if (!map.getLayer(layer)) return null;
  const level: unknown = map.queryRenderedFeatures({ layers: [layer] })[0]?.properties.level;
  return typeof level === 'string' ? level : null;
};

export function useShown(map: MapLibreMap | null): Shown {
  const [shown, setShown] = useState<Shown>({ zoom: 0, gridLevel: null, beatLevel: null });
  useEffect(() => {
    if (!map) return;
    const look = () => {
      const next = { zoom: map.getZoom(), gridLevel: levelOf(map, 'land-grid'), beatLevel: levelOf(map, 'land-beat') };
      setShown((old) => (old.zoom === next.zoom && old.gridLevel === next.gridLevel && old.beatLevel === next.beatLevel ? old : next));
    };
    look();
    map.on('idle', look);
    return () => void map.off('idle', look);
  }, [map]);
  return shown;
}
