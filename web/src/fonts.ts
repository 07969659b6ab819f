// The page's own Chinese, in a browser that has none.
import { zh } from './i18n/zh';
import type { Language } from './state/view';
import { FONT } from './theme';

/** Longer than this nobody should look at an empty page for the sake of a font. */
const PATIENCE_MS = 2_500;

/** Every character of the Chinese interface. */
const characters = (): string => [...new Set(JSON.stringify(zh))].join('');

/** Waits for the font files the interface needs, so that it is not drawn in boxes first. */
export async function loadInterfaceFont(lang: Language): Promise<void> {
  if (lang !== 'zh-CN') return;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([document.fonts.load(`16px ${FONT}`, characters()), patience]).catch(() => undefined);
}
