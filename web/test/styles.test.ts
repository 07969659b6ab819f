// The styles, the sprite and the glyphs that are served, as they are in the repository.
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { style } from '../scripts/styles/build.mjs';

const read = (name: string) => readFileSync(`../styles/${name}`, 'utf8');
const sprite = JSON.parse(read('sprites/sprite.json')) as Record<string, unknown>;

describe.each(['light', 'dark', 'print', 'overview'])('the %s style', (theme) => {
  const text = read(`${theme}.json`);

  it('is what the script builds', () => {
    expect(text).toBe(`${JSON.stringify(style(theme), null, 1)}\n`);
  });

  it('is valid', () => {
    const absolute = JSON.parse(text.replaceAll('{origin}', 'http://127.0.0.1')) as Parameters<typeof validateStyleMin>[0];
    expect(validateStyleMin(absolute)).toEqual([]);
  });

  it('asks nobody but its own server', () => {
    for (const url of text.match(/"[^"]*:\/\/[^"]*"/g) ?? []) expect.fail(`${url} leaves the origin`);
    expect(text).toContain('"{origin}/sprites/sprite"');
  });

  it('marks every layer with its switch', () => {
    for (const layer of (JSON.parse(text) as { layers: { id: string; metadata?: Record<string, string> }[] }).layers) {
      expect(['base', 'grid', 'beat', 'piece', 'address', 'incident', 'staff', 'fault'], layer.id).toContain(layer.metadata?.['gridbeat:layer']);
    }
  });

  it('uses only images of the sprite and fonts that are here', () => {
    const { layers } = JSON.parse(text) as { layers: { layout?: Record<string, unknown>; paint?: Record<string, unknown> }[] };
    for (const { layout, paint } of layers) {
      for (const image of [layout?.['icon-image'], paint?.['fill-pattern']]) if (typeof image === 'string') expect(sprite).toHaveProperty([image]);
      for (const font of (layout?.['text-font'] as string[] | undefined) ?? []) expect(existsSync(`../styles/fonts/${font}/0-255.pbf`), font).toBe(true);
    }
  });
});

/** A layer of a style, as far as it is looked at here. */
interface StyleLayer {
  id: string;
  source?: string;
  type: string;
  layout?: Record<string, unknown>;
  paint?: Record<string, unknown>;
}

function layersOf(theme: string): StyleLayer[] {
  return (JSON.parse(read(`${theme}.json`)) as { layers: StyleLayer[] }).layers;
}

describe('styles for paper and walls', () => {
  it('nobody is on paper, nor a heat map', () => {
    expect(layersOf('print').filter((l) => l.source === 'staff' || l.type === 'heatmap')).toEqual([]);
  });

  it('a wall screen has the same names, larger', () => {
    const size = (theme: string) => layersOf(theme).find((l) => l.id === 'beat-label')?.layout?.['text-size'];
    expect(size('overview')).not.toEqual(size('dark'));
    expect(JSON.stringify(size('overview'))).toContain('["*",1.5,["match"');
    expect(layersOf('overview').some((l) => l.source === 'address' && l.type !== 'heatmap')).toBe(false);
  });
});

describe('the sprite', () => {
  it('has every category in every state, in both densities', () => {
    const dense = JSON.parse(read('sprites/sprite@2x.json')) as Record<string, { pixelRatio: number }>;
    expect(Object.keys(dense)).toEqual(Object.keys(sprite));
    expect(Object.values(dense).every((i) => i.pixelRatio === 2)).toBe(true);
    for (const file of readdirSync('../styles/icons').filter((f) => f.startsWith('category-'))) {
      for (const state of ['new', 'active', 'done']) expect(sprite).toHaveProperty([`incident-${state}-${file.slice(9, -4)}`]);
    }
  });
});
