import { PhoneOutlined, WarningOutlined, ZoomInOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Tooltip } from 'antd';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useTranslation } from 'react-i18next';
import { area as fetchArea } from '../api/queries';
import type { LocatedArea, OnDuty, Side } from '../api/types';
import { dialable } from '../format/format';
import { boundsOf } from '../format/geometry';
import { levelName, roleName } from '../i18n/words';
import { fitPadding } from '../map/createMap';
import { chiefsFirst, coarseFirst } from './order';
import { MUTE } from '../ui/mute';

interface Props {
  side: Side;
  area: LocatedArea | null;
  map: MapLibreMap | null;
}

/** One administration's half of the card. */
export function SideBlock({ side, area, map }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  if (!area) {
    return (
      <section className="side none" data-side={side} data-testid={`card-${side}`}>
        <p>{t(side === 'grid' ? 'card.noGrid' : 'card.noBeat')}</p>
      </section>
    );
  }
  const name = area.name ?? area.code;
  const zoomTo = async () => {
    const found = await queries.fetchQuery({ queryKey: ['area', side, area.code], queryFn: () => fetchArea(side, area.code), staleTime: 60_000 });
    const bounds = found?.geometry ? boundsOf(found.geometry) : null;
    if (map && bounds) map.fitBounds(bounds, { padding: fitPadding(map.getContainer().clientWidth), maxZoom: 18 });
  };
  return (
    <section className="side" data-side={side} data-testid={`card-${side}`}>
      <div className="side-head">
        <span className="side-tag">{t(`card.${side}`)}</span>
        <h3 data-testid={`card-${side}-name`}>{name}</h3>
        <Tooltip title={t('card.zoomTo', { name })}>
          <Button type="text" size="small" icon={<ZoomInOutlined {...MUTE} />} aria-label={t('card.zoomTo', { name })} onClick={() => void zoomTo()} />
        </Tooltip>
      </div>
      <ol className="parents" data-testid={`card-${side}-parents`}>
        {coarseFirst(area.parents).map((parent) => (
          <li key={parent.code} title={`${levelName(t, parent.level)} ${parent.code}`}>{parent.name ?? parent.code}</li>
        ))}
      </ol>
      <p className="code"><span>{t('card.code')}</span> <code data-testid={`card-${side}-code`}>{area.code}</code></p>
      {area.disputed && (
        <p className="disputed" data-testid={`card-${side}-disputed`}>
          <WarningOutlined {...MUTE} />
          <span>{t('card.disputed', { count: area.disputed.length, codes: area.disputed.join(t('card.comma')), first: area.disputed[0] })}</span>
        </p>
      )}
      {area.on_duty.length === 0 && <p className="quiet">{t('card.nobody')}</p>}
      <ul className="duty" aria-label={t('card.onDuty')}>
        {chiefsFirst(area.on_duty).map((person) => <Person key={[person.role, person.name, person.phone].join('|')} side={side} person={person} />)}
      </ul>
    </section>
  );
}

function Person({ side, person }: { side: Side; person: OnDuty }) {
  const { t } = useTranslation();
  return (
    <li data-chief={person.role === 'chief'}>
      <span className="person">
        <span className="role">{roleName(t, side, person.role)}</span>
        <span className="name">{person.name ?? '—'}</span>
      </span>
      {person.phone ? (
        <a className="call" href={`tel:${dialable(person.phone)}`} aria-label={t('card.call', { phone: person.phone })}>
          <PhoneOutlined {...MUTE} /> {person.phone}
        </a>
      ) : (
        <span className="quiet">{t('card.noPhone')}</span>
      )}
    </li>
  );
}
