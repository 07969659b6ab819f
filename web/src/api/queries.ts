// What the client asks, one function a question.
import type { MultiPolygon, Polygon } from 'geojson';
import type { StyleSpecification } from 'maplibre-gl';
import { getJson, postJson, withQuery } from './client';
import type { AreaProperties, IncidentFeature, ItemsPage, Located, NewIncident, SearchResult, Side, TileJson } from './types';

/** Who is responsible at a place. */
export const locate = (lon: number, lat: number, signal?: AbortSignal) =>
  getJson<Located>(withQuery('/api/locate', { lon: lon.toFixed(7), lat: lat.toFixed(7) }), signal);

/** Areas by name or code, addresses, coordinates; best first. */
export async function search(q: string, limit: number, signal?: AbortSignal): Promise<SearchResult[]> {
  const answer = await getJson<{ results: SearchResult[] }>(withQuery('/api/search', { q, limit }), signal);
  // A parent without any ground yet is found by name, but there is nowhere to go.
  return answer.results.filter((r) => Number.isFinite(r.lon) && Number.isFinite(r.lat));
}

/** An area with its outline, by its code; null when there is none (any more). */
export async function area(side: Side, code: string, signal?: AbortSignal) {
  const page = await getJson<ItemsPage<Polygon | MultiPolygon | null, AreaProperties>>(
    withQuery(`/api/collections/${side}s/items`, { code, limit: 1 }),
    signal,
  );
  return page.features[0] ?? null;
}

/** How many areas a side has. */
export async function countAreas(side: Side, signal?: AbortSignal): Promise<number> {
  const page = await getJson<ItemsPage<null, AreaProperties>>(withQuery(`/api/collections/${side}s/items`, { limit: 1 }), signal);
  return page.numberMatched ?? page.features.length;
}

/** Where the boundaries lie. */
export const boundaryTiles = (signal?: AbortSignal) => getJson<TileJson>('/tiles/grid,beat.json', signal);

export const mapStyle = (theme: 'light' | 'dark', signal?: AbortSignal) => getJson<StyleSpecification>(`/styles/${theme}.json`, signal);

/** One incident, as it is now. */
export const incident = (fid: number, signal?: AbortSignal) => getJson<IncidentFeature>(`/api/collections/incidents/items/${fid}`, signal);

/** Reports an incident; the server places it and gives it its code. */
export const reportIncident = ({ category, title, risk, at }: NewIncident) =>
  postJson<IncidentFeature>(
    '/api/collections/incidents/items',
    {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [Number(at[0].toFixed(7)), Number(at[1].toFixed(7))] },
      properties: { category, title, risk, source: 'patrol' },
    },
    'application/geo+json',
  );
