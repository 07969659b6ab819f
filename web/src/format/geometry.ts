import type { Geometry, Position } from 'geojson';

/** West, south, east, north of a geometry; null for an empty one. */
export function boundsOf(geometry: Geometry): [number, number, number, number] | null {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === 'number') {
      const [x, y] = part as Position;
      if (x === undefined || y === undefined) return;
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    } else {
      for (const inner of part) visit(inner);
    }
  };
  if (geometry.type === 'GeometryCollection') for (const inner of geometry.geometries) visit('coordinates' in inner ? inner.coordinates : []);
  else visit(geometry.coordinates);
  return box[0] <= box[2] ? box : null;
}
