// Numbers, shares, coordinates and times as people of each language write them.
import type { LonLat, Language } from '../state/view';

const NONE = '—';

const cached = new Map<string, Intl.NumberFormat>();
function formatter(lang: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = lang + JSON.stringify(options);
  let found = cached.get(key);
  if (!found) cached.set(key, (found = new Intl.NumberFormat(lang, options)));
  return found;
}

/** `12,345`; an em dash for nothing. */
export const count = (value: number | null | undefined, lang: Language): string =>
  value === null || value === undefined ? NONE : formatter(lang, { maximumFractionDigits: 0 }).format(value);

/** A share 0–1 as per cent. Never "100 %" or "0 %" for a share that is not quite. */
export function share(value: number | null | undefined, lang: Language): string {
  if (value === null || value === undefined) return NONE;
  const percent = formatter(lang, { style: 'percent', maximumFractionDigits: 1 });
  if (value > 0.999 && value < 1) return `>${percent.format(0.999)}`;
  if (value > 0 && value < 0.001) return `<${percent.format(0.001)}`;
  return percent.format(value);
}

/** Square metres below a hectare, else square kilometres. */
export function squareMetres(value: number | null | undefined, lang: Language): string {
  if (value === null || value === undefined) return NONE;
  if (value < 10_000) return `${formatter(lang, { maximumFractionDigits: 0 }).format(value)} m²`;
  return `${formatter(lang, { maximumSignificantDigits: 3 }).format(value / 1e6)} km²`;
}

/** Degrees with six decimals (about 11 cm), longitude first as Chinese practice has it. */
export function lonLat([lon, lat]: LonLat, lang: Language): string {
  const x = `${Math.abs(lon).toFixed(6)}°`;
  const y = `${Math.abs(lat).toFixed(6)}°`;
  if (lang === 'zh-CN') return `${lon < 0 ? '西经' : '东经'} ${x}，${lat < 0 ? '南纬' : '北纬'} ${y}`;
  return `${x} ${lon < 0 ? 'W' : 'E'}, ${y} ${lat < 0 ? 'S' : 'N'}`;
}

/** The form other programs take: `120.300000,31.570000`. */
export const plainLonLat = ([lon, lat]: LonLat): string => `${lon.toFixed(6)},${lat.toFixed(6)}`;

/** A time as the reader's clock shows it, to the minute; empty for what is no time. */
export function dateTime(value: string | Date | null | undefined, lang: Language): string {
  if (!value) return '';
  const date = value instanceof Date ? value : new Date(value);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

/** A number that a phone can dial: digits and a leading plus. */
export const dialable = (phone: string): string => phone.replace(/(?!^\+)\D/g, '');
