// Which source of the style carries which layer of the server's tiles. Pure.
import { ownLayerOf, ownSource } from './own';

/** Tile layer → source; each other layer is a department's and has a source of its own. */
const CARRIED_BY = new Map(Object.entries({
  grid: 'boundary', beat: 'boundary', grid_line: 'boundary', beat_line: 'boundary', grid_label: 'boundary', beat_label: 'boundary',
  piece: 'piece',
  fault: 'fault',
  address: 'address', resident_density: 'address',
  incident: 'incident',
  staff: 'staff',
}));

const BUILT_IN = new Set(CARRIED_BY.values());

/** The source that carries a tile layer. */
export const sourceOf = (layer: string): string => CARRIED_BY.get(layer) ?? ownSource(layer);

/** Whether a source carries layers of the map, and is no basemap or overlay of the page. */
export const carriesTheMap = (source: string): boolean => BUILT_IN.has(source) || ownLayerOf(source) !== null;
