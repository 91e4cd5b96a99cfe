/** One latency traced back: figure -> formula -> inputs -> source. Every product below is computed from its inputs. */
import {
  type Calibration,
  type Figure,
  fabricUse,
  formatBinaryBytes,
  formatNumber,
  formatSI,
  type Kernel,
  type Precision,
  roundsOf,
} from '../../index.ts';
import type { EstimateCell } from './cells.ts';
import { type ExplainedTerm, kernelSteps } from './explain-kernel.ts';
import { type KernelRow, kernelRows } from './kernels.ts';
import { machineFor, machinesOf } from './precisions.ts';

/** Slowest kernels shown with their arithmetic; the rest is in --layers. */
export const EXPLAINED_KERNELS = 5;

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

export interface ExplainedConstants {
  readonly precisions: readonly Precision[];
  readonly calibration: Calibration;
  readonly values: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
}

export interface Explanation {
  readonly cell: EstimateCell;
  readonly terms: readonly ExplainedTerm[];
  /** Of the precision asked for first, then of those that kernels fix. */
  readonly constants: readonly ExplainedConstants[];
  readonly figures: readonly ExplainedFigure[];
  readonly kernels: readonly ExplainedKernel[];
}

const s = (value: number): string => formatSI(value, 's', 4);
const share = (value: number): string => formatNumber(value, 4);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The device's figures that this latency depends on. */
const deviceFigures = (cell: EstimateCell): readonly ExplainedFigure[] => {
  const { machine, target } = cell;
  const { device } = target;
  const { mode } = machine;
  const shown = (name: string, unit: string, figure: Figure<number> | undefined): readonly ExplainedFigure[] =>
    figure === undefined ? [] : [{ name, unit, ...figure }];
  return [
    ...machinesOf(cell).flatMap(({ precision }) =>
      shown(`matrix peak, ${precision}`, 'OP/s', device.matrixPeaks[precision]),
    ),
    ...shown('vector peak', 'OP/s', device.vectorPeak),
    ...(target.runtime.computesHalf === true ? shown('vector peak in 16 bits', 'OP/s', device.halfVectorPeak) : []),
    ...shown(`${device.offChip.name} bandwidth`, 'B/s', mode.bandwidth ?? device.offChip.bandwidth),
    ...shown(`${device.onChip.name} bandwidth`, 'B/s', device.onChip.bandwidth),
    ...shown(`${device.onChip.name} capacity`, 'B', device.onChip.capacity),
    ...shown('fabric capacity', 'B', device.fabric?.capacity),
    ...shown('fabric of every kernel', 'B', device.fabric?.perKernel),
    ...shown('fabric, rows under a window', '', device.fabric?.windowRows),
    ...shown(`power cap, ${mode.name}`, 'W', mode.cap),
    ...shown(`clock, ${mode.name}`, 'Hz', mode.clock),
    ...shown(`units that stay on, ${mode.name}`, '', mode.units),
    ...shown(`clock of the host, ${mode.name}`, 'Hz', mode.hostClock),
    ...shown('static power', 'W', mode.static ?? device.power.static),
  ];
};

/** What all launches of a kernel take. */
export const allLaunches = ({ totalSeconds, launches }: KernelRow): number => totalSeconds * launches;

/** Why kernels are laid out anew, and how many. */
const partsFormula = ({ compiled, machine }: EstimateCell, rows: readonly KernelRow[]): string => {
  const use = fabricUse(compiled.workload(machine.fusion), machine);
  const again = rows.filter(({ reloadSeconds }) => reloadSeconds > 0);
  if (use === undefined || again.length === 0) return '';
  const { reloadSeconds = 0, fillImages = 0 } = machine.constants;
  return `${again.length} kernels × ${s(reloadSeconds)} to lay them out anew, and ${fillImages} images' time of their work to fill and drain: together they take ${formatBinaryBytes(use.takenBytes)} of the fabric, which has ${formatBinaryBytes(use.capacityBytes)}`;
};

/** latency = per inference + sum over kernels + what the power cap adds. */
const latencyTerms = (cell: EstimateCell, rows: readonly KernelRow[]): readonly ExplainedTerm[] => {
  const { machine, estimate } = cell;
  const rounds = roundsOf(machine, estimate.batch);
  const entering = machine.constants.inferenceSeconds * rounds;
  const { energy, latencySeconds, unstretchedSeconds } = estimate;
  const dynamic = energy.compute + energy.onChipMemory + energy.offChipMemory;
  const count = sum(rows.map(({ launches }) => launches));
  const constants = machinesOf(cell).map((machine) => machine.constants);
  const kernelSecondsOf = new Map(machinesOf(cell).map((each) => [each.precision, each.constants.kernelSeconds]));
  // Calibrations may differ in what a launch takes; most often one holds for all.
  const launchParts = [...new Set(kernelSecondsOf.values())]
    .map((kernelSeconds) => {
      const own = rows.filter(({ precision }) => kernelSecondsOf.get(precision) === kernelSeconds);
      return { kernelSeconds, own: sum(own.map((row) => row.launches)) };
    })
    .filter(({ own }) => own > 0);
  const launches = sum(launchParts.map(({ kernelSeconds, own }) => own * kernelSeconds));
  const conversions = sum(rows.map((row) => row.conversionSeconds * row.launches));
  const reloads = sum(rows.map((row) => row.reloadSeconds * row.launches));
  const waits = sum(rows.map((row) => row.waitSeconds * row.launches));
  const late = sum(rows.map((row) => row.lateSeconds * row.launches));
  const further = `${conversions === 0 ? '' : ' + changes of layout'}${reloads === 0 ? '' : ' + parts'}${late === 0 ? '' : ' + wait for weights'}${waits === 0 ? '' : ' + wait'}`;
  const exponents = [...new Set(constants.map(({ overlapExponent }) => overlapExponent))];
  const cap = machine.mode.cap.value;
  const { staticWatts } = machine;
  const time = (name: string, formula: string, value: number): ExplainedTerm => ({ name, formula, value, unit: 's' });
  return [
    time('per inference', rounds === 1 ? 'inferenceSeconds' : `${rounds} inferences × inferenceSeconds`, entering),
    time(
      'launches',
      launchParts.map(({ kernelSeconds, own }) => `${own} kernels × ${s(kernelSeconds)}`).join(' + '),
      launches,
    ),
    time(
      'kernels',
      `sum over ${count} kernels of (compute^p + memory^p)^(1/p), p = ${exponents.join(' or ')}`,
      sum(rows.map(allLaunches)) - launches - conversions - reloads - late - waits,
    ),
    ...(conversions === 0 ? [] : [time('changes of layout', 'sum over the convolutions', conversions)]),
    ...(reloads === 0 ? [] : [time('parts', partsFormula(cell, rows), reloads)]),
    ...(late === 0
      ? []
      : [time('wait for weights', 'what comes and goes off chip takes, less all kernels that it is ahead of', late)]),
    ...(waits === 0
      ? []
      : [time('wait for the host', 'what it takes to hand all kernels over, less all of the above', waits)]),
    time('before the power cap', `per inference + launches + kernels${further}`, unstretchedSeconds),
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

const constantsOf = (cell: EstimateCell): readonly ExplainedConstants[] => {
  const machines = machinesOf(cell);
  return [...new Set(machines.map(({ calibration }) => calibration))].map((calibration) => ({
    precisions: machines.filter((machine) => machine.calibration === calibration).map(({ precision }) => precision),
    calibration,
    values: Object.entries<number>({ ...calibration.constants }).map(([name, value]) => ({
      name,
      value,
      // The unit stands at the end of the name, as everywhere.
      unit: name.endsWith('Seconds') ? 's' : '',
    })),
  }));
};

export const explain = (cell: EstimateCell): Explanation => {
  const { compiled, machine } = cell;
  const rows = kernelRows(cell);
  const { kernels } = compiled.workload(machine.fusion);
  const slowest = rows
    .map((row, index) => ({ row, kernel: kernels[index] as Kernel }))
    .toSorted((a, b) => allLaunches(b.row) - allLaunches(a.row))
    .slice(0, EXPLAINED_KERNELS);
  return {
    cell,
    terms: latencyTerms(cell, rows),
    constants: constantsOf(cell),
    figures: deviceFigures(cell),
    kernels: slowest.map(({ row, kernel }) => ({
      row,
      steps: kernelSteps(cell, machineFor(cell, kernel), kernel, row),
    })),
  };
};

const constantsJson = ({ precisions, calibration, values }: ExplainedConstants) => ({
  precisions,
  source: calibration.source,
  values,
});

export const explanationJson = ({ terms, constants: [asked, ...others], figures, kernels }: Explanation) => ({
  terms,
  constants: asked === undefined ? null : constantsJson(asked),
  // Those of precisions that kernels fix, where they are not the same.
  ...(others.length > 0 && { otherConstants: others.map(constantsJson) }),
  figures,
  kernels: kernels.map(({ row, steps }) => ({
    name: row.name,
    class: row.class,
    precision: row.precision,
    launches: row.launches,
    totalSeconds: row.totalSeconds,
    steps,
  })),
});
