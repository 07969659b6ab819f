import { createInstance } from 'i18next';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DONE } from '../src/card/states';
import { en } from '../src/i18n/en';
import { categoryName, levelName, roleName, stateName } from '../src/i18n/words';
import { zh } from '../src/i18n/zh';

const words = createInstance();
beforeAll(() => words.init({ lng: 'zh-CN', resources: { 'zh-CN': { translation: zh }, en: { translation: en } }, initAsync: false }));

/** `a.b.c` → text, of all leaves. */
function leaves(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : leaves(value as object, `${path}${key}.`));
}

const holes = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((m) => m[1]).sort();

describe('the two languages', () => {
  it('have the same words with the same holes', () => {
    const english = new Map(leaves(en));
    for (const [key, text] of leaves(zh)) {
      expect(english.has(key), key).toBe(true);
      expect(holes(english.get(key) ?? ''), key).toEqual(holes(text));
    }
    expect(english.size).toBe(leaves(zh).length);
  });

  it('do not leak into each other', () => {
    for (const [key, text] of leaves(en)) expect(text, key).not.toMatch(/\p{Script=Han}/u);
    // What Chinese offices write in Latin letters themselves.
    const allowed = /WebGL|12345|110|{{\w+}}/g;
    for (const [key, text] of leaves(zh)) expect(text.replace(allowed, ''), key).not.toMatch(/[A-Za-z]{2,}/);
  });
});

const table = (name: string) =>
  readFileSync(`../data/codes/${name}.csv`, 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));

describe('the code tables', () => {
  it.each([['categories', zh.category], ['levels', zh.level], ['states', zh.state], ['risks', zh.risk], ['sources', zh.source]] as [string, Record<string, string>][])(
    '%s are the words of the interface',
    (name, words) => {
      const rows = table(name);
      expect(rows.length).toBeGreaterThan(2);
      for (const row of rows) expect(words[row[0] ?? ''], row[0]).toBe(row.at(-2));
    },
  );
  it('say which states are done', () => {
    expect([...DONE].sort()).toEqual(table('states').filter((row) => row[1] === 'false').map((row) => row[0]).sort());
  });
});

describe('words of the data', () => {
  it('are Chinese, also when a code is unknown', () => {
    expect(levelName(words.t, 'station')).toBe('派出所');
    expect(levelName(words.t, 'galaxy')).toBe('其他层级');
    expect(stateName(words.t, 'handling')).toBe('处置');
    expect(categoryName(words.t, 'fire_hazard')).toBe('消防隐患');
    expect(categoryName(words.t, 'something_new')).toBe('其他');
    expect(categoryName(words.t, '扬尘污染')).toBe('扬尘污染');
  });

  it('tell the two chiefs apart', () => {
    expect(roleName(words.t, 'grid', 'chief')).toBe('网格长');
    expect(roleName(words.t, 'beat', 'chief')).toBe('警格长');
    expect(roleName(words.t, 'beat', '社区民警')).toBe('社区民警');
  });
});
