import { useTranslation } from 'react-i18next';
import type { PickedFeature } from '../map/useMapClicks';

export interface ShownFeature extends PickedFeature {
  /** What people call the layer. */
  title: string;
}

/** Who answers for the place is told below; that the feature was too small to be drawn need not be. */
const NOT_SHOWN = new Set(['grid', 'beat', 'piece', 'collapsed']);

/** What is known of a feature of a department's layer: its own columns. */
export function FeatureBlock({ feature }: { feature: ShownFeature }) {
  const { t } = useTranslation();
  const word = (value: unknown): string => {
    if (typeof value === 'boolean') return t(value ? 'card.yes' : 'card.no');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : t('card.none');
  };
  const columns = Object.entries(feature.properties).filter(([name]) => !NOT_SHOWN.has(name));
  return (
    <section className="block incident" data-testid="card-feature">
      <h3>{feature.title}</h3>
      <dl className="facts">
        {columns.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{word(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
