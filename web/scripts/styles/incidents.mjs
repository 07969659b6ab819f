// Incidents: clusters when far, shape and colour by state with the category's glyph when near.
//
// The client's "open only" switch swaps filters and the cluster number between `open` and `count`.
import { NUMBER, layer, zoom } from './parts.mjs';

const STATE_GROUP = [
  'match', ['get', 'state'],
  ['reported', 'verified', 'filed'], 'new',
  ['closed', 'evaluated', 'rejected', 'void', 'withdrawn'], 'done',
  'active',
];

const open = ['coalesce', ['get', 'open'], 0];
const single = ['!', ['has', 'count']];

/** By the number of incidents: sizes for 1, 10, 100, 1,000 and 10,000. */
const size = (...px) => ['interpolate', ['linear'], ['log10', ['max', 1, open]], ...px.flatMap((value, power) => [power, value])];

export const incidents = (c) => [
  layer('incident', 'incident-cluster', 'circle', 'incident', 'incident', {
    maxzoom: 14,
    filter: ['all', ['has', 'count'], ['>', open, 0]],
    paint: {
      'circle-color': c.cluster,
      'circle-opacity': 0.94,
      'circle-stroke-color': ['case', ['>', open, 0], c.stateNew, c.clusterDone],
      'circle-stroke-width': zoom(8, 2, 13, 2.6),
      'circle-radius': zoom(9, size(6.5, 9, 13, 17, 22), 12, size(8, 10.5, 15, 20, 26), 13.5, size(10, 13, 17, 22, 28)),
    },
  }),
  layer('incident', 'incident-cluster-count', 'symbol', 'incident', 'incident', {
    maxzoom: 14,
    filter: ['all', ['has', 'count'], ['>', open, 0]],
    layout: {
      'text-field': ['to-string', open],
      'text-font': NUMBER,
      'text-size': zoom(9, size(9.5, 9.5, 10.5, 11, 12), 13.5, size(11.5, 11.5, 12, 13, 13)),
      'text-allow-overlap': true,
      // The padding stands for the circle around the number, so that names keep off it.
      'text-padding': zoom(9, 5, 13, 8),
    },
    paint: { 'text-color': c.clusterText },
  }),
  layer('incident', 'incident-risk', 'circle', 'incident', 'incident', {
    filter: ['all', single, ['==', ['get', 'risk'], 'red'], ['!=', STATE_GROUP, 'done']],
    paint: { 'circle-color': 'rgba(0,0,0,0)', 'circle-radius': zoom(10, 11, 16, 19), 'circle-stroke-color': c.risk, 'circle-stroke-width': zoom(10, 1.5, 16, 2.5), 'circle-stroke-opacity': 0.9 },
  }),
  layer('incident', 'incident-point', 'symbol', 'incident', 'incident', {
    filter: ['all', single, ['!=', STATE_GROUP, 'done']],
    layout: {
      'icon-image': [
        'coalesce',
        ['image', ['concat', 'incident-', STATE_GROUP, '-', ['coalesce', ['get', 'category'], 'other']]],
        ['image', ['concat', 'incident-', STATE_GROUP, '-other']],
      ],
      'icon-size': zoom(10, 0.55, 14, 0.75, 17, 1.05),
      'icon-allow-overlap': true,
      'icon-padding': 1,
      // The more pressing on top: risk, then state.
      'symbol-sort-key': ['+', ['match', ['get', 'risk'], 'red', 4, 'yellow', 2, 0], ['match', STATE_GROUP, 'new', 1, 'done', -8, 0]],
    },
  }),
];
