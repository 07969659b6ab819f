// The legend's little pictures, as SVG text: React shows them, and the PNG export draws the same ones.
import { zh } from '../i18n/zh';
import type { MapPalette } from '../map/palette';

export const SWATCHES = [
  'grid-line', 'grid-strong', 'grid-exclusive', 'beat-line', 'beat-station', 'beat-sub',
  'split', 'minor', 'whole', 'grid-only', 'beat-only', 'density-few', 'density-many', 'address',
  'cluster', 'state-new', 'state-active', 'state-done', 'risk', 'staff-grid', 'staff-police', 'staff-off',
  'fault-overlap', 'fault-gap',
] as const;
export type SwatchName = (typeof SWATCHES)[number];

export const SWATCH_WIDTH = 30;
export const SWATCH_HEIGHT = 18;

const raw = import.meta.glob<string>('../../../styles/icons/*.svg', { eager: true, query: '?raw', import: 'default' });

/** The drawing of an icon of the sprite. */
export const iconSource = (name: string): string | undefined => raw[`../../../styles/icons/${name}.svg`];

const place = (name: string, x: number, y: number, size: number) =>
  (iconSource(name) ?? '').replace(/<svg ([^>]*?)>/, (_, attributes: string) => {
    const kept = attributes.replace(/(?<![-\w])(width|height)="[^"]*"/g, '');
    return `<svg ${kept} x="${x}" y="${y}" width="${size}" height="${size}">`;
  });

const line = (c: MapPalette, stroke: string, width: number, dash = '', casing = 0) =>
  (casing > 0 ? `<path d="M1 9h28" stroke="${c.casing}" stroke-width="${casing}"/>` : '')
  + `<path d="M1 9h28" stroke="${stroke}" stroke-width="${width}"${dash && ` stroke-dasharray="${dash}"`}/>`;

const box = (fill: string, opacity: number, stroke: string) =>
  `<rect x="2" y="2" width="26" height="14" rx="2" fill="${fill}" fill-opacity="${opacity}" stroke="${stroke}" stroke-opacity=".6"/>`;

const hatch = (c: MapPalette, stroke: string, down: boolean) =>
  `<clipPath id="b"><rect x="2" y="2" width="26" height="14" rx="2"/></clipPath><g clip-path="url(#b)" stroke="${stroke}" stroke-width="1.8">`
  + `<rect width="30" height="18" fill="${c.land}" stroke="none"/>`
  + [-8, 0, 8, 16, 24].map((x) => (down ? `<path d="M${x} 0l18 18"/>` : `<path d="M${x} 18l18-18"/>`)).join('') + '</g>';

const disc = (fill: string, radius: number, stroke = 'none', width = 0) => `<circle cx="15" cy="9" r="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="${width}"/>`;

/** Black on yellow, as on the map. */
const fault = (c: MapPalette, dash: string, inside: string) =>
  `<clipPath id="f"><rect x="2" y="2" width="26" height="14" rx="2"/></clipPath><rect x="2" y="2" width="26" height="14" rx="2" fill="${c.faultGlow}"/>`
  + `<g clip-path="url(#f)" stroke="${c.faultInk}" stroke-width="1.1">${inside}</g>`
  + `<rect x="2" y="2" width="26" height="14" rx="2" stroke="${c.faultInk}" stroke-width="1.2"${dash && ` stroke-dasharray="${dash}"`}/>`;

function drawing(name: SwatchName, c: MapPalette): string {
  switch (name) {
    case 'grid-line': return line(c, c.grid, 1.4);
    case 'grid-strong': return line(c, c.gridStrong, 2.8);
    case 'grid-exclusive': return box(c.gridTint, 0.22, c.grid);
    case 'beat-line': return line(c, c.beat, 2.6, '7.8 3.4', 6);
    case 'beat-station': return line(c, c.beat, 3, '14 3', 6.5);
    case 'beat-sub': return line(c, c.beatStrong, 4, '', 7.5);
    case 'split': return box(c.pieceSplit, 0.5, c.pieceLine);
    case 'minor': return box(c.pieceMinor, 0.6, c.pieceLine);
    case 'whole': return box(c.pieceWhole, 0.3, c.pieceWhole);
    case 'grid-only': return hatch(c, '#2a9a9a', false);
    case 'beat-only': return hatch(c, '#d07a25', true);
    case 'density-few': return box(c.density[1] ?? '', 0.9, 'none');
    case 'density-many': return box(c.density[4] ?? '', 0.9, 'none');
    case 'address': return disc(c.address, 5, c.land, 1.2);
    case 'cluster': return `${disc(c.cluster, 7, c.stateNew, 2.2)}<text x="15" y="12.3" text-anchor="middle" font-family="sans-serif" font-size="9" fill="${c.clusterText}">9</text>`;
    case 'state-new': return `<rect x="9.5" y="3.5" width="11" height="11" rx="2" transform="rotate(45 15 9)" fill="#c8322b" stroke="#fff" stroke-width="1.2"/>`;
    case 'state-active': return '<rect x="8.5" y="2.5" width="13" height="13" rx="2.5" fill="#2060a8" stroke="#fff" stroke-width="1.2"/>';
    case 'state-done': return disc('#71818b', 6.8, '#fff', 1.2);
    case 'risk': return `${disc('none', 7.6, c.risk, 1.8)}<rect x="11.7" y="5.7" width="6.6" height="6.6" rx="1" transform="rotate(45 15 9)" fill="#c8322b"/>`;
    case 'staff-grid': return place('staff-grid-on', 6, 0, 18);
    case 'staff-police': return place('staff-police-on', 6, 0, 18);
    case 'staff-off': return place('staff-grid-off', 6, 0, 18);
    case 'fault-overlap': return fault(c, '', '<path d="M0 16L14 2M7 16L21 2M14 16L28 2M2 2l14 14M9 2l14 14M16 2l14 14"/>');
    case 'fault-gap': return fault(c, '3 2', [7, 12, 17, 22].map((x, i) => `<circle cx="${x}" cy="${i % 2 ? 11 : 7}" r=".8"/>`).join(''));
  }
}

/** A legend picture, 30 × 18. */
export const swatch = (name: SwatchName, palette: MapPalette): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${SWATCH_WIDTH}" height="${SWATCH_HEIGHT}" viewBox="0 0 30 18" fill="none">${drawing(name, palette)}</svg>`;

const STATE_COLOUR = { new: '#c8322b', active: '#2060a8', done: '#71818b' } as const;

/** A category's glyph on a disc of a state's colour, 22 × 22; an unknown category has the three dots. */
export function categoryIcon(category: string, state: keyof typeof STATE_COLOUR): string {
  const name = iconSource(`category-${category}`) ? `category-${category}` : 'category-other';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="22" height="22" viewBox="0 0 22 22"><rect width="22" height="22" rx="6" fill="${STATE_COLOUR[state]}"/>${place(name, 4, 4, 14)}</svg>`;
}

/** The categories people choose from, in the order of the code table (data/codes), "other" last. */
export const CATEGORIES: readonly string[] = Object.keys(zh.category);

/** An SVG as an image address. */
export const dataUrl = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`;
