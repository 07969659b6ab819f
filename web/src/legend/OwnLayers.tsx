import { Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Department } from '../api/queries';
import { ownColour } from '../map/own';
import type { MapPalette } from '../map/palette';
import { setView, useView } from '../state/store';
import { SWATCH_HEIGHT, SWATCH_WIDTH, dataUrl } from './swatches';

/** A sign in a layer's colour: a dot, a line, a field. */
function sign({ id, department }: Department, palette: MapPalette): string {
  const colour = ownColour(id);
  const drawing = {
    point: `<circle cx="15" cy="9" r="5" fill="${colour}" stroke="${palette.casing}" stroke-width="1.2"/>`,
    line: `<path d="M3 13 12 6l7 5 8-6" fill="none" stroke="${colour}" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>`,
    polygon: `<path d="M4 4h22v10H4z" fill="${colour}" fill-opacity=".25" stroke="${colour}" stroke-width="1.5"/>`,
  }[department.drawn];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SWATCH_WIDTH}" height="${SWATCH_HEIGHT}" viewBox="0 0 30 18">${drawing}</svg>`;
}

/** The layers of departments, each with its switch; nothing where there is none. */
export function OwnLayers({ departments, palette }: { departments: readonly Department[]; palette: MapPalette }) {
  const { t } = useTranslation();
  const own = useView((v) => v.own);
  if (departments.length === 0) return null;
  return (
    <section aria-label={t('layers.own')} data-testid="own-layers">
      <p className="layer-note">{t('layers.own')}</p>
      {departments.map((layer) => {
        const on = own.includes(layer.id);
        const toggle = () => setView({ own: on ? own.filter((name) => name !== layer.id) : [...own, layer.id] });
        return (
          <section className="layer" data-on={on} key={layer.id}>
            <label className="layer-head">
              <Switch size="small" checked={on} onChange={toggle} aria-label={t('layers.show', { name: layer.title })} data-testid={`own-${layer.id}`} />
              <span className="layer-name">{layer.title}</span>
              <img src={dataUrl(sign(layer, palette))} width={SWATCH_WIDTH} height={SWATCH_HEIGHT} alt="" />
            </label>
          </section>
        );
      })}
    </section>
  );
}
