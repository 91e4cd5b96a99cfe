/** Two figures of merit per design, and the front of those that no other beats in both. */

import * as Plot from '@observablehq/plot';
import {
  type AxisPlan,
  type ChartOptions,
  drawChart,
  emptyChart,
  horizontalTickCount,
  layoutFrame,
  plotScale,
  tickMargin,
  verticalTickCount,
  xAxisMarks,
  yAxisMarks,
} from './frame.ts';
import { appendLabel } from './label.ts';
import type { LegendEntry } from './legend.ts';
import { type Box, placeLabels } from './placement.ts';
import { seriesScale } from './series.ts';
import { appendElement } from './svg.ts';
import { seriesSymbol } from './symbols.ts';
import { fitText, textWidth } from './text.ts';
import { INK, MUTED, SURFACE, seriesColor, TICK_FONT_SIZE } from './theme.ts';
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

export interface ScatterAxis extends ChartAxis {
  /** Which way is better; decides on which side of the points the front's steps lie. Lower unless said. */
  readonly better?: 'lower' | 'higher';
}

export interface ScatterPoint {
  readonly label: string;
  readonly series: string;
  readonly x: number;
  readonly xLow?: number;
  readonly xHigh?: number;
  readonly y: number;
  readonly onFront: boolean;
}

export interface ParetoScatterOptions extends ChartOptions {
  readonly x: ScatterAxis;
  readonly y: ChartAxis;
  readonly points: readonly ScatterPoint[];
  readonly seriesOrder?: readonly string[];
  /** Pixels for the data. */
  readonly plotHeight?: number;
}

const RADIUS = 5;
const LABEL_SIZE = TICK_FONT_SIZE;
const MAX_LABEL_WIDTH = 180;
// Beyond this many, labels cover the points they name: those on the front keep theirs.
const MAX_LABELS = 40;

/** Pixels of what a label should not cover, besides other labels. */
const obstaclesOf = (
  points: readonly ScatterPoint[],
  x: (value: number) => number,
  y: (value: number) => number,
): Box[] =>
  points.flatMap((point) => {
    const [centerX, centerY] = [x(point.x), y(point.y)];
    const dot = { left: centerX - RADIUS, right: centerX + RADIUS, top: centerY - RADIUS, bottom: centerY + RADIUS };
    if (point.xLow === undefined || point.xHigh === undefined) return [dot];
    return [dot, { left: x(point.xLow), right: x(point.xHigh), top: centerY - 1, bottom: centerY + 1 }];
  });

const drawLabels = (
  svg: Element,
  points: readonly ScatterPoint[],
  bounds: Box,
  x: (value: number) => number,
  y: (value: number) => number,
): void => {
  const wanted = points.length <= MAX_LABELS ? points : points.filter((point) => point.onFront);
  // The front first: where room is short, it is what the reader came for.
  const labelled = [...wanted].sort((a, b) => Number(b.onFront) - Number(a.onFront));
  const texts = labelled.map((point) => fitText(point.label, MAX_LABEL_WIDTH, LABEL_SIZE));
  const anchors = labelled.map((point, index) => ({
    x: x(point.x),
    y: y(point.y),
    width: textWidth(texts[index] ?? '', LABEL_SIZE),
    height: LABEL_SIZE + 3,
    clearance: RADIUS,
  }));
  const placements = placeLabels(anchors, { bounds, obstacles: obstaclesOf(points, x, y) });
  const group = appendElement(svg, 'g', { class: 'assay-point-labels', fill: INK });
  placements.forEach((placement, index) => {
    const anchor = anchors[index];
    if (placement === undefined || anchor === undefined) return;
    const { box, isFar } = placement;
    const middle = (box.top + box.bottom) / 2;
    if (isFar) {
      const endX = Math.min(Math.max(anchor.x, box.left), box.right);
      const endY = Math.min(Math.max(anchor.y, box.top), box.bottom);
      appendElement(group, 'path', {
        d: `M${anchor.x},${anchor.y}L${endX},${endY}`,
        stroke: MUTED,
        'stroke-width': 0.75,
      });
    }
    // Text is set against the point, since its true width may be less than its box.
    const side = box.left >= anchor.x ? 'start' : box.right <= anchor.x ? 'end' : 'middle';
    const textX = side === 'start' ? box.left : side === 'end' ? box.right : (box.left + box.right) / 2;
    appendLabel(group, { x: textX, y: middle, 'text-anchor': side, 'font-size': LABEL_SIZE }, texts[index] ?? '');
  });
};

export const paretoScatter = (options: ParetoScatterOptions): string => {
  const { x: xAxis, y: yAxis } = options;
  const drawable = options.points.filter((point) => isDrawable(point.x, xAxis.log) && isDrawable(point.y, yAxis.log));
  const left = options.points.filter((point) => !drawable.includes(point)).map((point) => point.label);
  const notes = left.length === 0 ? [] : [`Not drawn, for want of a figure: ${left.join(', ')}.`];
  const xExtent = extentOf(
    drawable.flatMap((point) => [point.x, point.xLow, point.xHigh]),
    xAxis.log,
  );
  const yExtent = extentOf(
    drawable.map((point) => point.y),
    yAxis.log,
  );
  if (xExtent === undefined || yExtent === undefined) return emptyChart(options, notes);

  const x: Interval = padded(xExtent, 0.06, xAxis.log);
  const y: Interval = padded(yExtent, 0.1, yAxis.log);
  // An interval that reaches to zero or below has no left end on a log axis: it runs to the frame.
  const points = drawable.map((point): ScatterPoint => {
    if (point.xLow === undefined || point.xHigh === undefined || !Number.isFinite(point.xHigh)) {
      const { xLow: _, xHigh: __, ...rest } = point;
      return rest;
    }
    return { ...point, xLow: isDrawable(point.xLow, xAxis.log) ? point.xLow : x.low };
  });

  const series = seriesScale(
    points.map((point) => point.series),
    options.seriesOrder,
  );
  const front = points.filter((point) => point.onFront).sort((a, b) => a.x - b.x);
  const legend: readonly LegendEntry[] = [
    ...(series.entries.length > 1
      ? series.entries.map(({ name, index }): LegendEntry => ({ label: name, swatch: { kind: 'symbol', index } }))
      : []),
    ...(front.length > 1
      ? [{ label: 'Pareto front (solid marks)', swatch: { kind: 'line', color: MUTED, dash: '5 3' } } as const]
      : []),
  ];
  const plotHeight = options.plotHeight ?? 360;
  const yTicks = axisTicks(y, yAxis, verticalTickCount(plotHeight));
  const margin = tickMargin(tickTexts(yTicks, yAxis.unit));
  const frame = layoutFrame(options, { plotHeight, left: margin, legend, x: xAxis, y: yAxis, notes });
  const xPlan: AxisPlan = { axis: xAxis, domain: x, ticks: axisTicks(x, xAxis, horizontalTickCount(frame)) };
  const yPlan: AxisPlan = { axis: yAxis, domain: y, ticks: yTicks };
  const color = (point: ScatterPoint): string => seriesColor(series.indexOf(point.series));

  return drawChart(options, frame, {
    x: plotScale(xPlan),
    y: plotScale(yPlan),
    marks: [
      ...xAxisMarks(xPlan),
      ...yAxisMarks(yPlan),
      Plot.line(front, {
        className: 'assay-front',
        x: 'x',
        y: 'y',
        curve: xAxis.better === 'higher' ? 'step-before' : 'step-after',
        stroke: MUTED,
        strokeWidth: 1.5,
        strokeDasharray: '5 3',
      }),
      Plot.ruleY(
        points.filter((point) => point.xLow !== undefined),
        {
          className: 'assay-intervals',
          y: 'y',
          x1: 'xLow',
          x2: 'xHigh',
          stroke: { value: color, scale: null },
          strokeOpacity: 0.6,
          strokeWidth: 2,
        },
      ),
      // Solid on the front, hollow behind it: legible without the line and without colour.
      Plot.dot(points, {
        className: 'assay-points',
        sort: null,
        x: 'x',
        y: 'y',
        r: RADIUS,
        symbol: { value: (point: ScatterPoint) => seriesSymbol(series.indexOf(point.series)), scale: null },
        fill: { value: (point: ScatterPoint) => (point.onFront ? color(point) : SURFACE), scale: null },
        stroke: { value: color, scale: null },
        strokeWidth: 1.5,
        title: (point: ScatterPoint) =>
          `${point.label}\n${xAxis.label} ${valueText(point.x, xAxis.unit)}, ${yAxis.label} ${valueText(point.y, yAxis.unit)}`,
      }),
    ],
    decorate: (svg, toX, toY) => {
      drawLabels(svg, points, { left: frame.left, right: frame.right, top: frame.top, bottom: frame.bottom }, toX, toY);
    },
  });
};
