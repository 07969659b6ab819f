// Words of the data (levels, states, …) in the reader's language. A code nobody has a word for is shown
// as "other", not as the bare English code; a category is the department's own word and shown as it is.
import type { TFunction } from 'i18next';

const known = (group: string) => (t: TFunction, code: string | null | undefined): string =>
  code ? t(`${group}.${code}`, { defaultValue: t(`${group}.other`) }) : '';

export const levelName = known('level');
export const stateName = known('state');
export const sourceName = known('source');

export const riskName = (t: TFunction, code: string | null | undefined): string => t(`risk.${code ?? 'none'}`, { defaultValue: t('risk.none') });

export const categoryName = (t: TFunction, code: string | null | undefined): string =>
  code ? t(`category.${code}`, { defaultValue: /^[a-z_]+$/.test(code) ? t('category.other') : code }) : t('category.other');

/** A role reads with its side: the chief of a grid is 网格长, of a beat 警格长. */
export function roleName(t: TFunction, side: 'grid' | 'beat', role: string | null | undefined): string {
  if (role === 'chief') return t(side === 'grid' ? 'role.gridChief' : 'role.beatChief');
  if (!role) return t('role.other');
  return t(`role.${role}`, { defaultValue: /^[a-z_]+$/.test(role) ? t('role.other') : role });
}
