// Moves the map when the card or a panel hides the place it is about.
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useEffect } from 'react';
import type { LonLat } from '../state/view';
import { shift, type Box } from './shift';

/** A pin needs this much room around its tip, in pixels. */
const ROOM = 44;

/** The part of the map that no panel covers. */
function free(container: HTMLElement): Box {
  const all = container.getBoundingClientRect();
  const box = { left: ROOM, top: 100, right: all.width - ROOM, bottom: all.height - ROOM };
  const card = document.querySelector('.card')?.getBoundingClientRect();
  if (card) {
    // On a phone the card comes from below, else it stands on the right.
    if (card.width > all.width * 0.8) box.bottom = Math.min(box.bottom, card.top - ROOM);
    else box.right = Math.min(box.right, card.left - ROOM);
  }
  const layers = document.querySelector('.layers:not(.closed)')?.getBoundingClientRect();
  if (layers && layers.width < all.width * 0.5) box.left = Math.max(box.left, layers.right + ROOM);
  return box;
}

/** `settled`: whether the card has its answer, and so its height. */
export function useReveal(map: MapLibreMap | null, point: LonLat | null, settled: boolean): void {
  useEffect(() => {
    if (!map || !point || !settled) return;
    const frame = requestAnimationFrame(() => {
      if (map.isMoving()) return;
      const [dx, dy] = shift(map.project([point[0], point[1]]), free(map.getContainer()));
      if (dx !== 0 || dy !== 0) map.panBy([dx, dy], { duration: 300 });
    });
    return () => cancelAnimationFrame(frame);
  }, [map, point, settled]);
}
