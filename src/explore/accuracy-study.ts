/** All groups and classes of a table of measurements at once, and the energies in it. */
import { type HeldOutFit, intervalFactors } from '../estimate/calibrate.ts';
import { STARTS } from '../estimate/calibrations.ts';
import type { IntervalFactors } from '../estimate/constants.ts';
import { findRuntime } from '../estimate/runtime.ts';
import { type GroupAccuracy, groupAccuracy, LEVEL } from './accuracy.ts';
import { type EnergyRow, energyRows } from './energy-accuracy.ts';
import {
  type MeasuredCase,
  type MeasurementGroup,
  measuredOn,
  measurementGroups,
  type SkippedRecord,
} from './measured.ts';
import { type MeasurementRecord, readMeasurements } from './measurement-table.ts';
import type { LineIssue } from './table.ts';
import { type DeviceFit, type UnseenDevice, unseenDevices } from './unseen-devices.ts';

/** As reference/ has them. */
export interface AccuracyInput {
  /** The text of the table. */
  readonly measurements: string;
  /** Constants without each held-out set, by group. */
  readonly groups: readonly { readonly id: string; readonly fits: readonly HeldOutFit[] }[];
  /** Constants without each device, by `<architecture>/<class of runtimes>`. */
  readonly classes: readonly { readonly id: string; readonly fits: readonly DeviceFit[] }[];
}

export interface AccuracyStudy {
  /** With a prediction. */
  readonly rows: number;
  readonly groups: readonly GroupAccuracy[];
  readonly unseen: readonly UnseenDevice[];
  readonly energy: readonly EnergyRow[];
  /** What was measured that Assay does not model. */
  readonly skipped: readonly SkippedRecord[];
  /** Groups of so few rows that nothing was fitted to them: only among the unseen devices. */
  readonly thin: readonly MeasurementGroup[];
  /** Rows that could be predicted if constants without them had been kept. */
  readonly unpredicted: readonly MeasuredCase[];
  readonly issues: readonly LineIssue[];
}

export interface AccuracyOptions {
  /** Only these devices; all where it is left out. */
  readonly devices?: readonly string[];
  readonly runtime?: string;
}

/** A group of fewer rows has no constants of its own. */
export const FEWEST_ROWS = 3;

const classOf = ({ device, runtime }: Pick<MeasurementGroup, 'device' | 'runtime'>): string =>
  `${device.geometry.kind}/${runtime.class}`;

const isThin = ({ rows }: MeasurementGroup): boolean => rows.length < FEWEST_ROWS;

const targetOf = (record: MeasurementRecord): Pick<MeasurementGroup, 'device' | 'runtime'> | undefined => {
  const device = measuredOn(record)?.device;
  const runtime = device && findRuntime(record.runtime?.id ?? device.defaultRuntime);
  return device && runtime && { device, runtime };
};

/** Factors of a class as its other devices have them; the start's by hand where there are none. */
const intervalWithout = (group: MeasurementGroup, unseen: readonly UnseenDevice[]): IntervalFactors => {
  const others = unseen.filter(
    ({ device, architecture, runtimeClass }) =>
      device !== group.device.id && `${architecture}/${runtimeClass}` === classOf(group),
  );
  if (others.length === 0) return STARTS[group.device.geometry.kind].interval;
  const predictions = others.flatMap(({ device, rows }) =>
    rows.map(({ row, predictedSeconds }) => ({ row: { ...row, family: device }, predictedSeconds })),
  );
  return intervalFactors(predictions, LEVEL, 'sets');
};

export const accuracyStudy = (input: AccuracyInput, { devices, runtime }: AccuracyOptions = {}): AccuracyStudy => {
  const { rows: records, issues } = readMeasurements(input.measurements);
  const isWanted = (target: ReturnType<typeof targetOf>): boolean =>
    (devices === undefined || (target !== undefined && devices.includes(target.device.id))) &&
    (runtime === undefined || target?.runtime.id === runtime);
  const targets = records.map((record) => ({ record, target: targetOf(record) }));
  const wantedClasses = new Set(targets.flatMap(({ target }) => (target && isWanted(target) ? [classOf(target)] : [])));
  // The rest of a class is needed too: what its devices teach about one of them.
  const needed = targets
    .filter(({ target }) => (target === undefined ? isWanted(target) : wantedClasses.has(classOf(target))))
    .map(({ record }) => record);
  const found = measurementGroups(needed);
  const unseen = input.classes.flatMap(({ id, fits }) =>
    unseenDevices(
      found.groups.filter((group) => classOf(group) === id),
      fits,
    ),
  );
  const fitsOf = new Map(input.groups.map(({ id, fits }) => [id, fits]));
  const wanted = found.groups.filter(isWanted);
  const accuracies = wanted.map((group) => ({
    group,
    accuracy: groupAccuracy(group, fitsOf.get(group.id) ?? [], intervalWithout(group, unseen)),
  }));
  const groups = accuracies.flatMap(({ accuracy }) => accuracy ?? []);
  const wantedIds = new Set(wanted.map((group) => `${group.device.id} ${classOf(group)}`));
  return {
    rows: groups.reduce((sum, { rows }) => sum + rows.length, 0),
    groups,
    unseen: unseen.filter(({ device, architecture, runtimeClass }) =>
      wantedIds.has(`${device} ${architecture}/${runtimeClass}`),
    ),
    energy: groups.flatMap(energyRows),
    skipped: found.skipped.filter(({ record }) => isWanted(targetOf(record))),
    thin: accuracies.flatMap(({ group, accuracy }) => (accuracy === undefined && isThin(group) ? [group] : [])),
    unpredicted: accuracies.flatMap(
      ({ group, accuracy }) => accuracy?.unpredicted ?? (isThin(group) ? [] : group.rows),
    ),
    issues,
  };
};

/** Groups with at least so many rows are shown first; an error over a handful says little. */
export const LARGE_GROUP = 8;
