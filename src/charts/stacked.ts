/** What a whole is made of: one stack per item, one colour per part. */

import * as Plot from '@observablehq/plot';
import { formatPercent } from '../units/format.ts';
import {
  type AxisPlan,
  type ChartOptions,
  drawChart,
  emptyChart,
  horizontalTickCount,
  layoutFrame,
  plotScale,
  xAxisMarks,
} from './frame.ts';
import { appendLabel } from './label.ts';
import type { LegendEntry } from './legend.ts';
import { rowLabels, rowLayout, rowsScale } from './rows.ts';
import { type SeriesScale, seriesScale } from './series.ts';
import { appendElement } from './svg.ts';
import { textWidth } from './text.ts';
import { INK, onSeriesColor, SURFACE, seriesColor, TICK_FONT_SIZE } from './theme.ts';
import { axisTicks, type ChartAxis, valueText } from './values.ts';

export interface StackPart {
  /** The row, e.g. a model. */
  readonly stack: string;
  /** The part, e.g. a kernel class. */
  readonly series: string;
  /** Not negative. */
  readonly value: number;
}

export interface StackedBarChartOptions extends ChartOptions {
  /** "share" makes all stacks equally long and labels parts in per cent of their stack. */
  readonly mode: 'share' | 'absolute';
  readonly value: ChartAxis;
  readonly parts: readonly StackPart[];
  readonly seriesOrder?: readonly string[];
}

interface Segment {
  readonly stack: string;
  readonly name: string;
  readonly index: number;
  readonly value: number;
  readonly share: number;
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

const ROW_HEIGHT = 22;

/** Parts of a stack in palette order, those that share a colour added up. */
const stackUp = (
  parts: readonly StackPart[],
  series: SeriesScale,
): ReadonlyMap<string, ReadonlyMap<number, number>> => {
  const stacks = new Map<string, Map<number, number>>();
  for (const { stack, series: name, value } of parts) {
    const sums = stacks.get(stack) ?? new Map<number, number>();
    stacks.set(stack, sums);
    if (!Number.isFinite(value) || value <= 0) continue;
    const index = series.indexOf(name);
    sums.set(index, (sums.get(index) ?? 0) + value);
  }
  return stacks;
};

export const stackedBarChart = (options: StackedBarChartOptions): string => {
  const isShare = options.mode === 'share';
  // Stacked lengths mean nothing on a log axis, so that option is not honoured here.
  const axis: ChartAxis = { label: options.value.label, unit: isShare ? '%' : options.value.unit };
  const series = seriesScale(
    options.parts.map((part) => part.series),
    options.seriesOrder,
  );
  const stacks = stackUp(options.parts, series);
  const totals = [...stacks.values()].map((sums) => [...sums.values()].reduce((sum, value) => sum + value, 0));
  const longest = isShare ? 1 : Math.max(0, ...totals);
  if (stacks.size === 0 || Math.max(0, ...totals) === 0) return emptyChart(options);

  const rows = rowLayout([...stacks.keys()], ROW_HEIGHT);
  const nameOf = new Map(series.entries.map(({ name, index }) => [index, name]));
  const segments = [...stacks].flatMap(([stack, sums], row): readonly Segment[] => {
    const total = totals[row] ?? 0;
    const place = rows.places[row] ?? { y1: 0, y2: 0 };
    let end = 0;
    return [...sums]
      .sort(([a], [b]) => a - b)
      .map(([index, value]) => {
        const x1 = end;
        end += isShare ? value / total : value;
        return { stack, name: nameOf.get(index) ?? 'other', index, value, share: value / total, x1, x2: end, ...place };
      });
  });

  const totalText = (row: number): string => valueText(totals[row] ?? 0, options.value.unit);
  const room = isShare ? 24 : Math.max(...totals.map((_, row) => textWidth(totalText(row), TICK_FONT_SIZE))) + 16;
  const legend = series.entries.map(
    ({ name, index }): LegendEntry => ({ label: name, swatch: { kind: 'square', index } }),
  );
  const labels = rowLabels(rows, options);
  const frame = layoutFrame(options, { plotHeight: rows.height, left: labels.margin, right: room, legend, x: axis });
  const domain = { low: 0, high: longest };
  const plan: AxisPlan = { axis, domain, ticks: axisTicks(domain, axis, horizontalTickCount(frame)) };

  return drawChart(options, frame, {
    x: plotScale(plan),
    y: rowsScale(rows),
    marks: [
      ...xAxisMarks(plan),
      labels.mark,
      Plot.rect(segments, {
        className: 'assay-segments',
        x1: 'x1',
        x2: 'x2',
        y1: 'y1',
        y2: 'y2',
        fill: { value: (segment: Segment) => seriesColor(segment.index), scale: null },
        // A hairline of the page keeps neighbours apart where their colours are close.
        stroke: SURFACE,
        strokeWidth: 0.75,
        title: (segment: Segment) =>
          `${segment.stack}\n${segment.name}: ${valueText(segment.value, options.value.unit)} (${formatPercent(segment.share)})`,
      }),
    ],
    decorate: (svg, x, y) => {
      const inside = appendElement(svg, 'g', { class: 'assay-shares', 'font-size': TICK_FONT_SIZE });
      for (const segment of segments) {
        const label = formatPercent(segment.share, 0);
        if (x(segment.x2) - x(segment.x1) < textWidth(label, TICK_FONT_SIZE) + 4) continue;
        const place = { x: x((segment.x1 + segment.x2) / 2), y: y((segment.y1 + segment.y2) / 2), dy: '0.35em' };
        appendElement(inside, 'text', { ...place, fill: onSeriesColor(segment.index) }, label);
      }
      if (isShare) return;
      const ends = appendElement(svg, 'g', { class: 'assay-values', 'text-anchor': 'start', fill: INK });
      totals.forEach((total, row) => {
        const place = rows.places[row] ?? { y1: 0, y2: 0 };
        const attributes = { x: x(total) + 5, y: y((place.y1 + place.y2) / 2), 'font-size': TICK_FONT_SIZE };
        appendLabel(ends, attributes, totalText(row));
      });
    },
  });
};
