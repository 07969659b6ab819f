// Builds the styles in styles/: one list of layers, a palette and a selection for each.
//
// `light` and `dark` are the client's two themes. `print` is for paper: white ground, no shading that paper
// makes muddy, nobody's position. `overview` is for a wall screen: dark, everything larger, and only what is
// read from across a room.
//
// `{origin}` in a URL is replaced by the server with its own public URL. Every layer says in
// `metadata["gridbeat:layer"]` which switch of the client it belongs to.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { base, gridAreas, beatAreas, gridLabels, farBeatLabels, beatLabels } from './areas.mjs';
import { pieces } from './pieces.mjs';
import { faults } from './faults.mjs';
import { density, addresses } from './addresses.mjs';
import { incidents } from './incidents.mjs';
import { staff } from './staff.mjs';
import { scaled } from './scaled.mjs';

const folder = new URL('../../../styles/', import.meta.url);
const palettes = JSON.parse(readFileSync(new URL('palette.json', folder), 'utf8'));

const vector = (layers) => ({ type: 'vector', url: `{origin}/tiles/${layers}.json` });

const SOURCES = {
  boundary: vector('grid,beat,grid_line,beat_line,grid_label,beat_label'),
  piece: vector('piece'),
  fault: vector('fault'),
  address: vector('resident_density,address'),
  incident: vector('incident'),
  staff: vector('staff'),
};

// Drawn in this order: ground, areas, density, lines, points, names.
const PARTS = [base, pieces, density, gridAreas, beatAreas, faults, addresses, gridLabels, farBeatLabels, staff, incidents, beatLabels];

/** What a style leaves out, and how much larger it is. */
const OUTPUT = {
  print: { without: [density, staff] },
  overview: { without: [faults, addresses], larger: 1.5 },
};

export function style(theme) {
  const c = palettes[theme];
  const { without = [], larger = 1 } = OUTPUT[theme] ?? {};
  const drawn = PARTS.filter((part) => !without.includes(part)).flatMap((part) => part(c));
  const layers = larger === 1 ? drawn : scaled(drawn, larger);
  return {
    version: 8,
    name: `gridbeat ${theme}`,
    metadata: { 'gridbeat:theme': theme },
    sprite: '{origin}/sprites/sprite',
    glyphs: '{origin}/fonts/{fontstack}/{range}.pbf',
    sources: Object.fromEntries(Object.entries(SOURCES).filter(([name]) => layers.some((l) => l.source === name))),
    layers,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const theme of Object.keys(palettes)) {
    writeFileSync(new URL(`${theme}.json`, folder), `${JSON.stringify(style(theme), null, 1)}\n`);
  }
}
