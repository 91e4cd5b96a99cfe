/**
 * What a model of time cannot know from a datasheet: the constants of the per-kernel form
 *
 *   t_kernel = (t_compute^p + t_memory^p)^(1/p) + t0
 *
 * They are fitted to measurements (a calibration) or taken over from comparable devices (a
 * prior). Either way they are data with a source; the models of time hold no numbers.
 */
import type { Geometry } from '../hardware/device.ts';

export interface TimeConstants {
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

/** Multipliers on a predicted latency that hold the truth with probability `level`. */
export interface IntervalFactors {
  readonly level: number;
  readonly low: number;
  readonly high: number;
}

export interface HeldOutError {
  /** How the held-out sets were made; 'model family': no family is in both fit and test. */
  readonly by: 'model family';
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

/** Constants for one device, runtime and precision, or for a class of devices. */
export interface Calibration {
  readonly id: string;
  readonly kind: 'calibrated' | 'prior';
  readonly architecture: Geometry['kind'];
  /** Only for a calibration. */
  readonly device?: string;
  readonly runtime?: string;
  readonly precision?: string;
  readonly batch?: number;
  readonly constants: TimeConstants;
  readonly interval: IntervalFactors;
  readonly heldOut?: HeldOutError;
  readonly source: string;
}
