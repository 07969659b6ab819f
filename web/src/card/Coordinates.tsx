import { CopyOutlined } from '@ant-design/icons';
import { App as AntApp, Button, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { lonLat, plainLonLat } from '../format/format';
import { useView } from '../state/store';
import type { LonLat } from '../state/view';
import { MUTE } from '../ui/mute';

export function Coordinates({ point }: { point: LonLat }) {
  const { t } = useTranslation();
  const { message } = AntApp.useApp();
  const lang = useView((v) => v.lang);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(plainLonLat(point));
      void message.success(t('card.copied'));
    } catch {
      void message.warning(t('card.copyFailed'));
    }
  };
  return (
    <p className="coordinates">
      <span className="sr">{t('card.coordinates')}</span>
      <span data-testid="card-coordinates">{lonLat(point, lang)}</span>
      <Tooltip title={t('card.copy')}>
        <Button type="text" size="small" icon={<CopyOutlined {...MUTE} />} aria-label={t('card.copy')} data-testid="card-copy" onClick={() => void copy()} />
      </Tooltip>
    </p>
  );
}
