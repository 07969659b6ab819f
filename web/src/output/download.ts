import type { TFunction } from 'i18next';
import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Theme } from '../map/palette';
import type { Shown } from '../map/useShown';
import { legend } from '../legend/rules';
import { getView } from '../state/store';
import { drawSheet, prepare } from './sheet';

const blobOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png'));

const two = (n: number) => String(n).padStart(2, '0');

/** `2026-11-21-0830`: sorts by time in a folder. */
const stamp = (now: Date) =>
  `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}`;

/** Saves what is on the screen as a PNG with title, legend, scale and time. */
export async function downloadPng(map: MapLibreMap, theme: Theme, shown: Shown, t: TFunction): Promise<void> {
  const columns = await prepare(theme, legend(getView().layers, { ...shown, openOnly: getView().openOnly }), t);
  const url = URL.createObjectURL(await blobOf(drawSheet(map, columns, theme, t)));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${t('sheet.fileName')}-${stamp(new Date())}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
