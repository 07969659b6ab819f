import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { switchLanguage } from './i18n';
import { MapPage } from './MapPage';
import { useView } from './state/store';
import { antdTheme, useTheme } from './theme';

/** Theme and language around the one page there is. */
export function App() {
  const { t } = useTranslation();
  const lang = useView((v) => v.lang);
  const theme = useTheme();

  useEffect(() => {
    switchLanguage(lang);
    document.documentElement.lang = lang;
  }, [lang]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => {
    document.title = `${t('app.title')} · ${t('app.subtitle')}`;
  }, [t]);

  return (
    <ConfigProvider theme={antdTheme(theme)} locale={lang === 'zh-CN' ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <AntApp component={false}>
        <MapPage theme={theme} />
      </AntApp>
    </ConfigProvider>
  );
}
