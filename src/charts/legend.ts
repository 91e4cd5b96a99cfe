/** Legends as part of the SVG: Plot's own are HTML beside it, which a file does not have. */

import { appendElement } from './svg.ts';
import { symbolPath } from './symbols.ts';
import { fitText, textWidth } from './text.ts';
import { INK, LABEL_FONT_SIZE, MUTED, seriesColor } from './theme.ts';

export type LegendSwatch =
  | { readonly kind: 'symbol'; readonly index: number }
  | { readonly kind: 'square'; readonly index: number }
  | { readonly kind: 'line'; readonly color: string; readonly dash?: string }
  /** A sample of a dot's area. */
  | { readonly kind: 'ring'; readonly radius: number };

export interface LegendEntry {
  readonly label: string;
  readonly swatch: LegendSwatch;
}

export interface LegendLayout {
  readonly height: number;
  readonly items: readonly {
    readonly entry: LegendEntry;
    readonly label: string;
    readonly x: number;
    readonly y: number;
  }[];
}

const ROW_HEIGHT = 20;
const SWATCH_GAP = 6;
const ENTRY_GAP = 16;
const MAX_LABEL_WIDTH = 260;

const swatchWidth = (swatch: LegendSwatch): number => {
  if (swatch.kind === 'line') return 20;
  return swatch.kind === 'ring' ? 2 * swatch.radius + 1 : 12;
};

const swatchHeight = (swatch: LegendSwatch): number => (swatch.kind === 'ring' ? 2 * swatch.radius + 4 : ROW_HEIGHT);

/** Entries in rows from the left, wrapped at `width`; (x, y) is the left end of an entry's middle line. */
export const layoutLegend = (entries: readonly LegendEntry[], width: number): LegendLayout => {
  const rows: { label: string; entry: LegendEntry; x: number }[][] = [];
  let x = 0;
  for (const entry of entries) {
    const label = fitText(entry.label, MAX_LABEL_WIDTH, LABEL_FONT_SIZE);
    const wide = swatchWidth(entry.swatch) + SWATCH_GAP + textWidth(label, LABEL_FONT_SIZE);
    if (rows.length === 0 || x + wide > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push({ entry, label, x });
    x += wide + ENTRY_GAP;
  }
  let height = 0;
  const items = rows.flatMap((row) => {
    const rowHeight = Math.max(ROW_HEIGHT, ...row.map(({ entry }) => swatchHeight(entry.swatch)));
    const y = height + rowHeight / 2;
    height += rowHeight;
    return row.map((item) => ({ ...item, y }));
  });
  return { height, items };
};

const drawSwatch = (parent: Element, swatch: LegendSwatch, x: number, y: number): void => {
  switch (swatch.kind) {
    case 'symbol':
      appendElement(parent, 'path', { d: symbolPath(swatch.index, x + 6, y, 5), fill: seriesColor(swatch.index) });
      return;
    case 'square':
      appendElement(parent, 'rect', { x, y: y - 6, width: 12, height: 12, rx: 2, fill: seriesColor(swatch.index) });
      return;
    case 'line':
      appendElement(parent, 'path', {
        d: `M${x},${y}h20`,
        stroke: swatch.color,
        'stroke-width': 2,
        'stroke-dasharray': swatch.dash,
        fill: 'none',
      });
      return;
    case 'ring':
      appendElement(parent, 'circle', { cx: x + swatch.radius, cy: y, r: swatch.radius, fill: 'none', stroke: MUTED });
  }
};

export const drawLegend = (parent: Element, legend: LegendLayout, left: number, top: number): void => {
  if (legend.items.length === 0) return;
  const group = appendElement(parent, 'g', {
    class: 'assay-legend',
    'text-anchor': 'start',
    'font-size': LABEL_FONT_SIZE,
    fill: INK,
  });
  for (const { entry, label, x, y } of legend.items) {
    drawSwatch(group, entry.swatch, left + x, top + y);
    const textX = left + x + swatchWidth(entry.swatch) + SWATCH_GAP;
    appendElement(group, 'text', { x: textX, y: top + y, dy: '0.35em' }, label);
  }
};
