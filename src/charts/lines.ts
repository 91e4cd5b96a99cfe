/** A figure against a setting, such as throughput against the batch: one line per series, with its interval as a band. */

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
import type { LegendEntry } from './legend.ts';
import { seriesScale } from './series.ts';
import { seriesSymbol } from './symbols.ts';
import { seriesColor } from './theme.ts';
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

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

export interface LineSeries {
  readonly name: string;
  readonly points: readonly LinePoint[];
}

export interface LineChartOptions extends ChartOptions {
  /** On a log axis the ticks are the values given, as batches are powers of two rather than of ten. */
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly LineSeries[];
  readonly seriesOrder?: readonly string[];
  readonly plotHeight?: number;
}

interface DrawnPoint extends LinePoint {
  readonly name: string;
  readonly index: number;
}

/** The values that occur, thinned evenly to at most `most`, so that 1, 2, 4, ... stay powers of one number. */
const givenTicks = (points: readonly DrawnPoint[], most: number): readonly number[] => {
  const values = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const stride = Math.ceil(values.length / most);
  return values.filter((_, index) => index % stride === 0);
};

const yDomain = (points: readonly DrawnPoint[], axis: ChartAxis): Interval | undefined => {
  const extent = extentOf(
    points.flatMap((point) => [point.y, point.low, point.high]),
    axis.log,
  );
  if (extent === undefined || axis.log === true) return extent === undefined ? undefined : padded(extent, 0.06, true);
  // From zero, so that a rise of a tenth does not look like a multiple.
  const span = Math.max(0, extent.high) - Math.min(0, extent.low) || 1;
  return { low: extent.low < 0 ? extent.low - span * 0.06 : 0, high: Math.max(0, extent.high) + span * 0.06 };
};

export const lineChart = (options: LineChartOptions): string => {
  const { x: xAxis, y: yAxis } = options;
  const scale = seriesScale(
    options.series.map((series) => series.name),
    options.seriesOrder,
  );
  const given = options.series.flatMap(({ name, points }) =>
    points.map((point) => ({ ...point, name, index: scale.indexOf(name) })),
  );
  const points: readonly DrawnPoint[] = given.filter(
    (point) => isDrawable(point.x, xAxis.log) && isDrawable(point.y, yAxis.log),
  );
  const left = given.length - points.length;
  const notes = left === 0 ? [] : [`${left} ${left === 1 ? 'point' : 'points'} without a figure not drawn.`];
  const xExtent = extentOf(
    points.map((point) => point.x),
    xAxis.log,
  );
  const y = yDomain(points, yAxis);
  if (xExtent === undefined || y === undefined) return emptyChart(options, notes);

  const x = padded(xExtent, 0.04, xAxis.log);
  const legend =
    options.series.length > 1
      ? scale.entries.map(({ name, index }): LegendEntry => ({ label: name, swatch: { kind: 'symbol', index } }))
      : [];
  const plotHeight = options.plotHeight ?? 320;
  const yTicks = axisTicks(y, yAxis, verticalTickCount(plotHeight));
  const margin = tickMargin(tickTexts(yTicks, yAxis.unit));
  const frame = layoutFrame(options, { plotHeight, left: margin, legend, x: xAxis, y: yAxis, notes });
  const most = horizontalTickCount(frame);
  const xPlan: AxisPlan = {
    axis: xAxis,
    domain: x,
    ticks: xAxis.log === true ? givenTicks(points, most + 3) : axisTicks(x, xAxis, most),
  };
  const yPlan: AxisPlan = { axis: yAxis, domain: y, ticks: yTicks };
  const banded = points.filter(
    ({ low, high }) =>
      low !== undefined && high !== undefined && isDrawable(low, yAxis.log) && isDrawable(high, yAxis.log),
  );
  const color = { value: (point: DrawnPoint) => seriesColor(point.index), scale: null };

  return drawChart(options, frame, {
    x: plotScale(xPlan),
    y: plotScale(yPlan),
    marks: [
      ...xAxisMarks(xPlan),
      ...yAxisMarks(yPlan),
      Plot.areaY(banded, {
        className: 'assay-bands',
        x: 'x',
        y1: 'low',
        y2: 'high',
        z: 'name',
        fill: color,
        fillOpacity: 0.15,
      }),
      Plot.line(points, { className: 'assay-lines', x: 'x', y: 'y', z: 'name', stroke: color, strokeWidth: 1.75 }),
      Plot.dot(points, {
        className: 'assay-points',
        sort: null,
        x: 'x',
        y: 'y',
        r: 3.5,
        symbol: { value: (point: DrawnPoint) => seriesSymbol(point.index), scale: null },
        fill: color,
        title: (point: DrawnPoint) =>
          `${point.name}\n${xAxis.label} ${valueText(point.x, xAxis.unit)}: ${valueText(point.y, yAxis.unit)}`,
      }),
    ],
  });
};
