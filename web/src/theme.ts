// Colours of the panels (the map's are in styles/palette.json), and which theme is meant.
import { theme as antd, type ThemeConfig } from 'antd';
import { useSyncExternalStore } from 'react';
import type { Theme } from './map/palette';
import { useView } from './state/store';

const dark = matchMedia('(prefers-color-scheme: dark)');

function onSystem(change: () => void) {
  dark.addEventListener('change', change);
  return () => dark.removeEventListener('change', change);
}

/** The theme now: the choice, or the system's. */
export function useTheme(): Theme {
  const choice = useView((v) => v.theme);
  const system = useSyncExternalStore(onSystem, () => dark.matches);
  if (choice !== 'auto') return choice;
  return system ? 'dark' : 'light';
}

/**
 * Chinese of the system where there is one, else the web font that comes with the page. `system-ui` is
 * left out on purpose: with it in the list Chromium keeps boxes that it drew before the web font came.
 * The same list stands in styles/base.css.
 */
export const FONT = '"Segoe UI", "Helvetica Neue", "PingFang SC", "Microsoft YaHei", "Noto Sans SC Variable", sans-serif';

export const antdTheme = (name: Theme): ThemeConfig => ({
  algorithm: name === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
  token: {
    colorPrimary: name === 'dark' ? '#4db6b1' : '#0f6f75',
    colorLink: name === 'dark' ? '#6fcfca' : '#0f6f75',
    colorError: name === 'dark' ? '#ff7b70' : '#c8322b',
    borderRadius: 8,
    // A map that redraws has better things to do than to fade.
    motion: false,
    fontFamily: FONT,
    ...(name === 'dark' ? { colorBgContainer: '#16212a', colorBgElevated: '#1b2833', colorText: '#e6eef3' } : { colorText: '#1c2a33' }),
  },
});
