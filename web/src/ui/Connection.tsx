import { Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveStatus } from '../live/reduce';

/** A lamp: live, connecting, or lost. */
export function ConnectionBadge({ status }: { status: LiveStatus }) {
  const { t } = useTranslation();
  return (
    <Tooltip title={status === 'lost' ? t('live.lostLong') : t(`live.${status}`)}>
      <output className="badge" data-testid="connection" data-status={status}>
        <span className="lamp" aria-hidden="true" />
        <span className="badge-text">{t(`live.${status}`)}</span>
      </output>
    </Tooltip>
  );
}

/** A break shorter than this heals before anybody need know. */
const PATIENCE_MS = 1_500;

/** Says it plainly when the map may be out of date. */
export function ConnectionBanner({ status }: { status: LiveStatus }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  const lost = status === 'lost';
  useEffect(() => {
    if (!lost) return;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [lost]);
  return (
    <div aria-live="polite" className="banner-place">
      {lost && late && <p className="banner" data-testid="connection-banner">{t('live.lostLong')}</p>}
    </div>
  );
}
