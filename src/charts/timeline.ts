/** Live memory over the steps of an execution: where the peak is, and how much an arena adds to it. */

import * as Plot from '@observablehq/plot';
import { groupThousands } from '../units/format.ts';
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
  yAxisMarks,
} from './frame.ts';
import { appendLabel } from './label.ts';
import { appendElement } from './svg.ts';
import { fitText, textWidth } from './text.ts';
import { INK, LABEL_FONT_SIZE, MUTED, seriesColor } from './theme.ts';
import { axisTicks, type ChartAxis, linearTicks, tickTexts, valueText } from './values.ts';

export interface MemoryStep {
  readonly label: string;
  readonly liveBytes: number;
}

export interface MemoryTimelineOptions extends ChartOptions {
  /** In execution order. */
  readonly steps: readonly MemoryStep[];
  /** The step annotated as the peak; none where it names no step. */
  readonly peakIndex: number;
  readonly arenaBytes?: number;
  /** Other levels, such as the device's on-chip memory. One far above the peak is told in a note instead of drawn. */
  readonly limits?: readonly { readonly label: string; readonly bytes: number }[];
  /** "B" (MB = 10^6 bytes) unless given. */
  readonly unit?: 'B' | 'KiB';
  readonly plotHeight?: number;
}

interface Level {
  readonly label: string;
  readonly bytes: number;
  readonly color: string;
}

/** One value per boundary of a step: Plot's step curve then draws each step one unit wide. */
interface Corner {
  readonly step: number;
  readonly bytes: number;
}

// A level beyond this multiple of the peak would flatten the curve.
const TALLEST_LEVEL = 2.5;
const ROW = 18;

const levelsOf = (options: MemoryTimelineOptions): readonly Level[] => [
  ...(options.arenaBytes === undefined ? [] : [{ label: 'arena', bytes: options.arenaBytes, color: seriesColor(1) }]),
  ...(options.limits ?? []).map((limit) => ({ ...limit, color: seriesColor(3) })),
];

/** Labels of the levels at one end, none on another's line; returns the width they need there. */
const drawLevels = (
  group: Element,
  levels: readonly Level[],
  unit: string,
  frame: ChartFrame,
  end: 'left' | 'right',
  toY: Position,
): number => {
  const place =
    end === 'right' ? { x: frame.right - 4, 'text-anchor': 'end' } : { x: frame.left + 4, 'text-anchor': 'start' };
  let occupied = Number.NEGATIVE_INFINITY;
  let widest = 0;
  for (const level of [...levels].sort((a, b) => b.bytes - a.bytes)) {
    const y = toY(level.bytes);
    const text = `${level.label} ${valueText(level.bytes, unit)}`;
    // Above its line; below it where the next level's line or label is too near.
    const labelY = y - 8 >= occupied + ROW ? y - 8 : Math.max(y + 9, occupied + ROW);
    appendLabel(group, { ...place, y: labelY }, text);
    occupied = Math.max(y - ROW / 2, labelY - 3);
    widest = Math.max(widest, textWidth(text, LABEL_FONT_SIZE) + ROW);
  }
  return widest;
};

export const memoryTimeline = (options: MemoryTimelineOptions): string => {
  const unit = options.unit ?? 'B';
  const bytes = options.steps.map((step) => (Number.isFinite(step.liveBytes) ? step.liveBytes : 0));
  const peak = Math.max(0, ...bytes);
  if (options.steps.length === 0 || peak === 0) return emptyChart(options);

  const levels = levelsOf(options).filter((level) => Number.isFinite(level.bytes));
  const drawn = levels.filter((level) => level.bytes <= peak * TALLEST_LEVEL);
  const notes = levels
    .filter((level) => !drawn.includes(level))
    .map((level) => `Above this chart: ${level.label}, ${valueText(level.bytes, unit)}.`);

  const count = options.steps.length;
  const xAxis: ChartAxis = { label: 'Execution step', unit: '' };
  const yAxis: ChartAxis = { label: 'Live activations', unit };
  const plotHeight = options.plotHeight ?? 260;
  const top = Math.max(peak, ...drawn.map((level) => level.bytes));
  // Room above for the peak's label.
  const y = { low: 0, high: top * 1.16 };
  const yTicks = axisTicks(y, yAxis, verticalTickCount(plotHeight));
  const frame = layoutFrame(options, {
    plotHeight,
    left: tickMargin(tickTexts(yTicks, unit)),
    x: xAxis,
    y: yAxis,
    notes,
  });
  const x = { low: 0, high: count };
  const whole = linearTicks({ low: 1, high: count }, horizontalTickCount(frame)).filter(Number.isInteger);
  const xPlan: AxisPlan = { axis: xAxis, domain: x, ticks: whole };
  const yPlan: AxisPlan = { axis: yAxis, domain: y, ticks: yTicks };
  const corners: readonly Corner[] = [...bytes, bytes.at(-1) ?? 0].map((value, step) => ({ step, bytes: value }));
  const shape = { x: 'step', curve: 'step-after' } as const;

  return drawChart(options, frame, {
    x: plotScale(xPlan),
    y: plotScale(yPlan),
    marks: [
      ...yAxisMarks(yPlan),
      // A step's number stands under the middle of its unit.
      Plot.axisX(
        whole.map((step) => step - 0.5),
        {
          label: null,
          fill: MUTED,
          fontSize: 11,
          tickSize: 0,
          tickPadding: 6,
          text: whole.map(groupThousands),
        },
      ),
      Plot.areaY(corners, { ...shape, className: 'assay-live', y: 'bytes', fill: seriesColor(0), fillOpacity: 0.25 }),
      Plot.line(corners, { ...shape, y: 'bytes', stroke: seriesColor(0), strokeWidth: 1.5 }),
      Plot.ruleY(drawn, {
        className: 'assay-levels',
        y: 'bytes',
        stroke: { value: 'color', scale: null },
        strokeWidth: 1.5,
        strokeDasharray: '6 4',
      }),
    ],
    decorate: (svg, toX, toY) => {
      const group = appendElement(svg, 'g', { class: 'assay-annotations', fill: INK });
      // Levels are labelled at the end away from the peak, whose own label keeps clear of that end.
      const peakIsLeft = options.peakIndex < count / 2;
      const levelsWidth = drawLevels(group, drawn, unit, frame, peakIsLeft ? 'right' : 'left', toY);
      const step = options.steps[options.peakIndex];
      const value = bytes[options.peakIndex];
      if (step === undefined || value === undefined) return;
      const [peakX, peakY] = [toX(options.peakIndex + 0.5), toY(value)];
      appendElement(group, 'circle', { cx: peakX, cy: peakY, r: 3.5, fill: INK });
      const text = `peak ${valueText(value, unit)}, ${fitText(step.label, 260, LABEL_FONT_SIZE)}`;
      // Semibold is about a tenth wider.
      const half = (textWidth(text, LABEL_FONT_SIZE) * 1.1) / 2;
      const least = frame.left + (peakIsLeft ? 0 : levelsWidth) + half;
      const most = frame.right - (peakIsLeft ? levelsWidth : 0) - half;
      // An arena lies just above its peak: the label goes above a level that would strike it through.
      let labelY = peakY - 13;
      for (const level of [...drawn].sort((a, b) => a.bytes - b.bytes)) {
        const levelY = toY(level.bytes);
        if (levelY < peakY + 2 && Math.abs(levelY - labelY) < 9) labelY = levelY - 10;
      }
      appendLabel(group, { x: Math.min(Math.max(peakX, least), most), y: labelY, 'font-weight': 600 }, text);
    },
  });
};
