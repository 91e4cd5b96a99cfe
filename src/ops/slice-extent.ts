/** How many elements a slice takes along one axis, for numbers and for open dimensions. */
import {
  add,
  ceilDivide,
  compareIntegers,
  type Integer,
  isExpression,
  maximum,
  minimum,
  subtract,
} from '../units/integer.ts';

export interface AxisSlice {
  readonly start: Integer;
  readonly end: Integer;
  readonly step: number;
}

/** "To the end" is written as the largest number of some integer type; those of 64 bits arrive as infinities. */
const UNBOUNDED = 2 ** 31 - 1;

const bound = (value: Integer): Integer => {
  if (isExpression(value) || Math.abs(value) < UNBOUNDED) return value;
  return value > 0 ? Infinity : -Infinity;
};

/** Whether a place is counted from the end; `undefined` where it is so for some open dimensions and not for others. */
export const countsFromEnd = (place: Integer): boolean | undefined => {
  const order = isExpression(place) ? compareIntegers(place, 0) : Math.sign(place);
  if (order !== undefined) return order < 0;
  return compareIntegers(add(place, 1), 0) === 1 ? false : undefined;
};

/** A step past every end takes one element, however large it is. */
export const boundedStep = (step: number): number => Math.max(-UNBOUNDED, Math.min(UNBOUNDED, step));

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** First place and number of elements where all is known. */
export const closedSlice = (
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
  extent: number,
): { readonly first: number; readonly count: number } => {
  if (extent === 0) return { first: 0, count: 0 };
  const [from, to] = [start, end].map((place) => (place < 0 ? place + extent : place)) as [number, number];
  const first = step > 0 ? clamp(from, 0, extent) : clamp(from, 0, extent - 1);
  const last = step > 0 ? clamp(to, 0, extent) : clamp(to, -1, extent - 1);
  return { first, count: Math.max(0, Math.ceil((last - first) / step)) };
};

/** Among places that are all bounds, the infinite ones bound nothing. */
const finite = (places: readonly Integer[]): readonly Integer[] =>
  places.filter((place) => isExpression(place) || Number.isFinite(place));

/**
 * Number of elements. With open dimensions it is the least distance between a bound of the start and one of the end:
 * min(e, D) - max(s, 0) = min(e - s, e, D - s, D), so that x[:k], x[1:] and x[:-1] come out as min(D, k), D - 1 and
 * D - 1. A place whose sign is open counts from the beginning.
 */
export const sliceExtent = ({ start, end, step }: AxisSlice, extent: Integer): Integer => {
  if (!isExpression(extent) && !isExpression(start) && !isExpression(end)) {
    return closedSlice({ start, end, step }, extent).count;
  }
  const counted = (place: Integer): Integer => {
    const bounded = bound(place);
    if (!isExpression(bounded) && !Number.isFinite(bounded)) return bounded;
    return countsFromEnd(bounded) === true ? add(bounded, extent) : bounded;
  };
  const isForward = step > 0;
  // A backward slice starts at the first place at the earliest, so that it takes one element.
  const from = !isForward && counted(start) === -Infinity ? 0 : counted(start);
  const to = counted(end);
  // Nothing lies beyond the far end.
  if (isForward ? from === Infinity || to === -Infinity : to === Infinity) return 0;
  const [starts, ends] = isForward
    ? [finite([from, 0]), finite([to, extent])]
    : [finite([to, -1]), finite([from, subtract(extent, 1)])];
  const distances = ends.flatMap((later) => starts.map((earlier) => subtract(later, earlier)));
  const [nearest, ...others] = distances as [Integer, ...Integer[]];
  const distance = others.reduce(minimum, nearest);
  // An open extent holds something: without its first or last element it may be empty, and not less than that.
  const left = subtract(distance, extent);
  const isSure = !isExpression(left) && left >= -1;
  return ceilDivide(isSure ? distance : maximum(distance, 0), Math.abs(step));
};
