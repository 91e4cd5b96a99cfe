/** One kernel traced back, at the precision that it runs in. */
import { countAt, formatNumber, formatSI, groupThousands, type Kernel, type Machine } from '../../index.ts';
import type { EstimateCell } from './cells.ts';
import type { KernelRow } from './kernels.ts';

export interface ExplainedTerm {
  readonly name: string;
  readonly formula: string;
  /** In the unit of `unit`. */
  readonly value: number;
  readonly unit: 's' | 'J';
}

const s = (value: number): string => formatSI(value, 's', 4);
const whole = groupThousands;
const share = (value: number): string => formatNumber(value, 4);

/** The arithmetic of one kernel, each step with the numbers that went in. */
export const kernelSteps = (
  { batch, estimate }: EstimateCell,
  machine: Machine,
  kernel: Kernel,
  row: KernelRow,
): readonly ExplainedTerm[] => {
  const { constants, elementBytes } = machine;
  const vectorSeconds = row.otherFlops / (constants.vectorEfficiency * machine.vectorPeak);
  const matrixSeconds = row.computeSeconds - vectorSeconds;
  const rate = `${share(constants.vectorEfficiency)} × ${formatSI(machine.vectorPeak, 'OP/s')}`;
  const activations = countAt(kernel.readElements, batch) + countAt(kernel.writeElements, batch);
  const weights = row.weightBytes;
  const narrow = kernel.narrowWeightBytes === 0 ? '' : ` + ${whole(kernel.narrowWeightBytes)} B of weights as stored`;
  const moved = `(${whole(kernel.weightElements)} weights + ${whole(activations)} activations) × ${elementBytes} B`;
  const offChip = formatSI(machine.offChipBandwidth, 'B/s');
  const onChipRate = constants.onChipEfficiency * machine.onChipBandwidth;
  const time = (name: string, formula: string, value: number): ExplainedTerm => ({ name, formula, value, unit: 's' });
  const { view } = kernel;
  const product =
    view === undefined
      ? ''
      : `, as ${view.groups === 1 ? '' : `${view.groups} × `}[${countAt(view.m, batch)} × ${view.k}]·[${view.k} × ${view.n}]`;
  return [
    ...(row.macs === 0
      ? []
      : [
          time(
            'multiply-accumulates',
            `2 × ${whole(row.macs)} MACs / (${share((2 * row.macs) / (matrixSeconds * machine.matrixPeak))} × ${formatSI(machine.matrixPeak, 'OP/s')})${product}: the share of the peak that the ${estimate.timeModel.replace('per-kernel ', '')} mapping reaches`,
            matrixSeconds,
          ),
        ]),
    ...(row.otherFlops === 0
      ? []
      : [time('other arithmetic', `${whole(row.otherFlops)} operations / (${rate})`, vectorSeconds)]),
    time(
      'off-chip memory',
      `weights ${whole(weights)} B / (${share(constants.weightEfficiency)} × ${offChip}) + network input, output and what does not fit on chip ${whole(row.offChipBytes - weights)} B / (${share(constants.offChipEfficiency)} × ${offChip})`,
      weights / (constants.weightEfficiency * machine.offChipBandwidth) +
        (row.offChipBytes - weights) / (constants.offChipEfficiency * machine.offChipBandwidth),
    ),
    time(
      'on-chip memory',
      `${narrow === '' ? moved : `(${moved}${narrow})`} / (${share(constants.onChipEfficiency)} × ${formatSI(machine.onChipBandwidth, 'B/s')})`,
      row.onChipBytes / onChipRate,
    ),
    time(
      'total',
      `(${s(row.computeSeconds)}^${constants.overlapExponent} + ${s(row.memorySeconds)}^${constants.overlapExponent})^(1/${constants.overlapExponent}) + ${s(constants.kernelSeconds)} launch`,
      row.totalSeconds,
    ),
    ...(row.launches === 1
      ? []
      : [time('all iterations', `${whole(row.launches)} launches × total`, row.totalSeconds * row.launches)]),
  ];
};
