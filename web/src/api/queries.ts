// What the client asks, one function a question.
import type { StyleSpecification } from 'maplibre-gl';
import { ask, getJson, send } from './client';
import type { AreaFeature, Found, IncidentFeature, Located, NewIncident, SearchResult, Side, TileJson } from './types';

/** Degrees as the server keeps them: to 1e-7. */
const degrees = (value: number): number => Number(value.toFixed(7));

/** Who is responsible at a place. */
export const locate = (lon: number, lat: number, signal?: AbortSignal): Promise<Located> =>
  ask('/api/locate', { query: { lon: degrees(lon), lat: degrees(lat) } }, signal);

/** A parent without any ground yet is found by name, but there is nowhere to go. */
const hasPlace = (found: Found): found is SearchResult => found.lon !== null && found.lat !== null;

/** Areas by name or code, addresses, coordinates; best first. */
export async function search(q: string, limit: number, signal?: AbortSignal): Promise<SearchResult[]> {
  return (await ask('/api/search', { query: { q, limit } }, signal)).results.filter(hasPlace);
}

/** The collection of a side's areas. */
const collectionOf = (side: Side) => (side === 'grid' ? 'grids' : 'beats');

/** An area with its outline, by its code; null when there is none (any more). */
export async function area(side: Side, code: string, signal?: AbortSignal): Promise<AreaFeature | null> {
  const asked = { path: { collectionId: collectionOf(side) }, query: { code, limit: 1 } } as const;
  const page = await ask('/api/collections/{collectionId}/items', asked, signal);
  // The document cannot say that grids and beats hold areas only; the path does.
  return (page.features[0] as AreaFeature | undefined) ?? null;
}

/** How many areas a side has. */
export async function countAreas(side: Side, signal?: AbortSignal): Promise<number> {
  const asked = { path: { collectionId: collectionOf(side) }, query: { limit: 1 } } as const;
  return (await ask('/api/collections/{collectionId}/items', asked, signal)).numberMatched;
}

/** A layer of a department, as the list of collections describes it. */
export interface Department {
  id: string;
  title: string;
  department: { drawn: 'point' | 'line' | 'polygon' };
}

/** The layers of departments, by name. */
export async function departments(signal?: AbortSignal): Promise<Department[]> {
  const { collections } = await getJson<{ collections: Partial<Department>[] }>('/api/collections', signal);
  return collections.filter((c): c is Department => c.department !== undefined);
}

/** Where the boundaries lie. */
export const boundaryTiles = (signal?: AbortSignal) => getJson<TileJson>('/tiles/grid,beat.json', signal);

export const mapStyle = (theme: 'light' | 'dark', signal?: AbortSignal) => getJson<StyleSpecification>(`/styles/${theme}.json`, signal);

/** One incident, as it is now. */
export const incident = (fid: number, signal?: AbortSignal): Promise<IncidentFeature> =>
  ask('/api/collections/incidents/items/{featureId}', { path: { featureId: fid } }, signal);

/** Reports an incident; the server places it and gives it its code. */
export const reportIncident = ({ category, title, risk, at: [lon, lat] }: NewIncident): Promise<IncidentFeature> =>
  send(
    '/api/collections/incidents/items',
    {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [degrees(lon), degrees(lat)] },
      properties: { category, title, risk, source: 'patrol' },
    },
    'application/geo+json',
  );
