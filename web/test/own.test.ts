import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import type { StyleSpecification } from 'maplibre-gl';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Department } from '../src/api/queries';
import { INITIAL, reduce } from '../src/live/reduce';
import { composeStyle } from '../src/map/compose';
import { ownColour, ownLayerOf, ownSource } from '../src/map/own';
import { paletteOf } from '../src/map/palette';

const style = JSON.parse(readFileSync('../styles/light.json', 'utf8')) as StyleSpecification;
const nothing = { grid: null, beat: null };
const all: Department[] = (['point', 'line', 'polygon'] as const).map((drawn) => ({ id: `own_${drawn}`, title: drawn, department: { drawn } }));

describe('layers of departments', () => {
  it('are drawn as what they are, over the ground and under the names', () => {
    globalThis.location ??= { origin: 'http://127.0.0.1' } as Location;
    const composed = composeStyle(style, { layers: ['grid'], openOnly: true }, nothing, paletteOf('light'), all);
    const ids = composed.layers.map((l) => l.id);
    const own = ids.filter((id) => ownLayerOf(id) !== null);
    expect(own).toEqual(['own-own_polygon:fill', 'own-own_point:point', 'own-own_line:line', 'own-own_line:point', 'own-own_polygon:line', 'own-own_polygon:point']);
    expect(ids.indexOf('own-own_polygon:fill')).toBeLessThan(ids.indexOf('grid-line'));
    expect(ids.indexOf('own-own_point:point')).toBeGreaterThan(ids.indexOf('grid-line'));
    expect(ids.indexOf('own-own_point:point')).toBeLessThan(ids.indexOf('grid-label'));
    const absolute = JSON.parse(JSON.stringify(composed).replaceAll('{origin}', 'http://127.0.0.1')) as StyleSpecification;
    expect(validateStyleMin(absolute as Parameters<typeof validateStyleMin>[0])).toEqual([]);
  });

  it('are absent while none is switched on', () => {
    const ids = composeStyle(style, { layers: ['grid'], openOnly: true }, nothing, paletteOf('light')).layers.map((l) => l.id);
    expect(ids.filter((id) => ownLayerOf(id) !== null)).toEqual([]);
  });

  it('keep their names and colours', () => {
    expect(ownLayerOf('own-fire_hydrant:point')).toBe('fire_hydrant');
    expect(ownLayerOf('grid-line')).toBeNull();
    expect(ownColour('school')).toBe(ownColour('school'));
    expect(ownColour('school')).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('are fetched and listed again after an import', () => {
    const change = { n: 3, collection: 'school', op: 'import', fid: null, grid: null, beat: null, bbox: null, at: '' } as const;
    const [, effects] = reduce(INITIAL, { type: 'change', change });
    expect(effects).toEqual([{ do: 'refresh', source: ownSource('school'), ranges: null }, { do: 'ask-again', boundaries: false, departments: true }]);
  });
});
