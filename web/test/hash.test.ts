import { describe, expect, it } from 'vitest';
import { formatHash, parseHash } from '../src/state/hash';
import { DEFAULT_VIEW, type View } from '../src/state/view';

const view = (patch: Partial<View>): View => ({ ...DEFAULT_VIEW, ...patch });

describe('the view in a link', () => {
  it('says nothing when all is as by default', () => {
    expect(formatHash(DEFAULT_VIEW)).toBe('');
    expect(parseHash('')).toEqual({});
  });

  it('comes back as it went', () => {
    const there = view({ center: [120.30512, 31.57034], zoom: 14.25, layers: ['grid', 'piece'], own: ['school', 'road_2'], openOnly: false, lang: 'en', theme: 'dark', point: [120.3, -31.5] });
    const back = view(parseHash(formatHash(there)));
    expect(back.center?.[0]).toBeCloseTo(120.30512, 4);
    expect(back.center?.[1]).toBeCloseTo(31.57034, 4);
    expect({ ...back, center: null }).toEqual({ ...there, center: null });
  });

  it('keeps the centre within a pixel at every zoom', () => {
    for (let zoom = 0; zoom <= 20; zoom++) {
      const center = [120.123456789, 31.987654321] as const;
      const back = parseHash(formatHash(view({ center, zoom }))).center;
      const pixels = (Math.abs((back?.[0] ?? 0) - center[0]) / 360) * 512 * 2 ** zoom;
      expect(pixels).toBeLessThan(1);
    }
  });

  it('writes latitude first, as other maps do', () => {
    expect(formatHash(view({ center: [120.5, 31.25], zoom: 3 }))).toBe('#map=3.00/31.250/120.500');
  });

  it('can say that nothing is switched on', () => {
    expect(parseHash(formatHash(view({ layers: [] }))).layers).toEqual([]);
  });

  it('ignores what it cannot read, and keeps the rest', () => {
    expect(parseHash('#map=abc/1/2&layers=grid,nonsense&lang=fr&theme=pink&at=91,0&x=%E0%A4%A')).toEqual({ layers: ['grid'] });
    expect(parseHash('#own=school,School,a-b,,school')).toEqual({ own: ['school'] });
    for (const bad of ['#map=12', '#map=12/95/10', '#map=12/10/181', '#map=99/10/10', '#map=1e3/10/10', '#map=//']) expect(parseHash(bad)).toEqual({});
  });
});
