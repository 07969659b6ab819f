import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, ask, filled, getJson, send, withQuery } from '../src/api/client';
import type { Body } from '../src/api/operations';
import { chiefsFirst, coarseFirst } from '../src/card/order';
import { shift } from '../src/map/shift';
import { scaleBar } from '../src/output/scaleBar';
import { askable, resultKey, resultTitle } from '../src/search/results';

// The type checker judges these, not the runner: a line that it takes in spite of the mark is an error.
const wrong = () => [
  // @ts-expect-error without a latitude
  ask('/api/locate', { query: { lon: 120 } }),
  // @ts-expect-error there is no such collection
  ask('/api/collections/{collectionId}/items', { path: { collectionId: 'grid' } }),
  // @ts-expect-error there is no such path
  ask('/api/located', {}),
  // @ts-expect-error an incident has a category
  send('/api/collections/incidents/items', { type: 'Feature', geometry: { type: 'Point', coordinates: [1, 2] }, properties: {} }),
];

describe('a question to the server', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('leaves out what is not asked', () => {
    expect(withQuery('/api/search', { q: '太湖 & co', limit: 5, bbox: undefined })).toBe('/api/search?q=%E5%A4%AA%E6%B9%96+%26+co&limit=5');
    expect(withQuery('/x', {})).toBe('/x');
  });

  it('fills the path in', () => {
    const path = '/api/collections/{collectionId}/items/{featureId}';
    expect(filled(path, { collectionId: 'pieces', featureId: '3202~B/1' })).toBe('/api/collections/pieces/items/3202~B%2F1');
    expect(filled('/api/search', {})).toBe('/api/search');
  });

  it('goes where the document says, as the document says', async () => {
    const asked: [string, RequestInit | undefined][] = [];
    vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
      asked.push([url, init]);
      return Promise.resolve(Response.json({ results: [] }));
    });
    await ask('/api/collections/{collectionId}/items', { path: { collectionId: 'grids' }, query: { limit: 1 } });
    await ask('/api/search', { query: { q: '山北路' } });
    const incident: Body<'/api/collections/incidents/items'> = {
      type: 'Feature', geometry: { type: 'Point', coordinates: [120, 31] }, properties: { category: 'noise' },
    };
    await send('/api/collections/incidents/items', incident, 'application/geo+json');
    expect(asked.map(([url]) => url)).toEqual([
      '/api/collections/grids/items?limit=1',
      '/api/search?q=%E5%B1%B1%E5%8C%97%E8%B7%AF',
      '/api/collections/incidents/items',
    ]);
    expect(asked[2]![1]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/geo+json' }, body: JSON.stringify(incident) });
  });

  it('cannot be put wrongly', () => {
    expect(wrong).toBeTypeOf('function');
  });

  it('becomes an error that says what the server said', async () => {
    const body = { type: 'urn:gridbeat:problem:bad-parameter', title: 'Bad', status: 400, detail: 'lon is missing' };
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json(body, { status: 400 })));
    const error = await getJson('/x').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 400, message: 'lon is missing', kind: 'bad-parameter' });
  });

  it('has status 0 when nobody answers', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(getJson('/x')).rejects.toMatchObject({ status: 0 });
  });

  it('survives an error page that is no JSON', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<h1>502</h1>', { status: 502 })));
    await expect(getJson('/x')).rejects.toMatchObject({ status: 502, problem: null });
  });
});

const levels = (list: string[]) => coarseFirst(list.map((level) => ({ code: level, name: null, level }))).map((p) => p.level);

describe('the card', () => {
  it('goes from the city to the community', () => {
    expect(levels(['community', 'city', 'town', 'county'])).toEqual(['city', 'county', 'town', 'community']);
    expect(levels(['station', 'bureau', 'subbureau'])).toEqual(['bureau', 'subbureau', 'station']);
  });
  it('has the chief first and keeps the others in order', () => {
    const people = ['worker', 'officer', 'chief'].map((role) => ({ role, name: role, phone: null }));
    expect(chiefsFirst(people).map((p) => p.role)).toEqual(['chief', 'worker', 'officer']);
  });
});

describe('search', () => {
  it('asks for one Chinese character but not for one letter', () => {
    expect(['太', 'ab', '12', 'a', '', '1'].map(askable)).toEqual([true, true, true, false, false, false]);
  });
  it('names a result by what it has', () => {
    expect(resultTitle({ kind: 'coordinate', lon: 120.3, lat: 31.5 })).toBe('120.300000, 31.500000');
    expect(resultTitle({ kind: 'address', text: '观山路 1 号', lon: 0, lat: 0 })).toBe('观山路 1 号');
  });
  it('tells a grid and a beat of one code apart', () => {
    const at = { code: '1', lon: 0, lat: 0 };
    expect(resultKey({ kind: 'grid', ...at })).not.toBe(resultKey({ kind: 'beat', ...at }));
  });
});

describe('the scale bar', () => {
  it('is round and fits', () => {
    for (let zoom = 3; zoom <= 20; zoom += 0.7) {
      const bar = scaleBar(31.5, zoom, 160);
      expect(bar.pixels).toBeLessThanOrEqual(160);
      expect(bar.pixels).toBeGreaterThan(160 / 2.6);
      expect([1, 2, 5]).toContain(Number(bar.metres.toExponential().split('e')[0]));
    }
  });
  it('knows that a pixel at zoom 0 on the equator is 78 km', () => {
    const bar = scaleBar(0, 0, 100);
    expect(bar.metres / bar.pixels).toBeCloseTo(78271.517, 2);
  });
});

describe('a hidden place', () => {
  const box = { left: 100, top: 50, right: 500, bottom: 400 };
  it('moves just into sight', () => {
    expect(shift({ x: 300, y: 200 }, box)).toEqual([0, 0]);
    expect(shift({ x: 620, y: 20 }, box)).toEqual([120, -30]);
  });
  it('stays when there is no room', () => {
    expect(shift({ x: 0, y: 0 }, { left: 10, top: 10, right: 5, bottom: 20 })).toEqual([0, 0]);
  });
});
