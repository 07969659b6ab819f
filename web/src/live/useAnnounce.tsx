// Carries out what a live message asks of the map, and says when an incident came.
import { App as AntApp, Button } from 'antd';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ripple } from '../map/useMarker';
import { useRefresh } from '../map/useRefresh';
import { setView } from '../state/store';
import type { LiveEffect } from './reduce';

export function useAnnounce(map: MapLibreMap | null): (effect: LiveEffect) => void {
  const { t } = useTranslation();
  const { notification } = AntApp.useApp();
  const refresh = useRefresh(map);
  return useCallback(
    (effect: LiveEffect) => {
      if (!map) return;
      if (effect.do === 'refresh') {
        refresh(effect.source, effect.tiles);
      } else if (effect.do === 'announce') {
        const { bbox, grid, beat, n } = effect.change;
        const at: [number, number] | null = bbox && [(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2];
        const show = () => {
          notification.destroy(`incident-${n}`);
          if (!at) return;
          map.easeTo({ center: at, zoom: Math.max(map.getZoom(), 16) });
          setView({ point: at });
        };
        if (at) ripple(map, at);
        notification.info({
          key: `incident-${n}`,
          placement: 'bottomLeft',
          duration: 8,
          title: t('live.newIncident'),
          description: [grid, beat].filter(Boolean).join(' · '),
          actions: at && <Button size="small" onClick={show}>{t('live.show')}</Button>,
        });
      }
    },
    [map, notification, refresh, t],
  );
}
