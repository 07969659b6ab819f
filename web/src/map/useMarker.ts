// The pin of the card's place, and the ripple where an incident has just come in.
import { Marker, type Map as MapLibreMap } from 'maplibre-gl';
import { useEffect } from 'react';
import type { LonLat } from '../state/view';

function element(className: string): HTMLElement {
  const el = document.createElement('div');
  el.className = className;
  el.setAttribute('aria-hidden', 'true');
  return el;
}

export function useMarker(map: MapLibreMap | null, point: LonLat | null): void {
  useEffect(() => {
    if (!map || !point) return;
    const marker = new Marker({ element: element('pin'), anchor: 'bottom' }).setLngLat([point[0], point[1]]).addTo(map);
    return () => void marker.remove();
  }, [map, point]);
}

/** Draws attention to a place for some seconds. */
export function ripple(map: MapLibreMap, [lon, lat]: LonLat): void {
  const marker = new Marker({ element: element('ripple') }).setLngLat([lon, lat]).addTo(map);
  setTimeout(() => marker.remove(), 6_000);
}
