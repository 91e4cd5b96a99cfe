/** Which kinds of kernel measured networks spent their time on: of the others, a fit of their rows knows little. */
import { KERNEL_KINDS, kernelKindCode } from '../analysis/kernel-kinds.ts';
import type { MeasuredRow } from './calibrate.ts';
import type { KindShares } from './constants.ts';
import { estimate } from './estimate.ts';
import type { Machine } from './machine.ts';

const DECIMALS = 1e4;

/**
 * By kind of kernel the largest share that it takes of the time of any row, as the constants of its machine predict it; kinds
 * that take none are left out.
 */
export const largestShares = (
  runs: readonly { readonly row: MeasuredRow; readonly machine: Machine }[],
): KindShares => {
  const largest = new Float64Array(KERNEL_KINDS.length);
  for (const { row, machine } of runs) {
    const { columns } = row.workload;
    const { totalSeconds } = estimate(row.workload, machine, row.batch).kernelTimes();
    const own = new Float64Array(KERNEL_KINDS.length);
    let all = 0;
    for (let i = 0; i < columns.length; i++) {
      const spent = (totalSeconds[i] as number) * (columns.launches[i] as number);
      const code = kernelKindCode(columns.product[i] as number, columns.traffic[i] as number);
      own[code] = (own[code] as number) + spent;
      all += spent;
    }
    for (const [code, spent] of own.entries())
      if (all > 0) largest[code] = Math.max(largest[code] as number, spent / all);
  }
  const rounded = KERNEL_KINDS.map(
    (kind, code) => [kind, Math.round((largest[code] as number) * DECIMALS) / DECIMALS] as const,
  );
  return Object.fromEntries(rounded.filter(([, share]) => share > 0));
};
