import type { Workload } from '../analysis/workload.ts';
import { countAt, sumCounts } from '../units/count.ts';
import { type Joules, joules } from '../units/quantity.ts';
import type { Machine } from './machine.ts';
import type { KernelTimes } from './roofs.ts';

/** Energy of one inference of the whole batch, term by term; they add up to `total`. */
export interface EnergyTerms {
  /** Multiply-accumulates and vector operations. */
  readonly compute: Joules;
  readonly onChipMemory: Joules;
  readonly offChipMemory: Joules;
  /** Static power over the latency. */
  readonly static: Joules;
  readonly total: Joules;
}

/** The terms that do not depend on how long the inference takes. */
export const dynamicEnergy = (
  workload: Workload,
  machine: Machine,
  batch: number,
  times: KernelTimes,
): Omit<EnergyTerms, 'static' | 'total'> => {
  const macs = countAt(sumCounts(workload.kernels.map((kernel) => kernel.macs)), batch);
  const operations = countAt(sumCounts(workload.kernels.map((kernel) => kernel.otherFlops)), batch);
  let onChipBytes = 0;
  let offChipBytes = 0;
  for (let i = 0; i < times.length; i++) {
    onChipBytes += times.onChipBytes[i] as number;
    offChipBytes += times.offChipBytes[i] as number;
  }
  return {
    compute: joules(macs * machine.joulesPerMac + operations * machine.joulesPerVectorOperation),
    onChipMemory: joules(onChipBytes * machine.device.onChip.energyPerByte.value),
    offChipMemory: joules(offChipBytes * machine.device.offChip.energyPerByte.value),
  };
};
