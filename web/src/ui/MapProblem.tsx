import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

/** There is no map, and why. */
export function MapProblem({ problem, onRetry }: { problem: 'style' | 'webgl'; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="empty" role="alert" data-testid="map-problem">
      <h2>{t(`error.${problem}`)}</h2>
      {problem === 'style' && (
        <>
          <p>{t('error.server')}</p>
          <Button type="primary" onClick={onRetry}>{t('error.retry')}</Button>
        </>
      )}
    </section>
  );
}
