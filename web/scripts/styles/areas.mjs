// Grids (网格) and beats (警格) over each other. Grids are the quiet ground: faint tint, thin teal lines.
// Beats are drawn bolder, in copper, dashed between light casings, with names on chips: hue, weight
// and dash all differ, so the two are told apart in grey and by the colour-blind as well.
import { TEXT, byLevel, layer, zoom } from './parts.mjs';

/** Ground that belongs to somebody; drawn whatever is switched off, so that the city keeps its shape. */
export const base = (c) => [
  layer('base', 'background', 'background', null, null, { paint: { 'background-color': c.ground } }),
  layer('base', 'land-beat', 'fill', 'boundary', 'beat', { paint: { 'fill-color': c.land, 'fill-antialias': false } }),
  layer('base', 'land-grid', 'fill', 'boundary', 'grid', { paint: { 'fill-color': c.land, 'fill-antialias': false } }),
];

const round = { 'line-cap': 'round', 'line-join': 'round' };

export const gridAreas = (c) => [
  layer('grid', 'grid-fill', 'fill', 'boundary', 'grid', {
    paint: { 'fill-color': c.gridTint, 'fill-opacity': ['match', ['get', 'kind'], 'exclusive', 0.16, 0.05], 'fill-antialias': false },
  }),
  layer('grid', 'grid-line', 'line', 'boundary', 'grid_line', {
    layout: { ...round, 'line-sort-key': byLevel([4, 3, 2, 1]) },
    paint: {
      'line-color': ['match', ['get', 'level'], ['grid', 'microgrid'], c.grid, c.gridStrong],
      'line-opacity': zoom(8, byLevel([1, 0.9, 0.6, 0.35]), 12, byLevel([1, 0.95, 0.8, 0.55]), 14, byLevel([1, 1, 0.9, 0.85])),
      'line-width': zoom(
        8, byLevel([2, 1.2, 0.6, 0.3]),
        12, byLevel([2.8, 2.2, 1.2, 0.7]),
        15, byLevel([3.6, 3, 2, 1.2]),
        18, byLevel([4.5, 4, 3, 2]),
      ),
    },
  }),
];

export const beatAreas = (c) => [
  layer('beat', 'beat-casing', 'line', 'boundary', 'beat_line', {
    layout: round,
    paint: {
      'line-color': c.casing,
      'line-opacity': 0.85,
      'line-width': zoom(8, byLevel([5, 4, 2.5, 1.5]), 12, byLevel([7, 6, 4.5, 3.5]), 15, byLevel([8.5, 7.5, 6.5, 6]), 18, byLevel([11, 10, 9, 8.5])),
    },
  }),
  layer('beat', 'beat-line', 'line', 'boundary', 'beat_line', {
    layout: { 'line-join': 'round', 'line-cap': 'butt', 'line-sort-key': byLevel([4, 3, 2, 1]) },
    paint: {
      'line-color': byLevel([c.beatStrong, c.beatStrong, c.beat, c.beat]),
      'line-opacity': zoom(8, byLevel([1, 1, 0.8, 0.5]), 12, byLevel([1, 1, 1, 0.9])),
      'line-width': zoom(8, byLevel([3, 2.4, 1.2, 0.6]), 12, byLevel([4, 3.4, 2.4, 1.7]), 15, byLevel([5, 4.4, 3.4, 2.8]), 18, byLevel([6.5, 6, 5, 4.4])),
      'line-dasharray': ['match', ['get', 'level'], ['beat', 'area'], ['literal', [3, 1.3]], 'station', ['literal', [6, 1.2]], ['literal', [1, 0]]],
    },
  }),
];

const nameOrCode = ['coalesce', ['get', 'name'], ['get', 'code']];

const label = { 'text-field': nameOrCode, 'text-font': TEXT, 'text-max-width': 9, 'text-padding': 6 };

/** Names of grids keep off everything else. */
export const gridLabels = (c) => [
  layer('grid', 'grid-label', 'symbol', 'boundary', 'grid_label', {
    layout: {
      ...label,
      'text-size': zoom(8, byLevel([18, 15, 13, 11]), 12, byLevel([18, 16, 13.5, 11.5]), 16, byLevel([20, 18, 16, 13.5])),
      'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'],
      'text-radial-offset': 0.8,
      'text-justify': 'auto',
      'symbol-sort-key': byLevel([1, 2, 3, 4]),
    },
    paint: { 'text-color': c.gridLabel, 'text-halo-color': c.halo, 'text-halo-width': 1.6 },
  }),
];

const beatLabel = (c, id, bounds, layout) =>
  layer('beat', id, 'symbol', 'boundary', 'beat_label', {
    ...bounds,
    layout: {
      ...label,
      'text-size': zoom(8, byLevel([16, 14, 12, 11]), 12, byLevel([16, 14.5, 13, 11.5]), 16, byLevel([17, 16, 15, 13.5])),
      'icon-image': c.chip,
      'icon-text-fit': 'both',
      'icon-text-fit-padding': [1, 3, 1, 3],
      'text-justify': 'center',
      'symbol-sort-key': byLevel([1, 2, 3, 4]),
      ...layout,
    },
    paint: { 'text-color': c.beatLabel },
  });

/** Where incidents are clusters (see `incidents.mjs`): names keep off their numbers, in the rows between them. */
export const farBeatLabels = (c) => [
  beatLabel(c, 'beat-label-far', { maxzoom: 14 }, {
    'text-padding': 3,
    // In ems from the label's place, up and down first: the rows of clusters are farther apart than a name is high.
    'text-variable-anchor-offset': ['center', [0, 0], 'bottom', [0, -0.9], 'top', [0, 0.9], 'bottom', [0, -1.7], 'top', [0, 1.7], 'left', [1, 0], 'right', [-1, 0]],
  }),
];

/**
 * Names of beats and stations: few, and what the police look for first. Drawn last and so placed first
 * (MapLibre places from the top layer down), over single incidents, else a busy city would show none.
 */
export const beatLabels = (c) => [
  beatLabel(c, 'beat-label', { minzoom: 14 }, {
    'text-padding': 8,
    'text-variable-anchor': ['center', 'bottom', 'top', 'right', 'left'],
    'text-radial-offset': 1,
  }),
];
