/** One quantity predicted against the same measured, both on log axes: the diagonal is agreement. */
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
import { MUTED, seriesColor } from './theme.ts';
import { axisTicks, type ChartAxis, extentOf, padded, tickTexts, valueText } from './values.ts';

export interface AgreementPoint {
  readonly label: string;
  readonly series: string;
  readonly measured: number;
  readonly predicted: number;
}

export interface AgreementChartOptions extends ChartOptions {
  /** Of both axes; its label is completed by "measured" and "predicted". */
  readonly quantity: Omit<ChartAxis, 'log'>;
  readonly points: readonly AgreementPoint[];
  /** Lines beside the diagonal: 0.2 draws them at 20 % more and less. */
  readonly band?: number;
}

const PLOT_HEIGHT = 420;
const WIDTH = 560;
const RADIUS = 3;

export const agreementChart = (options: AgreementChartOptions): string => {
  const { quantity, points, band = 0.2 } = options;
  const extent = extentOf(
    points.flatMap(({ measured, predicted }) => [measured, predicted]),
    true,
  );
  if (extent === undefined) return emptyChart(options);
  const domain = padded(extent, 0.05, true);
  const xAxis: ChartAxis = { ...quantity, label: `Measured ${quantity.label}`, log: true };
  const yAxis: ChartAxis = { ...quantity, label: `Predicted ${quantity.label}`, log: true };
  const series = seriesScale(points.map((point) => point.series));
  const legend: readonly LegendEntry[] = [
    ...(series.entries.length > 1
      ? series.entries.map(({ name, index }): LegendEntry => ({ label: name, swatch: { kind: 'symbol', index } }))
      : []),
    { label: 'equal', swatch: { kind: 'line', color: MUTED } },
    { label: `${band * 100} % off`, swatch: { kind: 'line', color: MUTED, dash: '5 3' } },
  ];
  const yTicks = axisTicks(domain, yAxis, verticalTickCount(PLOT_HEIGHT));
  const sized = { width: WIDTH, ...options };
  const frame = layoutFrame(sized, {
    plotHeight: PLOT_HEIGHT,
    left: tickMargin(tickTexts(yTicks, yAxis.unit)),
    legend,
    x: xAxis,
    y: yAxis,
  });
  const xPlan: AxisPlan = { axis: xAxis, domain, ticks: axisTicks(domain, xAxis, horizontalTickCount(frame)) };
  const yPlan: AxisPlan = { axis: yAxis, domain, ticks: yTicks };
  const indexOf = (point: AgreementPoint): number => series.indexOf(point.series);
  const diagonal = (factor: number, dash?: string) => {
    // Cut where it would leave the frame.
    const from = Math.max(domain.low, domain.low / factor);
    const to = Math.min(domain.high, domain.high / factor);
    return Plot.line(
      [
        { x: from, y: from * factor },
        { x: to, y: to * factor },
      ],
      { x: 'x', y: 'y', stroke: MUTED, strokeWidth: 1.25, ...(dash !== undefined && { strokeDasharray: dash }) },
    );
  };
  return drawChart(sized, frame, {
    x: plotScale(xPlan),
    y: plotScale(yPlan),
    marks: [
      ...xAxisMarks(xPlan),
      ...yAxisMarks(yPlan),
      diagonal(1),
      diagonal(1 + band, '5 3'),
      diagonal(1 - band, '5 3'),
      Plot.dot(points, {
        className: 'assay-points',
        sort: null,
        x: 'measured',
        y: 'predicted',
        r: RADIUS,
        symbol: { value: (point: AgreementPoint) => seriesSymbol(indexOf(point)), scale: null },
        fill: { value: (point: AgreementPoint) => seriesColor(indexOf(point)), scale: null },
        fillOpacity: 0.7,
        title: (point: AgreementPoint) =>
          `${point.label}\nmeasured ${valueText(point.measured, quantity.unit)}, predicted ${valueText(point.predicted, quantity.unit)}`,
      }),
    ],
  });
};
