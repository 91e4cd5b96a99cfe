import { describe, expect, it } from 'vitest';
import type { CellValue, ColumnFormat } from '../../../src/report/blocks.ts';
import { formatCell, headerUnit } from '../../../src/report/render/cell.ts';

const number: ColumnFormat = { kind: 'number', digits: 3 };
const milli: ColumnFormat = { kind: 'number', digits: 3, scale: 1e-3 };
const fixed: ColumnFormat = { kind: 'fixed', decimals: 2 };
const integer: ColumnFormat = { kind: 'integer' };
const percent: ColumnFormat = { kind: 'percent', decimals: 1 };
const ratio: ColumnFormat = { kind: 'ratio', digits: 3 };
const text: ColumnFormat = { kind: 'text' };
const code: ColumnFormat = { kind: 'code' };
const verdict: ColumnFormat = { kind: 'verdict' };

const cases: readonly (readonly [CellValue, ColumnFormat, string])[] = [
  ['resnet18', text, 'resnet18'],
  ['', text, ''],
  [224, text, '224'],
  [1234567890123, text, '1234567890123'],
  [0.1 + 0.2, text, '0.3'],
  [true, text, 'yes'],
  [false, text, 'no'],
  ['a|b', code, 'a|b'],
  [224, code, '224'],
  [3504872, integer, '3,504,872'],
  [0, integer, '0'],
  [-0.2, integer, '0'],
  [-1500, integer, '-1,500'],
  [2e30, integer, '2.00e+30'],
  [0.0054, milli, '5.40'],
  [0, number, '0'],
  [12345.6, number, '12,300'],
  [Number.POSITIVE_INFINITY, number, '∞'],
  ['not run', number, 'not run'],
  [1.005, fixed, '1.00'],
  [5, fixed, '5.00'],
  [9999.5, fixed, '9999.50'],
  [12345.5, fixed, '12,345.50'],
  [-0.001, fixed, '0.00'],
  [-2.5, fixed, '-2.50'],
  [Number.NEGATIVE_INFINITY, fixed, '-∞'],
  [2.6, { kind: 'fixed', decimals: 0 }, '3'],
  [4.2e9, { kind: 'fixed', decimals: 1, scale: 1e9 }, '4.2'],
  [0.0752, percent, '7.5 %'],
  [0, percent, '0.0 %'],
  [1.84, ratio, '1.84×'],
  [true, verdict, 'pass'],
  [false, verdict, 'FAIL'],
  ['not checked', verdict, 'not checked'],
];

describe('formatCell', () => {
  it.each(cases)('%j in %j is %j', (value, format, expected) => {
    expect(formatCell(value, format)).toBe(expected);
  });

  it.each([text, code, integer, number, fixed, percent, ratio, verdict])('writes unknown as a dash in %j', (format) => {
    expect(formatCell(null, format)).toBe('–');
    expect(formatCell(undefined, format)).toBe('–');
    expect(formatCell(Number.NaN, format)).toBe('–');
  });
});

describe('headerUnit', () => {
  it('leaves out a percent sign that the cells carry', () => {
    expect(headerUnit({ key: 'a', title: 'A', unit: '%', format: percent })).toBeNull();
    expect(headerUnit({ key: 'a', title: 'A', unit: '%', format: number })).toBe('%');
    expect(headerUnit({ key: 'a', title: 'A', format: number })).toBeNull();
  });
});
