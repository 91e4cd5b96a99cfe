/** Floating-point types narrower than 32 bits, from numbers to bits. */

export interface FloatFormat {
  readonly mantissaBits: number;
  readonly bias: number;
  readonly signBit: number;
  /** Code of the largest finite value. */
  readonly largest: number;
  /** Code of what is larger: infinity, or the largest value again in a type that saturates. */
  readonly overflow: number;
  readonly nan: number;
}

/** ONNX's types: https://onnx.ai/onnx/technical/float8.html; fp8 values saturate, as a Cast does by default. */
export const FLOAT_FORMATS = {
  fp16: { mantissaBits: 10, bias: 15, signBit: 0x8000, largest: 0x7bff, overflow: 0x7c00, nan: 0x7e00 },
  bf16: { mantissaBits: 7, bias: 127, signBit: 0x8000, largest: 0x7f7f, overflow: 0x7f80, nan: 0x7fc0 },
  fp8e4m3fn: { mantissaBits: 3, bias: 7, signBit: 0x80, largest: 0x7e, overflow: 0x7e, nan: 0x7f },
  fp8e4m3fnuz: { mantissaBits: 3, bias: 8, signBit: 0x80, largest: 0x7f, overflow: 0x7f, nan: 0x80 },
  fp8e5m2: { mantissaBits: 2, bias: 15, signBit: 0x80, largest: 0x7b, overflow: 0x7b, nan: 0x7f },
  fp8e5m2fnuz: { mantissaBits: 2, bias: 16, signBit: 0x80, largest: 0x7f, overflow: 0x7f, nan: 0x80 },
  fp4e2m1: { mantissaBits: 1, bias: 1, signBit: 0x8, largest: 0x7, overflow: 0x7, nan: 0x7 },
} as const satisfies Readonly<Record<string, FloatFormat>>;

const roundHalfEven = (value: number): number => {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
};

const scratch = new DataView(new ArrayBuffer(8));

/** Exponent of a positive normal double: 2^e <= value < 2^(e + 1). */
const exponentOf = (value: number): number => {
  scratch.setFloat64(0, value);
  return ((scratch.getUint16(0) >> 4) & 0x7ff) - 1023;
};

/** The code of the nearest value, ties to even. */
export const encodeFloat = (value: number, format: FloatFormat): number => {
  if (Number.isNaN(value)) return format.nan;
  const { mantissaBits, bias, signBit, largest, overflow } = format;
  const size = Math.abs(value);
  // Below the smallest normal exponent the steps stay as they are: subnormal values.
  const exponent = Math.max(size === 0 ? -Infinity : exponentOf(size), 1 - bias);
  const steps = roundHalfEven(size * 2 ** (mantissaBits - exponent));
  const code = size === Infinity ? overflow : (exponent + bias - 1) * 2 ** mantissaBits + steps;
  const bounded = code > largest ? overflow : code;
  const isNegative = value < 0 || Object.is(value, -0);
  // The `fnuz` types have no negative zero: its code is NaN.
  return isNegative && !(bounded === 0 && format.nan === signBit) ? bounded + signBit : bounded;
};

/** e8m0: a power of two without sign, 2^(code - 127). */
export const encodePowerOfTwo = (value: number): number => {
  if (Number.isNaN(value) || value < 0) return 0xff;
  return value === 0 ? 0 : Math.min(Math.max(Math.round(Math.log2(value)) + 127, 0), 0xfe);
};
