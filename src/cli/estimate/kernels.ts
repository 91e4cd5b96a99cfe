/** The kernels of one cell: what each costs and what bounds it. */
import {
  BOUNDS,
  type Bound,
  countAt,
  OPERATOR_CLASS_TITLES,
  type OperatorClass,
  type Precision,
  roundsOf,
} from '../../index.ts';
import type { FlexibleTable } from '../render/table.ts';
import { type EstimateCell, sizeText } from './cells.ts';
import { machineFor, ranText } from './precisions.ts';

export interface KernelRow {
  readonly name: string;
  readonly class: OperatorClass;
  readonly nodes: readonly string[];
  /** The one it runs in. */
  readonly precision: Precision;
  /** Iterations of the loops around it, and of images that are inferences of their own; all other figures are of one launch. */
  readonly launches: number;
  readonly macs: number;
  readonly otherFlops: number;
  readonly weightBytes: number;
  readonly computeSeconds: number;
  readonly memorySeconds: number;
  readonly conversionSeconds: number;
  readonly reloadSeconds: number;
  readonly waitSeconds: number;
  /** Of weights that are fetched while kernels before this one run. */
  readonly aheadSeconds: number;
  readonly lateSeconds: number;
  /** Compute and memory joined, the change of a layout, the launch, laying it out anew and the waits for host and weights. */
  readonly totalSeconds: number;
  readonly bound: Bound;
  readonly offChipBytes: number;
  readonly onChipBytes: number;
  readonly spatialUtilization: number;
  readonly busyUnits: number;
}

export const kernelRows = (cell: EstimateCell): readonly KernelRow[] => {
  const { compiled, batch, estimate } = cell;
  const times = estimate.kernelTimes();
  return compiled.workload(cell.machine.fusion).kernels.map((kernel, index) => {
    const at = (column: Float64Array | Uint8Array): number => column[index] as number;
    const machine = machineFor(cell, kernel);
    const rounds = roundsOf(machine, batch);
    const images = batch / rounds;
    return {
      name: kernel.name,
      class: kernel.class,
      nodes: kernel.nodes,
      precision: machine.precision,
      launches: kernel.launches * rounds,
      macs: countAt(kernel.macs, images),
      otherFlops: countAt(kernel.otherFlops, images),
      weightBytes: kernel.weightElements * machine.elementBytes + kernel.narrowWeightBytes,
      computeSeconds: at(times.computeSeconds),
      memorySeconds: at(times.memorySeconds),
      conversionSeconds: at(times.conversionSeconds),
      reloadSeconds: at(times.reloadSeconds),
      waitSeconds: at(times.waitSeconds),
      aheadSeconds: at(times.aheadSeconds),
      lateSeconds: at(times.lateSeconds),
      totalSeconds: at(times.totalSeconds),
      bound: BOUNDS[at(times.bound)] as Bound,
      offChipBytes: at(times.offChipBytes),
      onChipBytes: at(times.onChipBytes),
      spatialUtilization: at(times.spatialUtilization),
      busyUnits: at(times.busyUnits),
    };
  });
};

const microseconds = { kind: 'number', digits: 3, scale: 1e-6 } as const;
const kilobytes = { kind: 'number', digits: 3, scale: 1e3 } as const;

export const cellTitle = (cell: EstimateCell): string => {
  const { entry, compiled, target, estimate } = cell;
  return `${entry.variant.name}${sizeText(compiled)}, batch ${estimate.batch}, ${ranText(cell)} on ${target.device.id} (${estimate.powerMode}) with ${target.runtime.id}`;
};

/** Slow kernels are not set apart: the order is that of execution, and the names are the graph's. */
export const kernelTable = (cell: EstimateCell, index: number): FlexibleTable => {
  const rows = kernelRows(cell);
  const hasLoops = rows.some(({ launches }) => launches > 1);
  const isMixed = cell.compiled.workload(cell.machine.fusion).parts.length > 0;
  return {
    kind: 'table',
    id: `kernels-${index + 1}`,
    caption: `Kernels of ${cellTitle(cell)}`,
    columns: [
      { key: 'name', title: 'Kernel', format: { kind: 'code' } },
      { key: 'class', title: 'Class', format: { kind: 'text' } },
      ...(isMixed ? [{ key: 'precision', title: 'Type', format: { kind: 'text' } } as const] : []),
      ...(hasLoops ? [{ key: 'launches', title: 'Launches', format: { kind: 'integer' } } as const] : []),
      { key: 'computeSeconds', title: 'Compute', unit: 'µs', format: microseconds },
      { key: 'memorySeconds', title: 'Memory', unit: 'µs', format: microseconds },
      { key: 'totalSeconds', title: 'Total', unit: 'µs', format: microseconds },
      { key: 'bound', title: 'Bound', format: { kind: 'text' } },
      { key: 'weightBytes', title: 'Weights', unit: 'kB', format: kilobytes },
      { key: 'offChipBytes', title: 'Off chip', unit: 'kB', format: kilobytes },
      { key: 'onChipBytes', title: 'On chip', unit: 'kB', format: kilobytes },
      { key: 'spatialUtilization', title: 'Utilization', format: { kind: 'percent', decimals: 1 } },
    ],
    rows: rows.map(({ nodes: _nodes, ...row }) => ({ ...row, class: OPERATOR_CLASS_TITLES[row.class] })),
    ...(hasLoops && {
      notes: [
        'A kernel is launched once for every iteration of a loop, and for every image that is an inference of its own; all other figures are of one launch.',
      ],
    }),
    expendable: ['weightBytes', 'onChipBytes', 'class', 'offChipBytes', 'memorySeconds', 'computeSeconds'],
  };
};
