// The map's life: opened once style and extent are known, closed when the page leaves it.
import { useQuery } from '@tanstack/react-query';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useEffect, useEffectEvent, useMemo, useRef, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { boundaryTiles, mapStyle, type Department } from '../api/queries';
import type { TileJson } from '../api/types';
import { getView, useView } from '../state/store';
import { composeStyle, type Selection } from './compose';
import { createMap } from './createMap';
import { chineseFaces, withChinese } from './fonts';
import { paletteOf, type Theme } from './palette';

export interface MapHandle {
  map: MapLibreMap | null;
  /** Why there is no map. */
  problem: 'style' | 'webgl' | null;
  retry: () => void;
}

/** Where there is something: an empty map's bounds are the whole world, which is no place to open on. */
function knownBounds(tiles: TileJson | undefined): [number, number, number, number] | null {
  const b = tiles?.bounds;
  return b && b[2] - b[0] < 180 ? b : null;
}

/** MapLibre draws with WebGL 2 and nothing else. */
const hasWebGl = (): boolean => document.createElement('canvas').getContext('webgl2') !== null;

export function useMap(container: RefObject<HTMLDivElement | null>, theme: Theme, selection: Selection, own: readonly Department[]): MapHandle {
  const { t } = useTranslation();
  const [map, setMap] = useState<MapLibreMap | null>(null);
  const [webgl] = useState(hasWebGl);
  const layers = useView((v) => v.layers);
  const openOnly = useView((v) => v.openOnly);

  const style = useQuery({ queryKey: ['style', theme], queryFn: ({ signal }) => mapStyle(theme, signal), staleTime: Infinity });
  const bounds = useQuery({ queryKey: ['bounds'], queryFn: ({ signal }) => boundaryTiles(signal), staleTime: Infinity, retry: 1 });

  const faces = useMemo(() => chineseFaces(), []);
  const composed = useMemo(
    () => (style.data ? composeStyle(withChinese(style.data, faces), { layers, openOnly }, selection, paletteOf(theme), own) : null),
    [style.data, faces, layers, openOnly, selection, theme, own],
  );

  // Opening: once, with what is known then. Later changes of the style go through the effect below.
  const ready = composed !== null && !bounds.isPending;
  const live = useRef<MapLibreMap | null>(null);
  const open = useEffectEvent(() => {
    if (!webgl || !container.current || !composed || live.current) return;
    const { center, zoom } = getView();
    const opened = createMap(container.current, composed, { center, zoom, bounds: knownBounds(bounds.data), label: t('app.map') });
    live.current = opened;
    opened.once('style.load', () => setMap(opened));
  });
  useEffect(() => {
    if (ready) open();
  }, [ready]);

  useEffect(
    () => () => {
      live.current?.remove();
      live.current = null;
    },
    [],
  );

  useEffect(() => {
    if (map && composed) map.setStyle(composed, { diff: true });
  }, [map, composed]);

  useEffect(() => {
    map?.getCanvas().setAttribute('aria-label', t('app.map'));
  }, [map, t]);

  return { map, problem: webgl ? (style.isError ? 'style' : null) : 'webgl', retry: () => void style.refetch() };
}
