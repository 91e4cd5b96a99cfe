import { describe, expect, it } from 'vitest';
import { type RooflineOptions, type RooflinePoint, rooflineChart } from '../../src/charts/api.ts';
import { all, base, numberOf, parseChart, pathNumbers, texts, tickPixels } from './helpers.ts';

const point = (index: number, overrides: Partial<RooflinePoint> = {}): RooflinePoint => ({
  series: index % 2 === 0 ? 'dense-conv' : 'depthwise-conv',
  label: `kernel ${index}`,
  intensity: 0.5 * (1 + index),
  operationsPerSecond: 1e9 * (1 + index),
  shareOfTime: 0.01 * (1 + index),
  ...overrides,
});

const options = (overrides: Partial<RooflineOptions> = {}): RooflineOptions => ({
  ...base('roofline'),
  deviceName: 'A device',
  peaks: [{ label: 'FP32', operationsPerSecond: 1e12 }],
  bandwidths: [{ label: 'DRAM', bytesPerSecond: 1e10 }],
  points: Array.from({ length: 12 }, (_, index) => point(index)),
  ...overrides,
});

describe('rooflineChart', () => {
  it('draws one dot per kernel, also with hundreds', () => {
    for (const count of [1, 12, 900]) {
      const points = Array.from({ length: count }, (_, index) => point(index));
      const root = parseChart(rooflineChart(options({ points })));
      expect(all(root, 'g.assay-kernels > path')).toHaveLength(count);
    }
  });

  it('bends the roof at peak over bandwidth, by the ruler of the ticks', () => {
    const root = parseChart(rooflineChart(options()));
    const [slope, ceiling] = all(root, 'g.assay-roofs path').map(pathNumbers);
    const [x, y] = [tickPixels(root, 'x'), tickPixels(root, 'y')];
    const at = (ticks: ReadonlyMap<string, number>, text: string): number => ticks.get(text) ?? Number.NaN;
    // 10^12 FLOP/s over 10^10 B/s = 100 FLOP per byte.
    expect(slope?.[2]).toBeCloseTo(at(x, '100'), 1);
    expect(slope?.[3]).toBeCloseTo(at(y, '1 TFLOP/s'), 1);
    expect(ceiling?.[0]).toBeCloseTo(at(x, '100'), 1);
    expect(ceiling?.[1]).toBeCloseTo(at(y, '1 TFLOP/s'), 1);
    // And on the way: 1 FLOP per byte attains 10 GFLOP/s.
    const [x1, y1, x2, y2] = slope as [number, number, number, number];
    const onSlope = y1 + ((y2 - y1) * (at(x, '1') - x1)) / (x2 - x1);
    expect(onSlope).toBeCloseTo(at(y, '10 GFLOP/s'), 0);
  });

  it('puts a kernel on the roof where it attains the bandwidth', () => {
    const points = [point(0, { intensity: 10, operationsPerSecond: 1e11 })];
    const root = parseChart(rooflineChart(options({ points })));
    const [dot] = all(root, 'g.assay-kernels > path');
    const [x = 0, y = 0] = [...(dot?.getAttribute('transform') ?? '').matchAll(/-?[\d.]+/g)].map(Number);
    const [x1, y1, x2, y2] = pathNumbers(all(root, 'g.assay-roofs path')[0]) as [number, number, number, number];
    expect(y).toBeCloseTo(y1 + ((y2 - y1) * (x - x1)) / (x2 - x1), 0);
  });

  it('starts every lower ceiling at its own ridge with the fastest memory', () => {
    const peaks = [
      { label: 'FP16', operationsPerSecond: 1e13 },
      { label: 'FP32', operationsPerSecond: 1e12 },
    ];
    const bandwidths = [
      { label: 'L2', bytesPerSecond: 1e11 },
      { label: 'DRAM', bytesPerSecond: 1e10 },
    ];
    const root = parseChart(rooflineChart(options({ peaks, bandwidths })));
    const [, , fp16, fp32] = all(root, 'g.assay-roofs path').map(pathNumbers);
    const x = tickPixels(root, 'x');
    expect(fp16?.[0]).toBeCloseTo(x.get('100') ?? Number.NaN, 1);
    expect(fp32?.[0]).toBeCloseTo(x.get('10') ?? Number.NaN, 1);
    // The ridge marked is the highest peak's with the slowest memory.
    expect(texts(root, 'g.assay-ridge')).toEqual(['ridge 1000 FLOP/B']);
  });

  it('makes areas proportional to time', () => {
    const points = [point(0, { shareOfTime: 0.4 }), point(2, { shareOfTime: 0.1 })];
    const root = parseChart(rooflineChart(options({ points })));
    const [large, small] = all(root, 'g.assay-kernels > path').map((dot) => pathNumbers(dot)[0] ?? 0);
    expect((large as number) / (small as number)).toBeCloseTo(2, 1);
  });

  it('names roofs and series, and counts kernels that have no place', () => {
    const points = [...options().points, point(12, { intensity: 0, operationsPerSecond: 0, shareOfTime: 0.25 })];
    const root = parseChart(rooflineChart(options({ points })));
    expect(texts(root, 'g.assay-roof-labels')).toEqual(['DRAM 10.0 GB/s', 'FP32 1.00 TFLOP/s']);
    expect(texts(root, 'g.assay-legend').slice(0, 2)).toEqual(['dense-conv', 'depthwise-conv']);
    expect(root.textContent).toContain('1 kernel without arithmetic (25.0 % of time) has no place on these axes.');
    expect(all(root, 'g.assay-kernels > path')).toHaveLength(12);
  });

  it('counts integer work in operations everywhere', () => {
    const svg = rooflineChart(options({ operation: 'OP' }));
    expect(svg).toContain('1 TOP/s');
    expect(svg).toContain('OP/B');
    expect(svg).not.toContain('FLOP');
  });

  it('keeps the roofs inside the frame, whatever the points', () => {
    const points = [point(0, { intensity: 1e-6, operationsPerSecond: 1e10 }), point(1, { intensity: 1e6 })];
    const root = parseChart(rooflineChart(options({ points })));
    const [width, height] = [numberOf(root, 'width'), numberOf(root, 'height')];
    for (const path of all(root, 'g.assay-roofs path')) {
      const [x1, y1, x2, y2] = pathNumbers(path) as [number, number, number, number];
      for (const x of [x1, x2]) expect(x >= 0 && x <= width).toBe(true);
      for (const y of [y1, y2]) expect(y >= 0 && y <= height).toBe(true);
    }
  });
});
