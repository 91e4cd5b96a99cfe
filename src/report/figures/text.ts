/** Pieces of sentences: a list, a count with its noun, a latency with its interval. */
import type { Estimate } from '../../estimate/estimate.ts';
import { formatNumber, formatPercent, formatSI } from '../../units/format.ts';

/** "a", "a and b", "a, b and c". */
export const listOf = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** "1 model", "9 models"; `plural` where an s is not enough. */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count} ${count === 1 ? singular : plural}`;

/** "no model", "1 of 9 models", "all 9 models", and "the model" where there is only one. */
export const countedOf = (count: number, total: number, singular: string, plural = `${singular}s`): string => {
  if (count === 0) return `no ${singular}`;
  if (total === 1) return `the only ${singular}`;
  return count === total ? `all ${total} ${plural}` : `${count} of ${total} ${plural}`;
};

/** The verb that goes with a count: "1 model holds", "2 models hold". */
export const verb = (count: number, singular: string, plural: string): string => (count === 1 ? singular : plural);

/** "Hold" of "hold": for a sentence that begins with a computed word. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "no model" takes a singular verb, "all 9 models" a plural one. */
export const verbOf = (count: number, total: number, singular: string, plural: string): string =>
  verb(count === 0 || total === 1 ? 1 : count, singular, plural);

/** "2.8 times", from 1 up. */
export const timesText = (ratio: number): string => `${formatNumber(ratio)} times`;

export const latencyOf = (seconds: number): string => formatSI(seconds, 's');

/** "3.24 ms (80 % interval 2.82 ms to 3.82 ms)". */
export const latencyText = ({ latencySeconds, interval }: Estimate): string =>
  `${latencyOf(latencySeconds)} (${formatPercent(interval.level, 0)} interval ` +
  `${latencyOf(interval.lowSeconds)} to ${latencyOf(interval.highSeconds)})`;

/** Names under one heading, in order of first appearance: what is the same for several devices is said once. */
export const groupedBy = <Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): readonly { readonly key: string; readonly items: readonly Item[] }[] => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].map(([key, members]) => ({ key, items: members }));
};
