// The view in the address bar: `#map=12.50/31.5700/120.3000&layers=grid,beat&at=31.57,120.30&lang=en`.
//
// Latitude first, as in other maps' links. What equals the default is left out; what cannot be read is
// ignored, so that a mangled link still opens the map.
import { DEFAULT_VIEW, LANGUAGES, LAYERS, THEMES, type LayerId, type LonLat, type View } from './view';

/** The decimals a centre needs at a zoom for the picture to come back within about a pixel. */
const decimals = (zoom: number) => Math.max(3, Math.ceil((zoom * Math.LN2 + Math.log(512 / 360)) / Math.LN10));

function number(text: string | undefined, low: number, high: number): number | null {
  if (text === undefined || !/^-?\d+(\.\d+)?$/.test(text)) return null;
  const value = Number(text);
  return value >= low && value <= high ? value : null;
}

function lonLat(lat: string | undefined, lon: string | undefined): LonLat | null {
  const y = number(lat, -90, 90);
  const x = number(lon, -180, 180);
  return x === null || y === null ? null : [x, y];
}

const oneOf = <T extends string>(values: readonly T[], text: string | null): T | null => values.find((v) => v === text) ?? null;

/** Reads a link's hash; the answer has only what the link says. */
export function parseHash(hash: string): Partial<View> {
  const out: Partial<View> = {};
  const params = new URLSearchParams(hash.replace(/^#/, ''));

  const [z, lat, lon] = (params.get('map') ?? '').split('/');
  const zoom = number(z, 0, 24);
  const center = lonLat(lat, lon);
  if (zoom !== null && center) Object.assign(out, { zoom, center });

  const layers = params.get('layers');
  if (layers !== null) {
    const wanted = new Set(layers.split(','));
    out.layers = LAYERS.filter((id) => wanted.has(id));
  }
  const own = params.get('own');
  if (own !== null) out.own = [...new Set(own.split(','))].filter((name) => OWN_NAME.test(name));
  if (params.get('incidents') === 'all') out.openOnly = false;

  const lang = oneOf(LANGUAGES, params.get('lang'));
  if (lang) out.lang = lang;
  const theme = oneOf(THEMES, params.get('theme'));
  if (theme) out.theme = theme;

  const [atLat, atLon] = (params.get('at') ?? '').split(',');
  const point = lonLat(atLat, atLon);
  if (point) out.point = point;
  return out;
}

/** What a department's layer may be called. */
const OWN_NAME = /^[a-z][a-z0-9_]{0,62}$/;

const sameLayers = (a: readonly LayerId[], b: readonly LayerId[]) => a.length === b.length && a.every((id) => b.includes(id));

/** Writes the hash of a view, with the leading `#`; empty when all is as by default. */
export function formatHash(view: View): string {
  const parts: string[] = [];
  if (view.center && view.zoom !== null) {
    const d = decimals(view.zoom);
    parts.push(`map=${view.zoom.toFixed(2)}/${view.center[1].toFixed(d)}/${view.center[0].toFixed(d)}`);
  }
  if (!sameLayers(view.layers, DEFAULT_VIEW.layers)) parts.push(`layers=${LAYERS.filter((id) => view.layers.includes(id)).join(',')}`);
  if (view.own.length > 0) parts.push(`own=${view.own.join(',')}`);
  if (!view.openOnly) parts.push('incidents=all');
  if (view.point) parts.push(`at=${view.point[1].toFixed(6)},${view.point[0].toFixed(6)}`);
  if (view.lang !== DEFAULT_VIEW.lang) parts.push(`lang=${view.lang}`);
  if (view.theme !== DEFAULT_VIEW.theme) parts.push(`theme=${view.theme}`);
  return parts.length > 0 ? `#${parts.join('&')}` : '';
}
