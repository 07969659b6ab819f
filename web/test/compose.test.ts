import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { composeStyle, switchOf } from '../src/map/compose';
import { rangesFrom, withChinese } from '../src/map/fonts';
import { paletteOf } from '../src/map/palette';
import { DONE, stateGroup } from '../src/card/states';

const style = JSON.parse(readFileSync('../styles/light.json', 'utf8')) as StyleSpecification;
const nothing = { grid: null, beat: null };
const square: GeoJSON.Polygon = { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] };
const visible = (layers: LayerSpecification[]) => layers.filter((l) => l.layout?.visibility === 'visible').map(switchOf);

const field = (openOnly: boolean) =>
  JSON.stringify(composeStyle(style, { layers: ['incident'], openOnly }, nothing, paletteOf('light')).layers.find((l) => l.id === 'incident-cluster-count'));

describe('the style on the screen', () => {
  it('shows the ground and what is switched on', () => {
    const shown = visible(composeStyle(style, { layers: ['beat'], openOnly: true }, nothing, paletteOf('light')).layers);
    expect(new Set(shown)).toEqual(new Set(['base', 'beat']));
  });

  it('is a valid style whatever is chosen', () => {
    for (const openOnly of [true, false]) {
      const composed = composeStyle(style, { layers: ['grid', 'incident'], openOnly }, { grid: square, beat: null }, paletteOf('dark'));
      const absolute = JSON.parse(JSON.stringify(composed).replaceAll('{origin}', 'http://127.0.0.1')) as StyleSpecification;
      expect(validateStyleMin(absolute as Parameters<typeof validateStyleMin>[0])).toEqual([]);
    }
  });

  it('puts the highlight under the names and over the ground', () => {
    const ids = composeStyle(style, { layers: [], openOnly: true }, nothing, paletteOf('light')).layers.map((l) => l.id);
    expect(ids.indexOf('selected-grid-fill')).toBeGreaterThan(ids.indexOf('land-grid'));
    expect(ids.indexOf('selected-grid')).toBeGreaterThan(ids.indexOf('beat-line'));
    expect(ids.indexOf('selected-grid')).toBeLessThan(ids.indexOf('grid-label'));
  });

  it('counts what is open, or everything', () => {
    expect(field(true)).toContain('"open"');
    expect(field(false)).not.toContain('"open"');
  });

  it('agrees with the card about which states are done', () => {
    const point = JSON.stringify(style.layers.find((l) => l.id === 'incident-point'));
    for (const state of DONE) expect(point).toContain(`"${state}"`);
    expect(stateGroup('reported')).toBe('new');
    expect(stateGroup('joint')).toBe('active');
    expect(stateGroup('void')).toBe('done');
  });
});

describe('Chinese on the map', () => {
  it('leaves Latin letters to the glyph files', () => {
    expect(rangesFrom('U+20-7e,U+4e00-4e10, U+9fa5', 0x2010)).toEqual(['U+4e00-4e10', 'U+9fa5-9fa5']);
    expect(rangesFrom('U+1fff-2020', 0x2010)).toEqual(['U+2010-2020']);
    expect(rangesFrom('rubbish', 0)).toEqual([]);
  });
  it('is declared for every font the labels use', () => {
    const declared = Object.keys((withChinese(style, []) as unknown as Record<string, object>)['font-faces'] ?? {});
    const used = new Set(style.layers.flatMap((l) => (l.type === 'symbol' ? ((l.layout?.['text-font'] as string[] | undefined) ?? []) : [])));
    for (const font of used) expect(declared).toContain(font);
  });
});
