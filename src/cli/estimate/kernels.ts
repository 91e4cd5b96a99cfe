/** The kernels of one cell: what each costs and what bounds it. */
import { BOUNDS, type Bound, countAt, OPERATOR_CLASS_TITLES, type OperatorClass } from '../../index.ts';
import type { FlexibleTable } from '../render/table.ts';
import { type EstimateCell, sizeText } from './cells.ts';

export interface KernelRow {
  readonly name: string;
  readonly class: OperatorClass;
  readonly nodes: readonly string[];
  readonly macs: number;
  readonly otherFlops: number;
  readonly computeSeconds: number;
  readonly memorySeconds: number;
  /** Compute and memory joined, and the launch. */
  readonly totalSeconds: number;
  readonly bound: Bound;
  readonly offChipBytes: number;
  readonly onChipBytes: number;
  readonly spatialUtilization: number;
  readonly busyUnits: number;
}

export const kernelRows = ({ compiled, target, batch, estimate }: EstimateCell): readonly KernelRow[] => {
  const times = estimate.kernelTimes();
  return compiled.workload(target.runtime.fusion).kernels.map((kernel, index) => {
    const at = (column: Float64Array | Uint8Array): number => column[index] as number;
    return {
      name: kernel.name,
      class: kernel.class,
      nodes: kernel.nodes,
      macs: countAt(kernel.macs, batch),
      otherFlops: countAt(kernel.otherFlops, batch),
      computeSeconds: at(times.computeSeconds),
      memorySeconds: at(times.memorySeconds),
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

export const cellTitle = ({ entry, compiled, target, estimate }: EstimateCell): string =>
  `${entry.variant.name}${sizeText(compiled)}, batch ${estimate.batch}, ${estimate.precision} on ${target.device.id} (${estimate.powerMode}) with ${target.runtime.id}`;

/** Slow kernels are not set apart: the order is that of execution, and the names are the graph's. */
export const kernelTable = (cell: EstimateCell, index: number): FlexibleTable => ({
  kind: 'table',
  id: `kernels-${index + 1}`,
  caption: `Kernels of ${cellTitle(cell)}`,
  columns: [
    { key: 'name', title: 'Kernel', format: { kind: 'code' } },
    { key: 'class', title: 'Class', format: { kind: 'text' } },
    { key: 'computeSeconds', title: 'Compute', unit: 'µs', format: microseconds },
    { key: 'memorySeconds', title: 'Memory', unit: 'µs', format: microseconds },
    { key: 'totalSeconds', title: 'Total', unit: 'µs', format: microseconds },
    { key: 'bound', title: 'Bound', format: { kind: 'text' } },
    { key: 'offChipBytes', title: 'Off chip', unit: 'kB', format: kilobytes },
    { key: 'onChipBytes', title: 'On chip', unit: 'kB', format: kilobytes },
    { key: 'spatialUtilization', title: 'Utilization', format: { kind: 'percent', decimals: 1 } },
  ],
  rows: kernelRows(cell).map(({ nodes: _nodes, ...row }) => ({ ...row, class: OPERATOR_CLASS_TITLES[row.class] })),
  expendable: ['onChipBytes', 'class', 'offChipBytes', 'memorySeconds', 'computeSeconds'],
});
