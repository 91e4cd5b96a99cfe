/** Kernels as columns, for the loops of estimates. */
import { isDepthwise } from '../ops/nest.ts';
import type { Kernel } from './kernel.ts';

/**
 * One row per kernel. Every quantity that depends on the batch has a fixed and a per-item
 * column, so that a loop evaluates any batch without touching an object.
 */
export interface KernelColumns {
  readonly length: number;
  /** How often each row runs; the other columns are of one launch. */
  readonly launches: Float64Array;
  /** 1 where the multiply-accumulates are depthwise. */
  readonly depthwise: Uint8Array;
  readonly macsFixed: Float64Array;
  readonly macsPerItem: Float64Array;
  readonly flopsFixed: Float64Array;
  readonly flopsPerItem: Float64Array;
  readonly weightElements: Float64Array;
  readonly narrowWeightBytes: Float64Array;
  readonly activationFixed: Float64Array;
  readonly activationPerItem: Float64Array;
  readonly boundaryFixed: Float64Array;
  readonly boundaryPerItem: Float64Array;
  /** Matrix view; groups is 0 for a kernel without multiply-accumulates. */
  readonly groups: Float64Array;
  readonly mFixed: Float64Array;
  readonly mPerItem: Float64Array;
  readonly n: Float64Array;
  readonly k: Float64Array;
  readonly window: Float64Array;
}

const NUMBER_COLUMNS = 17;

/** All columns in one block: a study compiles hundreds of workloads, and small arrays are what its time goes into. */
export const columnsOf = (kernels: readonly Kernel[]): KernelColumns => {
  const { length } = kernels;
  const block = new Float64Array(NUMBER_COLUMNS * length);
  let next = 0;
  const column = (pick: (kernel: Kernel) => number): Float64Array => {
    const values = block.subarray(next, next + length);
    next += length;
    for (let i = 0; i < length; i++) values[i] = pick(kernels[i] as Kernel);
    return values;
  };
  return {
    length,
    depthwise: Uint8Array.from(kernels, ({ view }) => (view !== undefined && isDepthwise(view) ? 1 : 0)),
    launches: column((kernel) => kernel.launches),
    macsFixed: column((kernel) => kernel.macs.fixed),
    macsPerItem: column((kernel) => kernel.macs.perItem),
    flopsFixed: column((kernel) => kernel.otherFlops.fixed),
    flopsPerItem: column((kernel) => kernel.otherFlops.perItem),
    weightElements: column((kernel) => kernel.weightElements),
    narrowWeightBytes: column((kernel) => kernel.narrowWeightBytes),
    activationFixed: column((kernel) => kernel.readElements.fixed + kernel.writeElements.fixed),
    activationPerItem: column((kernel) => kernel.readElements.perItem + kernel.writeElements.perItem),
    boundaryFixed: column((kernel) => kernel.boundaryElements.fixed),
    boundaryPerItem: column((kernel) => kernel.boundaryElements.perItem),
    groups: column((kernel) => kernel.view?.groups ?? 0),
    mFixed: column((kernel) => kernel.view?.m.fixed ?? 0),
    mPerItem: column((kernel) => kernel.view?.m.perItem ?? 0),
    n: column((kernel) => kernel.view?.n ?? 0),
    k: column((kernel) => kernel.view?.k ?? 0),
    window: column((kernel) => kernel.view?.window ?? 0),
  };
};
