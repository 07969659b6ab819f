// The map as a sheet of paper: title, map, legend, scale, time. One drawing for the PNG and the print.
import type { TFunction } from 'i18next';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { dateTime, lonLat } from '../format/format';
import type { LegendSection } from '../legend/rules';
import { SWATCH_HEIGHT, SWATCH_WIDTH, dataUrl, swatch } from '../legend/swatches';
import { paletteOf, type MapPalette, type Theme } from '../map/palette';
import { getView } from '../state/store';
import { FONT } from '../theme';
import { scaleBar } from './scaleBar';

const MARGIN = 24;
const HEAD = 64;
const LINE = 24;
const COLUMN = 236;

interface Ink {
  paper: string;
  text: string;
  quiet: string;
}
const INK: Record<Theme, Ink> = {
  light: { paper: '#ffffff', text: '#1c2a33', quiet: '#5b6b75' },
  dark: { paper: '#121b22', text: '#e6eef3', quiet: '#94a5af' },
};

/**
 * What the map shows, as a picture. The drawing buffer is not kept between frames (that costs speed all
 * day long), so a frame is drawn now and copied before the browser throws it away.
 */
export function capture(map: MapLibreMap): HTMLCanvasElement {
  map.redraw();
  const source = map.getCanvas();
  const copy = document.createElement('canvas');
  copy.width = source.width;
  copy.height = source.height;
  copy.getContext('2d')?.drawImage(source, 0, 0);
  return copy;
}

const loadImage = (src: string): Promise<HTMLImageElement> =>
  new Promise((resolve, reject) => {
    const image = new Image();
    image.addEventListener('load', () => resolve(image));
    image.addEventListener('error', () => reject(new Error('a legend picture could not be drawn')));
    image.src = src;
  });

/** A legend entry ready to be drawn. */
interface Entry {
  text: string;
  image: HTMLImageElement | null;
}

/** The legend as columns' worth of lines: a heading for each layer, then its entries. */
async function entries(sections: LegendSection[], palette: MapPalette, t: TFunction): Promise<Entry[][]> {
  return Promise.all(
    sections.filter((s) => s.items.length > 0).map(async (section) => [
      { text: t(`layers.${section.layer}`), image: null },
      ...(await Promise.all(section.items.map(async (item) => ({ text: t(item.label), image: await loadImage(dataUrl(swatch(item.swatch, palette))) })))),
    ]),
  );
}

/** Loads what a sheet needs beside the map, so that the drawing itself can be done at once. */
export async function prepare(theme: Theme, sections: LegendSection[], t: TFunction): Promise<Entry[][]> {
  await document.fonts.load(`16px ${FONT}`, t('app.title') + t('layers.title'));
  return entries(sections, paletteOf(theme), t);
}

function drawScale(ctx: CanvasRenderingContext2D, map: MapLibreMap, right: number, y: number, ink: Ink) {
  const { lang } = getView();
  const { lat } = map.getCenter();
  const bar = scaleBar(lat, map.getZoom(), 160);
  const label = bar.metres >= 1000 ? `${(bar.metres / 1000).toLocaleString(lang)} km` : `${bar.metres.toLocaleString(lang)} m`;
  ctx.strokeStyle = ink.text;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(right - bar.pixels, y - 6);
  ctx.lineTo(right - bar.pixels, y);
  ctx.lineTo(right, y);
  ctx.lineTo(right, y - 6);
  ctx.stroke();
  ctx.textAlign = 'center';
  ctx.fillStyle = ink.text;
  ctx.font = `13px ${FONT}`;
  ctx.fillText(label, right - bar.pixels / 2, y - 10);
  ctx.textAlign = 'left';
}

function drawLegend(ctx: CanvasRenderingContext2D, columns: Entry[][], top: number, ink: Ink, perRow: number) {
  let y = top;
  for (let row = 0; row < columns.length; row += perRow) {
    const inRow = columns.slice(row, row + perRow);
    inRow.forEach((column, i) => {
      const x = MARGIN + i * COLUMN;
      column.forEach((entry, line) => {
        const baseline = y + line * LINE;
        ctx.fillStyle = ink.text;
        ctx.font = entry.image ? `13px ${FONT}` : `600 13px ${FONT}`;
        if (entry.image) ctx.drawImage(entry.image, x, baseline - 14, SWATCH_WIDTH, SWATCH_HEIGHT);
        ctx.fillText(entry.text, entry.image ? x + SWATCH_WIDTH + 8 : x, baseline, COLUMN - SWATCH_WIDTH - 16);
      });
    });
    y += Math.max(...inRow.map((c) => c.length)) * LINE + 12;
  }
}

const legendHeight = (columns: Entry[][], perRow: number): number => {
  let height = 0;
  for (let row = 0; row < columns.length; row += perRow) height += Math.max(...columns.slice(row, row + perRow).map((c) => c.length)) * LINE + 12;
  return height;
};

/** Draws the sheet. Synchronous, because printing does not wait. */
export function drawSheet(map: MapLibreMap, columns: Entry[][], theme: Theme, t: TFunction): HTMLCanvasElement {
  const picture = capture(map);
  const ratio = picture.width / map.getContainer().clientWidth;
  const width = picture.width / ratio;
  const mapHeight = picture.height / ratio;
  const perRow = Math.max(1, Math.floor((width - 2 * MARGIN) / COLUMN));
  const foot = legendHeight(columns, perRow) + LINE * 2;
  const sheet = document.createElement('canvas');
  sheet.width = picture.width;
  sheet.height = Math.round((HEAD + mapHeight + foot) * ratio);
  const ctx = sheet.getContext('2d');
  if (!ctx) throw new Error('no 2D canvas');
  const ink = INK[theme];
  const { lang } = getView();
  const { lng, lat } = map.getCenter();
  ctx.scale(ratio, ratio);
  ctx.fillStyle = ink.paper;
  ctx.fillRect(0, 0, width, HEAD + mapHeight + foot);
  ctx.fillStyle = ink.text;
  ctx.font = `600 24px ${FONT}`;
  ctx.fillText(t('app.title'), MARGIN, 42);
  ctx.font = `13px ${FONT}`;
  ctx.fillStyle = ink.quiet;
  ctx.textAlign = 'right';
  ctx.fillText(`${t('sheet.printed')} ${dateTime(new Date(), lang)}`, width - MARGIN, 30);
  ctx.fillText(`${t('sheet.center')} ${lonLat([lng, lat], lang)}`, width - MARGIN, 50);
  ctx.textAlign = 'left';
  ctx.drawImage(picture, 0, HEAD, width, mapHeight);
  drawLegend(ctx, columns, HEAD + mapHeight + LINE + 8, ink, perRow);
  drawScale(ctx, map, width - MARGIN, HEAD + mapHeight + foot - 16, ink);
  return sheet;
}
