/** Labels along straight lines: just above the line, turned with it, slid along it until they cover no other label. */

import { textWidth } from './text.ts';
import { LABEL_FONT_SIZE } from './theme.ts';

/** A line in pixels from left to right, and the end its label prefers. */
export interface LineLabel {
  readonly text: string;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly at: 'start' | 'end';
}

export interface PlacedLineLabel {
  readonly text: string;
  /** The baseline's anchor. */
  readonly x: number;
  readonly y: number;
  readonly degrees: number;
  readonly anchor: 'start' | 'end';
}

const GAP = 4;
const STEP = 12;
const HALF_HEIGHT = LABEL_FONT_SIZE / 2 + 1;

interface Dot {
  readonly x: number;
  readonly y: number;
}

// A turned label as a row of discs: enough to see whether two cover each other.
const discs = (placed: PlacedLineLabel): readonly Dot[] => {
  const width = textWidth(placed.text, LABEL_FONT_SIZE);
  const angle = (placed.degrees * Math.PI) / 180;
  const sign = placed.anchor === 'end' ? -1 : 1;
  const count = Math.ceil(width / HALF_HEIGHT);
  return Array.from({ length: count + 1 }, (_, index) => {
    const along = (sign * width * index) / count;
    const above = LABEL_FONT_SIZE / 3;
    return {
      x: placed.x + along * Math.cos(angle) + above * Math.sin(angle),
      y: placed.y + along * Math.sin(angle) - above * Math.cos(angle),
    };
  });
};

const touches = (a: readonly Dot[], b: readonly Dot[]): boolean =>
  a.some((first) => b.some((second) => Math.hypot(first.x - second.x, first.y - second.y) < 2 * HALF_HEIGHT));

export const placeLineLabels = (lines: readonly LineLabel[]): readonly PlacedLineLabel[] => {
  const taken: (readonly Dot[])[] = [];
  return lines.map((line) => {
    const length = Math.hypot(line.x2 - line.x1, line.y2 - line.y1) || 1;
    const [dx, dy] = [(line.x2 - line.x1) / length, (line.y2 - line.y1) / length];
    const degrees = (Math.atan2(dy, dx) * 180) / Math.PI;
    const free = Math.max(0, length - textWidth(line.text, LABEL_FONT_SIZE) - 2 * GAP);
    const candidate = (slide: number, side: 1 | -1): PlacedLineLabel => {
      const along = line.at === 'start' ? GAP + slide : length - GAP - slide;
      // Baselines: 4 pixels above the line, or far enough below it for the ascenders.
      const off = side === 1 ? GAP : -(LABEL_FONT_SIZE + 1);
      const x = line.x1 + dx * along + dy * off;
      const y = line.y1 + dy * along - dx * off;
      return { text: line.text, x, y, degrees: Number(degrees.toFixed(2)), anchor: line.at };
    };
    let best = candidate(0, 1);
    search: for (let slide = 0; slide <= free; slide += STEP) {
      for (const side of [1, -1] as const) {
        const placed = candidate(slide, side);
        if (taken.some((other) => touches(discs(placed), other))) continue;
        best = placed;
        break search;
      }
    }
    taken.push(discs(best));
    return best;
  });
};
