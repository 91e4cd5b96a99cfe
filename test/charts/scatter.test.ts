import { describe, expect, it } from 'vitest';
import { type ParetoScatterOptions, paretoScatter, type ScatterPoint } from '../../src/charts/api.ts';
import { type Box, placeLabels } from '../../src/charts/placement.ts';
import { textWidth } from '../../src/charts/text.ts';
import { all, base, numberOf, parseChart, pathNumbers, texts } from './helpers.ts';

const NAMES = [
  'MobileNetV1',
  'MobileNetV2',
  'MobileNetV3',
  'EfficientNet-B0',
  'ResNet-18',
  'ResNet-50',
  'ConvNeXt-T',
  'DeiT-S',
  'ViT-B',
];

const chart = (points: readonly ScatterPoint[], overrides: Partial<ParetoScatterOptions> = {}): Element =>
  parseChart(
    paretoScatter({
      ...base('scatter'),
      x: { label: 'Latency', unit: 's', log: true },
      y: { label: 'Accuracy', unit: '%' },
      points,
      ...overrides,
    }),
  );

const nine = (x: (index: number) => number, y: (index: number) => number): readonly ScatterPoint[] =>
  NAMES.map((label, index) => ({ label, series: `s${index % 3}`, x: x(index), y: y(index), onFront: index < 3 }));

const labelBoxes = (root: Element): readonly Box[] =>
  all(root, 'g.assay-point-labels text').map((label) => {
    const size = numberOf(label, 'font-size');
    const width = textWidth(label.textContent ?? '', size);
    const start = { start: 0, middle: width / 2, end: width }[label.getAttribute('text-anchor') ?? 'start'] ?? 0;
    const [left, middle] = [numberOf(label, 'x') - start, numberOf(label, 'y')];
    return { left, right: left + width, top: middle - size / 2, bottom: middle + size / 2 };
  });

const overlaps = (boxes: readonly Box[]): number =>
  boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => a.left < b.right - 0.1 && b.left < a.right - 0.1 && a.top < b.bottom && b.top < a.bottom),
  ).length;

describe('paretoScatter', () => {
  it('draws each point once, filled on the front and hollow behind it', () => {
    const root = chart(
      nine(
        (index) => 0.001 * (index + 1),
        (index) => 0.7 + 0.01 * index,
      ),
    );
    const dots = all(root, 'g.assay-points > path');
    expect(dots).toHaveLength(9);
    expect(dots.filter((dot) => dot.getAttribute('fill') === 'var(--surface)')).toHaveLength(6);
  });

  it('labels nine points without one label on another: spread, in a heap, and all in one place', () => {
    const layouts = [
      nine(
        (index) => 0.001 * 1.5 ** index,
        (index) => 0.7 + 0.01 * index,
      ),
      nine(
        (index) => 0.001 * (1 + 0.002 * (index % 3)),
        (index) => 0.75 + 0.0001 * index,
      ),
      nine(
        () => 0.001,
        () => 0.75,
      ),
    ];
    for (const points of layouts) {
      const root = chart(points);
      expect([...texts(root, 'g.assay-point-labels')].sort()).toEqual([...NAMES].sort());
      const boxes = labelBoxes(root);
      expect(overlaps(boxes)).toBe(0);
      for (const box of boxes) expect(box.left >= 0 && box.right <= numberOf(root, 'width')).toBe(true);
    }
  });

  it('steps along the front on the side where nothing is attained', () => {
    const points = nine(
      (index) => 0.001 * (index + 1),
      (index) => 0.7 + 0.01 * index,
    );
    const lower = pathNumbers(all(chart(points), 'g.assay-front path')[0]);
    // Lower x is better: from a point to the right first, at its own height.
    expect(lower.length).toBeGreaterThan(4);
    const path = (better: 'lower' | 'higher'): string =>
      all(chart(points, { x: { label: 'x', unit: 's', better } }), 'g.assay-front path')[0]?.getAttribute('d') ?? '';
    expect(path('lower')).toMatch(/^M[\d.]+,[\d.]+L[\d.]+,[\d.]+L/);
    const [x0, y0, x1, y1] = [...path('lower').matchAll(/[\d.]+/g)].map(Number);
    expect(y1).toBe(y0);
    expect(x1).toBeGreaterThan(x0 ?? 0);
    const [hx0, hy0, hx1, hy1] = [...path('higher').matchAll(/[\d.]+/g)].map(Number);
    expect(hx1).toBe(hx0);
    expect(hy1).toBeLessThan(hy0 ?? 0);
  });

  it('draws intervals, to the frame where they reach zero on a log axis', () => {
    const [first, second, ...rest] = nine(
      (index) => 0.001 * (index + 1),
      (index) => 0.7 + 0.01 * index,
    );
    if (first === undefined || second === undefined) throw new Error('nine points have a second');
    const root = chart([{ ...first, xLow: 0, xHigh: 0.002 }, { ...second, xLow: 0.001, xHigh: 0.003 }, ...rest]);
    expect(all(root, 'g.assay-intervals line')).toHaveLength(2);
  });

  it('says which points it could not draw', () => {
    const [first, ...rest] = nine(
      (index) => 0.001 * (index + 1),
      (index) => 0.7 + 0.01 * index,
    );
    if (first === undefined) throw new Error('nine points have a first');
    const root = chart([{ ...first, x: Number.NaN }, ...rest]);
    expect(all(root, 'g.assay-points > path')).toHaveLength(8);
    expect(root.textContent).toContain('Not drawn, for want of a figure: MobileNetV1.');
  });
});

describe('placeLabels', () => {
  it('leaves a label out rather than on another, and never leaves the bounds', () => {
    const bounds = { left: 0, right: 120, top: 0, bottom: 30 };
    const anchors = Array.from({ length: 8 }, () => ({ x: 60, y: 15, width: 50, height: 12, clearance: 3 }));
    const placed = placeLabels(anchors, { bounds, obstacles: [] }).flatMap((placement) => placement?.box ?? []);
    expect(placed.length).toBeGreaterThan(0);
    expect(placed.length).toBeLessThan(8);
    expect(overlaps(placed)).toBe(0);
    for (const box of placed) expect(box.left >= 0 && box.right <= 120 && box.top >= 0 && box.bottom <= 30).toBe(true);
  });
});
