import { useTranslation } from 'react-i18next';
import type { IncidentProperties } from '../api/types';
import { dateTime } from '../format/format';
import { categoryName, riskName, sourceName, stateName } from '../i18n/words';
import { categoryIcon, dataUrl } from '../legend/swatches';
import { useView } from '../state/store';
import { stateGroup } from './states';

/** The incident that was clicked, as the tile has it. */
export function IncidentBlock({ incident }: { incident: Partial<IncidentProperties> }) {
  const { t } = useTranslation();
  const lang = useView((v) => v.lang);
  const group = stateGroup(incident.state);
  const rows = [
    ['state', stateName(t, incident.state)],
    ['risk', riskName(t, incident.risk)],
    ['reportedAt', dateTime(incident.reported_at, lang)],
    ['source', sourceName(t, incident.source)],
    ['address', incident.address ?? ''],
    ['code', incident.code ?? ''],
  ] as const;
  return (
    <section className="incident" data-group={group} data-testid="card-incident">
      <div className="incident-head">
        <img src={dataUrl(categoryIcon(incident.category ?? 'other', group))} width={26} height={26} alt="" />
        <div>
          <span className="quiet">{categoryName(t, incident.category)}</span>
          <h3>{incident.title ?? categoryName(t, incident.category)}</h3>
        </div>
      </div>
      <dl>
        {rows.filter(([, value]) => value !== '').map(([key, value]) => (
          <div key={key}><dt>{t(`card.${key}`)}</dt><dd>{value}</dd></div>
        ))}
      </dl>
    </section>
  );
}
