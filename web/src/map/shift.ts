/** A part of the screen, in pixels from its top left. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const along = (v: number, low: number, high: number) => (v < low ? v - low : v > high ? v - high : 0);

/** How far the view has to move, right and down, for a point to come into a box; [0, 0] if it is there. */
export function shift({ x, y }: { x: number; y: number }, box: Box): [dx: number, dy: number] {
  // A box that is too small for anything is no place to move to.
  if (box.right <= box.left || box.bottom <= box.top) return [0, 0];
  return [along(x, box.left, box.right), along(y, box.top, box.bottom)];
}
