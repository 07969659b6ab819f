/** A scale bar: a round length and how many pixels it takes. */
export interface ScaleBar {
  metres: number;
  pixels: number;
}

/** Length of the equator on the Web Mercator sphere, m. */
const EQUATOR = 2 * Math.PI * 6378137;
const TILE = 512;

/** The longest bar of 1, 2 or 5 times a power of ten metres that fits in `widest` pixels. */
export function scaleBar(latitude: number, zoom: number, widest: number): ScaleBar {
  const metresPerPixel = (EQUATOR * Math.cos((latitude * Math.PI) / 180)) / (TILE * 2 ** zoom);
  const most = metresPerPixel * widest;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = power * ([5, 2].find((n) => n * power <= most) ?? 1);
  return { metres, pixels: metres / metresPerPixel };
}
