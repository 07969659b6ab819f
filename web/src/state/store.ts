// One small store for the view. The hash follows it, and it follows the hash when somebody edits it.
import { useSyncExternalStore } from 'react';
import { formatHash, parseHash } from './hash';
import { DEFAULT_VIEW, LANGUAGES, THEMES, type Language, type ThemeChoice, type View } from './view';

const REMEMBERED = 'gridbeat.preferences';

/** Language and theme outlive the visit; where storage is forbidden they just do not. */
function remembered(): Partial<Pick<View, 'lang' | 'theme'>> {
  try {
    const raw = JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}') as Record<string, unknown>;
    const lang = LANGUAGES.find((l) => l === raw.lang);
    const theme = THEMES.find((t) => t === raw.theme);
    return { ...(lang ? { lang } : {}), ...(theme ? { theme } : {}) };
  } catch {
    return {};
  }
}

function remember(lang: Language, theme: ThemeChoice) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify({ lang, theme }));
  } catch {
    // Private windows may forbid it; nothing depends on it.
  }
}

let view: View = { ...DEFAULT_VIEW, ...remembered(), ...parseHash(location.hash) };
const listeners = new Set<() => void>();
let writing: ReturnType<typeof setTimeout> | undefined;

function publish() {
  for (const listener of listeners) listener();
}

/** The view now. */
export const getView = (): View => view;

/** Changes the view; the address bar follows within a quarter of a second (browsers limit the rate). */
export function setView(patch: Partial<View>): void {
  view = { ...view, ...patch };
  if (patch.lang || patch.theme) remember(view.lang, view.theme);
  publish();
  clearTimeout(writing);
  writing = setTimeout(() => {
    const hash = formatHash(view);
    if (hash !== location.hash) history.replaceState(history.state, '', hash || location.pathname + location.search);
  }, 250);
}

/** A link to what is on the screen. */
export const shareLink = (): string => location.origin + location.pathname + location.search + formatHash(view);

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** One part of the view, as a React value. */
export const useView = <T>(select: (view: View) => T): T => useSyncExternalStore(subscribe, () => select(view));

addEventListener('hashchange', () => {
  view = { ...DEFAULT_VIEW, lang: view.lang, theme: view.theme, ...parseHash(location.hash) };
  publish();
});
