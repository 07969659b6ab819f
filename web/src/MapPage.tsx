// The page: the map, and what lies over it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App as AntApp } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { departments, locate } from './api/queries';
import { Card } from './card/Card';
import { LayerPanel } from './legend/LayerPanel';
import { useAnnounce } from './live/useAnnounce';
import { useLive } from './live/useLive';
import type { Theme } from './map/palette';
import { useMap } from './map/useMap';
import { useMapClicks, type Picked, type PickedFeature } from './map/useMapClicks';
import { useMapView } from './map/useMapView';
import { useMarker } from './map/useMarker';
import { useReveal } from './map/useReveal';
import { useSelection } from './map/useSelection';
import { useTileErrors } from './map/useTileErrors';
import { useShown } from './map/useShown';
import { PrintSheet } from './output/PrintSheet';
import { ReportForm } from './report/ReportForm';
import { SearchBox } from './search/SearchBox';
import { setView, useView } from './state/store';
import { ConnectionBanner } from './ui/Connection';
import { EmptyState } from './ui/EmptyState';
import { MapProblem } from './ui/MapProblem';
import { Toolbar } from './ui/Toolbar';
import { ZoomButtons } from './ui/ZoomButtons';
import { useKeys } from './ui/useKeys';

const TEN_SECONDS = 10_000;

export function MapPage({ theme }: { theme: Theme }) {
  const { t } = useTranslation();
  const { message } = AntApp.useApp();
  const container = useRef<HTMLDivElement>(null);
  const point = useView((v) => v.point);
  const [picked, setPicked] = useState<Picked>(null);
  const [feature, setFeature] = useState<PickedFeature | null>(null);
  const [reporting, setReporting] = useState(false);

  const located = useQuery({
    queryKey: ['locate', point],
    queryFn: ({ signal }) => locate(point?.[0] ?? 0, point?.[1] ?? 0, signal),
    enabled: point !== null,
    staleTime: TEN_SECONDS,
    placeholderData: keepPreviousData,
  });
  const selection = useSelection(point ? located.data : undefined);
  const known = useQuery({ queryKey: ['departments'], queryFn: ({ signal }) => departments(signal), staleTime: Infinity });
  const own = useView((v) => v.own);
  const drawn = useMemo(() => (known.data ?? []).filter((d) => own.includes(d.id)), [known.data, own]);
  const { map, problem, retry } = useMap(container, theme, selection, drawn);
  const shown = useShown(map);
  const failed = useTileErrors(map);
  useMapView(map);
  useMapClicks(map, (incident, hit) => {
    setPicked(incident);
    setFeature(hit);
  });
  useMarker(map, point);
  const loading = located.isPending || located.isPlaceholderData;
  useReveal(map, point, !loading);
  const status = useLive(useAnnounce(map));

  const close = () => {
    setPicked(null);
    setFeature(null);
    setView({ point: null });
    map?.getCanvas().focus({ preventScroll: true });
  };
  useKeys({ escape: () => !reporting && point && close() });

  return (
    <>
      <a className="skip" href="#map" onClick={(e) => { e.preventDefault(); map?.getCanvas().focus(); }}>{t('app.skip')}</a>
      <main className="page">
        <div id="map" className="map" ref={container} data-testid="map" />
        <div className="crosshair" aria-hidden="true" />
        <header className="top">
          <div className="brand"><span className="brand-mark" aria-hidden="true" /><h1>{t('app.title')}</h1></div>
          <SearchBox map={map} onPick={() => { setPicked(null); setFeature(null); }} />
          <Toolbar map={map} theme={theme} status={status} shown={shown} />
        </header>
        <ZoomButtons map={map} />
        <ConnectionBanner status={status} />
        <LayerPanel theme={theme} shown={shown} departments={known.data ?? []} />
        {point && (
          <Card
            point={point}
            located={located.data}
            loading={loading}
            error={located.isError ? located.error : null}
            picked={picked}
            feature={feature && { ...feature, title: known.data?.find((d) => d.id === feature.layer)?.title ?? feature.layer }}
            map={map}
            onRetry={() => void located.refetch()}
            onClose={close}
            onReport={() => setReporting(true)}
          />
        )}
        <EmptyState />
        {failed && status !== 'lost' && <output className="note" data-testid="tiles-failed">{t('error.tiles')}</output>}
        {problem && <MapProblem problem={problem} onRetry={retry} />}
      </main>
      {point && reporting && (
        <ReportForm
          point={point}
          onClose={() => setReporting(false)}
          onDone={(code) => void message.success(t('report.done', { code }))}
        />
      )}
      <PrintSheet map={map} theme={theme} shown={shown} />
    </>
  );
}
