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
  if (output.includes(0)) return [];
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

/** The place of every element of a tensor of these (followed) extents, in row-major order. */
export const placesIn = (extents: readonly number[]): readonly (readonly number[])[] => {
  if (extents.includes(0)) return [];
  return extents.reduce<readonly (readonly number[])[]>(
    (places, extent) => places.flatMap((place) => Array.from({ length: extent }, (_, next) => [...place, next])),
    [[]],
  );
};

/** Position in row-major order. */
export const positionOf = (at: readonly number[], extents: readonly number[]): number =>
  at.reduce((position, place, axis) => position * (extents[axis] as number) + place, 0);

/**
 * Contents of a tensor of which every element is one of `input`'s: `source` tells from where the element at a place
 * comes. Where it says `undefined`, the element is `filling`. Nothing where the contents are not known, or too many.
 */
export const pickedValues = (
  input: TensorType,
  shape: Shape,
  source: (at: readonly number[], extents: readonly number[]) => readonly number[] | undefined,
  filling: Integer = 0,
): { readonly values?: readonly Integer[] } => {
  const { values } = input;
  const extents = values === undefined ? undefined : followedExtents(input.shape);
  const output = values === undefined ? undefined : followedExtents(shape);
  if (values === undefined || extents === undefined || output === undefined) return {};
  const picked = placesIn(output).map((at) => {
    const from = source(at, extents);
    return from === undefined ? filling : (values[positionOf(from, extents)] as Integer);
  });
  return { values: picked };
};
