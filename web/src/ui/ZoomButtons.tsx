import { AimOutlined, MinusOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useTranslation } from 'react-i18next';
import { MUTE } from './mute';

/** Plus, minus and one's own place stay at the map's edge, where a thumb finds them. */
export function ZoomButtons({ map }: { map: MapLibreMap | null }) {
  const { t } = useTranslation();
  const here = () => navigator.geolocation.getCurrentPosition(({ coords }) => map?.easeTo({ center: [coords.longitude, coords.latitude], zoom: 16 }));
  return (
    <div className="zoom">
      <Button icon={<PlusOutlined {...MUTE} />} aria-label={t('tools.zoomIn')} data-testid="zoom-in" onClick={() => map?.zoomIn()} />
      <Button icon={<MinusOutlined {...MUTE} />} aria-label={t('tools.zoomOut')} data-testid="zoom-out" onClick={() => map?.zoomOut()} />
      <Button icon={<AimOutlined {...MUTE} />} aria-label={t('tools.here')} data-testid="here" onClick={here} />
    </div>
  );
}
