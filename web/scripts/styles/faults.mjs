// Ground for which a side's drawings give no single answer. Black on yellow, as hazard tape: told apart
// by lightness alone, in every colour blindness and on either theme. What several claim is hatched
// crosswise inside a solid line, what nobody claims is dotted inside a broken one. What rounding made is
// not drawn.
import { layer, zoom } from './parts.mjs';

const drawn = ['!=', ['get', 'severity'], 'note'];
const disputed = ['==', ['get', 'kind'], 'overlap'];
const collapsed = ['has', 'collapsed'];
const both = (...conditions) => ['all', drawn, ...conditions];

export const faults = (c) => [
  layer('fault', 'fault-overlap', 'fill', 'fault', 'fault', { filter: both(disputed), paint: { 'fill-pattern': 'fault-overlap' } }),
  layer('fault', 'fault-gap', 'fill', 'fault', 'fault', { filter: both(['!', disputed]), paint: { 'fill-pattern': 'fault-gap' } }),
  layer('fault', 'fault-glow', 'line', 'fault', 'fault', {
    filter: both(['!', collapsed]),
    layout: { 'line-join': 'round' },
    paint: { 'line-color': c.faultGlow, 'line-width': zoom(9, 1.6, 13, 3.2, 17, 5) },
  }),
  layer('fault', 'fault-overlap-line', 'line', 'fault', 'fault', {
    filter: both(disputed, ['!', collapsed]),
    layout: { 'line-join': 'round' },
    paint: { 'line-color': c.faultInk, 'line-width': zoom(9, 0.5, 13, 1, 17, 1.6) },
  }),
  layer('fault', 'fault-gap-line', 'line', 'fault', 'fault', {
    filter: both(['!', disputed], ['!', collapsed]),
    layout: { 'line-join': 'round' },
    paint: { 'line-color': c.faultInk, 'line-width': zoom(9, 0.5, 13, 1, 17, 1.6), 'line-dasharray': [2.5, 2] },
  }),
  layer('fault', 'fault-point', 'circle', 'fault', 'fault', {
    filter: both(collapsed),
    paint: {
      'circle-radius': zoom(9, 1, 13, 2.6),
      'circle-color': c.faultGlow,
      'circle-stroke-color': c.faultInk,
      'circle-stroke-width': zoom(9, 0.5, 13, 1),
    },
  }),
];
