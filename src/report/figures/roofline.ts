/** The kernels of a study on the axes of a device's roofline, and what bounds their time. */
import type { RooflinePoint } from '../../charts/api.ts';
import type { Study, StudyCell, StudyDevice } from '../../explore/study.ts';
import { OPERATOR_CLASS_TITLES, OPERATOR_CLASSES, type OperatorClass } from '../../ops/classes.ts';
import { countAt } from '../../units/count.ts';
import { groupedBy } from './text.ts';

export interface KernelFigures {
  readonly cell: StudyCell;
  readonly name: string;
  readonly class: OperatorClass;
  readonly flops: number;
  readonly offChipBytes: number;
  readonly seconds: number;
  /** Of the whole predicted latency of its model. */
  readonly shareOfTime: number;
}

/** The kernels of one cell: work from the fused workload, bytes and time from the estimate, in the same order. */
export const kernelFigures = (study: Study, cell: StudyCell): readonly KernelFigures[] => {
  const { model, target, resolution, precision, batch, estimate } = cell;
  const { kernels } = study.compiled(model, resolution).workload(study.fusion(target, precision));
  return kernels.map((kernel, index) => {
    const seconds = estimate.kernelTimes().totalSeconds[index] as number;
    return {
      cell,
      name: kernel.name,
      class: kernel.class,
      flops: 2 * countAt(kernel.macs, batch) + countAt(kernel.otherFlops, batch),
      offChipBytes: estimate.kernelTimes().offChipBytes[index] as number,
      seconds,
      shareOfTime: seconds / estimate.latencySeconds,
    };
  });
};

/** Arithmetic on data that never leaves the chip has no place on an axis of bytes moved off chip. */
export const staysOnChip = ({ flops, offChipBytes }: KernelFigures): boolean => flops > 0 && offChipBytes === 0;

/**
 * One mark per kernel; the kernels of repeated blocks, alike in model, class, work, bytes and
 * time, would lie exactly on one another and share a mark with their time added up.
 */
export const rooflinePoints = (kernels: readonly KernelFigures[]): readonly RooflinePoint[] => {
  const alike = groupedBy(kernels, (kernel) =>
    [kernel.cell.model.name, kernel.class, kernel.flops, kernel.offChipBytes, kernel.seconds].join(' '),
  );
  return alike.map(({ items }) => {
    const kernel = items[0] as KernelFigures;
    const others = items.length === 1 ? '' : ` and ${items.length - 1} alike`;
    return {
      series: OPERATOR_CLASS_TITLES[kernel.class],
      label: `${kernel.cell.model.title}: ${kernel.name}${others}`,
      intensity: kernel.offChipBytes === 0 ? 0 : kernel.flops / kernel.offChipBytes,
      operationsPerSecond: kernel.flops / kernel.seconds,
      shareOfTime: items.reduce((sum, { shareOfTime }) => sum + shareOfTime, 0),
    };
  });
};

/** Titles of the classes that occur in a study, in one order for all of its charts. */
export const classTitles = (study: Study): readonly string[] => {
  const present = new Set(study.models.flatMap(({ common }) => common.classes.map((totals) => totals.class)));
  return OPERATOR_CLASSES.filter((name) => present.has(name)).map((name) => OPERATOR_CLASS_TITLES[name]);
};

export interface ClassShares {
  readonly cell: StudyCell;
  readonly class: OperatorClass;
  readonly shareOfFlops: number;
  readonly shareOfTime: number;
}

/** Each class of kernel of one cell: its part of the FLOPs that run and of the predicted latency. */
export const classShares = (study: Study, cell: StudyCell): readonly ClassShares[] => {
  const kernels = kernelFigures(study, cell);
  const all = kernels.reduce((sum, { flops }) => sum + flops, 0);
  const present = new Set(kernels.map((kernel) => kernel.class));
  return [...present].map((name) => {
    const own = kernels.filter((kernel) => kernel.class === name);
    return {
      cell,
      class: name,
      shareOfFlops: all === 0 ? 0 : own.reduce((sum, { flops }) => sum + flops, 0) / all,
      shareOfTime: own.reduce((sum, { shareOfTime }) => sum + shareOfTime, 0),
    };
  });
};

/** A device's batch-1 cells at the common resolution, as kernels. */
export const kernelsOn = (study: Study, target: StudyDevice): readonly KernelFigures[] =>
  study.models.flatMap((model) => kernelFigures(study, study.cell(model, target)));
