/** Rank statistics over a handful of models. */

export interface Span {
  readonly low: number;
  readonly high: number;
}

export const overlaps = (a: Span, b: Span): boolean => a.low <= b.high && b.low <= a.high;

/** The ranks that a span can take among all: those wholly below it come before, those wholly above after. */
export const rankRange = (spans: readonly Span[], index: number): { readonly best: number; readonly worst: number } => {
  const own = spans[index] as Span;
  const below = spans.filter((other) => other.high < own.low).length;
  const above = spans.filter((other) => other.low > own.high).length;
  return { best: below + 1, worst: spans.length - above };
};

/** Unordered pairs, and how many of them have spans that do not overlap. */
export const separatedPairs = (spans: readonly Span[]): { readonly separated: number; readonly pairs: number } => {
  let separated = 0;
  spans.forEach((a, index) => {
    for (const b of spans.slice(index + 1)) if (!overlaps(a, b)) separated++;
  });
  return { separated, pairs: (spans.length * (spans.length - 1)) / 2 };
};

export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
