// Chinese on the map in a browser that has no Chinese font.
//
// MapLibre draws glyphs on a canvas, and a canvas silently uses another font while the right one is
// still loading. So the web font's files are declared to MapLibre itself (`font-faces` of the style):
// it fetches the subset that covers a character and waits for it before it draws that character.
import type { StyleSpecification } from 'maplibre-gl';
import ranges from '@fontsource-variable/noto-sans-sc/unicode.json';

const urls = import.meta.glob<string>('/node_modules/@fontsource-variable/noto-sans-sc/files/noto-sans-sc-*-wght-normal.woff2', {
  eager: true,
  query: '?url',
  import: 'default',
});

/** Below this Latin letters come from the glyph files of the server. */
const FIRST = 0x2010;

export interface FontFace {
  url: string;
  'unicode-range': string[];
}

/** The parts of a CSS unicode-range at or above `first`; a range astride of it is cut. */
export function rangesFrom(unicodeRange: string, first: number): string[] {
  return unicodeRange.split(',').flatMap((part) => {
    const [low, high] = part.trim().replace(/^U\+/i, '').split('-').map((hex) => Number.parseInt(hex, 16));
    if (low === undefined || Number.isNaN(low)) return [];
    const last = high ?? low;
    if (last < first) return [];
    return [`U+${Math.max(low, first).toString(16)}-${last.toString(16)}`];
  });
}

/** The web font's files with the characters each covers. */
export function chineseFaces(): FontFace[] {
  return Object.entries(ranges as Record<string, string>).flatMap(([subset, unicodeRange]) => {
    const name = subset.replaceAll(/[[\]]/g, '');
    const url = urls[`/node_modules/@fontsource-variable/noto-sans-sc/files/noto-sans-sc-${name}-wght-normal.woff2`];
    const covered = rangesFrom(unicodeRange, FIRST);
    return url && covered.length > 0 ? [{ url: new URL(url, document.baseURI).href, 'unicode-range': covered }] : [];
  });
}

/** The style, with Chinese declared under every font name its labels use. */
export function withChinese(style: StyleSpecification, faces: FontFace[]): StyleSpecification {
  return { ...style, 'font-faces': { 'Noto Sans Regular': faces, 'Noto Sans Medium': faces } } as StyleSpecification;
}
