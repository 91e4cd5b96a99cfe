/**
 * Counts of work are exact integers, affine in the batch size: `fixed + perItem x batch`.
 * Weights are fixed, activations are per item, so one compiled workload serves every batch.
 */
export interface Count {
  readonly fixed: number;
  readonly perItem: number;
}

export const ZERO_COUNT: Count = { fixed: 0, perItem: 0 };

/** Thrown where a count would leave the exact integers of a double (2^53). */
export class CountOverflowError extends RangeError {
  readonly code = 'count-overflow';
}

const exact = (value: number): number => {
  if (!Number.isSafeInteger(value)) {
    throw new CountOverflowError(`a count of ${value} is beyond 2^53 and would no longer be exact`);
  }
  return value;
};

export const addCounts = (a: Count, b: Count): Count => ({
  fixed: exact(a.fixed + b.fixed),
  perItem: exact(a.perItem + b.perItem),
});
export const scaleCount = (count: Count, factor: number): Count => ({
  fixed: exact(count.fixed * factor),
  perItem: exact(count.perItem * factor),
});
export const sumCounts = (counts: Iterable<Count>): Count => {
  let fixed = 0;
  let perItem = 0;
  for (const count of counts) {
    fixed += count.fixed;
    perItem += count.perItem;
  }
  return { fixed: exact(fixed), perItem: exact(perItem) };
};
/** The count at one batch size. */
export const countAt = (count: Count, batch: number): number => exact(count.fixed + count.perItem * batch);
