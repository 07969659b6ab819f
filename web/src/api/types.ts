// What the client calls the parts of the API. They are taken from `schema.d.ts`, which is made from the server's
// OpenAPI document; only what that leaves to others (TileJSON) or to the client (a form) is written here.
import type { components } from './schema';

type Schemas = components['schemas'];

/** RFC 9457. A proxy before the server may leave anything out. */
export type Problem = Partial<Schemas['Problem']>;

export type Side = 'grid' | 'beat';

/** Who is responsible at a place. */
export type Located = Schemas['Located'];
/** One side's answer to that. */
export type LocatedArea = NonNullable<Schemas['Responsibility']>;
export type AreaRef = LocatedArea['parents'][number];
export type OnDuty = LocatedArea['on_duty'][number];

/** A result of the search. */
export type Found = Schemas['Found']['results'][number];
/** One that has a place to go to. */
export type SearchResult = Found & { lon: number; lat: number };

export type AreaFeature = Schemas['gridsFeature'] | Schemas['beatsFeature'];
export type IncidentFeature = Schemas['incidentsFeature'];
export type IncidentProperties = IncidentFeature['properties'];

export type Risk = NonNullable<Schemas['Incident']['properties']['risk']>;
/** From the gravest. */
export const RISKS = ['red', 'yellow', 'blue'] as const satisfies readonly Risk[];

/** What the form asks for. */
export interface NewIncident {
  category: string;
  title: string;
  risk: Risk;
  at: readonly [lon: number, lat: number];
}

/** Of TileJSON 3.0.0, what is used here. */
export interface TileJson {
  bounds?: [number, number, number, number];
  center?: [number, number, number];
  minzoom?: number;
  maxzoom?: number;
}
