import { DownOutlined, ProfileOutlined, UpOutlined } from '@ant-design/icons';
import { Button, Checkbox, Switch } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Department } from '../api/queries';
import { categoryName, levelName } from '../i18n/words';
import { paletteOf, type MapPalette, type Theme } from '../map/palette';
import type { Shown } from '../map/useShown';
import { setView, useView } from '../state/store';
import { LAYERS, type LayerId } from '../state/view';
import { legend, type LegendSection } from './rules';
import { OwnLayers } from './OwnLayers';
import { CATEGORIES, SWATCH_HEIGHT, SWATCH_WIDTH, categoryIcon, dataUrl, swatch } from './swatches';
import { MUTE } from '../ui/mute';

/** On a phone the panel starts closed, so that the map is seen first. */
const startsOpen = () => innerWidth >= 768;

export function LayerPanel({ theme, shown, departments }: { theme: Theme; shown: Shown; departments: readonly Department[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(startsOpen);
  const layers = useView((v) => v.layers);
  const openOnly = useView((v) => v.openOnly);
  const body = useId();
  const sections = new Map(legend(layers, { ...shown, openOnly }).map((s) => [s.layer, s]));
  const palette = paletteOf(theme);

  return (
    <aside className={`panel layers ${open ? '' : 'closed'}`} aria-label={t('layers.title')} data-testid="layers">
      <h2>
        <Button
          type="text"
          block
          aria-expanded={open}
          aria-controls={body}
          aria-label={t(open ? 'layers.collapse' : 'layers.expand')}
          data-testid="layers-toggle"
          onClick={() => setOpen(!open)}
        >
          <ProfileOutlined {...MUTE} />
          <span className="layers-title">{t('layers.title')}</span>
          {open ? <UpOutlined {...MUTE} /> : <DownOutlined {...MUTE} />}
        </Button>
      </h2>
      {open && (
        <div id={body} className="layers-body">
          {LAYERS.map((id) => (
            <Layer key={id} id={id} section={sections.get(id)} palette={palette} openOnly={openOnly} shown={shown} />
          ))}
          <OwnLayers departments={departments} palette={palette} />
        </div>
      )}
    </aside>
  );
}

interface LayerProps {
  id: LayerId;
  section: LegendSection | undefined;
  palette: MapPalette;
  openOnly: boolean;
  shown: Shown;
}

function Layer({ id, section, palette, openOnly, shown }: LayerProps) {
  const { t } = useTranslation();
  const layers = useView((v) => v.layers);
  const on = section !== undefined;
  const level = id === 'grid' ? shown.gridLevel : id === 'beat' ? shown.beatLevel : null;
  const toggle = () => setView({ layers: LAYERS.filter((other) => (other === id ? !on : layers.includes(other))) });
  return (
    <section className="layer" data-on={on}>
      <label className="layer-head">
        <Switch size="small" checked={on} onChange={toggle} aria-label={t('layers.show', { name: t(`layers.${id}`) })} data-testid={`layer-${id}`} />
        <span className="layer-name">{t(`layers.${id}`)}</span>
        {on && level && <span className="layer-level" data-side={id}>{levelName(t, level)}</span>}
      </label>
      {section?.tooFar && <p className="layer-note">{t('layers.zoomIn')}</p>}
      {section && section.items.length > 0 && (
        <ul className="legend">
          {section.items.map((item) => (
            <li key={item.swatch}>
              <img src={dataUrl(swatch(item.swatch, palette))} width={SWATCH_WIDTH} height={SWATCH_HEIGHT} alt="" />
              <span>{t(item.label)}</span>
            </li>
          ))}
        </ul>
      )}
      {id === 'incident' && on && (
        <>
          <Checkbox checked={openOnly} onChange={(e) => setView({ openOnly: e.target.checked })} data-testid="open-only">{t('layers.openOnly')}</Checkbox>
          {shown.zoom >= 13 && <Categories />}
        </>
      )}
    </section>
  );
}

function Categories() {
  const { t } = useTranslation();
  return (
    <details className="categories">
      <summary>{t('legend.categories')}</summary>
      <ul>
        {CATEGORIES.map((category) => (
          <li key={category}>
            <img src={dataUrl(categoryIcon(category, 'active'))} width={18} height={18} alt="" />
            <span>{categoryName(t, category)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
