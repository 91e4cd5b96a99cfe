/** Statistics of predictions against measurements. */

export interface WeightedValue {
  readonly value: number;
  readonly weight: number;
}

/** The smallest value with at least `level` of the total weight at or below it. */
export const weightedQuantile = (values: readonly WeightedValue[], level: number): number => {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const target = level * sorted.reduce((sum, { weight }) => sum + weight, 0);
  let reached = 0;
  for (const { value, weight } of sorted) {
    reached += weight;
    if (reached >= target) return value;
  }
  return sorted.at(-1)?.value ?? Number.NaN;
};

/** Ranks from 1; ties share their mean rank. */
export const ranks = (values: readonly number[]): readonly number[] => {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const result = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && order[end + 1]?.value === order[start]?.value) end++;
    for (let i = start; i <= end; i++) result[(order[i] as { index: number }).index] = (start + end) / 2 + 1;
    start = end + 1;
  }
  return result;
};

/** Of an even number of values, the mean of the middle two; `NaN` of none. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
};

/** Spearman's rank correlation, Pearson's of the ranks. */
export const spearman = (a: readonly number[], b: readonly number[]): number => {
  const x = ranks(a);
  const y = ranks(b);
  const mean = (x.length + 1) / 2;
  let covariance = 0;
  let varianceX = 0;
  let varianceY = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] as number) - mean;
    const dy = (y[i] as number) - mean;
    covariance += dx * dy;
    varianceX += dx * dx;
    varianceY += dy * dy;
  }
  return covariance / Math.sqrt(varianceX * varianceY);
};

export interface ErrorSummary {
  readonly rows: number;
  readonly mape: number;
  readonly medianApe: number;
  readonly within10: number;
  readonly within20: number;
  readonly spearman: number;
}

/** Absolute percentage errors (as shares) and rank agreement of predictions against the truth. */
export const errorSummary = (
  pairs: readonly { readonly predicted: number; readonly measured: number }[],
): ErrorSummary => {
  const errors = pairs.map(({ predicted, measured }) => Math.abs(predicted / measured - 1));
  const share = (limit: number) => errors.filter((error) => error <= limit).length / errors.length;
  return {
    rows: pairs.length,
    mape: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    medianApe: weightedQuantile(
      errors.map((value) => ({ value, weight: 1 })),
      0.5,
    ),
    within10: share(0.1),
    within20: share(0.2),
    spearman: spearman(
      pairs.map(({ predicted }) => predicted),
      pairs.map(({ measured }) => measured),
    ),
  };
};
