// What comes out of the printer: the sheet as a picture, instead of the page with its panels. Also for
// Ctrl+P: the browser says "before print" and does not wait, so the legend's pictures are kept ready.
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Theme } from '../map/palette';
import type { Shown } from '../map/useShown';
import { legend } from '../legend/rules';
import { useView } from '../state/store';
import { drawSheet, prepare } from './sheet';

export function PrintSheet({ map, theme, shown }: { map: MapLibreMap | null; theme: Theme; shown: Shown }) {
  const { t } = useTranslation();
  const sheet = useRef<HTMLDivElement>(null);
  const layers = useView((v) => v.layers);
  const openOnly = useView((v) => v.openOnly);

  useEffect(() => {
    if (!map) return;
    let stopped = false;
    let columns: Awaited<ReturnType<typeof prepare>> = [];
    prepare(theme, legend(layers, { ...shown, openOnly }), t).then(
      (ready) => {
        if (!stopped) columns = ready;
      },
      // Without its pictures the legend is left out; the map still prints.
      () => undefined,
    );
    const draw = () => {
      // A canvas is printed as it is; an image would still have to be decoded.
      sheet.current?.replaceChildren(drawSheet(map, columns, theme, t));
    };
    const clear = () => sheet.current?.replaceChildren();
    addEventListener('beforeprint', draw);
    addEventListener('afterprint', clear);
    return () => {
      stopped = true;
      removeEventListener('beforeprint', draw);
      removeEventListener('afterprint', clear);
    };
  }, [map, theme, shown, layers, openOnly, t]);

  return <div className="sheet" ref={sheet} aria-hidden="true" data-testid="print-sheet" />;
}
