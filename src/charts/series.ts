/** Which colour and symbol a series gets. */

import { MAX_SERIES } from './theme.ts';

export interface SeriesScale {
  /** What the legend lists: present series, in palette order. */
  readonly entries: readonly { readonly name: string; readonly index: number }[];
  readonly indexOf: (name: string) => number;
}

/**
 * Palette positions in order of first appearance; `order` fixes them, so that a class has one colour in all charts of a
 * report. There are eight colours: of more series, those from the eighth on share the last as "other".
 */
export const seriesScale = (names: Iterable<string>, order: readonly string[] = []): SeriesScale => {
  const present = new Set(names);
  const all = [...new Set([...order, ...present])];
  const crowded = all.length > MAX_SERIES;
  const last = MAX_SERIES - 1;
  const positions = new Map(all.map((name, position) => [name, Math.min(position, last)]));
  const indexOf = (name: string): number => positions.get(name) ?? last;
  const own = all.filter((name, position) => present.has(name) && !(crowded && position >= last));
  const entries = own.map((name) => ({ name, index: indexOf(name) }));
  const folded = crowded && all.slice(last).some((name) => present.has(name));
  return { entries: folded ? [...entries, { name: 'other', index: last }] : entries, indexOf };
};
