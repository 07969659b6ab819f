// The same style larger, for a screen that is read from across a room.

/** What is as large as the reader is far. */
const SIZES = new Set(['text-size', 'line-width', 'circle-radius', 'circle-stroke-width', 'icon-size', 'text-halo-width', 'heatmap-radius']);

/** A size `factor` times as large. Steps by zoom stay outermost, as the style specification wants them. */
export function larger(value, factor) {
  if (typeof value === 'number') return Math.round(value * factor * 100) / 100;
  if (!Array.isArray(value)) return value;
  if (value[0] === 'interpolate' && value[2]?.[0] === 'zoom') {
    return value.map((part, i) => (i >= 4 && i % 2 === 0 ? larger(part, factor) : part));
  }
  return ['*', factor, value];
}

const scaledSizes = (properties, factor) =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, SIZES.has(name) ? larger(value, factor) : value]));

export const scaled = (layers, factor) =>
  layers.map((layer) => ({
    ...layer,
    ...(layer.layout ? { layout: scaledSizes(layer.layout, factor) } : {}),
    ...(layer.paint ? { paint: scaledSizes(layer.paint, factor) } : {}),
  }));
