/** One kernel traced back, at the precision that it runs in. */
import {
  countAt,
  dispatchSecondsOf,
  formatNumber,
  formatSI,
  groupThousands,
  type Kernel,
  type Machine,
  peakShares,
  productKind,
  ratesOf,
  roundsOf,
  TRAFFIC_KINDS,
  trafficKind,
} from '../../index.ts';
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
  const images = batch / roundsOf(machine, batch);
  const rates = ratesOf(machine);
  const transcendentals = countAt(kernel.transcendentals, images);
  const vectorSeconds = row.otherFlops * rates.operationSeconds + transcendentals * rates.transcendentalSeconds;
  const matrixSeconds = row.computeSeconds - vectorSeconds;
  const rate = `${share(constants.vectorEfficiency)} × ${formatSI(machine.vectorPeak, 'OP/s')}`;
  const slow =
    constants.transcendentalEfficiency === undefined || transcendentals === 0
      ? ''
      : ` + ${whole(transcendentals)} transcendentals / (${share(constants.transcendentalEfficiency)} × ${formatSI(machine.vectorPeak, 'OP/s')})`;
  const activations = countAt(kernel.readElements, images) + countAt(kernel.writeElements, images);
  const weights = row.weightBytes;
  const offChip = formatSI(machine.offChipBandwidth, 'B/s');
  const kind = trafficKind(kernel);
  const factor = rates.trafficFactor[TRAFFIC_KINDS.indexOf(kind)] as number;
  const ofKind = factor === 1 ? '' : ` × ${share(1 / factor)} for ${kind}`;
  // A change of layout passes the same bytes again, so often.
  const passes = row.conversionSeconds === 0 ? 1 : 1 + rates.conversionPasses;
  const activationBytes = (row.onChipBytes - weights) / passes;
  const onChipSeconds = activationBytes * rates.onChipSeconds * factor;
  // What leaves the chip of activations: all that is not weights, or less where weights stay on chip.
  const movedWeights = Math.min(weights, row.offChipBytes);
  const spilled = (row.offChipBytes - movedWeights) / passes;
  const offChipSeconds = spilled * rates.offChipSeconds * factor;
  const inTime = Math.max(0, row.memorySeconds - Math.max(offChipSeconds, onChipSeconds));
  const weightSeconds = inTime + row.aheadSeconds;
  const reached = weightSeconds === 0 ? 0 : movedWeights / weightSeconds / machine.offChipBandwidth;
  const time = (name: string, formula: string, value: number): ExplainedTerm => ({ name, formula, value, unit: 's' });
  const { view } = kernel;
  const product =
    view === undefined
      ? ''
      : `, as ${view.groups === 1 ? '' : `${view.groups} × `}[${countAt(view.m, images)} × ${view.k}]·[${view.k} × ${view.n}]`;
  const { ofType, issued } = peakShares(machine, productKind(kernel));
  const kept = ofType === 1 ? '' : `; in fp32, whose peak is ${share(ofType)} of it`;
  const slots = issued === 1 ? '' : `; with issue slots for ${share(issued)} of that`;
  return [
    ...(row.macs === 0
      ? []
      : [
          time(
            'multiply-accumulates',
            `2 × ${whole(row.macs)} MACs / (${share((2 * row.macs) / (matrixSeconds * machine.matrixPeak))} × ${formatSI(machine.matrixPeak, 'OP/s')})${product}: the share of the peak that the ${estimate.timeModel.replace('per-kernel ', '')} mapping reaches${kept}${slots}`,
            matrixSeconds,
          ),
        ]),
    ...(row.otherFlops === 0
      ? []
      : [time('other arithmetic', `${whole(row.otherFlops)} operations / (${rate})${slow}`, vectorSeconds)]),
    ...(weights === 0
      ? []
      : [
          time(
            'weights',
            `${whole(movedWeights)} B / (${share(reached)} × ${offChip}): ${share(constants.weightEfficiency)} of the bandwidth, less or more where they are repacked, paged in or kept on chip`,
            weightSeconds,
          ),
        ]),
    time(
      'activations off chip',
      `network input, output and what does not fit on chip ${whole(spilled)} B / (${share(constants.offChipEfficiency)} × ${offChip}${ofKind})`,
      offChipSeconds,
    ),
    time(
      'activations on chip',
      `${whole(activations)} elements × ${elementBytes} B / (${share(constants.onChipEfficiency)} × ${formatSI(machine.onChipBandwidth, 'B/s')}${ofKind})`,
      onChipSeconds,
    ),
    ...(row.aheadSeconds === 0
      ? []
      : [
          time(
            'weights fetched ahead',
            'of the time of the weights, that of what has room on chip while kernels before this one run',
            row.aheadSeconds,
          ),
        ]),
    time(
      'memory',
      `weights${row.aheadSeconds === 0 ? '' : ', less those fetched ahead,'} + the larger of the two of activations`,
      row.memorySeconds,
    ),
    ...(row.conversionSeconds === 0
      ? []
      : [
          time(
            'change of layout',
            `the images come channels first, the matrix unit takes them channels last: ${share(rates.conversionPasses)} × the time of the activations`,
            row.conversionSeconds,
          ),
        ]),
    ...(row.reloadSeconds === 0
      ? []
      : [
          time(
            'laid out anew',
            `once per batch, since the network does not fit the fabric, and ${constants.fillImages ?? 0} images' time to fill and drain`,
            row.reloadSeconds,
          ),
        ]),
    ...(row.lateSeconds === 0
      ? []
      : [
          time(
            'wait for weights',
            'all that comes and goes off chip takes longer than all kernels: the difference, in proportion to what is fetched ahead',
            row.lateSeconds,
          ),
        ]),
    ...(row.waitSeconds === 0
      ? []
      : [
          time(
            'wait for the host',
            `${s(dispatchSecondsOf(machine))} to hand a kernel over, less what the device takes on average for one`,
            row.waitSeconds,
          ),
        ]),
    time(
      'total',
      `(${s(row.computeSeconds)}^${constants.overlapExponent} + ${s(row.memorySeconds)}^${constants.overlapExponent})^(1/${constants.overlapExponent})${row.conversionSeconds === 0 ? '' : ' + change of layout'} + ${s(constants.kernelSeconds)} launch${row.reloadSeconds === 0 ? '' : ' + laid out anew'}${row.lateSeconds === 0 ? '' : ' + wait for weights'}${row.waitSeconds === 0 ? '' : ' + wait'}`,
      row.totalSeconds,
    ),
    ...(row.launches === 1
      ? []
      : [time('all iterations', `${whole(row.launches)} launches × total`, row.totalSeconds * row.launches)]),
  ];
};
