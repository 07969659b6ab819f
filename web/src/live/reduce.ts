// What a message means for the page: the new status, and what has to be done. Pure.
import { ownSource } from '../map/own';
import { sourceOf } from '../map/sources';
import type { Change, LiveMessage, TileRange } from './messages';

export type LiveStatus = 'connecting' | 'open' | 'lost';

export interface LiveState {
  status: LiveStatus;
  /** Whether there has been a connection: before, it is "connecting", afterwards it is "lost". */
  wasOpen: boolean;
  /** The number of the last change whose tiles were named. */
  tilesUpTo: number;
}

export type LiveEffect =
  /** Fetch these tiles of a source again; all of them when `ranges` is null, and of every source when that is. */
  | { do: 'refresh'; source: string | null; ranges: TileRange[] | null }
  /** Ask the questions again whose answers may have changed. */
  | { do: 'ask-again'; boundaries: boolean; departments?: boolean }
  /** Tell the people: an incident came. */
  | { do: 'announce'; change: Change };

export const INITIAL: LiveState = { status: 'connecting', wasOpen: false, tilesUpTo: 0 };

/** Collection → the sources drawn from it; null for all. Pieces, and where anything belongs, follow the boundaries. */
const DRAWN_FROM = new Map<string, (string | null)[]>(Object.entries({
  grids: [null],
  beats: [null],
  addresses: ['address'],
  residents: ['address'],
  incidents: ['incident'],
  staff: ['staff'],
}));

const everything: LiveEffect[] = [
  { do: 'refresh', source: null, ranges: null },
  { do: 'ask-again', boundaries: true, departments: true },
];

function onChange(state: LiveState, change: Change): LiveEffect[] {
  const boundaries = change.collection === 'grids' || change.collection === 'beats';
  const effects: LiveEffect[] = [];
  // The server names the tiles before the change. If it did not, fetch what is drawn from the collection.
  if (change.n > state.tilesUpTo) {
    for (const source of DRAWN_FROM.get(change.collection) ?? [ownSource(change.collection)]) effects.push({ do: 'refresh', source, ranges: null });
  }
  // A collection that is none of the built-in ones is a department's layer, perhaps a new one.
  const departments = !DRAWN_FROM.has(change.collection);
  effects.push(departments ? { do: 'ask-again', boundaries, departments } : { do: 'ask-again', boundaries });
  if (change.collection === 'incidents' && change.op === 'insert') effects.push({ do: 'announce', change });
  return effects;
}

/** The state after a message, and what to do about it. */
export function reduce(state: LiveState, message: LiveMessage): [LiveState, LiveEffect[]] {
  switch (message.type) {
    case 'connecting':
      return [{ ...state, status: state.wasOpen ? 'lost' : 'connecting' }, []];
    case 'open':
      // What was asked for while the server was away has failed, and what changed was perhaps not told.
      return [{ ...state, status: 'open', wasOpen: true }, state.status === 'lost' ? everything : []];
    case 'lost':
      return [{ ...state, status: 'lost' }, []];
    case 'tiles': {
      const { layers, ranges } = message.tiles;
      const sources = ranges.length > 0 ? new Set(layers.map(sourceOf)) : [];
      const effects = [...sources].map((source): LiveEffect => ({ do: 'refresh', source, ranges }));
      return [{ ...state, tilesUpTo: Math.max(state.tilesUpTo, message.tiles.n) }, effects];
    }
    case 'change':
      return [state, onChange(state, message.change)];
    case 'resync':
      return [state, everything];
  }
}
