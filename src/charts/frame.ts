/** What all charts share: options, the rectangle for the data, titles, notes, and the finished document. */

import * as Plot from '@observablehq/plot';
import { drawLegend, type LegendEntry, type LegendLayout, layoutLegend } from './legend.ts';
import { serializeSvg } from './serialize.ts';
import { appendElement, SVG_NAMESPACE } from './svg.ts';
import { textWidth, wrapText } from './text.ts';
import { chartStyle, FONT_FAMILY, GRID, INK, LABEL_FONT_SIZE, MUTED, TICK_FONT_SIZE } from './theme.ts';
import { axisTitle, type ChartAxis, type Interval, tickTexts } from './values.ts';

export interface ChartOptions {
  /** Unique in the page: all ids and the style's class start with it. */
  readonly id: string;
  readonly title: string;
  /** For readers who cannot see the chart: the finding, with figures. */
  readonly description: string;
  /** From `createChartDocument()`, once for all charts. */
  readonly document: Document;
  /** A visible line above the chart. Without it only readers of `<title>` learn the title: pages have captions. */
  readonly heading?: string;
  /** Pixels, 720 unless given. The height follows from the contents. */
  readonly width?: number;
}

/** The rectangle for the data, in pixels, and what stands around it. */
export interface ChartFrame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly legend: LegendLayout;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly notes: readonly string[];
}

const DEFAULT_WIDTH = 720;
const EDGE = 8;
const HEADING_HEIGHT = 22;
const TITLE_HEIGHT = 22;
const TICK_HEIGHT = 20;
const NOTE_HEIGHT = 16;

export interface FrameRequest {
  readonly plotHeight: number;
  /** Room for tick labels left of the data. */
  readonly left: number;
  readonly right?: number;
  readonly legend?: readonly LegendEntry[];
  readonly x?: ChartAxis;
  readonly y?: ChartAxis;
  /** What is not drawn and why: nothing is left out silently. */
  readonly notes?: readonly string[];
}

export const chartWidth = (options: ChartOptions): number => options.width ?? DEFAULT_WIDTH;

export const layoutFrame = (options: ChartOptions, request: FrameRequest): ChartFrame => {
  const width = chartWidth(options);
  const legend = layoutLegend(request.legend ?? [], width - 2 * EDGE);
  const xTitle = request.x === undefined ? '' : axisTitle(request.x);
  const yTitle = request.y === undefined ? '' : axisTitle(request.y);
  const notes = (request.notes ?? []).flatMap((note) => wrapText(note, width - 2 * EDGE, TICK_FONT_SIZE));
  const top =
    EDGE +
    (options.heading === undefined ? 0 : HEADING_HEIGHT) +
    (legend.height === 0 ? 0 : legend.height + EDGE) +
    (yTitle === '' ? 0 : TITLE_HEIGHT);
  const bottom = top + request.plotHeight;
  const below =
    (request.x === undefined ? 0 : TICK_HEIGHT) + (xTitle === '' ? 0 : TITLE_HEIGHT) + notes.length * NOTE_HEIGHT;
  const right = width - (request.right ?? 2 * EDGE);
  return {
    width,
    height: bottom + below + EDGE,
    left: request.left,
    right,
    top,
    bottom,
    legend,
    xTitle,
    yTitle,
    notes,
  };
};

/** Left margin for a y axis with these ticks. */
export const tickMargin = (texts: readonly string[]): number =>
  Math.ceil(EDGE + 8 + Math.max(0, ...texts.map((text) => textWidth(text, TICK_FONT_SIZE))));

/** As many ticks as fit side by side, from a guess at their width. */
export const horizontalTickCount = (frame: { readonly left: number; readonly right: number }): number =>
  Math.max(2, Math.floor((frame.right - frame.left) / 64));

export const verticalTickCount = (plotHeight: number): number => Math.max(2, Math.floor(plotHeight / 40));

export interface AxisPlan {
  readonly axis: ChartAxis;
  readonly domain: Interval;
  readonly ticks: readonly number[];
}

const AXIS_STYLE = { label: null, fill: MUTED, fontSize: TICK_FONT_SIZE, tickSize: 0 } as const;
const GRID_STYLE = { stroke: GRID, strokeOpacity: 1 } as const;

// As a channel, not as a tickFormat: on a log axis Plot drops the labels that d3 finds too dense, 4 and 8 between 2 and 16.
const tickLabels = ({ ticks, axis }: AxisPlan): { readonly text: string[] } => ({
  text: [...tickTexts(ticks, axis.unit)],
});

export const xAxisMarks = (plan: AxisPlan): readonly Plot.Markish[] => [
  Plot.gridX(plan.ticks, GRID_STYLE),
  Plot.axisX(plan.ticks, { ...AXIS_STYLE, ...tickLabels(plan), tickPadding: 6 }),
];

export const yAxisMarks = (plan: AxisPlan): readonly Plot.Markish[] => [
  Plot.gridY(plan.ticks, GRID_STYLE),
  Plot.axisY(plan.ticks, { ...AXIS_STYLE, ...tickLabels(plan), tickPadding: 8 }),
];

export const plotScale = ({ axis, domain }: AxisPlan): Plot.ScaleOptions => ({
  type: axis.log === true ? 'log' : 'linear',
  domain: [domain.low, domain.high],
  axis: null,
});

/** Where a value lies, in pixels. */
export type Position = (value: number) => number;

export interface Drawing {
  readonly x: Plot.ScaleOptions;
  readonly y: Plot.ScaleOptions;
  readonly marks: readonly Plot.Markish[];
  /** Adds what needs pixels: labels, legends' samples. */
  readonly decorate?: (svg: Element, x: Position, y: Position) => void;
}

// Injective, so that two charts with different ids never share one here.
export const safeId = (id: string): string =>
  `assay-${id.replace(/[^A-Za-z0-9-]/g, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}_`)}`;

const finish = (svg: Element, options: ChartOptions, frame: ChartFrame): string => {
  const id = safeId(options.id);
  for (const name of svg.getAttributeNames()) svg.removeAttribute(name);
  const attributes = {
    class: `assay-chart ${id}`,
    width: frame.width,
    height: frame.height,
    viewBox: `0 0 ${frame.width} ${frame.height}`,
    role: 'img',
    'aria-labelledby': `${id}-title ${id}-desc`,
    'font-family': FONT_FAMILY,
    'font-size': LABEL_FONT_SIZE,
    // Plot's marks count on it.
    'text-anchor': 'middle',
    fill: INK,
  };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, String(value));

  let below = EDGE;
  if (options.heading !== undefined) {
    const place = { x: EDGE, y: below + 13, 'text-anchor': 'start', 'font-size': 14, 'font-weight': 600 };
    appendElement(svg, 'text', place, options.heading);
    below += HEADING_HEIGHT;
  }
  drawLegend(svg, frame.legend, EDGE, below);
  const title = { 'font-size': LABEL_FONT_SIZE, fill: INK };
  if (frame.yTitle !== '') {
    appendElement(svg, 'text', { ...title, x: EDGE, y: frame.top - 10, 'text-anchor': 'start' }, frame.yTitle);
  }
  const xTitleY = frame.bottom + TICK_HEIGHT + 15;
  if (frame.xTitle !== '') {
    appendElement(svg, 'text', { ...title, x: frame.right, y: xTitleY, 'text-anchor': 'end' }, frame.xTitle);
  }
  frame.notes.forEach((note, index) => {
    const y = frame.height - EDGE + 4 - (frame.notes.length - 1 - index) * NOTE_HEIGHT;
    appendElement(svg, 'text', { x: EDGE, y, 'text-anchor': 'start', 'font-size': TICK_FONT_SIZE, fill: MUTED }, note);
  });
  const body = serializeSvg(svg);
  // Written in front of the body: assistive software expects title and desc first.
  const head = svg.ownerDocument.createElementNS(SVG_NAMESPACE, 'g');
  appendElement(head, 'title', { id: `${id}-title` }, options.title);
  appendElement(head, 'desc', { id: `${id}-desc` }, options.description);
  appendElement(
    head,
    'style',
    {},
    chartStyle(id, (name) => body.includes(`"var(--${name})"`)),
  );
  const start = body.indexOf('>') + 1;
  return `${body.slice(0, start)}\n${serializeSvg(head).slice('<g>'.length, -'</g>\n'.length)}${body.slice(start)}\n`;
};

const position = (plot: Plot.Plot, name: 'x' | 'y'): Position => {
  const scale = plot.scale(name);
  return (value) => scale?.apply(value) as number;
};

export const drawChart = (options: ChartOptions, frame: ChartFrame, drawing: Drawing): string => {
  const plot = Plot.plot({
    document: options.document,
    width: frame.width,
    height: frame.height,
    marginLeft: frame.left,
    marginRight: frame.width - frame.right,
    marginTop: frame.top,
    marginBottom: frame.height - frame.bottom,
    x: drawing.x,
    y: drawing.y,
    r: { type: 'identity' },
    marks: [...drawing.marks],
  });
  // Plot's own style is for pages and names a class derived from its version.
  plot.querySelector('style')?.remove();
  drawing.decorate?.(plot, position(plot, 'x'), position(plot, 'y'));
  return finish(plot, options, frame);
};

/** A legible chart for no data. */
export const emptyChart = (options: ChartOptions, notes: readonly string[] = []): string => {
  const frame = layoutFrame(options, { plotHeight: 96, left: EDGE, right: EDGE, notes });
  const svg = options.document.createElementNS(SVG_NAMESPACE, 'svg');
  const [x, y] = [frame.left, frame.top];
  const size = { width: frame.right - frame.left, height: frame.bottom - frame.top };
  appendElement(svg, 'rect', { x, y, ...size, rx: 4, fill: 'none', stroke: GRID });
  appendElement(
    svg,
    'text',
    { x: frame.width / 2, y: y + size.height / 2, dy: '0.35em', fill: MUTED },
    'No data to draw',
  );
  return finish(svg, options, frame);
};
