// Addresses: how many people live where when far, the houses themselves when near.
import { TEXT, layer, zoom } from './parts.mjs';

const residents = ['coalesce', ['get', 'residents'], 0];

export const density = (c) => [
  layer('address', 'resident-density', 'heatmap', 'address', 'resident_density', {
    maxzoom: 15,
    paint: {
      // A cell is a fixed part of a tile, so its people grow fourfold with each zoom out.
      'heatmap-weight': zoom(8, ['min', 1, ['/', residents, 16000]], 10, ['min', 1, ['/', residents, 2600]], 12, ['min', 1, ['/', residents, 420]], 14, ['min', 1, ['/', residents, 90]]),
      // Wide enough that the cells (8 to 16 px apart) do not show.
      'heatmap-radius': zoom(8, 24, 12, 30, 13, 32, 15, 44),
      'heatmap-intensity': zoom(8, 0.4, 12, 0.45, 14, 0.6),
      'heatmap-opacity': zoom(14.5, 0.75, 15, 0.5),
      'heatmap-color': [
        'interpolate', ['linear'], ['heatmap-density'],
        0, 'rgba(120,90,190,0)', 0.1, `${c.density[1]}33`, 0.3, `${c.density[1]}99`, 0.55, `${c.density[2]}bb`, 0.8, `${c.density[3]}cc`, 1, `${c.density[4]}dd`,
      ],
    },
  }),
];

export const addresses = (c) => [
  layer('address', 'address-point', 'circle', 'address', 'address', {
    minzoom: 15,
    paint: {
      'circle-color': c.address,
      'circle-opacity': ['case', ['>', residents, 0], 0.75, 0.25],
      'circle-stroke-color': c.land,
      'circle-stroke-width': zoom(15, 0.4, 17, 1.2),
      'circle-radius': zoom(
        15, ['interpolate', ['linear'], residents, 0, 1.2, 10, 2, 60, 3.2],
        18, ['interpolate', ['linear'], residents, 0, 3.5, 10, 5, 60, 8],
      ),
    },
  }),
  layer('address', 'address-label', 'symbol', 'address', 'address', {
    minzoom: 17.5,
    layout: {
      'text-field': ['get', 'text'],
      'text-font': TEXT,
      'text-size': 11,
      'text-max-width': 12,
      'text-anchor': 'top',
      'text-offset': [0, 0.7],
      'text-padding': 4,
      'symbol-sort-key': ['-', 0, residents],
    },
    paint: { 'text-color': c.addressLabel, 'text-halo-color': c.halo, 'text-halo-width': 1.4 },
  }),
];
