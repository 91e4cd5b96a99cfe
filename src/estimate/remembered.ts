/** What is worked out once for kernels on a machine, and kept as long as both are. */
import type { KernelColumns } from '../analysis/kernel-columns.ts';
import type { Machine } from './machine.ts';

export const rememberedPer = <Made>(
  make: (columns: KernelColumns, machine: Machine) => Made,
): ((columns: KernelColumns, machine: Machine) => Made) => {
  const known = new WeakMap<Machine, WeakMap<KernelColumns, Made>>();
  return (columns, machine) => {
    let own = known.get(machine);
    if (own === undefined) {
      own = new WeakMap();
      known.set(machine, own);
    }
    let made = own.get(columns);
    if (made === undefined) {
      made = make(columns, machine);
      own.set(columns, made);
    }
    return made;
  };
};
