/** One latency traced back: figure -> formula -> inputs -> source. Every product below is computed from its inputs. */
import { countAt, type Figure, formatNumber, formatSI, groupThousands, type Kernel } from '../../index.ts';
import type { EstimateCell } from './cells.ts';
import { type KernelRow, kernelRows } from './kernels.ts';

/** Slowest kernels shown with their arithmetic; the rest is in --layers. */
export const EXPLAINED_KERNELS = 5;

export interface ExplainedTerm {
  readonly name: string;
  readonly formula: string;
  /** In the unit of `unit`. */
  readonly value: number;
  readonly unit: 's' | 'J';
}

export interface ExplainedFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  readonly confidence: Figure<number>['confidence'];
}

export interface ExplainedKernel {
  readonly row: KernelRow;
  readonly steps: readonly ExplainedTerm[];
}

export interface Explanation {
  readonly cell: EstimateCell;
  readonly terms: readonly ExplainedTerm[];
  readonly constants: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
  readonly figures: readonly ExplainedFigure[];
  readonly kernels: readonly ExplainedKernel[];
}

const s = (value: number): string => formatSI(value, 's', 4);
const whole = groupThousands;
const share = (value: number): string => formatNumber(value, 4);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The device's figures that this latency depends on. */
const deviceFigures = ({ machine, target: { device } }: EstimateCell): readonly ExplainedFigure[] => {
  const shown = (name: string, unit: string, figure: Figure<number> | undefined): readonly ExplainedFigure[] =>
    figure === undefined ? [] : [{ name, unit, ...figure }];
  return [
    ...shown(`matrix peak, ${machine.precision}`, 'OP/s', device.matrixPeaks[machine.precision]),
    ...shown('vector peak', 'OP/s', device.vectorPeak),
    ...shown(`${device.offChip.name} bandwidth`, 'B/s', device.offChip.bandwidth),
    ...shown(`${device.onChip.name} bandwidth`, 'B/s', device.onChip.bandwidth),
    ...shown(`${device.onChip.name} capacity`, 'B', device.onChip.capacity),
    ...shown(`power cap, ${machine.mode.name}`, 'W', machine.mode.cap),
    ...shown('static power', 'W', device.power.static),
  ];
};

/** latency = per inference + sum over kernels + what the power cap adds. */
const latencyTerms = (cell: EstimateCell, rows: readonly KernelRow[]): readonly ExplainedTerm[] => {
  const { machine, estimate } = cell;
  const { kernelSeconds, inferenceSeconds } = machine.constants;
  const { energy, latencySeconds, unstretchedSeconds } = estimate;
  const dynamic = energy.compute + energy.onChipMemory + energy.offChipMemory;
  const launches = rows.length * kernelSeconds;
  const cap = machine.mode.cap.value;
  const staticWatts = machine.device.power.static.value;
  const time = (name: string, formula: string, value: number): ExplainedTerm => ({ name, formula, value, unit: 's' });
  return [
    time('per inference', 'inferenceSeconds', inferenceSeconds),
    time('launches', `${rows.length} kernels × ${s(kernelSeconds)}`, launches),
    time(
      'kernels',
      `sum over ${rows.length} kernels of (compute^p + memory^p)^(1/p), p = ${machine.constants.overlapExponent}`,
      sum(rows.map(({ totalSeconds }) => totalSeconds)) - launches,
    ),
    time('before the power cap', 'per inference + launches + kernels', unstretchedSeconds),
    time(
      'power roof',
      `dynamic energy ${formatSI(dynamic, 'J', 4)} / (cap ${formatSI(cap, 'W', 4)} - static ${formatSI(staticWatts, 'W', 4)})`,
      dynamic / (cap - staticWatts),
    ),
    time('latency', 'the larger of the two', latencySeconds),
    time(
      'lower end',
      `latency × ${share(estimate.interval.lowSeconds / latencySeconds)}, never below the roof`,
      estimate.interval.lowSeconds,
    ),
    time(
      'upper end',
      `latency × ${share(estimate.interval.highSeconds / latencySeconds)}`,
      estimate.interval.highSeconds,
    ),
  ];
};

/** The arithmetic of one kernel, each step with the numbers that went in. */
const kernelSteps = (cell: EstimateCell, kernel: Kernel, row: KernelRow): readonly ExplainedTerm[] => {
  const { machine, batch } = cell;
  const { constants, elementBytes } = machine;
  const vectorSeconds = row.otherFlops / (constants.vectorEfficiency * machine.vectorPeak);
  const matrixSeconds = row.computeSeconds - vectorSeconds;
  const rate = `${share(constants.vectorEfficiency)} × ${formatSI(machine.vectorPeak, 'OP/s')}`;
  const activations = countAt(kernel.readElements, batch) + countAt(kernel.writeElements, batch);
  const weights = kernel.weightElements * elementBytes;
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
            `2 × ${whole(row.macs)} MACs / (${share((2 * row.macs) / (matrixSeconds * machine.matrixPeak))} × ${formatSI(machine.matrixPeak, 'OP/s')})${product}: the share of the peak that the ${cell.estimate.timeModel.replace('per-kernel ', '')} mapping reaches`,
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
      `(${whole(kernel.weightElements)} weights + ${whole(activations)} activations) × ${elementBytes} B / (${share(constants.onChipEfficiency)} × ${formatSI(machine.onChipBandwidth, 'B/s')})`,
      row.onChipBytes / onChipRate,
    ),
    time(
      'total',
      `(${s(row.computeSeconds)}^${constants.overlapExponent} + ${s(row.memorySeconds)}^${constants.overlapExponent})^(1/${constants.overlapExponent}) + ${s(constants.kernelSeconds)} launch`,
      row.totalSeconds,
    ),
  ];
};

export const explain = (cell: EstimateCell): Explanation => {
  const { machine, compiled, target } = cell;
  const rows = kernelRows(cell);
  const { kernels } = compiled.workload(target.runtime.fusion);
  const slowest = rows
    .map((row, index) => ({ row, kernel: kernels[index] as Kernel }))
    .toSorted((a, b) => b.row.totalSeconds - a.row.totalSeconds)
    .slice(0, EXPLAINED_KERNELS);
  return {
    cell,
    terms: latencyTerms(cell, rows),
    // The unit stands at the end of the name, as everywhere.
    constants: Object.entries<number>({ ...machine.constants }).map(([name, value]) => ({
      name,
      value,
      unit: name.endsWith('Seconds') ? 's' : '',
    })),
    figures: deviceFigures(cell),
    kernels: slowest.map(({ row, kernel }) => ({ row, steps: kernelSteps(cell, kernel, row) })),
  };
};

export const explanationJson = ({ cell, terms, constants, figures, kernels }: Explanation) => ({
  terms,
  constants: { source: cell.machine.calibration.source, values: constants },
  figures,
  kernels: kernels.map(({ row, steps }) => ({
    name: row.name,
    class: row.class,
    totalSeconds: row.totalSeconds,
    steps,
  })),
});
