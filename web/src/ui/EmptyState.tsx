import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { countAreas } from '../api/queries';
import type { Side } from '../api/types';

const useCount = (side: Side) =>
  useQuery({ queryKey: ['count', side], queryFn: ({ signal }) => countAreas(side, signal), staleTime: Infinity, retry: 1 }).data;

/** What to do when there is nothing to show yet. */
export function EmptyState() {
  const { t } = useTranslation();
  const grids = useCount('grid');
  const beats = useCount('beat');
  if (grids === undefined || beats === undefined || (grids > 0 && beats > 0)) return null;
  if (grids > 0 || beats > 0) {
    return <p className="note" data-testid="one-side">{t('empty.oneSide', { side: t(grids > 0 ? 'layers.beat' : 'layers.grid') })}</p>;
  }
  return (
    <section className="empty" data-testid="empty" aria-labelledby="empty-title">
      <h2 id="empty-title">{t('empty.title')}</h2>
      <p>{t('empty.text')}</p>
      <pre><code>{'gridbeat import --store city.gpkg --layer grid grid.geojson\ngridbeat import --store city.gpkg --layer beat beat.geojson'}</code></pre>
    </section>
  );
}
