// Staff of both sides: filled when on duty, hollow when not.
import { layer, zoom } from './parts.mjs';

const side = ['match', ['get', 'side'], ['police', 'beat'], 'police', 'grid'];

export const staff = () => [
  layer('staff', 'staff-point', 'symbol', 'staff', 'staff', {
    minzoom: 12,
    layout: {
      'icon-image': ['concat', 'staff-', side, '-', ['case', ['to-boolean', ['get', 'on_duty']], 'on', 'off']],
      'icon-size': zoom(12, 0.5, 15, 0.8, 18, 1.1),
      'icon-allow-overlap': ['step', ['zoom'], false, 14, true],
      'symbol-sort-key': ['case', ['to-boolean', ['get', 'on_duty']], 0, 1],
    },
  }),
];
