/** What ran in which precision: a quantized file fixes some, and the one asked for is for the rest. */
import { formatPercent, type Kernel, type Machine, machineAt, precisionShares } from '../../index.ts';
import type { Warning } from '../output.ts';
import type { EstimateCell } from './cells.ts';

const workloadOf = ({ compiled, target }: EstimateCell) => compiled.workload(target.runtime.fusion);

/** The machine as one kernel sees it. */
export const machineFor = ({ machine }: EstimateCell, { precision }: Kernel): Machine => machineAt(machine, precision);

const shares = (cell: EstimateCell) => precisionShares(workloadOf(cell), cell.machine, cell.batch);

/** "int8 + fp32", by their multiply-accumulates. */
export const ranText = (cell: EstimateCell): string =>
  shares(cell)
    .map(({ precision }) => precision)
    .join(' + ');

export const arithmeticJson = (cell: EstimateCell) =>
  shares(cell).map(({ precision, macs, share }) => ({ type: precision, macs, shareOfMacs: share }));

/** Every machine that some kernel runs on, the one asked for first; a calibration may be of one precision only. */
export const machinesOf = (cell: EstimateCell): readonly Machine[] => {
  const { kernels } = workloadOf(cell);
  const fixed = [...new Set(kernels.map(({ precision }) => precision))];
  const all = [cell.machine, ...fixed.map((precision) => machineAt(cell.machine, precision))];
  return [...new Map(all.map((machine) => [machine.precision, machine])).values()];
};

const noteOf = (cell: EstimateCell, isAsked: boolean): string | undefined => {
  const { entry, machine } = cell;
  const { parts, macs } = workloadOf(cell);
  const fixed = parts.flatMap(({ precision, macs: own }) =>
    precision === undefined ? [] : [{ precision, macs: own.fixed + own.perItem * cell.batch }],
  );
  const multiplying = fixed.filter((part) => part.macs > 0).toSorted((a, b) => b.macs - a.macs);
  if (multiplying.length === 0) return undefined;
  const all = macs.fixed + macs.perItem * cell.batch;
  const listed = multiplying
    .map(({ precision, macs: own }) => {
      const ran = machineAt(machine, precision).precision;
      const share = own === all ? 'all' : formatPercent(own / all);
      const instead = ran === precision ? '' : ` (in ${ran} here: ${machine.device.id} has no ${precision})`;
      return `${share} of its MACs in ${precision}${instead}`;
    })
    .join(' and ');
  const rest = multiplying.reduce((sum, part) => sum + part.macs, 0) < all ? 'the rest' : 'what else it computes';
  const asked = isAsked
    ? `the ${machine.precision} asked for holds only for ${rest}`
    : `${rest} runs in ${machine.precision}`;
  return `${entry.variant.name} is quantized and fixes ${listed}; ${asked}`;
};

/** Said once for each model and precision. */
export const precisionNotes = (cells: readonly EstimateCell[], isAsked: boolean): readonly Warning[] => {
  const found = cells.flatMap((cell): readonly (readonly [string, Warning])[] => {
    const message = noteOf(cell, isAsked);
    const path = cell.entry.variant.name;
    return message === undefined ? [] : [[message, { code: 'fixed-precision', message, path }]];
  });
  return [...new Map(found).values()];
};
