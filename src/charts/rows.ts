/** Horizontal bars stand in rows of pixels: their chart grows with their number, and labels stay readable. */

import * as Plot from '@observablehq/plot';
import { type ChartOptions, chartWidth } from './frame.ts';
import { fitText, textWidth } from './text.ts';
import { INK, LABEL_FONT_SIZE } from './theme.ts';

export interface RowLayout {
  readonly height: number;
  /** Per item given, in pixels from the top of the data. */
  readonly places: readonly { readonly y1: number; readonly y2: number }[];
  readonly categories: readonly { readonly name: string; readonly middle: number }[];
}

const GROUP_GAP = 10;
const EDGE = 6;

/** Categories in order of first appearance, their items one below the other. */
export const rowLayout = (categories: readonly string[], rowHeight: number): RowLayout => {
  const members = new Map<string, number[]>();
  categories.forEach((category, index) => {
    const list = members.get(category);
    if (list === undefined) members.set(category, [index]);
    else list.push(index);
  });
  const places: { y1: number; y2: number }[] = [];
  const middles: { name: string; middle: number }[] = [];
  let y = EDGE;
  for (const [name, indices] of members) {
    middles.push({ name, middle: y + (indices.length * rowHeight) / 2 });
    for (const index of indices) {
      places[index] = { y1: y + 0.5, y2: y + rowHeight - 0.5 };
      y += rowHeight;
    }
    y += GROUP_GAP;
  }
  return { height: y - GROUP_GAP + EDGE, places, categories: middles };
};

export const rowsScale = (rows: RowLayout): Plot.ScaleOptions => ({
  type: 'linear',
  // Downwards, as rows are read.
  domain: [rows.height, 0],
  axis: null,
});

/** The categories' names, cut to a third of the chart, and the margin they need. */
export const rowLabels = (
  rows: RowLayout,
  options: ChartOptions,
): { readonly margin: number; readonly mark: Plot.Markish } => {
  const texts = rows.categories.map(({ name }) => fitText(name, chartWidth(options) / 3, LABEL_FONT_SIZE));
  const ticks = rows.categories.map(({ middle }) => middle);
  return {
    margin: Math.ceil(16 + Math.max(0, ...texts.map((text) => textWidth(text, LABEL_FONT_SIZE)))),
    mark: Plot.axisY(ticks, {
      label: null,
      fill: INK,
      fontSize: LABEL_FONT_SIZE,
      tickSize: 0,
      tickPadding: 8,
      text: texts,
    }),
  };
};
