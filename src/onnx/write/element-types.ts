/** Element types as ONNX numbers them (TensorProto.DataType), and numbers as `raw_data` stores them: little-endian. */
import { DTYPE_BYTES, type DType } from '../../ir/dtype.ts';
import { dtypeOfOnnx } from '../../ops/data-types.ts';
import { WriteError } from './error.ts';
import { encodeFloat, encodePowerOfTwo, FLOAT_FORMATS } from './minifloat.ts';
import { int64 } from './wire.ts';

export { onnxOfDtype as dataTypeOf } from '../../ops/data-types.ts';

/** First version of the file format that has a type: https://github.com/onnx/onnx/blob/main/docs/Versioning.md. */
export const IR_VERSION_OF: Readonly<Partial<Record<DType, number>>> = {
  fp4e2m1: 11,
  fp8e8m0: 12,
  uint2: 13,
  int2: 13,
};

/** Writes one number at an element's place. */
export type ElementWriter = (view: DataView, index: number, value: number) => void;

/** Several elements to a byte, the first in the low bits. */
const packed =
  (bits: 2 | 4, code: (value: number) => number): ElementWriter =>
  (view, index, value) => {
    const at = index * bits;
    const byte = at >> 3;
    view.setUint8(byte, view.getUint8(byte) | ((code(value) & (2 ** bits - 1)) << (at & 7)));
  };

const whole = (value: number): number => Math.trunc(value);
const unsigned64: ElementWriter = (view, index, value) =>
  view.setBigUint64(index * 8, value >= 2 ** 64 ? 2n ** 64n - 1n : BigInt(Math.max(Math.trunc(value), 0)), true);

const WRITERS: Readonly<Partial<Record<DType, ElementWriter>>> = {
  fp32: (view, index, value) => view.setFloat32(index * 4, value, true),
  fp64: (view, index, value) => view.setFloat64(index * 8, value, true),
  fp16: (view, index, value) => view.setUint16(index * 2, encodeFloat(value, FLOAT_FORMATS.fp16), true),
  bf16: (view, index, value) => view.setUint16(index * 2, encodeFloat(value, FLOAT_FORMATS.bf16), true),
  fp8e4m3fn: (view, index, value) => view.setUint8(index, encodeFloat(value, FLOAT_FORMATS.fp8e4m3fn)),
  fp8e4m3fnuz: (view, index, value) => view.setUint8(index, encodeFloat(value, FLOAT_FORMATS.fp8e4m3fnuz)),
  fp8e5m2: (view, index, value) => view.setUint8(index, encodeFloat(value, FLOAT_FORMATS.fp8e5m2)),
  fp8e5m2fnuz: (view, index, value) => view.setUint8(index, encodeFloat(value, FLOAT_FORMATS.fp8e5m2fnuz)),
  fp8e8m0: (view, index, value) => view.setUint8(index, encodePowerOfTwo(value)),
  fp4e2m1: packed(4, (value) => encodeFloat(value, FLOAT_FORMATS.fp4e2m1)),
  int64: (view, index, value) => view.setBigInt64(index * 8, int64(value), true),
  int32: (view, index, value) => view.setInt32(index * 4, value, true),
  int16: (view, index, value) => view.setInt16(index * 2, value, true),
  int8: (view, index, value) => view.setInt8(index, value),
  int4: packed(4, whole),
  int2: packed(2, whole),
  uint64: unsigned64,
  uint32: (view, index, value) => view.setUint32(index * 4, value, true),
  uint16: (view, index, value) => view.setUint16(index * 2, value, true),
  uint8: (view, index, value) => view.setUint8(index, value),
  uint4: packed(4, whole),
  uint2: packed(2, whole),
  bool: (view, index, value) => view.setUint8(index, value === 0 ? 0 : 1),
};

export interface ElementEncoding {
  /** A fraction where several elements share a byte. */
  readonly bytesPerElement: number;
  readonly write: ElementWriter;
}

/** How elements of a TensorProto.DataType are stored. Throws `WriteError` for texts, complex numbers and unknown types. */
export const elementEncoding = (dataType: number): ElementEncoding => {
  const dtype = dtypeOfOnnx(dataType);
  const write = dtype === undefined ? undefined : WRITERS[dtype];
  if (dtype === undefined || write === undefined) {
    throw new WriteError('unwritable-type', '', `contents of the type ${dtype ?? dataType} cannot be written`);
  }
  return { bytesPerElement: DTYPE_BYTES[dtype], write };
};

/** `raw_data` of a tensor. */
export const encodeValues = (dataType: number, values: readonly number[]): Uint8Array => {
  const { bytesPerElement, write } = elementEncoding(dataType);
  const bytes = new Uint8Array(Math.ceil(values.length * bytesPerElement));
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    write(view, index, value);
  });
  return bytes;
};
