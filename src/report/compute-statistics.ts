/** Rank statistics over a handful of models. */

/** Ranks from 1, the least first; equal values share the mean of their ranks. */
export const averageRanks = (values: readonly number[]): readonly number[] =>
  values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });

/** Spearman's rho: Pearson's correlation of the ranks, right with ties. NaN below two distinct values. */
export const spearmanRho = (a: readonly number[], b: readonly number[]): number => {
  if (a.length !== b.length) throw new RangeError('rho needs pairs');
  const [x, y] = [averageRanks(a), averageRanks(b)];
  const mean = (a.length + 1) / 2;
  let covariance = 0;
  let varianceX = 0;
  let varianceY = 0;
  x.forEach((rank, index) => {
    const dx = rank - mean;
    const dy = (y[index] as number) - mean;
    covariance += dx * dy;
    varianceX += dx * dx;
    varianceY += dy * dy;
  });
  return varianceX === 0 || varianceY === 0 ? Number.NaN : covariance / Math.sqrt(varianceX * varianceY);
};

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
