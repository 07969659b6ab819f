// What travels between the stream, the worker that holds it, and the pages.

/** One committed change; `import` stands for many rows at once. */
export interface Change {
  n: number;
  collection: string;
  op: 'insert' | 'update' | 'delete' | 'import';
  fid: number | null;
  grid: string | null;
  beat: string | null;
  /** West, south, east, north of all that was touched. */
  bbox: [number, number, number, number] | null;
  at: string;
}

/** [zoom, x from, y from, x to, y to], all inclusive. */
export type TileRange = [z: number, x0: number, y0: number, x1: number, y1: number];

export interface TilesChanged {
  n: number;
  layers: string[];
  ranges: TileRange[];
}

export type LiveMessage =
  | { type: 'connecting' }
  | { type: 'open' }
  | { type: 'lost' }
  | { type: 'change'; change: Change }
  | { type: 'tiles'; tiles: TilesChanged }
  /** The server dropped us for being slow, or no longer knows where we were: all may have changed. */
  | { type: 'resync' };

/** What a tab says to the worker: that it is there, every now and then; that it goes. */
export type FromTab = 'here' | 'bye';

/** What the worker says to a tab: what happened, and that it heard. */
export type FromHub = LiveMessage | { type: 'here' };

function parsed(data: unknown): Record<string, unknown> | null {
  if (typeof data !== 'string') return null;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const isNumbers = (value: unknown, length: number): value is number[] =>
  Array.isArray(value) && value.length === length && value.every((v) => typeof v === 'number' && Number.isFinite(v));

/** A stream event as a message; null for what makes no sense, which is skipped rather than trusted. */
export function readEvent(name: string, data: unknown): LiveMessage | null {
  if (name === 'lagging' || name === 'reset') return { type: 'resync' };
  const body = parsed(data);
  if (!body || typeof body.n !== 'number') return null;
  if (name === 'tiles') {
    if (!Array.isArray(body.layers) || !Array.isArray(body.ranges)) return null;
    const layers = body.layers.filter((l): l is string => typeof l === 'string');
    const ranges = body.ranges.filter((r): r is TileRange => isNumbers(r, 5));
    return { type: 'tiles', tiles: { n: body.n, layers, ranges } };
  }
  if (name !== 'change' || typeof body.collection !== 'string' || typeof body.op !== 'string') return null;
  return {
    type: 'change',
    change: {
      n: body.n,
      collection: body.collection,
      op: body.op as Change['op'],
      fid: typeof body.fid === 'number' ? body.fid : null,
      grid: typeof body.grid === 'string' ? body.grid : null,
      beat: typeof body.beat === 'string' ? body.beat : null,
      bbox: isNumbers(body.bbox, 4) ? (body.bbox as Change['bbox']) : null,
      at: typeof body.at === 'string' ? body.at : '',
    },
  };
}
