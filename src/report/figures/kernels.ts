/** Figures per kernel of a prediction, gathered by class of work. */
import type { Kernel } from '../../analysis/kernel.ts';
import type { Study, StudyCell, StudyDevice } from '../../explore/study.ts';
import type { OperatorClass } from '../../ops/classes.ts';
import { countAt } from '../../units/count.ts';
import { matrixPeak, vectorPeak } from './target.ts';

/** The kernels behind a cell's columns, in the same order. */
export const kernelsOf = (study: Study, { model, resolution, target, precision }: StudyCell): readonly Kernel[] =>
  study.compiled(model, resolution).workload(study.fusion(target, precision)).kernels;

export interface TimeByClass {
  /** Seconds in kernels of a class, launch not included. */
  readonly seconds: ReadonlyMap<OperatorClass, number>;
  /** Launching every kernel or laying it out anew, entering and leaving the runtime. */
  readonly launchSeconds: number;
  /** All of it: the latency before a power cap stretches it. */
  readonly totalSeconds: number;
}

export const timeByClass = (study: Study, cell: StudyCell): TimeByClass => {
  const kernels = kernelsOf(study, cell);
  const { calibration } = cell.estimate;
  const times = cell.estimate.kernelTimes();
  const { kernelSeconds, inferenceSeconds } = calibration.constants;
  const seconds = new Map<OperatorClass, number>();
  let totalSeconds = inferenceSeconds;
  let launchSeconds = inferenceSeconds;
  kernels.forEach((kernel, index) => {
    const total = times.totalSeconds[index] ?? 0;
    const fixed = kernelSeconds + (times.reloadSeconds[index] ?? 0);
    totalSeconds += total;
    launchSeconds += fixed;
    seconds.set(kernel.class, (seconds.get(kernel.class) ?? 0) + total - fixed);
  });
  return { seconds, launchSeconds, totalSeconds };
};

/** A class' share of the predicted time; 0 where the model has no such kernel. */
export const timeShare = ({ seconds, totalSeconds }: TimeByClass, name: OperatorClass): number =>
  (seconds.get(name) ?? 0) / totalSeconds;

export interface UnitUse {
  readonly computeSeconds: number;
  /** Share of the multiply-accumulate units at useful work, weighted by compute time; null without such kernels. */
  readonly utilization: number | null;
}

/** Over all multiply-accumulate kernels of the cells that `chosen` accepts. */
export const unitUse = (
  study: Study,
  cells: readonly StudyCell[],
  chosen: (kernel: Kernel) => boolean = () => true,
): UnitUse => {
  let computeSeconds = 0;
  let useful = 0;
  for (const cell of cells) {
    const times = cell.estimate.kernelTimes();
    kernelsOf(study, cell).forEach((kernel, index) => {
      if (countAt(kernel.macs, cell.batch) === 0 || !chosen(kernel)) return;
      const seconds = times.computeSeconds[index] ?? 0;
      computeSeconds += seconds;
      useful += seconds * (times.spatialUtilization[index] ?? 0);
    });
  }
  return { computeSeconds, utilization: computeSeconds === 0 ? null : useful / computeSeconds };
};

/** The study's CPU (a calibrated one before others), and the machine whose matrix unit most outruns its vector unit. */
export const contrastingTargets = (study: Study): readonly StudyDevice[] => {
  const cpus = study.devices.filter(({ device }) => device.geometry.kind === 'simd-cpu');
  const calibrated = cpus.find(
    (target) => study.cell(study.baseline, target).estimate.calibration.kind === 'calibrated',
  );
  const cpu = calibrated ?? cpus[0];
  const lead = (target: StudyDevice): number => (matrixPeak(target, target.precision) ?? 0) / vectorPeak(target);
  const [matrix] = study.devices.filter((target) => !cpus.includes(target)).sort((a, b) => lead(b) - lead(a));
  return [cpu, matrix].filter((target) => target !== undefined);
};
