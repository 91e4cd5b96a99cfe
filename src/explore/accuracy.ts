/**
 * How far predictions are from measurements, on rows that no fit saw: every row is predicted with constants fitted
 * without its model family. Beside the error stand those of two simpler models under the same hold-out.
 */
import {
  type HeldOutFit,
  type HeldOutPrediction,
  heldOutInterval,
  heldOutUnits,
  networksIn,
  predictSeconds,
} from '../estimate/calibrate.ts';
import type { HeldOutError, IntervalFactors } from '../estimate/constants.ts';
import { isMachine, type Machine, resolveMachine } from '../estimate/machine.ts';
import { type ErrorSummary, errorSummary } from '../estimate/statistics.ts';
import { type Baseline, type BaselineSeconds, baselineRow, fitBaselines } from './baselines.ts';
import type { MeasuredCase, MeasurementGroup } from './measured.ts';

export interface PredictedRow {
  readonly row: MeasuredCase;
  readonly predictedSeconds: number;
  readonly baselines: BaselineSeconds;
}

export interface HeldOutRow extends PredictedRow {
  /** Of constants that did not see the row, for an energy beside its latency. */
  readonly fit: HeldOutFit;
  /** An 80 % interval that was made without the row's held-out set. */
  readonly lowSeconds: number;
  readonly highSeconds: number;
}

export interface FamilyResiduals {
  readonly family: string;
  readonly rows: number;
  readonly mape: number;
  /** Geometric mean of predicted over measured. */
  readonly bias: number;
}

export interface Errors {
  readonly error: ErrorSummary;
  /** Absent where nothing was left to fit them to. */
  readonly baselines: Readonly<Partial<Record<Baseline, ErrorSummary>>>;
}

export interface GroupAccuracy extends Errors {
  readonly group: MeasurementGroup;
  readonly by: HeldOutError['by'];
  readonly sets: number;
  readonly rows: readonly HeldOutRow[];
  /** Share of the rows inside their intervals. */
  readonly coverage: number;
  readonly families: readonly FamilyResiduals[];
  /** Rows of sets that no kept fit left out: without a prediction, so that none is quoted that saw them. */
  readonly unpredicted: readonly MeasuredCase[];
}

export const LEVEL = 0.8;

/** The group's machine with the constants in use; `undefined` where the device has no such arithmetic. */
export const machineOf = ({
  device,
  runtime,
  precision,
  layout,
  powerMode: mode,
}: MeasurementGroup): Machine | undefined => {
  const machine = resolveMachine(device, runtime, { precision, layout, ...(mode !== undefined && { mode }) });
  return isMachine(machine) ? machine : undefined;
};

export const errorsOf = (rows: readonly PredictedRow[]): Errors => {
  const summary = (predicted: (row: PredictedRow) => number): ErrorSummary =>
    errorSummary(rows.map((each) => ({ predicted: predicted(each), measured: each.row.latencySeconds })));
  const baseline = (name: Baseline) =>
    rows.every(({ baselines }) => Number.isFinite(baselines[name]))
      ? { [name]: summary(({ baselines }) => baselines[name]) }
      : {};
  return {
    error: summary(({ predictedSeconds }) => predictedSeconds),
    baselines: { ...baseline('macs'), ...baseline('roofline') },
  };
};

const residualsByFamily = (rows: readonly PredictedRow[]): readonly FamilyResiduals[] =>
  [...new Set(rows.map(({ row }) => row.family))].sort().map((family) => {
    const own = rows.filter(({ row }) => row.family === family);
    const logs = own.map(({ row, predictedSeconds }) => Math.log(predictedSeconds / row.latencySeconds));
    return {
      family,
      rows: own.length,
      mape: errorsOf(own).error.mape,
      bias: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length),
    };
  });

/**
 * Every row of a group with the constants of the fit that did not see its set; `undefined` where the device cannot run
 * the group, or no fit was kept. `widest` is the interval of the class, for groups of a handful of sets.
 */
export const groupAccuracy = (
  group: MeasurementGroup,
  fits: readonly HeldOutFit[],
  widest: IntervalFactors | undefined,
): GroupAccuracy | undefined => {
  const machine = machineOf(group);
  if (machine === undefined) return undefined;
  const { by, rows: units } = heldOutUnits(group.rows);
  const fitOf = new Map(fits.map((fit) => [fit.family, fit]));
  const sizes = new Map<string, number>();
  for (const { family } of units) sizes.set(family, (sizes.get(family) ?? 0) + 1);
  const seen = units.map((unit) => ({
    set: unit.family,
    row: baselineRow(unit, machine, 1 / Math.sqrt(sizes.get(unit.family) ?? 1)),
  }));
  const predictions = units.map((row): HeldOutPrediction | undefined => {
    const fit = fitOf.get(row.family);
    return fit && { row, predictedSeconds: predictSeconds(row, { ...machine, constants: fit.constants }) };
  });
  const known = predictions.filter((each) => each !== undefined);
  const sets = new Set(known.map(({ row }) => row.family));
  const withoutSet = new Map(
    [...sets].map((set) => [
      set,
      {
        baselines: fitBaselines(seen.filter((each) => each.set !== set).map(({ row }) => row)),
        interval: heldOutInterval(
          known.filter(({ row }) => row.family !== set),
          LEVEL,
          { sets: sets.size, networks: networksIn(known.map(({ row }) => row)), widest },
        ),
      },
    ]),
  );
  const rows = units.flatMap((unit, index): readonly HeldOutRow[] => {
    const [row, predicted, baseline] = [group.rows[index], predictions[index], seen[index]];
    const [others, fit] = [withoutSet.get(unit.family), fitOf.get(unit.family)];
    if (row === undefined || predicted === undefined || baseline === undefined) return [];
    if (others === undefined || fit === undefined) return [];
    const { predictedSeconds } = predicted;
    return [
      {
        ...{ row, predictedSeconds, fit },
        baselines: others.baselines(baseline.row),
        lowSeconds: predictedSeconds * others.interval.low,
        highSeconds: predictedSeconds * others.interval.high,
      },
    ];
  });
  if (rows.length === 0) return undefined;
  const inside = rows.filter(
    ({ row, lowSeconds, highSeconds }) => row.latencySeconds >= lowSeconds && row.latencySeconds <= highSeconds,
  );
  return {
    ...{ group, by, rows },
    sets: sets.size,
    ...errorsOf(rows),
    coverage: inside.length / rows.length,
    families: residualsByFamily(rows),
    unpredicted: group.rows.filter((_, index) => predictions[index] === undefined),
  };
};
