import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { en } from '../src/i18n/en';
import { zh } from '../src/i18n/zh';
import { legend, type LegendContext } from '../src/legend/rules';
import { CATEGORIES, SWATCHES, categoryIcon, iconSource, swatch } from '../src/legend/swatches';
import { paletteOf } from '../src/map/palette';
import { LAYERS } from '../src/state/view';

const near: LegendContext = { zoom: 16, openOnly: false, gridLevel: 'grid', beatLevel: 'beat' };
const far: LegendContext = { zoom: 8, openOnly: true, gridLevel: 'county', beatLevel: 'subbureau' };
const labels = (context: LegendContext, layer: (typeof LAYERS)[number]) => legend([layer], context)[0]?.items.map((i) => i.label.replace('legend.', ''));

describe('the legend', () => {
  it('has only what is switched on', () => {
    expect(legend(['beat', 'staff'], near).map((s) => s.layer)).toEqual(['beat', 'staff']);
  });

  it('follows the level that is drawn', () => {
    expect(labels(near, 'grid')).toContain('gridLine');
    expect(labels(far, 'grid')).not.toContain('gridLine');
    expect(labels({ ...far, beatLevel: 'beat' }, 'beat')).toContain('beatLine');
  });

  it('follows the zoom: density or houses, clusters or single incidents', () => {
    expect(labels(far, 'address')).toEqual(['few', 'many']);
    expect(labels(near, 'address')).toEqual(['addressPoint']);
    expect(labels(far, 'incident')).toContain('clusterOpen');
    expect(labels(near, 'incident')).not.toContain('clusterAll');
  });

  it('says that a layer needs a nearer view', () => {
    expect(legend(['piece', 'staff'], far).map((s) => s.tooFar)).toEqual([true, true]);
    expect(legend(['piece', 'staff'], near).map((s) => s.tooFar)).toEqual([false, false]);
  });

  it('leaves out closed incidents when they are not drawn', () => {
    expect(labels({ ...near, openOnly: true }, 'incident')).not.toContain('done');
    expect(labels(near, 'incident')).toContain('done');
  });

  it('has a word in both languages and a picture in both themes for every entry', () => {
    for (const context of [near, far, { ...far, openOnly: false }]) {
      for (const item of legend(LAYERS, context).flatMap((s) => s.items)) {
        const key = item.label.replace('legend.', '') as keyof typeof zh.legend;
        expect(zh.legend[key], item.label).toBeTruthy();
        expect(en.legend[key], item.label).toBeTruthy();
      }
    }
    for (const name of SWATCHES) {
      for (const theme of ['light', 'dark'] as const) expect(swatch(name, paletteOf(theme))).not.toMatch(/undefined|stroke=""|fill=""/);
    }
  });
});

// resvg refuses what is no XML, as a browser does.
const drawn = (svg: string) => new Resvg(svg).render().pixels.some((byte) => byte !== 0);

describe('every picture', () => {
  it('can be drawn', () => {
    for (const name of SWATCHES) for (const theme of ['light', 'dark'] as const) expect(drawn(swatch(name, paletteOf(theme))), name).toBe(true);
    for (const category of CATEGORIES) for (const state of ['new', 'active', 'done'] as const) expect(drawn(categoryIcon(category, state)), category).toBe(true);
  });
});

describe('categories', () => {
  it('have an icon and a word each, "other" last', () => {
    expect(CATEGORIES.at(-1)).toBe('other');
    for (const category of CATEGORIES) {
      expect(categoryIcon(category, 'new')).toMatch(/<svg [^>]*x="4"/);
      expect(iconSource(`category-${category}`), category).toBeDefined();
    }
    expect(categoryIcon('never heard of', 'done')).toBe(categoryIcon('other', 'done'));
  });
});
