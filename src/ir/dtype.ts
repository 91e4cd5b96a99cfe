/** Element types of tensors. Sizes are in bytes; a 4-bit type packs two elements to a byte. */
export const DTYPE_BYTES = {
  fp64: 8,
  fp32: 4,
  tf32: 4,
  fp16: 2,
  bf16: 2,
  fp8: 1,
  fp8e4m3fn: 1,
  fp8e4m3fnuz: 1,
  fp8e5m2: 1,
  fp8e5m2fnuz: 1,
  fp8e8m0: 1,
  fp6e2m3: 0.75,
  fp6e3m2: 0.75,
  fp4e2m1: 0.5,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  int4: 0.5,
  int2: 0.25,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  uint4: 0.5,
  uint2: 0.25,
  bool: 1,
  complex64: 8,
  complex128: 16,
  /** The fixed part of a string in ONNX Runtime (a 64-bit `std::string`); the text itself is not known. */
  string: 32,
} as const;

export type DType = keyof typeof DTYPE_BYTES;

/** Types in which a network's arithmetic can be asked for. */
export const PRECISIONS = ['fp32', 'tf32', 'fp16', 'bf16', 'fp8', 'int8', 'int4'] as const satisfies readonly DType[];
export type Precision = (typeof PRECISIONS)[number];

export const isPrecision = (name: string): name is Precision => (PRECISIONS as readonly string[]).includes(name);

const FLOATING: ReadonlySet<DType> = new Set<DType>([
  ...(['fp64', 'fp32', 'tf32', 'fp16', 'bf16', 'fp8', 'fp6e2m3', 'fp6e3m2', 'fp4e2m1'] as const),
  ...(['fp8e4m3fn', 'fp8e4m3fnuz', 'fp8e5m2', 'fp8e5m2fnuz', 'fp8e8m0'] as const),
]);

/** Real floating-point types of any width. */
export const isFloating = (dtype: DType): boolean => FLOATING.has(dtype);
