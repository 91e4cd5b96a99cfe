import { describe, expect, it } from 'vitest';
import { type StackPart, stackedBarChart } from '../../src/charts/api.ts';
import { all, base, numberOf, parseChart, texts, tickPixels } from './helpers.ts';

const PARTS: readonly StackPart[] = [
  { stack: 'one', series: 'dense', value: 3e9 },
  { stack: 'one', series: 'depthwise', value: 1e9 },
  { stack: 'two', series: 'dense', value: 4e8 },
  { stack: 'two', series: 'depthwise', value: 4e8 },
];

const chart = (mode: 'share' | 'absolute', parts = PARTS, seriesOrder: readonly string[] = []): Element =>
  parseChart(stackedBarChart({ ...base('stacked'), mode, value: { label: 'Work', unit: 'FLOP' }, parts, seriesOrder }));

const spans = (root: Element): readonly (readonly [number, number])[] =>
  all(root, 'g.assay-segments rect').map((bar) => [numberOf(bar, 'x'), numberOf(bar, 'x') + numberOf(bar, 'width')]);

describe('stackedBarChart', () => {
  it('fills every stack of shares from 0 to 100 %', () => {
    const root = chart('share');
    const [a, b, c, d] = spans(root);
    const x = tickPixels(root, 'x');
    for (const [left, right] of [
      [a, b],
      [c, d],
    ]) {
      expect(left?.[0]).toBeCloseTo(x.get('0') ?? Number.NaN, 0);
      expect(left?.[1]).toBeCloseTo(right?.[0] ?? Number.NaN, 1);
      expect(right?.[1]).toBeCloseTo(x.get('100 %') ?? Number.NaN, 0);
    }
    expect(texts(root, 'g.assay-shares')).toEqual(['75 %', '25 %', '50 %', '50 %']);
  });

  it('draws absolute stacks to one scale, with their totals', () => {
    const root = chart('absolute');
    const [, b, c, d] = spans(root);
    const zero = c?.[0] ?? 0;
    expect(((b?.[1] ?? 0) - zero) / ((d?.[1] ?? 0) - zero)).toBeCloseTo(5, 1);
    expect(texts(root, 'g.assay-values')).toEqual(['4.00 GFLOP', '800 MFLOP']);
  });

  it('gives a class the colour of its place in the order, present or not', () => {
    const root = chart('share', PARTS, ['attention', 'depthwise', 'dense']);
    expect(texts(root, 'g.assay-legend')).toEqual(['depthwise', 'dense']);
    const fills = all(root, 'g.assay-segments rect').map((bar) => bar.getAttribute('fill'));
    expect(fills).toEqual(['var(--s2)', 'var(--s3)', 'var(--s2)', 'var(--s3)']);
  });

  it('adds up what is beyond eight series as "other"', () => {
    const parts = Array.from({ length: 12 }, (_, index) => ({ stack: 'one', series: `class ${index}`, value: 1 }));
    const root = chart('share', parts);
    expect(all(root, 'g.assay-segments rect')).toHaveLength(8);
    expect(texts(root, 'g.assay-legend').at(-1)).toBe('other');
    // Five of twelve.
    expect(texts(root, 'g.assay-shares').at(-1)).toBe('42 %');
  });
});
