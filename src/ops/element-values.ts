/** Followed values as an element type holds them, and what can be told of two of them in order. */
import { type DType, isFloating } from '../ir/dtype.ts';
import { CountOverflowError } from '../units/count.ts';
import { add, compareIntegers, ExpressionLimitError, type Integer } from '../units/integer.ts';

/** Bits of the significand, the hidden one included. */
const SIGNIFICAND_BITS: Partial<Readonly<Record<DType, number>>> = { fp64: 53, fp32: 24, tf32: 24, fp16: 11, bf16: 8 };

const rangeOf = (bits: number, signed: boolean): readonly [number, number] =>
  signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];

const RANGES: Partial<Readonly<Record<DType, readonly [number, number]>>> = {
  bool: [0, 1],
  int2: rangeOf(2, true),
  int4: rangeOf(4, true),
  int8: rangeOf(8, true),
  int16: rangeOf(16, true),
  int32: rangeOf(32, true),
  // Beyond 2^53 numbers are not exact; such values arrive as infinities and stay so.
  int64: [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint2: rangeOf(2, false),
  uint4: rangeOf(4, false),
  uint8: rangeOf(8, false),
  uint16: rangeOf(16, false),
  uint32: rangeOf(32, false),
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

export const rangeOfType = (dtype: DType): readonly [number, number] | undefined => RANGES[dtype];

export const roundHalfEven = (value: number): number => {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
};

/** The nearest number with so many bits; the range of the exponent is not looked at. */
const toSignificand = (value: number, bits: number): number => {
  if (bits === 24) return Math.fround(value);
  if (bits === 53 || value === 0 || !Number.isFinite(value)) return value;
  const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - bits + 1);
  return roundHalfEven(value / step) * step;
};

const heldNumber = (dtype: DType, value: number): number | undefined => {
  if (isFloating(dtype)) {
    const bits = SIGNIFICAND_BITS[dtype];
    return bits === undefined ? undefined : toSignificand(value, bits);
  }
  const range = RANGES[dtype];
  if (range === undefined || Number.isNaN(value)) return undefined;
  if ((dtype === 'int64' || dtype === 'uint64') && !Number.isFinite(value)) return value;
  // What wraps around or leaves the exact integers is not followed. Adding 0 makes a negative zero plain.
  return Number.isInteger(value) && value >= range[0] && value <= range[1] ? value + 0 : undefined;
};

/** A computed value as `dtype` holds it: rounded as its float is, `undefined` where it cannot be told. */
export const heldBy = (dtype: DType, compute: () => Integer | undefined): Integer | undefined => {
  try {
    const value = compute();
    return typeof value === 'number' ? heldNumber(dtype, value) : value;
  } catch (error) {
    // Values that grow past what an expression holds are no extents: they are not followed any further.
    if (error instanceof CountOverflowError || error instanceof ExpressionLimitError) return undefined;
    throw error;
  }
};

/** Whether a > b; `undefined` where it is so for some extents and not for others. */
export const exceeds = (a: Integer, b: Integer): boolean | undefined => {
  if (typeof a === 'number' && typeof b === 'number') return a > b;
  // Open dimensions are finite.
  if (a === Infinity || b === -Infinity) return true;
  if (a === -Infinity || b === Infinity) return false;
  // Beside a whole number a fraction counts as the next one that is whole.
  const least = typeof a === 'number' ? Math.ceil(a) : a;
  const most = typeof b === 'number' ? Math.floor(b) : b;
  if (Number.isNaN(least) || Number.isNaN(most)) return false;
  const order = compareIntegers(least, most);
  if (order !== undefined) return order === 1;
  return compareIntegers(least, add(most, 1)) === -1 ? false : undefined;
};
