import { useTranslation } from 'react-i18next';
import type { Located } from '../api/types';
import { count } from '../format/format';
import { useView } from '../state/store';

/** Three numbers of the piece. */
export function Counts({ counts }: { counts: NonNullable<Located['counts']> }) {
  const { t } = useTranslation();
  const lang = useView((v) => v.lang);
  const numbers = [['addresses', counts.addresses], ['residents', counts.residents], ['incidents', counts.incidents_open]] as const;
  return (
    <section className="counts" aria-label={t('card.counts')} data-testid="card-counts">
      <h3>{t('card.counts')}</h3>
      <dl>
        {numbers.map(([key, value]) => (
          <div key={key} data-alarm={key === 'incidents' && value > 0}>
            <dt>{t(`card.${key}`)}</dt>
            <dd data-testid={`card-${key}`}>{count(value, lang)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
