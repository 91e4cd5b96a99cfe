/** Following the contents of small tensors: what shape arithmetic computes. */
import type { Shape } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import type { Integer } from '../units/integer.ts';
import { MAX_FOLLOWED_VALUES, type TensorType } from './definition.ts';

/** The shape as numbers, where it is closed and holds few enough elements to follow. */
export const followedExtents = (shape: Shape): readonly number[] | undefined => {
  const extents = shape.filter((dim) => typeof dim === 'number');
  if (extents.length !== shape.length) return undefined;
  // A huge extent beside a zero would overflow on the way to nothing.
  if (extents.some((extent) => extent > MAX_FOLLOWED_VALUES)) return undefined;
  const count = elementCount(extents);
  return typeof count === 'number' && count <= MAX_FOLLOWED_VALUES ? extents : undefined;
};

/** For each element of `output` in row-major order, the position in an operand of shape `operand` that broadcasts to it. */
const broadcastPositions = (operand: readonly number[], output: readonly number[]): readonly number[] => {
  let positions: number[] = [0];
  const lead = output.length - operand.length;
  for (const [axis, extent] of output.entries()) {
    const own = axis < lead ? 1 : (operand[axis - lead] as number);
    const next: number[] = [];
    for (const position of positions) {
      for (let i = 0; i < extent; i++) next.push(axis < lead ? position : position * own + (own === 1 ? 0 : i));
    }
    positions = next;
  }
  return positions;
};

/** Applies `compute` to the contents of the operands, broadcast to `shape`; `undefined` where they are not all known. */
export const broadcastValues = (
  operands: readonly TensorType[],
  shape: Shape,
  compute: (a: Integer, b?: Integer, c?: Integer) => Integer | undefined,
): { readonly values?: readonly Integer[] } => {
  const output = followedExtents(shape);
  if (output === undefined) return {};
  const columns: Integer[][] = [];
  for (const { values, shape: own } of operands) {
    const extents = followedExtents(own);
    if (values === undefined || extents === undefined) return {};
    columns.push(broadcastPositions(extents, output).map((position) => values[position] as Integer));
  }
  const count = output.reduce((all, extent) => all * extent, 1);
  const values: Integer[] = [];
  for (let i = 0; i < count; i++) {
    const value = compute(columns[0]?.[i] as Integer, columns[1]?.[i], columns[2]?.[i]);
    if (value === undefined) return {};
    values.push(value);
  }
  return { values };
};

/**
 * Arithmetic on two followed values: plain on numbers, which may be fractions, and exact on
 * expressions, which only whole numbers combine with.
 */
export const followed =
  (plain: (a: number, b: number) => number, exact?: (a: Integer, b: Integer) => Integer | undefined) =>
  (a?: Integer, b?: Integer): Integer | undefined => {
    if (a === undefined || b === undefined) return undefined;
    if (typeof a === 'number' && typeof b === 'number') return plain(a, b);
    const whole = [a, b].every((value) => typeof value !== 'number' || Number.isSafeInteger(value));
    return whole ? exact?.(a, b) : undefined;
  };
