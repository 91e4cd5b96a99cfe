import { describe, expect, it } from 'vitest';
import type { DType } from '../../src/ir/dtype.ts';
import { dataTypeOf, encodeValues } from '../../src/onnx/write/element-types.ts';
import { WriteError } from '../../src/onnx/write/error.ts';

const bytes = (dtype: DType, ...values: readonly number[]): readonly number[] => [
  ...encodeValues(dataTypeOf(dtype), values),
];
const codes16 = (dtype: DType, ...values: readonly number[]): readonly number[] => [
  ...new Uint16Array(encodeValues(dataTypeOf(dtype), values).slice().buffer),
];

describe('encodeValues', () => {
  it('rounds half precision to nearest, ties to even, with subnormals and infinities', () => {
    const values = [1, -2, 65504, 65519, 65520, 2 ** -24, 2 ** -25, 1 + 2 ** -11, 1 + 3 * 2 ** -11, -0, Number.NaN];
    expect(codes16('fp16', ...values)).toEqual([
      ...[0x3c00, 0xc000, 0x7bff, 0x7bff, 0x7c00, 0x0001, 0x0000, 0x3c00, 0x3c02, 0x8000, 0x7e00],
    ]);
    expect(codes16('bf16', 1, Math.PI, -Infinity, 1e39)).toEqual([0x3f80, 0x4049, 0xff80, 0x7f80]);
  });

  it('saturates 8-bit and 4-bit floats as ONNX does', () => {
    expect(bytes('fp8e4m3fn', 1, 448, 1000, -0.5, 2 ** -9, Number.NaN)).toEqual([0x38, 0x7e, 0x7e, 0xb0, 0x01, 0x7f]);
    expect(bytes('fp8e4m3fnuz', 1, -0, 240)).toEqual([0x40, 0x00, 0x7f]);
    expect(bytes('fp8e5m2', 1, 57344, 1e9)).toEqual([0x3c, 0x7b, 0x7b]);
    expect(bytes('fp8e5m2fnuz', 1, 57344)).toEqual([0x40, 0x7f]);
    expect(bytes('fp8e8m0', 1, 0.25)).toEqual([127, 125]);
    expect(bytes('fp4e2m1', 0.5, -6, 1.5)).toEqual([0xf1, 0x03]);
  });

  it('packs small integers from the low bits up, and keeps the ends of 64 bits', () => {
    expect(bytes('int4', -1, 7, 3)).toEqual([0x7f, 0x03]);
    expect(bytes('uint2', 1, 2, 3, 0, 1)).toEqual([0b00111001, 0b01]);
    expect(bytes('int64', Number.POSITIVE_INFINITY)).toEqual([...Array(7).fill(255), 127]);
    expect(bytes('uint64', Number.POSITIVE_INFINITY)).toEqual(Array(8).fill(255));
    expect(bytes('bool', 0, 5)).toEqual([0, 1]);
    expect(bytes('uint16', 258)).toEqual([2, 1]);
  });

  it('refuses what has no number form', () => {
    expect(() => bytes('complex64', 1)).toThrow(WriteError);
    expect(() => bytes('string', 1)).toThrow(WriteError);
  });
});
