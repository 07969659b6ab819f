import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../state/view';
import { en } from './en';
import { zh } from './zh';

const words = createInstance();

/** Starts i18next; everything is bundled, so it is ready at once. */
export function startI18n(lang: Language): void {
  void words.use(initReactI18next).init({
    lng: lang,
    fallbackLng: 'zh-CN',
    supportedLngs: ['zh-CN', 'en'],
    resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}

export const switchLanguage = (lang: Language): void => void words.changeLanguage(lang);
