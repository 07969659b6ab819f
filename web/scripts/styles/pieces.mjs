// Pieces (双格单元): where the two administrations agree and where they do not. Violet-red against sand
// keeps apart for every common colour blindness; ground with one side only is hatched in that side's hue
// and direction.
import { layer, zoom } from './parts.mjs';

const is = (...values) => ['match', ['get', 'mismatch'], values, true, false];

export const pieces = (c) => [
  layer('piece', 'piece-fill', 'fill', 'piece', 'piece', {
    filter: ['!', is('grid_only', 'beat_only')],
    paint: {
      'fill-color': ['match', ['get', 'mismatch'], 'split', c.pieceSplit, 'minor', c.pieceMinor, c.pieceWhole],
      'fill-opacity': ['match', ['get', 'mismatch'], 'split', 0.42, 'minor', 0.5, 0.16],
    },
  }),
  layer('piece', 'piece-grid-only', 'fill', 'piece', 'piece', { filter: is('grid_only'), paint: { 'fill-pattern': 'hatch-grid' } }),
  layer('piece', 'piece-beat-only', 'fill', 'piece', 'piece', { filter: is('beat_only'), paint: { 'fill-pattern': 'hatch-beat' } }),
  layer('piece', 'piece-line', 'line', 'piece', 'piece', {
    filter: is('split', 'minor'),
    paint: { 'line-color': c.pieceLine, 'line-opacity': 0.5, 'line-width': zoom(11, 0.3, 15, 0.9) },
  }),
];
