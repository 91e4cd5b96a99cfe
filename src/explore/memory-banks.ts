/** Whether a model fits the memories that it must fit, such as the flash and the SRAM of a microcontroller. */
import { memoryFigures } from '../analysis/memory.ts';
import type { Device } from '../hardware/device.ts';
import type { Precision } from '../ir/dtype.ts';
import type { CompiledModel } from './compile.ts';

export interface MemoryOverflow {
  /** Of the device, as it calls it. */
  readonly memory: string;
  readonly holds: 'weights' | 'activations';
  readonly neededBytes: number;
  readonly capacityBytes: number;
}

/**
 * Banks that are too small: weights at the precision, and the arena of a static planner at the batch. None where the
 * device has no banks of its own.
 */
export const memoryOverflows = (
  { memories }: Device,
  compiled: CompiledModel,
  { precision, batch }: { readonly precision: Precision; readonly batch: number },
): readonly MemoryOverflow[] => {
  if (memories === undefined) return [];
  const { weightBytes, arenaBytes } = memoryFigures(compiled.analyzed, compiled.workload('epilogue'), {
    ...{ precision, batch },
  });
  const needed = [
    { bank: memories.weights, holds: 'weights', neededBytes: weightBytes },
    { bank: memories.activations, holds: 'activations', neededBytes: arenaBytes },
  ] as const;
  return needed
    .filter(({ bank, neededBytes }) => neededBytes > bank.capacity.value)
    .map(({ bank, holds, neededBytes }) => ({
      ...{ memory: bank.name, holds, neededBytes },
      capacityBytes: bank.capacity.value,
    }));
};
