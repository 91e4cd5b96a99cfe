/** The kernels of a workload that are alike, evaluated as one: most networks repeat their blocks. */
import { distinctKernels } from '../analysis/distinct-kernels.ts';
import type { KernelColumns } from '../analysis/kernel-columns.ts';
import type { Workload } from '../analysis/workload.ts';
import type { Machine } from './machine.ts';
import { allocateKernelTimes, evaluateKernels, type KernelSums, type KernelTimes } from './roofs.ts';

interface Distinct {
  readonly columns: KernelColumns;
  /** To evaluate into: allocating them would be a fifth of an estimate. */
  readonly times: KernelTimes;
}

/** The kernels of a workload, those that are alike as one: found when first asked for, and kept with the workload. */
const distinct = new WeakMap<Workload, Distinct>();

const distinctOf = (workload: Workload): Distinct => {
  let found = distinct.get(workload);
  if (found === undefined) {
    const columns = distinctKernels(workload.columns);
    found = { columns, times: allocateKernelTimes(columns.length) };
    distinct.set(workload, found);
  }
  return found;
};

/** Sums over the kernels at one batch size, those that are alike evaluated once. */
export const sumsOf = (workload: Workload, machine: Machine, batch: number): KernelSums => {
  const { columns, times } = distinctOf(workload);
  return evaluateKernels(columns, machine, batch, times);
};
