import { CloseOutlined, FormOutlined } from '@ant-design/icons';
import { Alert, Button, Skeleton } from 'antd';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useTranslation } from 'react-i18next';
import type { Located } from '../api/types';
import type { Picked } from '../map/useMapClicks';
import type { LonLat } from '../state/view';
import { Coordinates } from './Coordinates';
import { Counts } from './Counts';
import { FeatureBlock, type ShownFeature } from './FeatureBlock';
import { IncidentBlock } from './IncidentBlock';
import { ShareBar } from './ShareBar';
import { SideBlock } from './SideBlock';
import { MUTE } from '../ui/mute';

interface Props {
  point: LonLat;
  located: Located | undefined;
  loading: boolean;
  error: Error | null;
  picked: Picked;
  feature: ShownFeature | null;
  map: MapLibreMap | null;
  onRetry: () => void;
  onClose: () => void;
  onReport: () => void;
}

/** The responsibility card: who answers for this place. A bottom sheet on a phone. */
export function Card({ point, located, loading, error, picked, feature, map, onRetry, onClose, onReport }: Props) {
  const { t } = useTranslation();
  return (
    <section className="panel card" aria-label={t('card.title')} aria-busy={loading} data-testid="card" data-state={error ? 'error' : loading ? 'loading' : 'ready'}>
      <div className="card-head">
        <h2>{t('card.title')}</h2>
        <Button type="text" icon={<CloseOutlined {...MUTE} />} aria-label={t('card.close')} data-testid="card-close" onClick={onClose} />
      </div>
      {/* A new place starts at the top of the card. */}
      <div className="card-body" key={point.join()} aria-live="polite">
        {picked && <IncidentBlock incident={picked} />}
        {feature && <FeatureBlock feature={feature} />}
        {error ? (
          <Alert type="error" showIcon title={t('card.failed')} description={error.message} action={<Button size="small" onClick={onRetry}>{t('card.retry')}</Button>} />
        ) : located ? (
          <div className={loading ? 'stale' : ''}>
            <Answer located={located} map={map} />
          </div>
        ) : (
          <Skeleton active paragraph={{ rows: 7 }} />
        )}
        <Coordinates point={point} />
      </div>
      <div className="card-foot">
        <Button block icon={<FormOutlined {...MUTE} />} data-testid="report" onClick={onReport}>{t('card.report')}</Button>
      </div>
    </section>
  );
}

function Answer({ located, map }: { located: Located; map: MapLibreMap | null }) {
  const { t } = useTranslation();
  if (!located.grid && !located.beat) {
    return (
      <div className="outside" data-testid="card-outside">
        <p>{t('card.outside')}</p>
        <p className="quiet">{t('card.outsideHint')}</p>
      </div>
    );
  }
  return (
    <>
      <SideBlock side="grid" area={located.grid} map={map} />
      {located.grid && located.beat && located.share_of_grid !== null && <ShareBar share={located.share_of_grid} />}
      <SideBlock side="beat" area={located.beat} map={map} />
      {located.counts && <Counts counts={located.counts} />}
    </>
  );
}
