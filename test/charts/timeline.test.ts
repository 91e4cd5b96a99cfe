import { describe, expect, it } from 'vitest';
import { type MemoryTimelineOptions, memoryTimeline } from '../../src/charts/api.ts';
import { all, base, numberOf, parseChart, texts, tickPixels } from './helpers.ts';

const STEPS = [1e6, 4e6, 2e6, 3e6].map((liveBytes, index) => ({ label: `layer ${index}`, liveBytes }));

const chart = (overrides: Partial<MemoryTimelineOptions> = {}): Element =>
  parseChart(memoryTimeline({ ...base('timeline'), steps: STEPS, peakIndex: 1, ...overrides }));

describe('memoryTimeline', () => {
  it('marks the peak at its step and height, with name and value', () => {
    const root = chart();
    const [dot] = all(root, 'g.assay-annotations circle');
    expect(dot === undefined ? 0 : numberOf(dot, 'cy')).toBeCloseTo(tickPixels(root, 'y').get('4 MB') ?? Number.NaN, 0);
    expect(dot === undefined ? 0 : numberOf(dot, 'cx')).toBeCloseTo(tickPixels(root, 'x').get('2') ?? Number.NaN, 0);
    expect(texts(root, 'g.assay-annotations')).toEqual(['peak 4.00 MB, layer 1']);
  });

  it('draws one step per value: down and up only at whole steps', () => {
    const d = all(chart(), 'g[aria-label="line"] path')[0]?.getAttribute('d') ?? '';
    // A corner before and after each of the three changes, and both ends.
    expect(d.match(/[ML]/g)?.length).toBeGreaterThanOrEqual(8);
  });

  it('draws the arena as a line at its height', () => {
    const root = chart({ arenaBytes: 5e6 });
    const [line] = all(root, 'g.assay-levels line');
    const y = tickPixels(root, 'y');
    const perMegabyte = ((y.get('0') ?? 0) - (y.get('4 MB') ?? 0)) / 4;
    expect(line === undefined ? 0 : numberOf(line, 'y1')).toBeCloseTo((y.get('0') ?? 0) - 5 * perMegabyte, 0);
    expect(texts(root, 'g.assay-annotations')).toContain('arena 5.00 MB');
  });

  it('keeps labels of near levels and of the peak apart', () => {
    const root = chart({
      arenaBytes: 4.1e6,
      limits: [
        { label: 'SRAM', bytes: 4.2e6 },
        { label: 'L1', bytes: 4.3e6 },
      ],
    });
    const ys = all(root, 'g.assay-annotations text')
      .map((label) => numberOf(label, 'y'))
      .sort((a, b) => a - b);
    const levels = all(root, 'g.assay-annotations text')
      .slice(0, 3)
      .map((label) => numberOf(label, 'y'));
    levels.sort((a, b) => a - b);
    expect(ys).toHaveLength(4);
    for (let index = 1; index < levels.length; index++) {
      expect((levels[index] ?? 0) - (levels[index - 1] ?? 0)).toBeGreaterThanOrEqual(13);
    }
  });

  it('tells a limit far above the peak instead of flattening the curve', () => {
    const root = chart({ limits: [{ label: 'DRAM', bytes: 8e9 }] });
    expect(all(root, 'g.assay-levels line')).toHaveLength(0);
    expect(root.textContent).toContain('Above this chart: DRAM, 8.00 GB.');
  });

  it('writes binary units when asked', () => {
    const root = chart({ unit: 'KiB' });
    expect([...tickPixels(root, 'y').keys()]).toContain('1 MiB');
  });
});
