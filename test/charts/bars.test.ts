import { describe, expect, it } from 'vitest';
import { type Bar, barChart } from '../../src/charts/api.ts';
import { all, base, numberOf, parseChart, pathNumbers, texts, tickPixels } from './helpers.ts';

const chart = (bars: readonly Bar[], log = false): Element =>
  parseChart(barChart({ ...base('bars'), value: { label: 'Energy', unit: 'J', log }, bars }));

const widths = (root: Element): readonly number[] =>
  all(root, 'g.assay-bars rect').map((bar) => numberOf(bar, 'width'));

describe('barChart', () => {
  it('draws lengths in proportion and writes each value at its end', () => {
    const root = chart([
      { category: 'a', value: 0.001 },
      { category: 'b', value: 0.003 },
    ]);
    const [a = 0, b = 0] = widths(root);
    expect(b / a).toBeCloseTo(3, 1);
    expect(texts(root, 'g.assay-values')).toEqual(['1.00 mJ', '3.00 mJ']);
  });

  it('starts a log axis at a power of ten below the least value', () => {
    const root = chart(
      [
        { category: 'a', value: 0.01 },
        { category: 'b', value: 1 },
      ],
      true,
    );
    // One decade and three.
    const [a = 0, b = 0] = widths(root);
    expect(b / a).toBeCloseTo(3, 1);
  });

  it('groups the series of a category, with a legend', () => {
    const root = chart(
      ['a', 'b'].flatMap((category) => ['fp32', 'int8'].map((series) => ({ category, series, value: 1 }))),
    );
    expect(texts(root, 'g.assay-legend')).toEqual(['fp32', 'int8']);
    expect([...tickPixels(root, 'y').keys()]).toEqual(['a', 'b']);
    const fills = all(root, 'g.assay-bars rect').map((bar) => bar.getAttribute('fill'));
    expect(fills).toEqual(['var(--s1)', 'var(--s2)', 'var(--s1)', 'var(--s2)']);
  });

  it('keeps the row of an unknown value, with a dash and no bar', () => {
    const root = chart([
      { category: 'a', value: null, low: 1, high: 2 },
      { category: 'b', value: 2 },
    ]);
    expect(widths(root)).toHaveLength(1);
    expect([...tickPixels(root, 'y').keys()]).toEqual(['a', 'b']);
    expect(texts(root, 'g.assay-values')).toEqual(['–', '2.00 J']);
  });

  it('draws whiskers from low to high, and the value beyond them', () => {
    const root = chart([{ category: 'a', value: 2, low: 1, high: 4 }]);
    const [bar] = all(root, 'g.assay-bars rect');
    const [left = 0, , right = 0] = pathNumbers(all(root, 'g.assay-whiskers path')[0]);
    const base = bar === undefined ? Number.NaN : numberOf(bar, 'x');
    expect((right - base) / (left - base)).toBeCloseTo(4, 1);
    const [value] = all(root, 'g.assay-values text');
    expect(value === undefined ? 0 : numberOf(value, 'x')).toBeGreaterThan(right);
  });

  it('draws negative values to the left of zero', () => {
    const root = chart([
      { category: 'a', value: -1 },
      { category: 'b', value: 1 },
    ]);
    const [a, b] = all(root, 'g.assay-bars rect');
    const zero = tickPixels(root, 'x').get('0') ?? Number.NaN;
    expect(a === undefined ? 0 : numberOf(a, 'x') + numberOf(a, 'width')).toBeCloseTo(zero, 0);
    expect(b === undefined ? 0 : numberOf(b, 'x')).toBeCloseTo(zero, 0);
  });
});
