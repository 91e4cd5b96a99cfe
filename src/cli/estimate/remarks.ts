/** What a reader of an estimate should know beside its figures: memories that are too small, intervals that are wider. */
import { fabricUse, formatBinaryBytes, formatSI, memoryOverflows, WIDENING_TEXTS } from '../../index.ts';
import type { Warning } from '../output.ts';
import type { EstimateCell } from './cells.ts';

const overflowsOf = ({ entry, compiled, target, machine, batch }: EstimateCell): readonly Warning[] =>
  memoryOverflows(target.device, compiled, { precision: machine.precision, batch }).map(
    ({ memory, holds, neededBytes, capacityBytes }) => ({
      code: 'memory-overflow',
      path: `${entry.variant.name} on ${target.device.id}`,
      message: `${entry.variant.name} at batch ${batch} needs ${formatBinaryBytes(neededBytes)} for ${holds}, and ${memory} of ${target.device.id} has ${formatBinaryBytes(capacityBytes)}: it does not fit, and the figures are those of a part with more`,
    }),
  );

const inParts = ({ entry, compiled, target, machine }: EstimateCell): readonly Warning[] => {
  const use = fabricUse(compiled.workload(machine.fusion), machine);
  if (use === undefined || use.takenBytes <= use.capacityBytes) return [];
  const { name } = entry.variant;
  const { id } = target.device;
  return [
    {
      code: 'in-parts',
      path: `${name} on ${id}`,
      message: `${name} takes ${formatBinaryBytes(use.takenBytes)} of the fabric of ${id}, which has ${formatBinaryBytes(use.capacityBytes)}: it runs in parts that are loaded anew at every batch, so that larger batches pay`,
    },
  ];
};

const widened = ({ entry, target, estimate }: EstimateCell): readonly Warning[] =>
  estimate.interval.widened.map((reason) => ({
    code: reason,
    path: `${entry.variant.name} on ${target.device.id}`,
    message: `the interval of ${entry.variant.name} on ${target.device.id} at batch ${estimate.batch} (${formatSI(estimate.latencySeconds, 's')}) is wider than that of its calibration, because ${WIDENING_TEXTS[reason]}`,
  }));

/** Of all cells, each once. */
export const estimateRemarks = (cells: readonly EstimateCell[]): readonly Warning[] => {
  const all = cells.flatMap((cell) => [...overflowsOf(cell), ...inParts(cell), ...widened(cell)]);
  return [...new Map(all.map((warning) => [warning.message, warning])).values()];
};
