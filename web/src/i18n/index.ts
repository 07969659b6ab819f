import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../state/view';
import { en } from './en';
import { zh } from './zh';

/** Starts i18next; everything is bundled, so it is ready at once. */
export function startI18n(lang: Language): void {
  void i18next.use(initReactI18next).init({
    lng: lang,
    fallbackLng: 'zh-CN',
    supportedLngs: ['zh-CN', 'en'],
    resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
    returnNull: false,
    showSupportNotice: false,
  } as Parameters<typeof i18next.init>[0]);
}

export const switchLanguage = (lang: Language): void => void i18next.changeLanguage(lang);
