import { describe, expect, it } from 'vitest';
import { count, dateTime, dialable, lonLat, plainLonLat, share, squareMetres } from '../src/format/format';
import { boundsOf } from '../src/format/geometry';

describe('numbers', () => {
  it('groups thousands, and has a sign for nothing', () => {
    expect(count(1234567, 'zh-CN')).toBe('1,234,567');
    expect(count(0, 'en')).toBe('0');
    expect(count(null, 'en')).toBe('—');
  });

  it('never rounds a share to all or nothing', () => {
    expect(share(1, 'en')).toBe('100%');
    expect(share(0.99999, 'en')).toBe('>99.9%');
    expect(share(0, 'en')).toBe('0%');
    expect(share(0.00001, 'zh-CN')).toBe('<0.1%');
    expect(share(0.7316, 'zh-CN')).toBe('73.2%');
    expect(share(null, 'en')).toBe('—');
  });

  it('takes square metres below a hectare, else square kilometres', () => {
    expect(squareMetres(9999, 'en')).toBe('9,999 m²');
    expect(squareMetres(123456, 'en')).toBe('0.123 km²');
  });
});

describe('places and times', () => {
  it('names the hemisphere', () => {
    expect(lonLat([120.3, 31.57], 'zh-CN')).toBe('东经 120.300000°，北纬 31.570000°');
    expect(lonLat([-87.6, -1.5], 'en')).toBe('87.600000° W, 1.500000° S');
    expect(plainLonLat([120.3, 31.57])).toBe('120.300000,31.570000');
  });

  it('is silent about what is no time', () => {
    expect(dateTime('yesterday', 'en')).toBe('');
    expect(dateTime(null, 'zh-CN')).toBe('');
    expect(dateTime('2026-06-28T09:12:00+08:00', 'zh-CN')).toContain('2026');
  });

  it('makes a phone number dialable', () => {
    expect(dialable('190-0000-0001')).toBe('19000000001');
    expect(dialable('+86 (510) 8888')).toBe('+865108888');
    expect(dialable('1+2')).toBe('12');
  });
});

describe('the box of a geometry', () => {
  it('holds all parts', () => {
    expect(boundsOf({ type: 'MultiPolygon', coordinates: [[[[1, 2], [3, 4], [1, 2]]], [[[-5, 0], [0, 9], [-5, 0]]]] })).toEqual([-5, 0, 3, 9]);
  });
  it('is none for an empty one', () => {
    expect(boundsOf({ type: 'MultiPolygon', coordinates: [] })).toBeNull();
  });
});
