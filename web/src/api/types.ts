// The server's answers, as the contract has them.
import type { Geometry, Point } from 'geojson';

export type Side = 'grid' | 'beat';

export interface AreaRef {
  code: string;
  name: string | null;
  level: string;
}

export interface OnDuty {
  name: string | null;
  role: string | null;
  phone: string | null;
}

/** One side's answer to "who is responsible here". */
export interface LocatedArea {
  code: string;
  name: string | null;
  /** From the finest parent to the city; the order is not promised. */
  parents: AreaRef[];
  on_duty: OnDuty[];
  /** Codes of all areas that claim the place, when there are several: first the one that answers. */
  disputed: string[] | null;
}

export interface Located {
  lon: number;
  lat: number;
  piece: string | null;
  grid: LocatedArea | null;
  beat: LocatedArea | null;
  /** Share of the grid's area that lies in the beat, 0–1. */
  share_of_grid: number | null;
  counts: { addresses: number; residents: number; incidents_open: number } | null;
}

export type SearchKind = 'grid' | 'beat' | 'address' | 'coordinate';

export interface SearchResult {
  kind: SearchKind;
  code?: string | null;
  name?: string | null;
  text?: string | null;
  level?: string | null;
  side?: string | null;
  fid?: number | null;
  lon: number;
  lat: number;
  /** West, south, east, north. */
  bbox?: [number, number, number, number] | null;
}

export interface Feature<G extends Geometry | null, P> {
  type: 'Feature';
  id?: number | string;
  geometry: G;
  properties: P;
}

export interface ItemsPage<G extends Geometry | null, P> {
  type: 'FeatureCollection';
  features: Feature<G, P>[];
  numberMatched?: number;
  numberReturned?: number;
}

export interface AreaProperties extends AreaRef {
  parent: string | null;
  kind: string | null;
  area_m2: number | null;
  addresses: number | null;
  residents: number | null;
  incidents_open: number | null;
}

export const RISKS = ['red', 'yellow', 'blue'] as const;
export type Risk = (typeof RISKS)[number];

export interface IncidentProperties {
  code: string;
  title: string | null;
  category: string | null;
  state: string;
  risk: string | null;
  source: string | null;
  reported_at: string | null;
  address: string | null;
  grid: string | null;
  beat: string | null;
  piece: string | null;
}

export interface NewIncident {
  category: string;
  title: string;
  risk: Risk;
  at: readonly [lon: number, lat: number];
}

export type IncidentFeature = Feature<Point, IncidentProperties>;

export interface TileJson {
  bounds?: [number, number, number, number];
  center?: [number, number, number];
  minzoom?: number;
  maxzoom?: number;
}

/** RFC 9457. */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  errors?: { parameter: string; detail: string }[];
}
