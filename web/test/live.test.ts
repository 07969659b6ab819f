import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readEvent, type Change, type LiveMessage, type TileRange } from '../src/live/messages';
import { INITIAL, reduce, type LiveEffect, type LiveState } from '../src/live/reduce';
import { waitBefore } from '../src/live/stream';
import { tilesInSight } from '../src/map/sight';
import { carriesTheMap, sourceOf } from '../src/map/sources';

const style = JSON.parse(readFileSync('../styles/light.json', 'utf8')) as { sources: Record<string, unknown> };

const change = (patch: Partial<Change>): LiveMessage => ({
  type: 'change',
  change: { n: 5, collection: 'incidents', op: 'insert', fid: 1, grid: 'G', beat: 'B', bbox: [120, 31, 120, 31], at: '', ...patch },
});

const tiles = (layers: string[], ranges: TileRange[]): LiveMessage => ({ type: 'tiles', tiles: { n: 5, layers, ranges } });

function play(messages: LiveMessage[], from: LiveState = INITIAL): { state: LiveState; effects: LiveEffect[] } {
  let state = from;
  const effects: LiveEffect[] = [];
  for (const message of messages) {
    const [next, more] = reduce(state, message);
    state = next;
    effects.push(...more);
  }
  return { state, effects };
}

const refreshed = (messages: LiveMessage[]) => play(messages).effects.filter((e) => e.do === 'refresh').length;

describe('the connection', () => {
  it('is "connecting" at first and "lost" when it was there before', () => {
    expect(play([{ type: 'connecting' }]).state.status).toBe('connecting');
    expect(play([{ type: 'open' }, { type: 'lost' }, { type: 'connecting' }]).state.status).toBe('lost');
    expect(play([{ type: 'open' }, { type: 'lost' }, { type: 'connecting' }, { type: 'open' }]).state.status).toBe('open');
  });

  it('looks at everything again when it comes back, but not at first', () => {
    expect(refreshed([{ type: 'connecting' }, { type: 'open' }])).toBe(0);
    expect(refreshed([{ type: 'open' }, { type: 'lost' }, { type: 'open' }])).toBe(1);
  });

  it('waits longer each time, but not for ever', () => {
    expect([0, 1, 2, 3, 9].map(waitBefore)).toEqual([1000, 2000, 4000, 8000, 15000]);
  });
});

describe('a new incident', () => {
  it('fetches exactly the tiles the server named, asks again and tells the people', () => {
    const { effects } = play([{ type: 'tiles', tiles: { n: 5, layers: ['incident'], ranges: [[14, 3, 4, 3, 4]] } }, change({})]);
    expect(effects).toEqual([
      { do: 'refresh', source: 'incident', ranges: [[14, 3, 4, 3, 4]] },
      { do: 'ask-again', boundaries: false },
      { do: 'announce', change: expect.objectContaining({ n: 5 }) as Change },
    ]);
  });

  it('fetches all incident tiles when the server named none', () => {
    expect(play([change({})]).effects[0]).toEqual({ do: 'refresh', source: 'incident', ranges: null });
  });

  it('is announced once, and updates are not', () => {
    expect(play([change({ op: 'update' })]).effects.filter((e) => e.do === 'announce')).toEqual([]);
  });
});

describe('other changes', () => {
  it('of boundaries touch all that follows them', () => {
    const { effects } = play([change({ collection: 'grids', op: 'import' })]);
    expect(effects.filter((e) => e.do === 'refresh')).toEqual([{ do: 'refresh', source: null, ranges: null }]);
    expect(effects.at(-1)).toEqual({ do: 'ask-again', boundaries: true });
  });

  it('of several layers of one source fetch it once', () => {
    const { effects } = play([{ type: 'tiles', tiles: { n: 1, layers: ['grid', 'grid_line', 'grid_label'], ranges: [[0, 0, 0, 0, 0]] } }]);
    expect(effects).toEqual([{ do: 'refresh', source: 'boundary', ranges: [[0, 0, 0, 0, 0]] }]);
  });

  it('of which the server says that no tile shows them fetch none', () => {
    expect(refreshed([tiles([], []), change({ op: 'import' })])).toBe(0);
  });

  it('of an import fetch what is named for each layer', () => {
    const { effects } = play([tiles(['incident'], [[9, 1, 2, 3, 4]]), tiles(['staff'], [[0, 0, 0, 0, 0]]), change({ op: 'import' })]);
    expect(effects.filter((e) => e.do === 'refresh')).toEqual([
      { do: 'refresh', source: 'incident', ranges: [[9, 1, 2, 3, 4]] },
      { do: 'refresh', source: 'staff', ranges: [[0, 0, 0, 0, 0]] },
    ]);
  });

  it('that cannot be followed fetch everything', () => {
    expect(play([{ type: 'resync' }]).effects.filter((e) => e.do === 'refresh')).toEqual([{ do: 'refresh', source: null, ranges: null }]);
  });
});

describe('sources', () => {
  it('of the map are those of the style that carry our layers, and of departments', () => {
    for (const source of [...Object.keys(style.sources), sourceOf('fault'), sourceOf('hydrants')]) expect(carriesTheMap(source)).toBe(true);
    for (const source of ['basemap', 'selection', 'own']) expect(carriesTheMap(source)).toBe(false);
  });
});

describe('tiles in sight', () => {
  // 120.3° E, 31.57° N: tile 12/3416/1669, a corner of 12/3417/1669.
  const sight = { zoom: 12.6, west: 120.25, south: 31.55, east: 120.35, north: 31.6 };
  const named = (range: TileRange) => tilesInSight([range], sight)?.map(({ z, x, y }) => [z, x, y]);

  it('are those of a range that the map shows, and one around', () => {
    expect(named([12, 3416, 1669, 3416, 1669])).toEqual([[12, 3416, 1669]]);
    expect(named([12, 3000, 1669, 4000, 1669])).toEqual([[12, 3415, 1669], [12, 3416, 1669], [12, 3417, 1669], [12, 3418, 1669]]);
    expect(named([12, 3000, 1600, 3300, 1700])).toEqual([]);
    expect(named([0, 0, 0, 0, 0])).toEqual([[0, 0, 0]]);
  });
  it('are none of a zoom deeper than the next', () => {
    expect(named([14, 0, 0, 16383, 16383])).toEqual([]);
    expect(named([13, 6833, 3338, 6833, 3338])).toEqual([[13, 6833, 3338]]);
  });
  it('are named once', () => {
    expect(tilesInSight([[12, 3416, 1669, 3416, 1669], [12, 3416, 1669, 3416, 1669]], sight)).toHaveLength(1);
  });
  it('are not listed when there are very many', () => {
    const world = { zoom: 8, west: -200, south: -85, east: 200, north: 85 };
    expect(tilesInSight([[8, 0, 0, 255, 255]], world)).toBeNull();
    expect(tilesInSight([[8, 0, 0, 0, 0], [8, 255, 255, 255, 255]], world)).toHaveLength(2);
  });
});

describe('reading an event', () => {
  it('takes what the contract has', () => {
    expect(readEvent('change', JSON.stringify({ n: 7, collection: 'incidents', op: 'insert', fid: 3, grid: null, beat: 'B', bbox: [1, 2, 3, 4], at: 'x' }))).toEqual({
      type: 'change',
      change: { n: 7, collection: 'incidents', op: 'insert', fid: 3, grid: null, beat: 'B', bbox: [1, 2, 3, 4], at: 'x' },
    });
    expect(readEvent('reset', '')).toEqual({ type: 'resync' });
    expect(readEvent('lagging', '{}')).toEqual({ type: 'resync' });
  });
  it('skips what makes no sense', () => {
    for (const data of ['', 'null', '[]', '{', '{"n":"7"}', '{"n":7}']) expect(readEvent('change', data)).toBeNull();
    expect(readEvent('tiles', '{"n":1,"layers":["grid"],"ranges":[[1,2,3],[0,0,0,0,0]]}')).toEqual({ type: 'tiles', tiles: { n: 1, layers: ['grid'], ranges: [[0, 0, 0, 0, 0]] } });
  });
});
