/** Element types of tensors. Sizes are in bytes; a 4-bit type packs two elements to a byte. */
export const DTYPE_BYTES = {
  fp64: 8,
  fp32: 4,
  tf32: 4,
  fp16: 2,
  bf16: 2,
  fp8: 1,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  int4: 0.5,
  bool: 1,
} as const;

export type DType = keyof typeof DTYPE_BYTES;

/** Types in which a network's arithmetic can be asked for. */
export const PRECISIONS = ['fp32', 'tf32', 'fp16', 'bf16', 'fp8', 'int8', 'int4'] as const satisfies readonly DType[];
export type Precision = (typeof PRECISIONS)[number];

export const isPrecision = (name: string): name is Precision => (PRECISIONS as readonly string[]).includes(name);
