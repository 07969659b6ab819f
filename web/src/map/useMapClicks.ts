// A click asks who is responsible there; on a cluster it zooms in; on an incident it also shows that.
import type { Map as MapLibreMap, MapMouseEvent, MapGeoJSONFeature } from 'maplibre-gl';
import { useEffect, useRef } from 'react';
import type { IncidentProperties } from '../api/types';
import { setView } from '../state/store';
import { ownLayerOf } from './own';

export type Picked = Partial<IncidentProperties> | null;

/** A feature of a department's layer that was clicked on. */
export interface PickedFeature {
  /** The layer. */
  layer: string;
  properties: Record<string, unknown>;
}

/** Half the side of the square in which a finger hits a point, in pixels. */
const REACH = 8;

const hits = (map: MapLibreMap, point: { x: number; y: number }, layers: string[]): MapGeoJSONFeature[] =>
  map.queryRenderedFeatures(
    [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]],
    { layers: layers.filter((id) => map.getLayer(id)) },
  );

/** The first feature of a department's layer there, points before lines before ground. */
function ownHit(map: MapLibreMap, point: { x: number; y: number }): PickedFeature | null {
  const ids = map.getStyle().layers.map((l) => l.id).filter((id) => ownLayerOf(id) !== null);
  const hit = ids.length > 0 ? hits(map, point, ids)[0] : undefined;
  const layer = hit && ownLayerOf(hit.layer.id);
  return hit && layer ? { layer, properties: hit.properties } : null;
}

export function useMapClicks(map: MapLibreMap | null, pick: (picked: Picked, feature: PickedFeature | null) => void): void {
  const latest = useRef(pick);
  useEffect(() => {
    latest.current = pick;
  });
  useEffect(() => {
    if (!map) return;
    const click = (event: MapMouseEvent) => {
      const cluster = hits(map, event.point, ['incident-cluster'])[0];
      if (cluster?.geometry.type === 'Point') {
        const [lon, lat] = cluster.geometry.coordinates as [number, number];
        map.easeTo({ center: [lon, lat], zoom: Math.min(map.getZoom() + 2, 17) });
        return;
      }
      const incident = hits(map, event.point, ['incident-point'])[0];
      if (incident?.geometry.type === 'Point') {
        const [lon, lat] = incident.geometry.coordinates as [number, number];
        latest.current(incident.properties as Picked, null);
        setView({ point: [lon, lat] });
        return;
      }
      latest.current(null, ownHit(map, event.point));
      setView({ point: [event.lngLat.lng, event.lngLat.lat] });
    };
    const enter = (event: KeyboardEvent) => {
      if (event.key !== 'Enter') return;
      const { lng, lat } = map.getCenter();
      latest.current(null, null);
      setView({ point: [lng, lat] });
    };
    const hover = (event: MapMouseEvent) => {
      map.getCanvas().style.cursor = hits(map, event.point, ['incident-cluster', 'incident-point']).length > 0 ? 'pointer' : 'crosshair';
    };
    const canvas = map.getCanvas();
    map.on('click', click);
    map.on('mousemove', hover);
    canvas.addEventListener('keydown', enter);
    return () => {
      map.off('click', click);
      map.off('mousemove', hover);
      canvas.removeEventListener('keydown', enter);
    };
  }, [map]);
}
