// The map's place and the view's place, kept the same in both directions.
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useEffect } from 'react';
import { getView, setView, subscribe } from '../state/store';

/** Links round; below this the two count as the same place. */
const NEAR = 1e-4;

export function useMapView(map: MapLibreMap | null): void {
  useEffect(() => {
    if (!map) return;
    const report = () => {
      const { lng, lat } = map.getCenter();
      setView({ center: [lng, lat], zoom: map.getZoom() });
    };
    const follow = () => {
      const { center, zoom } = getView();
      if (!center || zoom === null || map.isMoving()) return;
      const now = map.getCenter();
      const away = Math.abs(now.lng - center[0]) + Math.abs(now.lat - center[1]) > NEAR || Math.abs(map.getZoom() - zoom) > 0.01;
      if (away) map.jumpTo({ center: [center[0], center[1]], zoom });
    };
    report();
    map.on('moveend', report);
    const stop = subscribe(follow);
    return () => {
      map.off('moveend', report);
      stop();
    };
  }, [map]);
}
