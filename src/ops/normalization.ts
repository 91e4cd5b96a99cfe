/** Work of operators that give groups of elements a mean of 0 and a variance of 1. */
import { add, type Integer, multiply } from '../units/integer.ts';
import type { OperatorWork } from './definition.ts';
import { countText } from './table-texts.ts';

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

interface Affine {
  readonly scale: boolean;
  readonly shift: boolean;
}

const flopsPerElement = ({ scale, shift }: Affine): number => FLOPS_PER_ELEMENT + (scale ? 1 : 0) + (shift ? 1 : 0);

/** The same in words; `group` is what has a mean and a variance of its own. */
export const standardizationText = (group: string, affine: Affine): string =>
  `${flopsPerElement(affine)} per element; ${countText([FLOPS_PER_GROUP, TRANSCENDENTALS_PER_GROUP], group)}`;

export const standardization = (elements: Integer, groups: Integer, affine: Affine): OperatorWork => {
  const perElement = flopsPerElement(affine);
  return {
    macs: 0,
    flops: add(multiply(elements, perElement), multiply(groups, FLOPS_PER_GROUP)),
    transcendentals: multiply(groups, TRANSCENDENTALS_PER_GROUP),
    fvcoreCount: multiply(elements, FVCORE_PER_ELEMENT[affine.scale ? 'affine' : 'plain']),
    treatment: { kind: 'costed' },
  };
};

export const fvcoreAffine = (elements: Integer): Integer => multiply(elements, FVCORE_PER_ELEMENT.affine);
