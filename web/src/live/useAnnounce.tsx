// Carries out what a live message asks of the map, and says when an incident came.
import { App as AntApp, Button } from 'antd';
import type { TFunction } from 'i18next';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { incident } from '../api/queries';
import { dateTime } from '../format/format';
import { categoryName } from '../i18n/words';
import { categoryIcon, dataUrl } from '../legend/swatches';
import { ripple } from '../map/useMarker';
import { useRefresh } from '../map/useRefresh';
import { getView, setView } from '../state/store';
import type { Change } from './messages';
import type { LiveEffect } from './reduce';

interface News {
  title: string;
  lines: string[];
  category: string;
}

/** What to say of a new incident; the stream has only its number and place, the rest is asked for. */
async function news(change: Change, t: TFunction): Promise<News> {
  const where = [change.grid, change.beat].filter(Boolean).join(' · ');
  try {
    if (change.fid === null) throw new Error('no number');
    const { properties: p } = await incident(change.fid);
    const category = categoryName(t, p.category);
    return { title: p.title ?? category, lines: [category, p.address ?? where, dateTime(p.reported_at, getView().lang)].filter(Boolean), category: p.category ?? 'other' };
  } catch {
    // Gone again, or the server is busy: the place is news enough.
    return { title: t('live.newIncident'), lines: [where], category: 'other' };
  }
}

export function useAnnounce(map: MapLibreMap | null): (effect: LiveEffect) => void {
  const { t } = useTranslation();
  const { notification } = AntApp.useApp();
  const refresh = useRefresh(map);

  const announce = useCallback(
    async (change: Change) => {
      if (!map) return;
      const { bbox } = change;
      const at: [number, number] | null = bbox && [(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2];
      if (at) ripple(map, at);
      // One at a time: in a storm the newest counts, and the map must stay in sight.
      const key = 'incident';
      const show = () => {
        notification.destroy(key);
        if (!at) return;
        map.easeTo({ center: at, zoom: Math.max(map.getZoom(), 16) });
        setView({ point: at });
      };
      const { title, lines, category } = await news(change, t);
      notification.open({
        key,
        placement: 'bottom',
        duration: 8,
        icon: <img src={dataUrl(categoryIcon(category, 'new'))} width={26} height={26} alt={t('live.newIncident')} />,
        title,
        description: lines.join(' · '),
        actions: at && <Button size="small" onClick={show}>{t('live.show')}</Button>,
        props: { 'data-testid': 'announcement' },
      });
    },
    [map, notification, t],
  );

  return useCallback(
    (effect: LiveEffect) => {
      if (effect.do === 'refresh') refresh(effect.source, effect.ranges);
      else if (effect.do === 'announce') void announce(effect.change);
    },
    [refresh, announce],
  );
}
