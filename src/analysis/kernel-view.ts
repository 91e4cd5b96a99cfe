/** The matrix products of a kernel as hardware models take them: numbers, and rows that the batch multiplies. */
import type { MatrixView } from '../ops/nest.ts';
import type { Count } from '../units/count.ts';
import { affineIn, type Integer, symbolsOf, UnboundSymbolError } from '../units/integer.ts';

/** The matrix products of a kernel; the batch only ever multiplies the rows. */
export interface KernelView {
  readonly groups: number;
  readonly m: Count;
  readonly n: number;
  readonly k: number;
  readonly window: number;
  readonly spatial: boolean;
}

/** A count as it depends on the batch. Throws `UnboundSymbolError` while another dimension is open. */
export const inBatch = (value: Integer): Count => {
  if (typeof value === 'number') return { fixed: value, perItem: 0 };
  const count = affineIn(value, 'N');
  if (count === undefined) throw new UnboundSymbolError(symbolsOf(value).filter((name) => name !== 'N'));
  return count;
};

/** One item's part of a loop that the batch may multiply. */
const perBatch = (value: Integer): { readonly size: number; readonly batched: boolean } => {
  const { fixed, perItem } = inBatch(value);
  if (fixed !== 0 && perItem !== 0) throw new UnboundSymbolError(['N']);
  return perItem === 0 ? { size: fixed, batched: false } : { size: perItem, batched: true };
};

/** Products that only the batch tells apart are more rows of one: hardware models take groups, n and k as numbers. */
export const kernelView = ({ groups, m, n, k, window, spatial }: MatrixView): KernelView => {
  const rows = inBatch(m);
  const [group, column, depth, slide] = [perBatch(groups), perBatch(n), perBatch(k), perBatch(window)];
  const elsewhere = group.batched || column.batched || depth.batched;
  return {
    groups: group.size,
    m: elsewhere ? { fixed: 0, perItem: rows.fixed + rows.perItem } : rows,
    n: column.size,
    k: depth.size,
    window: slide.size,
    spatial,
  };
};
