import { describe, expect, it } from 'vitest';
import {
  formatBinaryBytes,
  formatBytes,
  formatNumber,
  formatPercent,
  formatPlain,
  formatRatio,
  formatSI,
  formatSpan,
  groupThousands,
  UNKNOWN,
} from '../../src/units/format.ts';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [1, '1.00'],
    [9.996, '10.0'],
    [0.00123456, '0.00123'],
    [1234.5, '1230'],
    [9_999, '10,000'],
    [1_234_567, '1,230,000'],
    [-1_234_567, '-1,230,000'],
    [1e15, '1.00e+15'],
    [0.00001, '1.00e-5'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '-∞'],
    [Number.NaN, UNKNOWN],
  ])('%d is %s', (value, text) => expect(formatNumber(value)).toBe(text));
});

describe('formatSI', () => {
  it.each([
    [5.4e-3, 's', '5.40 ms'],
    [4.5e-6, 's', '4.50 µs'],
    [1.51e12, 'OP/s', '1.51 TOP/s'],
    [0, 'W', '0 W'],
    // Rounding comes before the choice of the prefix: 999.96 is not "1000".
    [999.96, 'B', '1.00 kB'],
    [999.4, 'B', '999 B'],
    [-2.5e9, 'B/s', '-2.50 GB/s'],
    [Number.NaN, 's', UNKNOWN],
    [Number.POSITIVE_INFINITY, 's', '∞ s'],
  ])('%d %s is "%s"', (value, unit, text) => expect(formatSI(value, unit)).toBe(text));
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [14_019_488, '14.0 MB'],
    [602_112, '602 kB'],
    [1, '1.00 B'],
    // Less than a byte is not a "millibyte".
    [0.5, '0.500 B'],
  ])('%d is %s in powers of ten', (value, text) => expect(formatBytes(value)).toBe(text));

  it.each([
    [1024 ** 3 * 80, '80.0 GiB'],
    [1024 ** 2 * 1.25, '1.25 MiB'],
    [256 * 1024, '256 KiB'],
    [512, '512 B'],
  ])('%d is %s in powers of two', (value, text) => expect(formatBinaryBytes(value)).toBe(text));

  it.each([
    [1023, /^1,?023 B$/],
    [1010 * 1024, /^1,?010 KiB$/],
  ])('%d, between 1000 and 1024 of a binary unit, carries no invented decimals', (value, pattern) => {
    expect(formatBinaryBytes(value)).toMatch(pattern);
  });
});

describe('the small formats', () => {
  it('group thousands of whole and fractional numbers', () => {
    expect(groupThousands(3_504_872)).toBe('3,504,872');
    expect(groupThousands(-1234.5678)).toBe('-1,234.5678');
    expect(groupThousands(999)).toBe('999');
  });

  it('write percentages and ratios, and a dash for what is not known', () => {
    expect(formatPercent(0.0752)).toBe('7.5 %');
    expect(formatPercent(1, 0)).toBe('100 %');
    expect(formatPercent(Number.NaN)).toBe(UNKNOWN);
    expect(formatRatio(1.836)).toBe('1.84×');
    expect(formatRatio(Number.POSITIVE_INFINITY)).toBe(UNKNOWN);
  });

  it('write cells for machines: nine digits, empty for unknown, never 0 for unknown', () => {
    expect(formatPlain(0.1 + 0.2)).toBe('0.3');
    expect(formatPlain(0)).toBe('0');
    expect(formatPlain(null)).toBe('');
    expect(formatPlain(undefined)).toBe('');
    expect(formatPlain(Number.NaN)).toBe('');
  });

  it.each([
    [12.3, '12.3 s'],
    [90, '1.5 min'],
    [3600 * 5, '5.0 h'],
    [86_400 * 3, '3.00 days'],
    [86_400 * 365.25 * 4, '4.00 years'],
  ])('%d s is %s', (span, text) => expect(formatSpan(span)).toBe(text));
});
