/** The memory of a model at any precision, what is alive at its peak, and what of it a device keeps on chip. */
import { type MemoryAnalysis, memoryFigures } from '../../analysis/memory.ts';
import type { CompiledModel } from '../../explore/compile.ts';
import type { Study, StudyDevice, StudyModel } from '../../explore/study.ts';
import type { Precision } from '../../ir/dtype.ts';

/** A plan serves every device of a precision; it goes with the compiled model. */
const plans = new WeakMap<CompiledModel, ReadonlyMap<Precision, MemoryAnalysis>>();

/** Batch 1, the common resolution; traffic as the study counts it, with BatchNorm folded and epilogues fused. */
export const memoryAt = (study: Study, model: StudyModel, precision: Precision): MemoryAnalysis => {
  if (precision === 'fp32') return model.common.memory;
  const compiled = study.compiled(model, study.options.resolution);
  const known = plans.get(compiled)?.get(precision);
  if (known !== undefined) return known;
  const made = memoryFigures(compiled.analyzed, compiled.workload('epilogue'), { precision });
  plans.set(compiled, new Map(plans.get(compiled)).set(precision, made));
  return made;
};

export interface PeakStep {
  /** Counted from 1, of `steps`. */
  readonly step: number;
  readonly steps: number;
  readonly layer: string;
  /** Buffers alive at the peak, largest first: the tensor each holds last before the step, and its bytes. */
  readonly buffers: readonly { readonly tensor: string; readonly bytes: number }[];
}

export const peakStep = ({ liveness }: MemoryAnalysis): PeakStep => {
  const { steps, peakStep: index, buffers } = liveness;
  return {
    step: index + 1,
    steps: steps.length,
    layer: steps[index]?.name ?? '',
    buffers: buffers
      .filter(({ firstStep, lastStep }) => firstStep <= index && index <= lastStep)
      .map(({ tensors, bytes }) => ({ tensor: tensors[0] ?? '', bytes }))
      .sort((a, b) => b.bytes - a.bytes),
  };
};

/** (Arena - peak) / peak. */
export const fragmentation = ({ arenaBytes, peakActivationBytes }: MemoryAnalysis): number =>
  peakActivationBytes === 0 ? 0 : arenaBytes / peakActivationBytes - 1;

export const FITS = {
  both: 'weights + activations',
  activations: 'activations',
  weights: 'weights',
  none: 'neither',
} as const;

export type Fit = (typeof FITS)[keyof typeof FITS];

/** What of weights and arena the shared on-chip memory holds whole, at the device's precision. */
export const fitOnChip = (study: Study, model: StudyModel, target: StudyDevice): Fit => {
  const { weightBytes, arenaBytes } = memoryAt(study, model, target.precision);
  const capacity = target.device.onChip.capacity.value;
  if (weightBytes + arenaBytes <= capacity) return FITS.both;
  if (arenaBytes <= capacity) return FITS.activations;
  return weightBytes <= capacity ? FITS.weights : FITS.none;
};
