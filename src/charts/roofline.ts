/**
 * The roofline of a device with the kernels that ran on it (Williams, Waterman and Patterson, "Roofline: an insightful
 * visual performance model", CACM 2009): attainable operations per second over operations per byte, both logarithmic.
 */

import * as Plot from '@observablehq/plot';
import { formatNumber, formatPercent } from '../units/format.ts';
import {
  type AxisPlan,
  type ChartFrame,
  type ChartOptions,
  drawChart,
  emptyChart,
  horizontalTickCount,
  layoutFrame,
  type Position,
  plotScale,
  tickMargin,
  verticalTickCount,
  xAxisMarks,
  yAxisMarks,
} from './frame.ts';
import { appendLabel } from './label.ts';
import type { LegendEntry } from './legend.ts';
import { type LineLabel, placeLineLabels } from './line-labels.ts';
import { seriesScale } from './series.ts';
import { appendElement } from './svg.ts';
import { seriesSymbol } from './symbols.ts';
import { INK, MUTED, seriesColor } from './theme.ts';
import {
  axisTicks,
  type ChartAxis,
  extentOf,
  type Interval,
  isDrawable,
  padded,
  tickTexts,
  valueText,
} from './values.ts';

export interface RooflinePeak {
  readonly label: string;
  readonly operationsPerSecond: number;
}

export interface RooflineBandwidth {
  readonly label: string;
  readonly bytesPerSecond: number;
}

export interface RooflinePoint {
  readonly series: string;
  readonly label: string;
  /** Operations per byte moved. Without arithmetic (0) a kernel has no place here and is counted in a note. */
  readonly intensity: number;
  readonly operationsPerSecond: number;
  /** 0 to 1; the dot's area. */
  readonly shareOfTime: number;
}

export interface RooflineOptions extends ChartOptions {
  readonly deviceName: string;
  readonly peaks: readonly RooflinePeak[];
  readonly bandwidths: readonly RooflineBandwidth[];
  readonly points: readonly RooflinePoint[];
  /** Colours by position here, so that a class looks the same in all charts. */
  readonly seriesOrder?: readonly string[];
  /** What is counted: "FLOP" unless told, "OP" for integer work. */
  readonly operation?: 'FLOP' | 'OP';
}

/** A piece of roof in data coordinates, from low to high intensity. */
interface Roof {
  readonly kind: 'bandwidth' | 'peak';
  readonly label: string;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const PLOT_HEIGHT = 400;
const MAX_RADIUS = 16;
const MIN_RADIUS = 1.8;

const axesOf = (operation: string): { readonly x: ChartAxis; readonly y: ChartAxis } => ({
  x: { label: `Arithmetic intensity (${operation} per byte)`, unit: '', log: true },
  y: { label: 'Attained performance', unit: `${operation}/s`, log: true },
});

const domains = (
  peaks: readonly RooflinePeak[],
  bandwidths: readonly RooflineBandwidth[],
  points: readonly RooflinePoint[],
): { readonly x: Interval; readonly y: Interval } | undefined => {
  const ridges = peaks.flatMap((peak) =>
    bandwidths.map((bandwidth) => peak.operationsPerSecond / bandwidth.bytesPerSecond),
  );
  const x = extentOf([...points.map((point) => point.intensity), ...ridges], true);
  if (x === undefined) return undefined;
  const ridge = extentOf(ridges, true);
  // A decade of slope before the first ridge, and after the last enough ceiling for its label.
  const wide =
    ridge === undefined ? x : { low: Math.min(x.low, ridge.low / 10), high: Math.max(x.high, ridge.high * 12) };
  const xDomain = padded(wide, 0.04, true);
  const tops = peaks.map((peak) => peak.operationsPerSecond);
  const slopes = extentOf(
    bandwidths.map((bandwidth) => bandwidth.bytesPerSecond),
    true,
  );
  const floor = points.length === 0 && slopes !== undefined ? [slopes.low * xDomain.low] : [];
  const y = extentOf([...points.map((point) => point.operationsPerSecond), ...tops, ...floor], true);
  if (y === undefined) return undefined;
  // At least three decades, or the slopes vanish below a few dots near the peak.
  return { x: xDomain, y: padded({ low: Math.min(y.low, y.high / 1e3), high: y.high }, 0.06, true) };
};

const roofs = (
  peaks: readonly RooflinePeak[],
  bandwidths: readonly RooflineBandwidth[],
  domain: { readonly x: Interval; readonly y: Interval },
  unit: string,
): readonly Roof[] => {
  const highest = Math.max(...peaks.map((peak) => peak.operationsPerSecond));
  const fastest = Math.max(...bandwidths.map((bandwidth) => bandwidth.bytesPerSecond));
  const top = peaks.length === 0 ? domain.y.high : highest;
  const slopes = bandwidths.map(({ label, bytesPerSecond }): Roof => {
    const x1 = Math.max(domain.x.low, domain.y.low / bytesPerSecond);
    const x2 = Math.min(domain.x.high, top / bytesPerSecond);
    const text = `${label} ${valueText(bytesPerSecond, 'B/s')}`;
    return { kind: 'bandwidth', label: text, x1, y1: x1 * bytesPerSecond, x2, y2: x2 * bytesPerSecond };
  });
  const ceilings = peaks.map(({ label, operationsPerSecond }): Roof => {
    const ridge = bandwidths.length === 0 ? domain.x.low : operationsPerSecond / fastest;
    const text = `${label} ${valueText(operationsPerSecond, unit)}`;
    const y = operationsPerSecond;
    return { kind: 'peak', label: text, x1: Math.max(ridge, domain.x.low), y1: y, x2: domain.x.high, y2: y };
  });
  return [...slopes.filter((roof) => roof.x2 > roof.x1), ...ceilings];
};

/** Samples of the dots' area: round shares that occur, so that the legend shows no dot larger than the chart's. */
const sizeEntries = (largest: number, radius: (share: number) => number): readonly LegendEntry[] =>
  [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]
    .filter((share) => share <= largest)
    .filter((_, index) => index === 0 || index === 3)
    .map((share) => ({
      label: `${formatPercent(share, share < 0.01 ? 1 : 0)} of time`,
      swatch: { kind: 'ring', radius: radius(share) },
    }));

const drawRidge = (
  svg: Element,
  frame: ChartFrame,
  { ridge, peak, operation }: { readonly ridge: number; readonly peak: number; readonly operation: string },
  x: Position,
  y: Position,
): void => {
  const [left, top] = [x(ridge), y(peak)];
  const group = appendElement(svg, 'g', { class: 'assay-ridge' });
  const line = { d: `M${left},${top}V${frame.bottom}`, stroke: MUTED, 'stroke-dasharray': '2 4', fill: 'none' };
  appendElement(group, 'path', line);
  appendElement(group, 'circle', { cx: left, cy: top, r: 3.5, fill: INK });
  const onRight = left < frame.right - 150;
  const place = {
    x: left + (onRight ? 6 : -6),
    y: frame.bottom - 12,
    'text-anchor': onRight ? 'start' : 'end',
    fill: MUTED,
  };
  appendLabel(group, place, `ridge ${formatNumber(ridge)} ${operation}/B`);
};

const isRate = (value: number): boolean => isDrawable(value, true);

export const rooflineChart = (given: RooflineOptions): string => {
  const operation = given.operation ?? 'FLOP';
  const axes = axesOf(operation);
  const options = { ...given, heading: given.heading ?? given.deviceName };
  const peaks = given.peaks.filter((peak) => isRate(peak.operationsPerSecond));
  const bandwidths = given.bandwidths.filter((bandwidth) => isRate(bandwidth.bytesPerSecond));
  const isPlaced = (point: RooflinePoint): boolean => isRate(point.intensity) && isRate(point.operationsPerSecond);
  const points = given.points.filter(isPlaced);
  const left = given.points.filter((point) => !isPlaced(point));
  const time = left.reduce((sum, point) => sum + (Number.isFinite(point.shareOfTime) ? point.shareOfTime : 0), 0);
  const one = left.length === 1;
  const notes =
    left.length === 0
      ? []
      : [
          `${left.length} ${one ? 'kernel' : 'kernels'} without arithmetic (${formatPercent(time)} of time) ${one ? 'has' : 'have'} no place on these axes.`,
        ];
  const domain = domains(peaks, bandwidths, points);
  if (domain === undefined) return emptyChart(options, notes);

  const largest = Math.max(0, ...points.map((point) => point.shareOfTime).filter(Number.isFinite));
  const radius = (share: number): number =>
    largest > 0 && share > 0 ? Math.max(MIN_RADIUS, MAX_RADIUS * Math.sqrt(share / largest)) : MIN_RADIUS;
  const series = seriesScale(
    points.map((point) => point.series),
    given.seriesOrder,
  );
  const legend: readonly LegendEntry[] = [
    ...series.entries.map(({ name, index }): LegendEntry => ({ label: name, swatch: { kind: 'symbol', index } })),
    ...sizeEntries(largest, radius),
  ];

  const yTicks = axisTicks(domain.y, axes.y, verticalTickCount(PLOT_HEIGHT));
  const margin = tickMargin(tickTexts(yTicks, axes.y.unit));
  const frame = layoutFrame(options, { plotHeight: PLOT_HEIGHT, left: margin, legend, x: axes.x, y: axes.y, notes });
  const xPlan: AxisPlan = {
    axis: axes.x,
    domain: domain.x,
    ticks: axisTicks(domain.x, axes.x, horizontalTickCount(frame)),
  };
  const yPlan: AxisPlan = { axis: axes.y, domain: domain.y, ticks: yTicks };
  const lines = roofs(peaks, bandwidths, domain, axes.y.unit);
  // Small dots last, on top of the large ones.
  const sorted = [...points].sort((a, b) => b.shareOfTime - a.shareOfTime);
  const crowd = points.length > 150 ? 0.5 : 0.72;

  return drawChart(options, frame, {
    x: plotScale(xPlan),
    y: plotScale(yPlan),
    marks: [
      ...xAxisMarks(xPlan),
      ...yAxisMarks(yPlan),
      Plot.link(lines, {
        className: 'assay-roofs',
        x1: 'x1',
        y1: 'y1',
        x2: 'x2',
        y2: 'y2',
        stroke: INK,
        strokeWidth: 1.5,
      }),
      Plot.dot(sorted, {
        className: 'assay-kernels',
        sort: null,
        x: 'intensity',
        y: 'operationsPerSecond',
        r: { value: (point: RooflinePoint) => radius(point.shareOfTime), scale: null },
        symbol: { value: (point: RooflinePoint) => seriesSymbol(series.indexOf(point.series)), scale: null },
        fill: { value: (point: RooflinePoint) => seriesColor(series.indexOf(point.series)), scale: null },
        fillOpacity: crowd,
        title: (point: RooflinePoint) =>
          `${point.label}\n${point.series}, ${valueText(point.operationsPerSecond, axes.y.unit)} at ` +
          `${formatNumber(point.intensity)} ${operation}/B, ${formatPercent(point.shareOfTime)} of time`,
      }),
    ],
    decorate: (svg, x, y) => {
      const slowest = Math.min(...bandwidths.map((bandwidth) => bandwidth.bytesPerSecond));
      const highest = Math.max(...peaks.map((peak) => peak.operationsPerSecond));
      if (isRate(highest / slowest))
        drawRidge(svg, frame, { ridge: highest / slowest, peak: highest, operation }, x, y);
      const pixels = lines.map(
        (roof): LineLabel => ({
          text: roof.label,
          x1: x(roof.x1),
          y1: y(roof.y1),
          x2: x(roof.x2),
          y2: y(roof.y2),
          at: roof.kind === 'peak' ? 'end' : 'start',
        }),
      );
      const group = appendElement(svg, 'g', { class: 'assay-roof-labels', fill: INK });
      for (const { text, x: labelX, y: labelY, degrees, anchor } of placeLineLabels(pixels)) {
        const turn = degrees === 0 ? undefined : `rotate(${degrees},${labelX},${labelY})`;
        appendLabel(group, { x: labelX, y: labelY, dy: undefined, transform: turn, 'text-anchor': anchor }, text);
      }
    },
  });
};
