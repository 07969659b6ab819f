// Builds styles/fonts/{stack}/{range}.pbf: signed-distance glyphs of Noto Sans for everything that is
// not Chinese (the map client draws Chinese from its own web font).
//
// Metrics and distances follow what MapLibre expects of a glyph file: 24 px to the em, a border of
// 3 px, and one byte a pixel: 255·(1 − ¼ − d/8), d being the distance outside the outline in px.
import * as fontkit from 'fontkit';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { distanceField, flatten } from './sdf.mjs';
import { encodeGlyphs } from './glyph-pbf.mjs';

const EM = 24;
const BORDER = 3;
/** Where MapLibre puts the baseline below the top of a line, in px. */
const ASCENDER = 26;
const STACKS = { 'Noto Sans Regular': 400, 'Noto Sans Medium': 500 };
const SUBSETS = ['latin', 'latin-ext', 'vietnamese', 'greek', 'cyrillic', 'cyrillic-ext'];

const require = createRequire(import.meta.url);
const source = dirname(require.resolve('@fontsource/noto-sans/package.json'));
const out = fileURLToPath(new URL('../../styles/fonts/', import.meta.url));

function glyph(font, codePoint) {
  const g = font.glyphForCodePoint(codePoint);
  const scale = EM / font.unitsPerEm;
  const advance = Math.round(g.advanceWidth * scale);
  const segments = flatten(g.path.commands, scale);
  if (segments.length === 0) return { id: codePoint, width: 0, height: 0, left: 0, top: 0, advance };
  const { minX, minY, maxX, maxY } = g.path.bbox;
  const left = Math.floor(minX * scale);
  const top = Math.ceil(maxY * scale);
  const width = Math.ceil(maxX * scale) - left;
  const height = top - Math.floor(minY * scale);
  const bitmap = distanceField(segments, { left: left - BORDER, top: top + BORDER, width: width + 2 * BORDER, height: height + 2 * BORDER });
  return { id: codePoint, width, height, left, top: top - ASCENDER, advance, bitmap };
}

for (const [stack, weight] of Object.entries(STACKS)) {
  const ranges = new Map();
  const seen = new Set();
  for (const subset of SUBSETS) {
    const font = fontkit.create(readFileSync(join(source, 'files', `noto-sans-${subset}-${weight}-normal.woff2`)));
    for (const codePoint of font.characterSet) {
      // Control characters have no shape, and past the basic plane there is no glyph range to ask for.
      if (codePoint < 32 || codePoint > 0xffff || seen.has(codePoint)) continue;
      seen.add(codePoint);
      const range = codePoint >> 8;
      if (!ranges.has(range)) ranges.set(range, []);
      ranges.get(range).push(glyph(font, codePoint));
    }
  }
  const folder = join(out, stack);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [range, glyphs] of ranges) {
    const name = `${range * 256}-${range * 256 + 255}`;
    glyphs.sort((a, b) => a.id - b.id);
    writeFileSync(join(folder, `${name}.pbf`), encodeGlyphs(stack, name, glyphs));
  }
}
writeFileSync(join(out, 'LICENSE'), readFileSync(join(source, 'LICENSE')));
