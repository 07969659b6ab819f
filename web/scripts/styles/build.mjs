// Builds styles/light.json and styles/dark.json: one list of layers, two palettes.
//
// `{origin}` in a URL is replaced by the server with its own public URL. Every layer says in
// `metadata["gridbeat:layer"]` which switch of the client it belongs to.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { base, gridAreas, beatAreas, gridLabels, beatLabels } from './areas.mjs';
import { pieces } from './pieces.mjs';
import { faults } from './faults.mjs';
import { density, addresses } from './addresses.mjs';
import { incidents } from './incidents.mjs';
import { staff } from './staff.mjs';

const folder = new URL('../../../styles/', import.meta.url);
const palettes = JSON.parse(readFileSync(new URL('palette.json', folder), 'utf8'));

const vector = (layers) => ({ type: 'vector', url: `{origin}/tiles/${layers}.json` });

export function style(theme) {
  const c = palettes[theme];
  return {
    version: 8,
    name: `gridbeat ${theme}`,
    metadata: { 'gridbeat:theme': theme },
    sprite: '{origin}/sprites/sprite',
    glyphs: '{origin}/fonts/{fontstack}/{range}.pbf',
    sources: {
      boundary: vector('grid,beat,grid_line,beat_line,grid_label,beat_label'),
      piece: vector('piece'),
      fault: vector('fault'),
      address: vector('resident_density,address'),
      incident: vector('incident'),
      staff: vector('staff'),
    },
    // Drawn in this order: ground, areas, density, lines, points, names.
    layers: [
      ...base(c),
      ...pieces(c),
      ...density(c),
      ...gridAreas(c),
      ...beatAreas(c),
      ...faults(c),
      ...addresses(c),
      ...gridLabels(c),
      ...staff(c),
      ...incidents(c),
      ...beatLabels(c),
    ],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const theme of Object.keys(palettes)) {
    writeFileSync(new URL(`${theme}.json`, folder), `${JSON.stringify(style(theme), null, 1)}\n`);
  }
}
