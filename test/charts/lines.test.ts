import { describe, expect, it } from 'vitest';
import { type LineChartOptions, lineChart } from '../../src/charts/api.ts';
import { all, base, parseChart, texts, tickPixels } from './helpers.ts';

const BATCHES = [1, 2, 4, 8, 16, 32, 64];
const series = (name: string, factor: number) => ({
  name,
  points: BATCHES.map((x) => ({ x, y: factor * x, low: 0.9 * factor * x, high: 1.1 * factor * x })),
});

const chart = (overrides: Partial<LineChartOptions> = {}): Element =>
  parseChart(
    lineChart({
      ...base('lines'),
      x: { label: 'Batch', unit: '', log: true },
      y: { label: 'Throughput', unit: 'images/s' },
      series: [series('a', 100), series('b', 300)],
      ...overrides,
    }),
  );

describe('lineChart', () => {
  it('draws a line, a band and all dots of each series', () => {
    const root = chart();
    expect(all(root, 'g.assay-lines path')).toHaveLength(2);
    expect(all(root, 'g.assay-bands path')).toHaveLength(2);
    expect(all(root, 'g.assay-points > path')).toHaveLength(14);
    expect(texts(root, 'g.assay-legend')).toEqual(['a', 'b']);
  });

  it('labels a log axis with all the batches given, evenly spaced for powers of two', () => {
    const pixels = [...tickPixels(chart(), 'x')];
    expect(pixels.map(([text]) => text)).toEqual(BATCHES.map(String));
    const gaps = pixels.slice(1).map(([, pixel], index) => pixel - (pixels[index]?.[1] ?? 0));
    for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0] ?? 0, 1);
  });

  it('thins ticks that do not fit, and still draws every point', () => {
    const points = Array.from({ length: 60 }, (_, index) => ({ x: index + 1, y: index + 1 }));
    const root = chart({ series: [{ name: 'a', points }] });
    expect(tickPixels(root, 'x').size).toBeLessThan(20);
    expect(all(root, 'g.assay-points > path')).toHaveLength(60);
  });

  it('keeps the unit in the title where ticks cannot carry it', () => {
    const root = chart();
    expect(root.textContent).toContain('Throughput (images/s)');
    expect([...tickPixels(root, 'y').keys()]).toEqual(['0', '5 k', '10 k', '15 k', '20 k']);
  });

  it('says how many points have no figure', () => {
    const root = chart({
      series: [
        {
          name: 'a',
          points: [
            { x: 1, y: 1 },
            { x: 2, y: Number.NaN },
          ],
        },
      ],
    });
    expect(root.textContent).toContain('1 point without a figure not drawn.');
  });
});
