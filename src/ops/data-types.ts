/**
 * Element types as ONNX numbers them: TensorProto.DataType of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 * Attributes such as `to` of Cast are these numbers.
 */
import type { DType } from '../ir/dtype.ts';
import type { OperatorContext } from './definition.ts';

/** Two of ours have no number of their own: TF32 is stored as 32 bits, and plain "fp8" means E4M3. */
const ONNX_NUMBERS: Readonly<Record<DType, number>> = {
  fp32: 1,
  tf32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  fp16: 10,
  fp64: 11,
  uint32: 12,
  uint64: 13,
  complex64: 14,
  complex128: 15,
  bf16: 16,
  fp8: 17,
  fp8e4m3fn: 17,
  fp8e4m3fnuz: 18,
  fp8e5m2: 19,
  fp8e5m2fnuz: 20,
  uint4: 21,
  int4: 22,
  fp4e2m1: 23,
  fp8e8m0: 24,
  uint2: 25,
  int2: 26,
  fp6e2m3: 27,
  fp6e3m2: 28,
};

const BY_NUMBER: ReadonlyMap<number, DType> = new Map(
  (Object.keys(ONNX_NUMBERS) as DType[])
    .filter((dtype) => dtype !== 'tf32' && dtype !== 'fp8')
    .map((dtype) => [ONNX_NUMBERS[dtype], dtype]),
);

/** The element type with this number; `undefined` for 0 and for numbers of types that Assay does not know. */
export const dtypeOfOnnx = (code: number): DType | undefined => BY_NUMBER.get(code);

export const onnxOfDtype = (dtype: DType): number => ONNX_NUMBERS[dtype];

/** The first number that ONNX has not given to a type yet. */
const FIRST_UNKNOWN = 29;

/** The element type that the attribute `name` asks for, or `fallback` where it is left out. */
export const statedDtype = (context: OperatorContext, name: string, fallback?: DType): DType => {
  if (fallback !== undefined && context.attribute(name) === undefined) return fallback;
  const code = context.integer(name);
  const dtype = dtypeOfOnnx(code);
  if (dtype !== undefined) return dtype;
  const found = `"${name}" is data type ${code}`;
  return code >= FIRST_UNKNOWN
    ? context.unknown(`${found}, which is not known`)
    : context.fail(`${found}: there is none`);
};
