// Small helpers that the layer files share.

/** A layer, marked with the switch it belongs to. */
export const layer = (group, id, type, source, sourceLayer, rest) => ({
  id,
  type,
  ...(source ? { source, 'source-layer': sourceLayer } : {}),
  metadata: { 'gridbeat:layer': group },
  ...rest,
});

/** Linear between zoom stops: `zoom(8, 1, 12, 3)`. */
export const zoom = (...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];

/** By the level of a line or an area, coarse to fine, of either side: `[bureau, subbureau, station, beat]`. */
export const byLevel = ([first, second, third, finest]) => [
  'match', ['get', 'level'],
  ['province', 'city', 'department', 'bureau'], first,
  ['county', 'subbureau'], second,
  ['town', 'station', 'community', 'area'], third,
  finest,
];

export const TEXT = ['Noto Sans Regular'];
export const NUMBER = ['Noto Sans Medium'];
