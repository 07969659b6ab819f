// The glyph file MapLibre reads, a protocol buffer: glyphs{ 1: stack{ 1 name, 2 range, 3: glyph{ 1 id,
// 2 bitmap, 3 width, 4 height, 5 left (zigzag), 6 top (zigzag), 7 advance } } }.

function varint(out, value) {
  while (value > 127) {
    out.push((value & 127) | 128);
    value >>>= 7;
  }
  out.push(value);
}

const zigzag = (value) => ((value << 1) ^ (value >> 31)) >>> 0;

function number(out, field, value) {
  varint(out, field << 3);
  varint(out, value);
}

function bytes(out, field, value) {
  varint(out, (field << 3) | 2);
  varint(out, value.length);
  for (const b of value) out.push(b);
}

/** A file of one font stack and one range of 256 code points. */
export function encodeGlyphs(stack, range, glyphs) {
  const text = new TextEncoder();
  const body = [];
  bytes(body, 1, text.encode(stack));
  bytes(body, 2, text.encode(range));
  for (const g of glyphs) {
    const one = [];
    number(one, 1, g.id);
    if (g.bitmap) bytes(one, 2, g.bitmap);
    number(one, 3, g.width);
    number(one, 4, g.height);
    number(one, 5, zigzag(g.left));
    number(one, 6, zigzag(g.top));
    number(one, 7, g.advance);
    bytes(body, 3, one);
  }
  const file = [];
  bytes(file, 1, body);
  return Uint8Array.from(file);
}
