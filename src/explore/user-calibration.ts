/** Constants for one device under one runtime from somebody's own measurements, and what they are better than. */
import {
  type CalibrationResult,
  calibrate,
  fitConstants,
  type HeldOutFit,
  heldOutUnits,
  type MeasuredRow,
  predictSeconds,
} from '../estimate/calibrate.ts';
import { calibrationOf } from '../estimate/calibration-file.ts';
import { priorRecord } from '../estimate/calibrations.ts';
import type { Calibration } from '../estimate/constants.ts';
import { roofSeconds } from '../estimate/estimate.ts';
import type { Machine } from '../estimate/machine.ts';
import type { Runtime } from '../estimate/runtime.ts';
import { type ErrorSummary, errorSummary } from '../estimate/statistics.ts';
import { type CompiledModels, compiledModels, type MeasuredCase, measuredCase, type SkipReason } from './measured.ts';
import type { MeasurementRecord } from './measurement-table.ts';

/** Models from which a fit and an error of it are worth anything. */
export const FEWEST_MODELS = 3;

export interface CalibrationTarget {
  readonly machine: Machine;
  /** Of images in memory; empty where it was not said. */
  readonly layout: string;
}

export interface UnusedRecord {
  readonly record: MeasurementRecord;
  readonly reason: SkipReason | 'another-runtime' | 'another-layout';
}

const isOfRuntime = ({ runtime: found }: MeasurementRecord, { id, framework, version, mode }: Runtime): boolean =>
  found === undefined ||
  found.id === id ||
  (found.framework === framework && found.mode === mode && (found.version === undefined || version === undefined));

/** The records that were measured as the target says, or do not say how, as rows; their device has been checked. */
export const rowsForCalibration = (
  records: readonly MeasurementRecord[],
  { machine, layout }: CalibrationTarget,
  compiled: CompiledModels = compiledModels(),
): { readonly rows: readonly MeasuredCase[]; readonly unused: readonly UnusedRecord[] } => {
  const rows: MeasuredCase[] = [];
  const unused: UnusedRecord[] = [];
  for (const record of records) {
    const skip = (reason: UnusedRecord['reason']) => unused.push({ record, reason });
    if (!isOfRuntime(record, machine.runtime)) skip('another-runtime');
    else if (record.precision !== undefined && record.precision.precision !== machine.precision)
      skip('another-precision');
    else if (layout !== '' && record.layout !== '' && record.layout !== layout) skip('another-layout');
    else {
      const row = measuredCase(record, machine.runtime, machine.precision, compiled);
      if (typeof row === 'string') skip(row);
      else rows.push(row);
    }
  }
  return { rows, unused };
};

/** Rows faster than the device can be at all: their unit, batch or device is probably another one. */
export const impossibleRows = (rows: readonly MeasuredCase[], machine: Machine): readonly MeasuredCase[] =>
  rows.filter(({ workload, batch, latencySeconds }) => latencySeconds < roofSeconds(workload, machine, batch));

export interface ComparedConstants {
  readonly calibration: Calibration;
  /** On the rows of the new calibration, none of which it was fitted to unless it is of the same public table. */
  readonly error: ErrorSummary;
}

export interface UserCalibration {
  readonly calibration: Calibration;
  readonly result: CalibrationResult;
  /** Of every row, by constants that did not see it. */
  readonly heldOutSeconds: readonly number[];
  /** Constants of other devices of the class, under the runtime where it was measured: what stands where nothing was measured. */
  readonly uncalibrated: ComparedConstants;
  /** The calibration that comes with Assay, where there is one. */
  readonly inUse?: ComparedConstants;
}

export interface CalibrationTask {
  /** What is held out, one after the other. */
  readonly sets: readonly string[];
  /** Constants without one of them: the slow part. */
  fit(set: string): HeldOutFit;
  finish(fits: readonly HeldOutFit[], source: string): UserCalibration;
}

const compared = (rows: readonly MeasuredRow[], machine: Machine, calibration: Calibration): ComparedConstants => ({
  calibration,
  error: errorSummary(
    rows.map((row) => ({
      predicted: predictSeconds(row, { ...machine, calibration, constants: calibration.constants }),
      measured: row.latencySeconds,
    })),
  ),
});

/** Starts at the constants of other devices of the class, and stays near them where there are few rows. */
export const calibrationTask = (
  rows: readonly MeasuredCase[],
  { machine, layout }: CalibrationTarget,
): CalibrationTask => {
  const { geometry, runtime, precision } = machine;
  const prior = priorRecord({ architecture: geometry.kind, runtime, precision });
  const start = prior.constants;
  const base: Machine = { ...machine, calibration: prior, constants: start };
  const { by, rows: units } = heldOutUnits(rows);
  return {
    sets: [...new Set(units.map(({ family }) => family))],
    fit: (set) => ({
      family: set,
      constants: fitConstants(
        units.filter(({ family }) => family !== set),
        base,
        { start },
      ),
    }),
    finish: (fits, source) => {
      const result = calibrate(units, base, { start, fits, by, widest: prior.interval });
      const predicted = new Map(result.predictions.map((each) => [each.row, each.predictedSeconds]));
      return {
        calibration: calibrationOf(rows, result, { machine, layout, source }),
        result,
        heldOutSeconds: units.map((unit) => predicted.get(unit) ?? Number.NaN),
        uncalibrated: compared(rows, machine, prior),
        ...(machine.calibration.kind === 'calibrated' && { inUse: compared(rows, machine, machine.calibration) }),
      };
    },
  };
};
