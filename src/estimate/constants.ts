/**
 * What a model of time cannot know from a datasheet: the constants of the per-kernel form
 *
 *   t_kernel = (t_compute^p + t_memory^p)^(1/p) + t0
 *
 * They are fitted to measurements (a calibration) or taken over from comparable devices (a
 * prior). Either way they are data with a source; the models of time hold no numbers.
 */
import type { KernelKind } from '../analysis/kernel-kinds.ts';
import type { Geometry } from '../hardware/device.ts';
import type { RuntimeClass } from './runtime.ts';

export interface TimeConstants extends FineConstants {
  /** Share of the matrix peak that a well-shaped product reaches. */
  readonly matrixEfficiency: number;
  /** The same for products that slide a window over their input, relative to `matrixEfficiency`. */
  readonly windowEfficiency: number;
  /** Share of the vector peak for contractions that cannot use the matrix unit (depthwise). */
  readonly depthwiseEfficiency: number;
  /** Share of the vector peak for everything element-wise. */
  readonly vectorEfficiency: number;
  /** Share of the off-chip bandwidth at which weights arrive, any repacking of them included. */
  readonly weightEfficiency: number;
  /** Share of the off-chip bandwidth for activations. */
  readonly offChipEfficiency: number;
  readonly onChipEfficiency: number;
  /** Launch or dispatch of one kernel. */
  readonly kernelSeconds: number;
  /** Once per inference: entering the runtime, input and output hand-over. */
  readonly inferenceSeconds: number;
  /** Exponent p, a power of two: 1 adds compute and memory, large values take the greater. */
  readonly overlapExponent: 1 | 2 | 4 | 8;
}

/** Factors that are 1, and sizes that are 0, unless stated: only a fit of many measurements tells them apart. */
export interface FineConstants {
  /** A product with n columns reaches n / (n + columnSaturation) of the efficiency, one k deep k / (k + depthSaturation). */
  readonly columnSaturation?: number;
  readonly depthSaturation?: number;
  /** Relative to `matrixEfficiency`: grouped convolutions, products without a window, attention in one kernel. */
  readonly groupedEfficiency?: number;
  readonly linearEfficiency?: number;
  readonly attentionEfficiency?: number;
  /** Rate of a depthwise window of 5 x 5 over that of 3 x 3; other windows lie on the same power of their size. */
  readonly largeDepthwiseGain?: number;
  /**
   * What the device draws with its matrix unit at full rate, over the energy of the multiply-accumulates alone: a power
   * cap below that sustains only its share of the matrix peak. Left out where clocks do not follow the power drawn.
   */
  readonly matrixPowerFactor?: number;
  /**
   * What the host takes to hand one kernel over. It runs ahead of the device, so an inference takes the longer of all
   * hand-overs and all kernels. Left out where the two wait for each other, which `kernelSeconds` then holds.
   */
  readonly dispatchSeconds?: number;
  /**
   * Once per batch and kernel, where a network does not fit its fabric at once and is loaded in parts: to lay the kernel
   * out, whatever its size. Left out where no device has a fabric.
   */
  readonly reloadSeconds?: number;
  /** Images' time once per batch where a network runs in parts, since each part fills and drains: 0 where none is stated. */
  readonly fillImages?: number;
  /** Share of the vector peak for exp, tanh and their kind, on top of `vectorEfficiency`; left out where they cost as others do. */
  readonly transcendentalEfficiency?: number;
  /** Shares of the bandwidth by kind of traffic, relative to `offChipEfficiency` and `onChipEfficiency`. */
  readonly streamingTraffic?: number;
  readonly normalizationTraffic?: number;
  readonly poolingTraffic?: number;
  readonly movementTraffic?: number;
  readonly convolutionTraffic?: number;
  /** How often a convolution's images are read and written once more where their layout is changed for it. */
  readonly conversionPasses?: number;
  readonly depthwiseTraffic?: number;
  readonly productTraffic?: number;
  /** Rate of weights that stay in the cache from one inference to the next, as a share of the off-chip bandwidth. */
  readonly residentWeightEfficiency?: number;
  /** Rate of what a kernel has of weights beyond the on-chip capacity, in addition: their repacked copy is paged in. */
  readonly largeWeightEfficiency?: number;
  /** Share of the on-chip capacity that keeps what one kernel leaves for the next. */
  readonly usableOnChipShare?: number;
  /** Weights of plain products over several rows, relative to `weightEfficiency`. */
  readonly linearWeightFactor?: number;
}

/** Multipliers on a predicted latency that hold the truth with probability `level`. */
export interface IntervalFactors {
  readonly level: number;
  readonly low: number;
  readonly high: number;
}

export interface HeldOutError {
  /**
   * How the held-out sets were made; 'model family': no family is in both fit and test. 'measured point': a model at one
   * size and batch, where fewer than three families were measured.
   */
  readonly by: 'model family' | 'measured point' | 'device';
  readonly rows: number;
  readonly families: number;
  /** Mean and median absolute percentage error, as shares. */
  readonly mape: number;
  /** Share of the held-out rows inside an interval made without their family. */
  readonly intervalCoverage: number;
  readonly medianApe: number;
  readonly within10: number;
  readonly within20: number;
  readonly spearman: number;
}

/** By kind of kernel; kinds that took no time are left out. */
export type KindShares = Readonly<Partial<Record<KernelKind, number>>>;

/** Constants for one device, runtime and precision, or for a class of devices. */
export interface Calibration {
  readonly id: string;
  readonly kind: 'calibrated' | 'prior';
  readonly architecture: Geometry['kind'];
  /** Only for a calibration. */
  readonly device?: string;
  /** Where it is another than the first one of the device. */
  readonly powerMode?: string;
  readonly runtime?: string;
  readonly precision?: string;
  /** Of images in memory ('nchw', 'nhwc'); empty where the table does not say. */
  readonly layout?: string;
  readonly framework?: string;
  readonly version?: string;
  readonly mode?: string;
  /** Of a record of a class: the class of runtimes. */
  readonly runtimeClass?: RuntimeClass;
  /** Smallest and largest batch among the rows. */
  readonly batches?: readonly [number, number];
  /** Largest depthwise window among the kernels that it was fitted on. */
  readonly largestWindow?: number;
  /** Of the time of one row, among those that it was fitted on. */
  readonly largestShares?: KindShares;
  readonly rows?: number;
  readonly date?: string;
  readonly constants: TimeConstants;
  readonly interval: IntervalFactors;
  readonly heldOut?: HeldOutError;
  readonly source: string;
}
