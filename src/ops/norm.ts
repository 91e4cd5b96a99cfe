/** Cost of the norm (sum of |x|^p)^(1/p) that `p` chooses. */
import type { OperatorContext } from './definition.ts';
import type { Cost } from './pointwise.ts';

export interface NormCosts {
  readonly element: Cost;
  /** The root: transcendental. */
  readonly result: 0 | 1;
}

/** p = 1: an absolute value; p = 2: a square, and a square root of the sum; else an absolute value, a power, and a root. */
export const normCosts = (context: OperatorContext): NormCosts => {
  const p = context.integer('p', 2);
  if (!(p > 0)) context.fail(`p is ${p}, expected more than 0`);
  if (p === 1) return { element: [1, 0], result: 0 };
  if (p === 2) return { element: [1, 0], result: 1 };
  return { element: [2, 1], result: 1 };
};
