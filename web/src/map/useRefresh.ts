// Fetches tiles again after a change.
//
// MapLibre can fetch single tiles again, but only those on the screen: copies it keeps of tiles that went
// out of sight stay as they were. So a source that changed is refreshed whole, copies dropped, as soon as
// the map starts to move; and one that changed while it moved, when it has come to rest. What is on its way
// at that moment may be from before the change, and MapLibre does not ask for it twice: that is refreshed once more
// when all has come.
import type { Map as MapLibreMap, StyleSpecification } from 'maplibre-gl';
import { useCallback, useEffect, useRef } from 'react';
import type { TileRange } from '../live/messages';
import { tilesInSight, type Sight, type TileId } from './sight';
import { carriesTheMap } from './sources';

function sightOf(map: MapLibreMap): Sight {
  const bounds = map.getBounds();
  return { zoom: map.getZoom(), west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() };
}

function fetchAgain(map: MapLibreMap, source: string, tiles?: TileId[]): void {
  const refresh = () => {
    if (map.getSource(source)) map.refreshTiles(source, tiles);
  };
  if (!map.isSourceLoaded(source)) map.once('idle', refresh);
  refresh();
}

/** `refresh(source, ranges)`; all tiles of the source when `ranges` is null, and of every source of the map when that is. */
export function useRefresh(map: MapLibreMap | null): (source: string | null, ranges: readonly TileRange[] | null) => void {
  const stale = useRef(new Set<string>());

  useEffect(() => {
    if (!map) return;
    const sources = stale.current;
    const drop = () => {
      for (const source of sources) if (map.getSource(source)) fetchAgain(map, source);
      sources.clear();
    };
    map.on('movestart', drop);
    map.on('moveend', drop);
    return () => {
      map.off('movestart', drop);
      map.off('moveend', drop);
    };
  }, [map]);

  return useCallback(
    (named, ranges) => {
      if (!map) return;
      const tiles = ranges && tilesInSight(ranges, sightOf(map));
      // A source that the style does not have needs nothing. Before it is loaded there is no style.
      const all = () => Object.keys((map.getStyle() as StyleSpecification | undefined)?.sources ?? {});
      const sources = named === null ? all().filter(carriesTheMap) : map.getSource(named) ? [named] : [];
      for (const source of sources) {
        if (tiles) {
          if (tiles.length > 0) fetchAgain(map, source, tiles);
          stale.current.add(source);
        } else {
          fetchAgain(map, source);
          stale.current.delete(source);
        }
      }
    },
    [map],
  );
}
