// Which entries the legend has: those of the layers that are on and can be seen at this zoom. Pure.
import type { LayerId } from '../state/view';
import type { SwatchName } from './swatches';

export interface LegendItem {
  swatch: SwatchName;
  /** Key of the word. */
  label: string;
}

export interface LegendSection {
  layer: LayerId;
  items: LegendItem[];
  /** The layer is on, but only drawn nearer. */
  tooFar: boolean;
}

/** From which zoom a layer is drawn; 0 where not named. */
export const FIRST_ZOOM: Partial<Record<LayerId, number>> = { piece: 11, staff: 12, fault: 9 };
/** Houses instead of density. */
export const ADDRESS_ZOOM = 15;
/** Incidents one by one; below, those close together are clusters. */
export const INCIDENT_ZOOM = 14;

const item = (swatch: SwatchName, label: string): LegendItem => ({ swatch, label: `legend.${label}` });

/** What the legend depends on beside the switches. */
export interface LegendContext {
  zoom: number;
  openOnly: boolean;
  /** The level drawn of each side; null while nothing is. */
  gridLevel: string | null;
  beatLevel: string | null;
}

const FINEST = new Set(['grid', 'microgrid', 'beat', 'area']);

function itemsOf(layer: LayerId, { zoom, openOnly, gridLevel, beatLevel }: LegendContext): LegendItem[] {
  switch (layer) {
    case 'grid':
      return [
        ...(gridLevel && FINEST.has(gridLevel) ? [item('grid-line', 'gridLine'), item('grid-exclusive', 'gridExclusive')] : []),
        item('grid-strong', 'gridCommunity'),
      ];
    case 'beat':
      return [
        ...(beatLevel && FINEST.has(beatLevel) ? [item('beat-line', 'beatLine')] : []),
        item('beat-station', 'beatStation'),
        item('beat-sub', 'beatSub'),
      ];
    case 'piece':
      return [item('split', 'split'), item('minor', 'minor'), item('whole', 'whole'), item('grid-only', 'gridOnly'), item('beat-only', 'beatOnly')];
    case 'address':
      return zoom < ADDRESS_ZOOM ? [item('density-few', 'few'), item('density-many', 'many')] : [item('address', 'addressPoint')];
    case 'incident': {
      const states = [item('state-new', 'new'), item('state-active', 'active'), ...(openOnly ? [] : [item('state-done', 'done')])];
      const cluster = zoom < INCIDENT_ZOOM ? [item('cluster', openOnly ? 'clusterOpen' : 'clusterAll')] : [];
      return [...cluster, ...states, item('risk', 'riskRed')];
    }
    case 'staff':
      return [item('staff-grid', 'staffGrid'), item('staff-police', 'staffPolice'), item('staff-off', 'offDuty')];
    case 'fault':
      return [item('fault-overlap', 'faultOverlap'), item('fault-gap', 'faultGap')];
  }
}

/** The legend of what is on, in the panel's order. */
export function legend(layers: readonly LayerId[], context: LegendContext): LegendSection[] {
  return layers.map((layer) => {
    const tooFar = context.zoom < (FIRST_ZOOM[layer] ?? 0);
    return { layer, tooFar, items: tooFar ? [] : itemsOf(layer, context) };
  });
}
