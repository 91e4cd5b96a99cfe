/** Kernels as columns, for the loops of estimates. */
import { OPERATOR_CLASSES } from '../ops/classes.ts';
import type { Kernel } from './kernel.ts';
import { PRODUCT_KINDS, productKind, TRAFFIC_KINDS, trafficKind } from './kernel-kinds.ts';

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
  /** 1 where a convolution's images come channels first. */
  readonly channelsFirst: Uint8Array;
  /** Places in PRODUCT_KINDS, TRAFFIC_KINDS and OPERATOR_CLASSES. */
  readonly product: Uint8Array;
  readonly traffic: Uint8Array;
  readonly operatorClass: Uint8Array;
  readonly macsFixed: Float64Array;
  readonly macsPerItem: Float64Array;
  readonly flopsFixed: Float64Array;
  readonly flopsPerItem: Float64Array;
  readonly transcendentalsFixed: Float64Array;
  readonly transcendentalsPerItem: Float64Array;
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
  /** Every kernel once, however often it is launched. */
  readonly totalKernels: number;
  readonly totalWeightElements: number;
  readonly totalNarrowWeightBytes: number;
  /** Elements of the image rows under the windows of all convolutions, for one item. */
  readonly totalWindowRowElements: number;
}

const NUMBER_COLUMNS = 19;
const DEPTHWISE = PRODUCT_KINDS.indexOf('depthwise');

/** Square images and windows: one of m positions has rows of √m, and a window of w as many of them as √w. */
const windowRowElements = ({ view }: Kernel): number =>
  view?.spatial !== true ? 0 : (view.groups * view.k * Math.sqrt(view.m.perItem)) / Math.sqrt(view.window);

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
  const codes = new Uint8Array(5 * length);
  const [product, traffic, operatorClass, depthwise, channelsFirst] = [0, 1, 2, 3, 4].map((index) =>
    codes.subarray(index * length, (index + 1) * length),
  ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  kernels.forEach((kernel, i) => {
    product[i] = PRODUCT_KINDS.indexOf(productKind(kernel));
    traffic[i] = TRAFFIC_KINDS.indexOf(trafficKind(kernel));
    operatorClass[i] = OPERATOR_CLASSES.indexOf(kernel.class);
    depthwise[i] = product[i] === DEPTHWISE ? 1 : 0;
    channelsFirst[i] = kernel.channelsFirst === true ? 1 : 0;
  });
  return {
    length,
    depthwise,
    channelsFirst,
    product,
    traffic,
    operatorClass,
    launches: column((kernel) => kernel.launches),
    macsFixed: column((kernel) => kernel.macs.fixed),
    macsPerItem: column((kernel) => kernel.macs.perItem),
    flopsFixed: column((kernel) => kernel.otherFlops.fixed),
    flopsPerItem: column((kernel) => kernel.otherFlops.perItem),
    transcendentalsFixed: column((kernel) => kernel.transcendentals.fixed),
    transcendentalsPerItem: column((kernel) => kernel.transcendentals.perItem),
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
    totalKernels: length,
    totalWeightElements: kernels.reduce((sum, kernel) => sum + kernel.weightElements, 0),
    totalNarrowWeightBytes: kernels.reduce((sum, kernel) => sum + kernel.narrowWeightBytes, 0),
    totalWindowRowElements: kernels.reduce((sum, kernel) => sum + windowRowElements(kernel), 0),
  };
};
