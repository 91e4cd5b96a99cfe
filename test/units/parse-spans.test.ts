import { describe, expect, it } from 'vitest';
import { parsePercent, parseRate, parseSpan } from '../../src/units/parse-spans.ts';

const value = (parsed: ReturnType<typeof parseSpan>): number | string => (parsed.ok ? parsed.value : parsed.message);

describe('spans', () => {
  it.each([
    ['33 ms', 0.033],
    ['1.5 s', 1.5],
    ['90 min', 5400],
    ['12 h', 43_200],
    ['1 day', 86_400],
    ['365 days', 31_536_000],
    ['2 years', 63_072_000],
    ['1,000 days', 86_400_000],
  ])('%s is %d seconds', (text, expected) => {
    expect(value(parseSpan(text))).toBeCloseTo(expected, 9);
  });

  it.each(['33', '', 'ms', '3 parsecs', '0,033 s', '3 dayss', '3 constructor'])('%j is none', (text) => {
    expect(value(parseSpan(text))).toContain('expected a time with its unit');
  });
});

describe('rates', () => {
  it.each([
    ['30 fps', 30],
    ['30/s', 30],
    ['30 frames/s', 30],
    ['100 Hz', 100],
    ['1 kHz', 1000],
    ['6 per min', 0.1],
    ['36 per hour', 0.01],
    ['864000 requests/day', 10],
    ['8.64M per day', 100],
    ['864k requests per day', 10],
    ['1e3 /s', 1000],
  ])('%s is %d a second', (text, expected) => {
    expect(value(parseRate(text))).toBeCloseTo(expected, 9);
  });

  it.each(['30', '', '30 s', '30 per fortnight', '30 frames', '3 per constructor'])('%j is none', (text) => {
    expect(value(parseRate(text))).toContain('expected a rate');
  });
});

describe('percentages', () => {
  it('keep their unit', () => {
    expect(value(parsePercent('75 %'))).toBe(75);
    expect(value(parsePercent('0.5%'))).toBe(0.5);
    expect(value(parsePercent('75'))).toBe('"75" has no unit: expected a percentage, such as "75 %"');
  });
});
