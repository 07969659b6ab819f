// Which of the tiles that the server named are in sight. Pure.
import type { TileRange } from '../live/messages';

export interface TileId {
  z: number;
  x: number;
  y: number;
}

/** What the map shows: its zoom (of tiles 512 pixels wide), and the box around it in degrees. */
export interface Sight {
  zoom: number;
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Above this many tiles it is cheaper to let the map fetch all it shows. */
const MOST_TILES = 512;

/** Where a latitude lies in the square of Web Mercator, 0 in the north to 1 in the south. */
function row(latitude: number): number {
  const y = (1 - Math.asinh(Math.tan((latitude * Math.PI) / 180)) / Math.PI) / 2;
  return Math.min(1, Math.max(0, y));
}

/** The tiles of some ranges that are in sight or beside what is, each once; null when there are too many to name. */
export function tilesInSight(ranges: readonly TileRange[], sight: Sight): TileId[] | null {
  // Over the date line, or around the world: any column.
  const [west, east] = sight.west < -180 || sight.east > 180 ? [0, 1] : [(sight.west + 180) / 360, (sight.east + 180) / 360];
  const [north, south] = [row(sight.north), row(sight.south)];
  const tiles = new Map<string, TileId>();
  for (const [z, x0, y0, x1, y1] of ranges) {
    // Tiles of deeper zooms are not loaded; those of all before may stand in for them.
    if (z > Math.floor(sight.zoom) + 1) continue;
    const n = 2 ** z;
    const from = (of: number, least: number) => Math.max(least, Math.floor(of * n) - 1);
    const to = (of: number, most: number) => Math.min(most, Math.floor(of * n) + 1);
    const [left, top, right, bottom] = [from(west, x0), from(north, y0), to(east, x1), to(south, y1)];
    if (left > right || top > bottom) continue;
    if (tiles.size + (right - left + 1) * (bottom - top + 1) > MOST_TILES) return null;
    for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) tiles.set(`${z}/${x}/${y}`, { z, x, y });
  }
  return [...tiles.values()];
}
