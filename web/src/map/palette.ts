// The colours of the map, from the same file the styles are built of, so that the legend cannot lie.
import palettes from '../../../styles/palette.json';

export type Theme = 'light' | 'dark';
export type MapPalette = (typeof palettes)['light'];

export const paletteOf = (theme: Theme): MapPalette => palettes[theme];
