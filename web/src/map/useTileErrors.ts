// Whether map data could not be loaded. Cleared when the map comes to rest without a new error.
import type { ErrorEvent, Map as MapLibreMap } from 'maplibre-gl';
import { useEffect, useState } from 'react';

export function useTileErrors(map: MapLibreMap | null): boolean {
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!map) return;
    const error = (event: ErrorEvent) => {
      if (!('sourceId' in event)) console.warn(event.error);
      setFailed(true);
    };
    // Data that arrives means the server answers again.
    const data = (event: { dataType: string; tile?: unknown }) => {
      if (event.dataType === 'source' && event.tile) setFailed(false);
    };
    map.on('error', error);
    map.on('data', data);
    return () => {
      map.off('error', error);
      map.off('data', data);
    };
  }, [map]);
  return failed;
}
