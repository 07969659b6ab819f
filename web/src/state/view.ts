// What is on the screen, as far as a link can say it.

/** A longitude and latitude in degrees. */
export type LonLat = readonly [lon: number, lat: number];

export const LAYERS = ['grid', 'beat', 'piece', 'address', 'incident', 'staff', 'fault'] as const;
/** A switch of the layer panel; the style says in metadata which of its layers belong to it. */
export type LayerId = (typeof LAYERS)[number];

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const THEMES = ['auto', 'light', 'dark'] as const;
/** `auto` follows the system. */
export type ThemeChoice = (typeof THEMES)[number];

export interface View {
  /** Null until known: the map then opens on all there is. */
  center: LonLat | null;
  zoom: number | null;
  layers: readonly LayerId[];
  /** Which layers of departments are drawn, by name. */
  own: readonly string[];
  /** Whether only incidents that somebody still has to act on are drawn. */
  openOnly: boolean;
  lang: Language;
  theme: ThemeChoice;
  /** The place the responsibility card is about. */
  point: LonLat | null;
}

export const DEFAULT_VIEW: View = {
  center: null,
  zoom: null,
  layers: ['grid', 'beat', 'address', 'incident', 'fault'],
  own: [],
  openOnly: true,
  lang: 'zh-CN',
  theme: 'auto',
  point: null,
};
