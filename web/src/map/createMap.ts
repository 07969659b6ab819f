import { Map as MapLibreMap, ScaleControl, setWorkerUrl, type StyleSpecification } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { LonLat } from '../state/view';

setWorkerUrl(workerUrl);

declare global {
  interface Window {
    /** For end-to-end tests and support: the live map object. Stable; nothing else may be relied on. */
    __gridbeat?: { map: MapLibreMap };
  }
}

export interface Opening {
  center: LonLat | null;
  zoom: number | null;
  /** All there is, for when no centre is given. */
  bounds: [number, number, number, number] | null;
  /** What a screen reader calls the map. */
  label: string;
}

/** How much of the screen the panels cover, so that "show all" shows all. */
export const fitPadding = (width: number) => (width < 768 ? { top: 84, bottom: 40, left: 24, right: 24 } : { top: 40, bottom: 48, left: 336, right: 60 });

/** Opens the map: flat and north up, since people compare it with paper. */
export function createMap(container: HTMLElement, style: StyleSpecification, opening: Opening): MapLibreMap {
  const start = opening.center && opening.zoom !== null
    ? { center: [opening.center[0], opening.center[1]] as [number, number], zoom: opening.zoom }
    : opening.bounds
      ? { bounds: opening.bounds, fitBoundsOptions: { padding: fitPadding(container.clientWidth) } }
      : { center: [120.3, 31.57] as [number, number], zoom: 9 };
  const map = new MapLibreMap({
    container,
    style,
    ...start,
    minZoom: 3,
    maxZoom: 20,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    attributionControl: false,
    fadeDuration: 120,
    locale: { 'Map.Title': opening.label },
    // Sharing one request queue per host, more than a browser's connections gains nothing.
    refreshExpiredTiles: false,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 110, unit: 'metric' }), 'bottom-left');
  window.__gridbeat = { map };
  return map;
}
