/** What ran in which precision: a quantized file fixes some, and the one asked for is for the rest. */
import { formatPercent, type Kernel, type Machine, machineAt, precisionShares } from '../../index.ts';
import type { Warning } from '../output.ts';
import type { EstimateCell } from './cells.ts';

const workloadOf = ({ compiled, machine }: EstimateCell) => compiled.workload(machine.fusion);

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

interface Fixed {
  readonly model: string;
  readonly text: string;
  /** The precision of everything that the file leaves open. */
  readonly otherwise: string;
}

const fixedOf = (cell: EstimateCell): Fixed | undefined => {
  const { entry, machine, batch } = cell;
  const { parts, macs } = workloadOf(cell);
  const at = (count: typeof macs): number => count.fixed + count.perItem * batch;
  const multiplying = parts
    .flatMap(({ precision, macs: own }) => (precision === undefined ? [] : [{ precision, macs: at(own) }]))
    .filter((part) => part.macs > 0)
    .toSorted((a, b) => b.macs - a.macs);
  if (multiplying.every(({ precision }) => precision === machine.precision)) return undefined;
  const all = at(macs);
  const listed = multiplying.map(({ precision, macs: own }) => {
    const ran = machineAt(machine, precision).precision;
    const instead = ran === precision ? '' : ` (${ran} on ${machine.device.id}, which has no ${precision})`;
    return `${own === all ? 'all' : formatPercent(own / all)} of its MACs at ${precision}${instead}`;
  });
  const isAll = multiplying.reduce((sum, part) => sum + part.macs, 0) === all;
  return {
    model: entry.variant.name,
    text: `${entry.variant.name} is quantized and fixes ${listed.join(' and ')}; ${isAll ? 'what else it computes' : 'the rest'}`,
    otherwise: machine.precision,
  };
};

/** Said once for each model, whatever devices and precisions it is estimated on. */
export const precisionNotes = (cells: readonly EstimateCell[], isAsked: boolean): readonly Warning[] => {
  const found = cells.map(fixedOf).filter((fixed) => fixed !== undefined);
  return [...new Set(found.map(({ text }) => text))].map((text) => {
    const same = found.filter((fixed) => fixed.text === text);
    const otherwise = [...new Set(same.map((fixed) => fixed.otherwise))].join(' or ');
    const why = isAsked ? 'as asked for with --precision' : "the device's default";
    return { code: 'fixed-precision', message: `${text} runs in ${otherwise}, ${why}`, path: same[0]?.model ?? '' };
  });
};
