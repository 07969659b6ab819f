// Fetches tiles again after a change.
//
// MapLibre can fetch single tiles again, but only those on the screen: copies it keeps of tiles that went
// out of sight stay as they were. So a source that changed is refreshed whole, copies dropped, as soon as
// the map starts to move.
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useCallback, useEffect, useRef } from 'react';

export interface TileId {
  z: number;
  x: number;
  y: number;
}

/** `refresh(source, tiles)`; all tiles of the source when `tiles` is null. */
export function useRefresh(map: MapLibreMap | null): (source: string, tiles: readonly TileId[] | null) => void {
  const stale = useRef(new Set<string>());

  useEffect(() => {
    if (!map) return;
    const sources = stale.current;
    const drop = () => {
      for (const source of sources) if (map.getSource(source)) map.refreshTiles(source);
      sources.clear();
    };
    map.on('movestart', drop);
    return () => void map.off('movestart', drop);
  }, [map]);

  return useCallback(
    (source, tiles) => {
      // A source that the style does not have needs nothing.
      if (!map?.getSource(source)) return;
      if (tiles) {
        map.refreshTiles(source, [...tiles]);
        stale.current.add(source);
      } else {
        map.refreshTiles(source);
        stale.current.delete(source);
      }
    },
    [map],
  );
}
