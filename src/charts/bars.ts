/** One length per item, from a common base: to compare sizes. */

import * as Plot from '@observablehq/plot';
import { UNKNOWN } from '../units/format.ts';
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
import { seriesScale } from './series.ts';
import { appendElement } from './svg.ts';
import { textWidth } from './text.ts';
import { INK, MUTED, seriesColor, TICK_FONT_SIZE } from './theme.ts';
import { axisTicks, type ChartAxis, extentOf, type Interval, isDrawable, valueText } from './values.ts';

export interface Bar {
  readonly category: string;
  /** Bars of one category stand together, one per series, in the order given. */
  readonly series?: string;
  /** `null` is not known: the row stays, with a dash. */
  readonly value: number | null;
  readonly low?: number;
  readonly high?: number;
}

export interface BarChartOptions extends ChartOptions {
  readonly value: ChartAxis;
  readonly bars: readonly Bar[];
  readonly seriesOrder?: readonly string[];
}

interface DrawnBar extends Bar {
  readonly y1: number;
  readonly y2: number;
  readonly length: number | undefined;
}

const BAR_HEIGHT = 18;
const GROUPED_BAR_HEIGHT = 14;

const domainOf = (bars: readonly DrawnBar[], log: boolean): Interval | undefined => {
  const extent = extentOf(
    bars.flatMap((bar) => (bar.length === undefined ? [] : [bar.length, bar.low, bar.high])),
    log,
  );
  if (extent === undefined) return undefined;
  // Lengths compare only from a common base: zero, or on a log axis the power of ten below the least.
  if (log) return { low: 10 ** Math.floor(Math.log10(extent.low * 0.999)), high: extent.high * 1.05 };
  const [low, high] = [Math.min(0, extent.low), Math.max(0, extent.high)];
  // Labels of negative bars stand on their left, between the bar and the categories.
  return low === high ? { low: 0, high: 1 } : { low: low < 0 ? low - (high - low) * 0.16 : low, high };
};

export const barChart = (options: BarChartOptions): string => {
  const axis = options.value;
  const log = axis.log === true;
  const names = options.bars.map((bar) => bar.series ?? '');
  const series = seriesScale(names, options.seriesOrder);
  const grouped = new Set(names).size > 1;
  const rows = rowLayout(
    options.bars.map((bar) => bar.category),
    grouped ? GROUPED_BAR_HEIGHT : BAR_HEIGHT,
  );
  const bars = options.bars.map((bar, index): DrawnBar => {
    const place = rows.places[index] ?? { y1: 0, y2: 0 };
    return { ...bar, ...place, length: bar.value !== null && isDrawable(bar.value, log) ? bar.value : undefined };
  });
  const domain = domainOf(bars, log);
  if (domain === undefined) return emptyChart(options);

  const text = (bar: DrawnBar): string =>
    bar.value === null || Number.isNaN(bar.value) ? UNKNOWN : valueText(bar.value, axis.unit);
  const room = Math.max(...bars.map((bar) => textWidth(text(bar), TICK_FONT_SIZE))) + 16;
  const legend = grouped
    ? series.entries.map(({ name, index }): LegendEntry => ({ label: name, swatch: { kind: 'square', index } }))
    : [];
  const labels = rowLabels(rows, options);
  const frame = layoutFrame(options, { plotHeight: rows.height, left: labels.margin, right: room, legend, x: axis });
  const plan: AxisPlan = { axis, domain, ticks: axisTicks(domain, axis, horizontalTickCount(frame)) };
  const base = log ? domain.low : 0;
  const whiskers = bars.filter(
    (bar) =>
      bar.length !== undefined &&
      bar.low !== undefined &&
      bar.high !== undefined &&
      isDrawable(bar.low, log) &&
      isDrawable(bar.high, log),
  );

  return drawChart(options, frame, {
    x: plotScale(plan),
    y: rowsScale(rows),
    marks: [
      ...xAxisMarks(plan),
      labels.mark,
      Plot.rect(
        bars.filter((bar) => bar.length !== undefined),
        {
          className: 'assay-bars',
          x1: () => base,
          x2: 'length',
          y1: 'y1',
          y2: 'y2',
          fill: { value: (bar: DrawnBar) => seriesColor(series.indexOf(bar.series ?? '')), scale: null },
          title: (bar: DrawnBar) =>
            [bar.category, bar.series, text(bar)].filter((part) => part !== undefined).join('\n'),
        },
      ),
      Plot.ruleX([base], { stroke: MUTED }),
    ],
    decorate: (svg, x, y) => {
      const group = appendElement(svg, 'g', { class: 'assay-whiskers', stroke: INK, fill: 'none' });
      for (const bar of whiskers) {
        const [start, end, middle] = [x(bar.low as number), x(bar.high as number), y((bar.y1 + bar.y2) / 2)];
        appendElement(group, 'path', {
          d: `M${start},${middle}H${end}M${start},${middle - 3}v6M${end},${middle - 3}v6`,
        });
      }
      const values = appendElement(svg, 'g', { class: 'assay-values', fill: INK, 'font-size': TICK_FONT_SIZE });
      for (const bar of bars) {
        const ends = [
          x(bar.length ?? base),
          ...(whiskers.includes(bar) ? [x(bar.low as number), x(bar.high as number)] : []),
        ];
        const negative = (bar.length ?? 0) < 0 && !log;
        const place = negative
          ? { x: Math.min(...ends) - 5, 'text-anchor': 'end' }
          : { x: Math.max(...ends) + 5, 'text-anchor': 'start' };
        appendLabel(values, { ...place, y: y((bar.y1 + bar.y2) / 2), 'font-size': undefined }, text(bar));
      }
    },
  });
};
