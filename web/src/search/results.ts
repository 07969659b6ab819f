import type { SearchResult } from '../api/types';

/** Whether a text is worth a question: one Chinese character is, one letter is not. */
export const askable = (text: string): boolean => text.length >= 2 || /\p{Script=Han}/u.test(text);

/** What a result is called: its name, its text, else its code, else where it is. */
export const resultTitle = (r: SearchResult): string => r.name ?? r.text ?? r.code ?? `${r.lon.toFixed(6)}, ${r.lat.toFixed(6)}`;

/** Tells results apart: a code is unique within its kind and level only. */
export const resultKey = (r: SearchResult): string => [r.kind, r.level ?? '', r.code ?? '', r.lon, r.lat].join('|');
