import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { distanceField } from '../scripts/sdf.mjs';

/** A little reader of the glyph file, independent of the writer: fields as [number, value]. */
function fields(bytes: Uint8Array): [number, number | Uint8Array][] {
  const out: [number, number | Uint8Array][] = [];
  let at = 0;
  const varint = () => {
    let value = 0, shift = 0, byte: number;
    do {
      byte = bytes[at++] ?? 0;
      value += (byte & 127) * 2 ** shift;
      shift += 7;
    } while (byte > 127);
    return value;
  };
  while (at < bytes.length) {
    const key = varint();
    if (key % 8 === 0) out.push([key >> 3, varint()]);
    else {
      const length = varint();
      out.push([key >> 3, bytes.subarray(at, at + length)]);
      at += length;
    }
  }
  return out;
}

const all = (list: [number, number | Uint8Array][], field: number) => list.filter(([f]) => f === field).map(([, v]) => v as Uint8Array);

describe('the glyph file of Latin letters', () => {
  const stack = fields(all(fields(readFileSync('../styles/fonts/Noto Sans Regular/0-255.pbf')), 1)[0] ?? new Uint8Array());
  const glyphs = new Map(all(stack, 3).map((bytes) => {
    const g = new Map(fields(bytes));
    return [g.get(1) as number, g];
  }));

  it('names its stack and range', () => {
    expect(new TextDecoder().decode(all(stack, 1)[0])).toBe('Noto Sans Regular');
    expect(new TextDecoder().decode(all(stack, 2)[0])).toBe('0-255');
  });

  it('has letters, digits and punctuation, each with a bitmap of its size and border', () => {
    for (const char of 'AZaz09.,-()%ü') {
      const g = glyphs.get(char.codePointAt(0) ?? 0);
      if (!g) throw new Error(`no glyph for ${char}`);
      const [width, height] = [g.get(3) as number, g.get(4) as number];
      expect(g.get(2), char).toHaveLength((width + 6) * (height + 6));
    }
  });

  it('gives the space a width and no bitmap', () => {
    expect(glyphs.get(32)?.get(7)).toBeGreaterThan(3);
    expect(glyphs.get(32)?.has(2)).toBe(false);
  });
});

describe('a distance field', () => {
  // A square of 8 px, its corner at the origin.
  const square: [number, number, number, number][] = [[0, 0, 8, 0], [8, 0, 8, 8], [8, 8, 0, 8], [0, 8, 0, 0]];
  const field = distanceField(square, { left: -4, top: 12, width: 16, height: 16 });
  const at = (x: number, y: number) => field[(11 - y) * 16 + x + 4];

  it('is three quarters at the edge, more inside, less outside', () => {
    // The middle of pixel (0, 4) is half a pixel inside.
    expect(at(0, 4)).toBe(Math.round(255 * (0.75 + 0.5 / 8)));
    expect(at(-1, 4)).toBe(Math.round(255 * (0.75 - 0.5 / 8)));
    expect(at(4, 4)).toBe(255);
  });

  it('is round at corners', () => {
    expect(at(-3, -3)).toBe(Math.round(255 * (0.75 - Math.hypot(2.5, 2.5) / 8)));
  });
});
