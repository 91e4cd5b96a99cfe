/** Extents of a tensor that is sampled anew, from scales or from the sizes that are asked for. */
import type { Dim, Shape } from '../ir/graph.ts';
import {
  add,
  compareIntegers,
  floorDivide,
  formatInteger,
  type Integer,
  isExpression,
  multiply,
  sameInteger,
} from '../units/integer.ts';
import type { OperatorContext } from './definition.ts';

/** Denominators up to this are tried before a scale is taken as the binary fraction that it is stored as. */
const MAX_DENOMINATOR = 1024;

/** The simplest fraction that the stored 32-bit number is the nearest to: 0.6 is 3 / 5. */
const fractionOf = (scale: number): readonly [number, number] => {
  const stored = Math.fround(scale);
  let [above, below, aboveBefore, belowBefore] = [1, 0, 0, 1];
  for (let rest = stored; ; rest = 1 / (rest - Math.floor(rest))) {
    const whole = Math.floor(rest);
    [above, aboveBefore] = [whole * above + aboveBefore, above];
    [below, belowBefore] = [whole * below + belowBefore, below];
    if (!Number.isFinite(rest) || below > MAX_DENOMINATOR) break;
    if (Math.fround(above / below) === stored) return [above, below];
  }
  let denominator = 1;
  while (!Number.isInteger(stored * denominator) && denominator < 2 ** 40) denominator *= 2;
  return [Math.floor(stored * denominator), denominator];
};

/** floor(extent x scale): on numbers in 32-bit floats, as runtimes compute it. */
export const scaledExtent = (context: OperatorContext, dim: Dim, scale: Integer): Dim => {
  if (isExpression(scale)) return multiply(dim, scale);
  if (!(scale > 0) || !Number.isFinite(scale)) context.fail(`a scale of ${scale}, expected more than 0`);
  if (!isExpression(dim)) return Math.floor(Math.fround(Math.fround(dim) * Math.fround(scale)));
  const [above, below] = fractionOf(scale);
  return floorDivide(multiply(dim, above), below);
};

/** round(extent x size / reference), halves up. */
const proportional = (extent: Dim, size: Dim, reference: Dim): Dim =>
  floorDivide(add(multiply(multiply(extent, size), 2), reference), multiply(reference, 2));

/** Which of the axes has the smallest (or largest) ratio of size to extent; `undefined` where that is open. */
const extremeRatio = (sizes: readonly Dim[], extents: readonly Dim[], wanted: 1 | -1): number | undefined => {
  let best = 0;
  for (let index = 1; index < sizes.length; index++) {
    // a / b against c / d, as a d against c b.
    const own = multiply(sizes[index] as Dim, extents[best] as Dim);
    const order = compareIntegers(own, multiply(sizes[best] as Dim, extents[index] as Dim));
    if (order === undefined) return undefined;
    if (order === wanted) best = index;
  }
  return best;
};

/**
 * Extents of the resized axes from the sizes that are asked for, which may have to keep the proportions; `undefined` where
 * open extents decide which of them is kept to.
 */
export const sizedExtents = (
  context: OperatorContext,
  extents: readonly Dim[],
  sizes: readonly Integer[],
): readonly Dim[] | undefined => {
  for (const size of sizes) {
    if (!isExpression(size) && (!Number.isSafeInteger(size) || size < 1)) {
      context.fail(`sizes [${sizes.map(formatInteger).join(', ')}]: expected whole numbers of 1 or more`);
    }
  }
  const policy = context.text('keep_aspect_ratio_policy', 'stretch');
  if (policy === 'stretch') return sizes;
  if (policy !== 'not_larger' && policy !== 'not_smaller') {
    return context.fail(`keep_aspect_ratio_policy is "${policy}", expected stretch, not_larger or not_smaller`);
  }
  const decisive = extremeRatio(sizes, extents, policy === 'not_larger' ? -1 : 1);
  if (decisive === undefined) return undefined;
  return extents.map((extent) => proportional(extent, sizes[decisive] as Dim, extents[decisive] as Dim));
};

/** `shape` with the extents of `axes` replaced. */
export const withExtents = (shape: Shape, axes: readonly number[], extents: readonly Dim[]): Shape =>
  shape.map((dim, axis) => {
    const index = axes.indexOf(axis);
    return index < 0 ? dim : (extents[index] as Dim);
  });

/** Items and channels. */
const OUTER_AXES = 2;

/**
 * The axes along which something is sampled: those whose extent changes. Where that is open, items and channels are taken
 * to stay, of which nothing is ever sampled in between, and spatial axes to change.
 */
export const changedAxes = (input: Shape, output: Shape): readonly number[] =>
  [...input.keys()].filter((axis) => {
    const [before, after] = [input[axis] as Dim, output[axis] as Dim];
    const isOuter = axis < OUTER_AXES && input.length > OUTER_AXES;
    return isOuter && compareIntegers(before, after) === undefined ? false : !sameInteger(before, after);
  });
