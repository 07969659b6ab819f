import { useTranslation } from 'react-i18next';
import { share as percent } from '../format/format';
import { useView } from '../state/store';

/** How much of the grid lies in the beat: between the two, since it is about both. */
export function ShareBar({ share }: { share: number }) {
  const { t } = useTranslation();
  const lang = useView((v) => v.lang);
  const whole = share >= 0.9999;
  return (
    <div className="share" data-testid="card-share" data-share={share}>
      <span className="share-text">{t(whole ? 'card.shareWhole' : 'card.share')}</span>
      <strong>{percent(share, lang)}</strong>
      <span className="share-bar" aria-hidden="true"><span style={{ width: `${share * 100}%` }} /></span>
    </div>
  );
}
