/** The types in which multiply-accumulates run, and how much of a graph runs in each. */
import { DTYPE_BYTES, type DType, isFloating, isPrecision, type Precision } from '../ir/dtype.ts';
import { evaluate, type Integer, sum, symbolsOf } from '../units/integer.ts';

const INTEGER_BITS: Readonly<Partial<Record<DType, 4 | 8 | 16>>> = {
  ...{ int2: 4, uint2: 4, int4: 4, uint4: 4 },
  ...{ int8: 8, uint8: 8, int16: 16, uint16: 16 },
};
const INTEGER_KERNELS = { 4: 'int4', 8: 'int8', 16: 'int16' } as const satisfies Record<4 | 8 | 16, DType>;

/** Types that quantizers store tensors in. */
export const isNarrow = (dtype: DType | undefined): dtype is DType =>
  dtype !== undefined && (INTEGER_BITS[dtype] !== undefined || (isFloating(dtype) && DTYPE_BYTES[dtype] <= 1));

/** The type in which numbers of these types are multiplied, if all are narrow and of one kind. */
export const narrowKernel = (dtypes: readonly (DType | undefined)[]): DType | undefined => {
  if (dtypes.length === 0 || !dtypes.every(isNarrow)) return undefined;
  const bits = dtypes.map((dtype) => INTEGER_BITS[dtype]).filter((width) => width !== undefined);
  if (bits.length === dtypes.length) return INTEGER_KERNELS[Math.max(...bits) as 4 | 8 | 16];
  if (bits.length > 0) return undefined;
  return dtypes.every((dtype) => dtype === 'fp4e2m1') ? 'fp4e2m1' : 'fp8';
};

/** Types whose size no precision asked for changes: whole numbers, and what a quantizer stores. */
export const keepsItsSize = (dtype: DType): boolean => !isFloating(dtype) || isNarrow(dtype);

/**
 * The precision that an integer or 8-bit kernel needs of a device, whatever precision is asked for;
 * `undefined` for floating-point work, which runs in the one asked for.
 */
export const fixedPrecision = (arithmetic: DType | undefined): Precision | undefined =>
  arithmetic !== undefined && isPrecision(arithmetic) && DTYPE_BYTES[arithmetic] <= 1 ? arithmetic : undefined;

export interface ArithmeticShare {
  readonly dtype: DType;
  readonly macs: Integer;
  /** Of all multiply-accumulates; open dimensions count as 1. */
  readonly share: number;
}

/** The multiply-accumulates of a graph by the type in which they run, the largest share first. */
export const quantizationSummary = ({
  nodes,
}: {
  readonly nodes: readonly { readonly macs: Integer; readonly arithmetic: DType | undefined }[];
}): readonly ArithmeticShare[] => {
  const found = new Map<DType, Integer[]>();
  for (const { macs, arithmetic } of nodes) {
    if (arithmetic === undefined || macs === 0) continue;
    const list = found.get(arithmetic) ?? [];
    list.push(macs);
    found.set(arithmetic, list);
  }
  const size = (value: Integer): number => evaluate(value, new Map(symbolsOf(value).map((name) => [name, 1])));
  const totals = [...found].map(([dtype, macs]) => ({ dtype, macs: sum(macs) }));
  const all = totals.reduce((total, { macs }) => total + size(macs), 0);
  return totals
    .map(({ dtype, macs }) => ({ dtype, macs, share: all === 0 ? 0 : size(macs) / all }))
    .sort((a, b) => b.share - a.share);
};
