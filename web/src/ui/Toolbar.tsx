import {
  BgColorsOutlined, ExpandOutlined, FileImageOutlined, LinkOutlined, MoreOutlined, PrinterOutlined, TranslationOutlined,
} from '@ant-design/icons';
import { App as AntApp, Button, Dropdown, Tooltip, type MenuProps } from 'antd';
import type { Map as MapLibreMap } from 'maplibre-gl';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { boundaryTiles } from '../api/queries';
import type { LiveStatus } from '../live/reduce';
import { fitPadding } from '../map/createMap';
import type { Theme } from '../map/palette';
import type { Shown } from '../map/useShown';
import { downloadPng } from '../output/download';
import { setView, shareLink, useView } from '../state/store';
import { THEMES } from '../state/view';
import { ConnectionBadge } from './Connection';
import { MUTE } from './mute';

interface ToolProps {
  icon: ReactNode;
  label: string;
  testid: string;
  onClick: () => void;
  text?: string;
  className?: string;
}

function Tool({ icon, label, testid, onClick, text, className }: ToolProps) {
  return (
    <Tooltip title={text ? '' : label} mouseEnterDelay={0.4}>
      <Button type="text" className={className ?? ''} icon={icon} aria-label={label} data-testid={testid} onClick={onClick}>{text}</Button>
    </Tooltip>
  );
}

interface Props {
  map: MapLibreMap | null;
  theme: Theme;
  status: LiveStatus;
  shown: Shown;
}

export function Toolbar({ map, theme, status, shown }: Props) {
  const { t } = useTranslation();
  const { message } = AntApp.useApp();
  const lang = useView((v) => v.lang);
  const choice = useView((v) => v.theme);

  const copyLink = async () => {
    try {
      await navigator.clipboard.writeText(shareLink());
      void message.success(t('tools.linkCopied'));
    } catch {
      void message.warning(t('card.copyFailed'));
    }
  };
  const showAll = async () => {
    const { bounds } = await boundaryTiles();
    if (map && bounds) map.fitBounds(bounds, { padding: fitPadding(map.getContainer().clientWidth) });
  };
  const png = async () => {
    if (!map) return;
    const done = message.loading(t('tools.exporting'), 0);
    try {
      await downloadPng(map, theme, shown, t);
    } catch {
      void message.error(t('tools.exportFailed'));
    } finally {
      done();
    }
  };

  const themes: MenuProps = {
    items: THEMES.map((key) => ({ key, label: t(`tools.${key}`) })),
    selectable: true,
    selectedKeys: [choice],
    onClick: ({ key }) => setView({ theme: THEMES.find((name) => name === key) ?? 'auto' }),
  };
  const actions: Record<string, () => unknown> = { fit: showAll, link: copyLink, print: () => print(), png };
  const more: MenuProps = {
    items: [
      { key: 'fit', icon: <ExpandOutlined {...MUTE} />, label: t('tools.fit') },
      { key: 'link', icon: <LinkOutlined {...MUTE} />, label: t('tools.link') },
      { key: 'print', icon: <PrinterOutlined {...MUTE} />, label: t('tools.print') },
      { key: 'png', icon: <FileImageOutlined {...MUTE} />, label: t('tools.png') },
    ],
    onClick: ({ key }) => void actions[key]?.(),
  };

  return (
    <nav className="tools" aria-label={t('tools.label')}>
      <ConnectionBadge status={status} />
      <span className="rule wide" aria-hidden="true" />
      <Tool className="wide" icon={<ExpandOutlined {...MUTE} />} label={t('tools.fit')} testid="tool-fit" onClick={() => void showAll()} />
      <Tool className="wide" icon={<LinkOutlined {...MUTE} />} label={t('tools.link')} testid="tool-link" onClick={() => void copyLink()} />
      <Tool className="wide" icon={<PrinterOutlined {...MUTE} />} label={t('tools.print')} testid="tool-print" onClick={() => print()} />
      <Tool className="wide" icon={<FileImageOutlined {...MUTE} />} label={t('tools.png')} testid="tool-png" onClick={() => void png()} />
      <span className="rule wide" aria-hidden="true" />
      <Tool
        icon={<TranslationOutlined {...MUTE} />}
        label={t('tools.language')}
        testid="language"
        text={lang === 'zh-CN' ? 'EN' : '中文'}
        onClick={() => setView({ lang: lang === 'zh-CN' ? 'en' : 'zh-CN' })}
      />
      <Dropdown menu={themes} trigger={['click']}>
        <Button type="text" icon={<BgColorsOutlined {...MUTE} />} aria-label={t('tools.theme')} data-testid="theme" />
      </Dropdown>
      <Dropdown menu={more} trigger={['click']}>
        <Button type="text" className="narrow" icon={<MoreOutlined {...MUTE} />} aria-label={t('tools.more')} data-testid="more" />
      </Dropdown>
    </nav>
  );
}
