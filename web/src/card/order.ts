import type { AreaRef, OnDuty } from '../api/types';

/** Levels of both sides, coarse to fine. */
const LEVELS = ['province', 'department', 'city', 'bureau', 'county', 'subbureau', 'town', 'station', 'community', 'area', 'grid', 'beat', 'microgrid'];

/** City first, as an address is written; the server's order is not relied on. */
export const coarseFirst = (parents: readonly AreaRef[]): AreaRef[] =>
  [...parents].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));

/** The chief is who one calls first. */
export const chiefsFirst = (people: readonly OnDuty[]): OnDuty[] =>
  [...people].sort((a, b) => Number(b.role === 'chief') - Number(a.role === 'chief'));
