// The style that is on the screen: the server's, with what the view says. Pure; MapLibre takes the
// difference to what it has and changes only that.
import type { CircleLayerSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Department } from '../api/queries';
import type { LayerId } from '../state/view';
import { ownLayers, ownSources } from './own';
import type { MapPalette } from './palette';

export interface Selection {
  grid: GeoJSON.Geometry | null;
  beat: GeoJSON.Geometry | null;
}

/** The switch a layer belongs to; `base` for what is always there. */
export const switchOf = (layer: LayerSpecification): string =>
  ((layer.metadata as Record<string, unknown> | undefined)?.['gridbeat:layer'] as string | undefined) ?? 'base';

const isSingle: FilterSpecification = ['!', ['has', 'count']];

/** An expression that counts what is open, made to count everything. */
const counting = <T>(expression: T): T => JSON.parse(JSON.stringify(expression).replaceAll('["get","open"]', '["get","count"]')) as T;

/** The style's incident layers show what is open; these are the changes that show all. */
function showAll(layer: LayerSpecification): LayerSpecification {
  switch (layer.id) {
    case 'incident-cluster':
      return {
        ...layer,
        filter: ['has', 'count'],
        // The ring's colour still says whether any is open.
        paint: { ...layer.paint, 'circle-radius': counting((layer as CircleLayerSpecification).paint?.['circle-radius']) },
      } as LayerSpecification;
    case 'incident-cluster-count':
      return { ...layer, filter: ['has', 'count'], layout: counting(layer.layout) } as LayerSpecification;
    case 'incident-point':
      return { ...layer, filter: isSingle } as LayerSpecification;
    default:
      return layer;
  }
}

const collection = (geometry: GeoJSON.Geometry | null): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features: geometry ? [{ type: 'Feature', geometry, properties: {} }] : [],
});

function selectionLayers(c: MapPalette): { fills: LayerSpecification[]; lines: LayerSpecification[] } {
  const join = { 'line-join': 'round', 'line-cap': 'round' } as const;
  const line = (id: string, source: string, color: string, width: number): LayerSpecification[] => [
    { id: `${id}-glow`, type: 'line', source, layout: join, paint: { 'line-color': c.casing, 'line-width': width + 4, 'line-opacity': 0.9 } },
    { id, type: 'line', source, layout: join, paint: { 'line-color': color, 'line-width': width } },
  ];
  return {
    fills: [
      { id: 'selected-beat-fill', type: 'fill', source: 'selected-beat', paint: { 'fill-color': c.selectBeat, 'fill-opacity': 0.08 } },
      { id: 'selected-grid-fill', type: 'fill', source: 'selected-grid', paint: { 'fill-color': c.selectGrid, 'fill-opacity': 0.2 } },
    ],
    lines: [...line('selected-beat', 'selected-beat', c.selectBeat, 4), ...line('selected-grid', 'selected-grid', c.selectGrid, 3)],
  };
}

/** Before which layer the highlight's fills, and before which its lines go. */
const FILLS_BEFORE = 'grid-line';
const LINES_BEFORE = 'address-point';

/** The server's style with the switches, the incident filter and the highlight applied. */
export function composeStyle(
  style: StyleSpecification,
  view: { layers: readonly LayerId[]; openOnly: boolean },
  selection: Selection,
  palette: MapPalette,
  own: readonly Department[] = [],
): StyleSpecification {
  const highlight = selectionLayers(palette);
  const drawn = ownLayers(own, palette);
  const layers: LayerSpecification[] = [];
  for (const original of style.layers) {
    if (original.id === FILLS_BEFORE) layers.push(...drawn.fills, ...highlight.fills);
    if (original.id === LINES_BEFORE) layers.push(...highlight.lines, ...drawn.others);
    const group = switchOf(original);
    const shown = group === 'base' || (view.layers as readonly string[]).includes(group);
    const layer = view.openOnly ? original : showAll(original);
    layers.push({ ...layer, layout: { ...layer.layout, visibility: shown ? 'visible' : 'none' } } as LayerSpecification);
  }
  return {
    ...style,
    sources: {
      ...style.sources,
      ...ownSources(own),
      'selected-grid': { type: 'geojson', data: collection(selection.grid) },
      'selected-beat': { type: 'geojson', data: collection(selection.beat) },
    },
    layers,
  };
}
