import type { KernelColumns } from '../analysis/kernel-columns.ts';
import type { Machine } from './machine.ts';

/** What a model of mapping says about every kernel at one batch size. Columns, filled in place. */
export interface MappingColumns {
  /** Time on the compute units alone, with everything in reach. */
  readonly computeSeconds: Float64Array;
  /** Share of the multiply-accumulate units that do useful work while the kernel computes; 0 without any. */
  readonly spatialUtilization: Float64Array;
  /** Cores, multiprocessors, arrays, tiles or engines that have work. */
  readonly busyUnits: Float64Array;
}

/** One per architecture class: reads loop nests and device figures, never an operator's name. */
export type MappingModel = (columns: KernelColumns, machine: Machine, batch: number, out: MappingColumns) => void;
