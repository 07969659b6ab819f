// Builds styles/sprites/sprite{,@2x}.{json,png} from the SVG drawings in styles/icons.
//
// Incident icons are composed here: a state's shape (new: diamond, active: square, done: disc; shape
// and colour say the same thing, so neither is needed to read it) with a category's glyph on it.
// The same input gives the same bytes, so the output can be committed and compared.
import { Resvg } from '@resvg/resvg-js';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const styles = fileURLToPath(new URL('../../styles/', import.meta.url));
const icons = join(styles, 'icons');

/** Side of an incident icon in CSS pixels. */
const INCIDENT = 30;

/** The shape behind a category's glyph, on a 30 × 30 canvas. */
const STATES = {
  new: { colour: '#c8322b', shape: '<rect x="5.2" y="5.2" width="19.6" height="19.6" rx="3.5" transform="rotate(45 15 15)"/>', glyph: 13.5 },
  active: { colour: '#2060a8', shape: '<rect x="4" y="4" width="22" height="22" rx="4.5"/>', glyph: 16 },
  done: { colour: '#71818b', shape: '<circle cx="15" cy="15" r="11.5"/>', glyph: 14 },
};

/** How an image that grows with its text may stretch: the middle only, so that corners stay round. */
const STRETCH = {
  'chip-light': { stretchX: [[6, 18]], stretchY: [[6, 12]], content: [5, 3, 19, 15] },
  'chip-dark': { stretchX: [[6, 18]], stretchY: [[6, 12]], content: [5, 3, 19, 15] },
};

function incident(state, glyphSvg) {
  const { colour, shape, glyph } = STATES[state];
  const inner = glyphSvg.replace(/<svg /, `<svg x="${15 - glyph / 2}" y="${15 - glyph / 2}" width="${glyph}" height="${glyph}" `);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${INCIDENT}" height="${INCIDENT}" viewBox="0 0 30 30">`
    + `<g fill="${colour}" stroke="#fff" stroke-width="2">${shape}</g>${inner}</svg>`;
}

/** Every image of the sprite: name → SVG text. */
function drawings() {
  const out = new Map();
  for (const file of readdirSync(icons).filter((f) => f.endsWith('.svg')).sort()) {
    const name = basename(file, '.svg');
    const svg = readFileSync(join(icons, file), 'utf8').trim();
    if (!name.startsWith('category-')) {
      out.set(name, svg);
      continue;
    }
    for (const state of Object.keys(STATES)) out.set(`incident-${state}-${name.slice('category-'.length)}`, incident(state, svg));
  }
  return out;
}

/** Shelves: images in rows of at most `width` pixels, a pixel apart. */
function pack(images, width) {
  let x = 0, y = 0, shelf = 0;
  const at = new Map();
  for (const [name, image] of images) {
    if (x + image.width > width) {
      x = 0;
      y += shelf + 1;
      shelf = 0;
    }
    at.set(name, { x, y });
    x += image.width + 1;
    shelf = Math.max(shelf, image.height);
  }
  return { at, height: y + shelf };
}

function build(ratio) {
  const images = new Map([...drawings()].map(([name, svg]) => {
    const png = new Resvg(svg, { fitTo: { mode: 'zoom', value: ratio } }).render();
    return [name, { width: png.width, height: png.height, png: png.asPng() }];
  }));
  const width = 320 * ratio;
  const { at, height } = pack(images, width);
  const index = {};
  let body = '';
  for (const [name, image] of images) {
    const { x, y } = at.get(name);
    index[name] = { x, y, width: image.width, height: image.height, pixelRatio: ratio };
    const stretch = STRETCH[name];
    if (stretch) {
      index[name].stretchX = stretch.stretchX.map((pair) => pair.map((v) => v * ratio));
      index[name].stretchY = stretch.stretchY.map((pair) => pair.map((v) => v * ratio));
      index[name].content = stretch.content.map((v) => v * ratio);
    }
    body += `<image x="${x}" y="${y}" width="${image.width}" height="${image.height}" href="data:image/png;base64,${image.png.toString('base64')}"/>`;
  }
  const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`;
  return { json: `${JSON.stringify(index, null, 1)}\n`, png: new Resvg(sheet).render().asPng() };
}

const out = join(styles, 'sprites');
mkdirSync(out, { recursive: true });
for (const [suffix, ratio] of [['', 1], ['@2x', 2]]) {
  const { json, png } = build(ratio);
  writeFileSync(join(out, `sprite${suffix}.json`), json);
  writeFileSync(join(out, `sprite${suffix}.png`), png);
}
