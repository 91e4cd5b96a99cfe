/** Work of operators that give groups of elements a mean of 0 and a variance of 1. */
import { add, type Integer, multiply } from '../units/integer.ts';
import type { OperatorWork } from './definition.ts';

/**
 * Per element an addition for the mean, a subtraction, a square and an addition for the variance, and a product with the
 * reciprocal deviation; the scale and the shift, where there are any, are one more each.
 */
const FLOPS_PER_ELEMENT = 5;
/** Two divisions by the number of elements, an addition of epsilon, a square root and its reciprocal, a division. */
const FLOPS_PER_GROUP = 5;
const TRANSCENDENTALS_PER_GROUP = 4;
/** fvcore's convention for any normalization, with and without learned scales. */
const FVCORE_PER_ELEMENT = { affine: 5, plain: 4 };

export const standardization = (
  elements: Integer,
  groups: Integer,
  { scale, shift }: { readonly scale: boolean; readonly shift: boolean },
): OperatorWork => {
  const perElement = FLOPS_PER_ELEMENT + (scale ? 1 : 0) + (shift ? 1 : 0);
  return {
    macs: 0,
    flops: add(multiply(elements, perElement), multiply(groups, FLOPS_PER_GROUP)),
    transcendentals: multiply(groups, TRANSCENDENTALS_PER_GROUP),
    fvcoreCount: multiply(elements, FVCORE_PER_ELEMENT[scale ? 'affine' : 'plain']),
    treatment: { kind: 'costed' },
  };
};

export const fvcoreAffine = (elements: Integer): Integer => multiply(elements, FVCORE_PER_ELEMENT.affine);
