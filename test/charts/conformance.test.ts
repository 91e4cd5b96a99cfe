/** What holds for every chart. */

import { describe, expect, it } from 'vitest';
import {
  agreementChart,
  barChart,
  chartCustomProperties,
  flattenForRaster,
  lineChart,
  memoryTimeline,
  paretoScatter,
  rooflineChart,
  stackedBarChart,
} from '../../src/charts/api.ts';
import { all, base, numberOf, parseChart } from './helpers.ts';

const HOSTILE = '<script>alert(1)</script>&"\'</text>]]>\u0000\ud800 var(--ink) ="var(--ink)"';

interface Case {
  readonly draw: (id: string, label: string) => string;
  readonly empty: (id: string) => string;
}

const CASES: Readonly<Record<string, Case>> = {
  roofline: {
    draw: (id, label) =>
      rooflineChart({
        ...base(id),
        deviceName: label,
        peaks: [{ label, operationsPerSecond: 1e12 }],
        bandwidths: [{ label, bytesPerSecond: 1e10 }],
        points: [{ series: label, label, intensity: 3, operationsPerSecond: 1e10, shareOfTime: 1 }],
      }),
    empty: (id) => rooflineChart({ ...base(id), deviceName: 'none', peaks: [], bandwidths: [], points: [] }),
  },
  scatter: {
    draw: (id, label) =>
      paretoScatter({
        ...base(id),
        x: { label, unit: 's' },
        y: { label, unit: label },
        points: [
          { label, series: label, x: 1, xLow: 0.5, xHigh: 2, y: 1, onFront: true },
          { label, series: 'b', x: 2, y: 2, onFront: true },
        ],
      }),
    empty: (id) =>
      paretoScatter({ ...base(id), x: { label: 'x', unit: 's' }, y: { label: 'y', unit: '%' }, points: [] }),
  },
  agreement: {
    draw: (id, label) =>
      agreementChart({
        ...base(id),
        quantity: { label, unit: 's' },
        points: [
          { label, series: label, measured: 1, predicted: 2 },
          { label, series: 'b', measured: 3, predicted: 2.5 },
        ],
      }),
    empty: (id) => agreementChart({ ...base(id), quantity: { label: 'x', unit: 's' }, points: [] }),
  },
  bars: {
    draw: (id, label) =>
      barChart({
        ...base(id),
        value: { label, unit: 'J' },
        bars: [
          { category: label, series: label, value: 1, low: 0.5, high: 2 },
          { category: label, series: 'b', value: null },
        ],
      }),
    empty: (id) => barChart({ ...base(id), value: { label: 'x', unit: 'J' }, bars: [] }),
  },
  stacked: {
    draw: (id, label) =>
      stackedBarChart({
        ...base(id),
        mode: 'absolute',
        value: { label, unit: 'J' },
        parts: [{ stack: label, series: label, value: 1 }],
      }),
    empty: (id) => stackedBarChart({ ...base(id), mode: 'share', value: { label: 'x', unit: 'J' }, parts: [] }),
  },
  timeline: {
    draw: (id, label) =>
      memoryTimeline({
        ...base(id),
        steps: [{ label, liveBytes: 5 }],
        peakIndex: 0,
        arenaBytes: 6,
        limits: [{ label, bytes: 1e9 }],
      }),
    empty: (id) => memoryTimeline({ ...base(id), steps: [], peakIndex: -1 }),
  },
  lines: {
    draw: (id, label) =>
      lineChart({
        ...base(id),
        x: { label, unit: '', log: true },
        y: { label, unit: 's' },
        series: [
          { name: label, points: [{ x: 1, y: 1, low: 0.5, high: 2 }] },
          { name: 'b', points: [] },
        ],
      }),
    empty: (id) => lineChart({ ...base(id), x: { label: 'x', unit: '' }, y: { label: 'y', unit: 's' }, series: [] }),
  },
};

const idsOf = (svg: string): readonly string[] => [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id as string);

describe.each(Object.entries(CASES))('%s', (_, { draw, empty }) => {
  it('is a standalone, named SVG', () => {
    const svg = draw('a', 'label');
    const root = parseChart(svg);
    expect(svg.startsWith('<svg ')).toBe(true);
    expect(root.getAttribute('xmlns')).toBe('http://www.w3.org/2000/svg');
    expect(root.getAttribute('viewBox')).toBe(`0 0 ${numberOf(root, 'width')} ${numberOf(root, 'height')}`);
    expect(root.getAttribute('role')).toBe('img');
    expect(root.children[0]?.localName).toBe('title');
    expect(root.children[0]?.textContent).toBe('Title of a');
    expect(root.children[1]?.textContent).toBe('Description of a');
    expect(root.getAttribute('aria-labelledby')).toBe('assay-a-title assay-a-desc');
  });

  it('is the same for the same input, and writes no number that is none', () => {
    const svg = draw('a', 'label');
    expect(draw('a', 'label')).toBe(svg);
    for (const text of [svg, empty('a')]) expect(text).not.toMatch(/NaN|undefined|Infinity|null|currentColor/);
  });

  it('shares no id and no class of its own with another chart', () => {
    const drawn = ['a b', 'a_20_b', 'a/b', 'a-b'].map((id) => draw(id, 'label'));
    const ids = drawn.flatMap(idsOf);
    expect(ids.length).toBeGreaterThanOrEqual(8);
    expect(new Set(ids).size).toBe(ids.length);
    const own = (svg: string): string | undefined => /class="assay-chart ([^"]+)"/.exec(svg)?.[1];
    expect(new Set(drawn.map(own)).size).toBe(4);
    // No rule of the style reaches past its own chart.
    const rules = /<style>([^<]*)<\/style>/.exec(drawn[0] ?? '')?.[1]?.split('\n') ?? [];
    for (const rule of rules) expect(rule).toContain(`.${own(drawn[0] ?? '')}`);
  });

  it('escapes hostile text wherever it stands', () => {
    const svg = draw('"><script>', HOSTILE);
    const root = parseChart(svg);
    expect(all(root, 'script')).toHaveLength(0);
    expect(svg).not.toContain('<script');
    expect(root.textContent).toContain('<script>');
    // A label that looks like a colour stays a label.
    expect(flattenForRaster(svg)).toContain('var(--ink)');
  });

  it('draws an empty chart that says so', () => {
    const root = parseChart(empty('a'));
    expect(root.textContent).toContain('No data to draw');
    expect(root.children[0]?.textContent).toBe('Title of a');
  });

  it('knows both schemes, and flattens to the light one', () => {
    const svg = draw('a', 'label');
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
    const used = new Set([...svg.matchAll(/="var\(--([a-z0-9]+)\)"/g)].map(([, name]) => name as string));
    const style = /<style>([^<]*)<\/style>/.exec(svg)?.[1] ?? '';
    for (const name of used) expect(style.split(`--${name}:`)).toHaveLength(3);
    expect(flattenForRaster(svg)).not.toMatch(/var\(|<style/);
  });
});

describe('chartCustomProperties', () => {
  it('offers every colour under the name that charts look up first', () => {
    const declared = chartCustomProperties('dark');
    const svg = CASES.lines?.draw('a', 'label') ?? '';
    for (const [, name] of svg.matchAll(/var\((--assay-[a-z0-9]+),/g)) expect(declared).toContain(`${name}:#`);
  });
});
