// The layers of departments: plain points, lines and ground over the base. Pure.
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Department } from '../api/queries';
import type { MapPalette } from './palette';

/** One colour a layer, in the order of their names, so that a layer keeps its colour while others are switched. */
const COLOURS = ['#b5489a', '#2b8a6e', '#c2702a', '#5a6fd6', '#7a8a1e', '#a3453c'] as const;

/** The colour of a layer: by its name, the same in every session. */
export function ownColour(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return COLOURS[sum % COLOURS.length] ?? COLOURS[0];
}

const PREFIX = 'own-';

/** The source of a layer's tiles. */
export const ownSource = (name: string): string => PREFIX + name;

/** The department's layer that a layer of the style draws; null for all others. */
export const ownLayerOf = (id: string): string | null =>
  id.startsWith(PREFIX) ? id.slice(PREFIX.length).replace(/:(fill|line|point)$/, '') : null;

export const ownSources = (shown: readonly Department[]): Record<string, SourceSpecification> =>
  Object.fromEntries(shown.map(({ id }) => [ownSource(id), { type: 'vector', url: `${location.origin}/tiles/${id}.json` }]));

/** What lies on the ground, and what goes over it. */
export function ownLayers(shown: readonly Department[], palette: MapPalette): { fills: LayerSpecification[]; others: LayerSpecification[] } {
  const fills: LayerSpecification[] = [];
  const others: LayerSpecification[] = [];
  for (const { id, department } of shown) {
    const colour = ownColour(id);
    const of = (part: 'fill' | 'line' | 'point') => ({ id: `${ownSource(id)}:${part}`, source: ownSource(id), 'source-layer': id });
    if (department.drawn === 'polygon') {
      fills.push({ ...of('fill'), type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': colour, 'fill-opacity': 0.25 } });
    }
    if (department.drawn !== 'point') {
      others.push({
        ...of('line'),
        type: 'line',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': colour, 'line-width': department.drawn === 'line' ? 3 : 1.5 },
      });
    }
    // Points, and what is too small to be drawn as more.
    others.push({
      ...of('point'),
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-color': colour,
        'circle-radius': department.drawn === 'point' ? ['interpolate', ['linear'], ['zoom'], 9, 2.5, 16, 6] : 1.5,
        'circle-stroke-color': palette.casing,
        'circle-stroke-width': department.drawn === 'point' ? 1.2 : 0,
      },
    });
  }
  return { fills, others };
}
