import { type Joules, joules } from '../units/quantity.ts';
import type { Machine } from './machine.ts';

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

/** Operations and bytes of one inference of the whole batch. */
export interface Activity {
  readonly macs: number;
  readonly vectorOperations: number;
  readonly onChipBytes: number;
  readonly offChipBytes: number;
}

/** The terms that do not depend on how long the inference takes. */
export const dynamicEnergy = (machine: Machine, activity: Activity): Omit<EnergyTerms, 'static' | 'total'> => ({
  compute: joules(activity.macs * machine.joulesPerMac + activity.vectorOperations * machine.joulesPerVectorOperation),
  onChipMemory: joules(activity.onChipBytes * machine.device.onChip.energyPerByte.value),
  offChipMemory: joules(activity.offChipBytes * machine.device.offChip.energyPerByte.value),
});
