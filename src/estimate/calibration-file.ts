/** Calibrations that somebody made of measurements of their own, as files: made, read back and applied. */
import { KERNEL_KINDS } from '../analysis/kernel-kinds.ts';
import type { CalibrationResult, MeasuredRow } from './calibrate.ts';
import { STARTS, startingAt } from './calibrations.ts';
import type { Calibration, HeldOutError, IntervalFactors, KindShares, TimeConstants } from './constants.ts';
import { FREE_CONSTANTS } from './free-constants.ts';
import { largestShares } from './largest-shares.ts';
import type { Machine } from './machine.ts';
import { findRuntime, fusionIn } from './runtime.ts';

export const CALIBRATION_SCHEMA = 'assay.calibrate/1';

export interface CalibrationIssue {
  readonly code: 'malformed-file' | 'unknown-schema' | 'invalid-calibration';
  /** The field, as "constants.matrixEfficiency"; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

export type ReadCalibration =
  | { readonly ok: true; readonly calibration: Calibration }
  | { readonly ok: false; readonly issue: CalibrationIssue };

export interface CalibrationOrigin {
  readonly machine: Machine;
  readonly layout: string;
  readonly source: string;
}

/** The record of a fit: what it is of, and how far its rows reach. */
export const calibrationOf = (
  rows: readonly MeasuredRow[],
  { constants, interval, heldOut }: CalibrationResult,
  { machine, layout, source }: CalibrationOrigin,
): Calibration => {
  const { device, runtime, precision, geometry, mode } = machine;
  const batches = rows.map(({ batch }) => batch);
  const windows = rows.flatMap(({ workload: { columns } }) =>
    [...columns.window].filter((_, index) => columns.depthwise[index] === 1),
  );
  return {
    id: [device.id, runtime.id, precision, layout].filter((part) => part !== '').join('/'),
    kind: 'calibrated',
    architecture: geometry.kind,
    device: device.id,
    runtime: runtime.id,
    framework: runtime.framework,
    ...(runtime.version !== undefined && { version: runtime.version }),
    ...(runtime.mode !== undefined && { mode: runtime.mode }),
    precision,
    ...(layout !== '' && { layout }),
    ...(mode !== device.power.modes[0] && { powerMode: mode.name }),
    batches: [Math.min(...batches), Math.max(...batches)],
    ...(windows.length > 0 && { largestWindow: Math.max(...windows) }),
    largestShares: largestShares(rows.map((row) => ({ row, machine: { ...machine, constants } }))),
    rows: rows.length,
    ...{ constants, interval, heldOut, source },
  };
};

/** Thrown and caught inside this file. */
class Refusal extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

const at = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const fieldsOf = (value: unknown, path: string): Fields => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Refusal(path, `is ${shown(value)}: expected an object`);
};

const textAt = (fields: Fields, name: string, path = ''): string => {
  const value = fields[name];
  if (typeof value === 'string' && value !== '' && value.length <= 1000) return value;
  throw new Refusal(at(path, name), `is ${shown(value)}: expected a text`);
};

const optionalText = (fields: Fields, name: string): Readonly<Record<string, string>> =>
  fields[name] === undefined ? {} : { [name]: textAt(fields, name) };

/** A limit that is no number is none; `above` is not itself allowed. */
interface Limits {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
}

const numberAt = (fields: Fields, name: string, limits: Limits, path = ''): number => {
  const value = fields[name];
  const { from = Number.NEGATIVE_INFINITY, above = Number.NEGATIVE_INFINITY, to = Number.MAX_VALUE } = limits;
  if (typeof value === 'number' && value >= from && value > above && value <= to) return value;
  const words = [
    ...(limits.from === undefined ? [] : [`from ${limits.from}`]),
    ...(limits.above === undefined ? [] : [`more than ${limits.above}`]),
    ...(limits.to === undefined ? [] : [`at most ${limits.to}`]),
  ];
  throw new Refusal(at(path, name), `is ${shown(value)}: expected a number, ${words.join(' and ')}`);
};

/** What a launch or an inference takes beside its work; nothing measured comes near. */
const MAX_SECONDS = 10;
const OVERLAP_EXPONENTS: readonly unknown[] = [1, 2, 4, 8];
const SHARE: Limits = { from: 0, to: 1 };
const COUNT: Limits = { from: 1 };

/** Of constants that a start states, no fit moves and no share are. */
const STATED: Readonly<Record<string, Limits>> = {
  overlapExponent: COUNT,
  matrixPowerFactor: { above: 0, to: 100 },
  fillImages: { from: 0, to: 1000 },
};

/** One scale moves constants below the limits of a fit, but no rate to zero or beyond what is physical. */
const limitsOf = (name: string): Limits => {
  const stated = STATED[name];
  if (stated !== undefined) return stated;
  if (name.endsWith('Seconds')) return { from: 0, to: MAX_SECONDS };
  const free = FREE_CONSTANTS.find((each) => each.name === name);
  return { above: 0, to: Math.max(1, free?.limits[1] ?? 1) };
};

/** Every constant that a device of the architecture has under the runtime, and no other. */
const constantsOf = (value: unknown, architecture: Calibration['architecture'], runtime: string): TimeConstants => {
  const fields = fieldsOf(value, 'constants');
  const whole = STARTS[architecture].constants;
  const start = startingAt(whole, architecture, findRuntime(runtime)?.class ?? 'vendor');
  const known = new Set<string>([
    ...[...Object.keys(whole), ...Object.keys(start)],
    ...FREE_CONSTANTS.map(({ name }) => name),
  ]);
  for (const name of Object.keys(fields)) {
    if (!known.has(name)) throw new Refusal(`constants.${name.slice(0, 60)}`, 'is no constant that is known');
  }
  if (!OVERLAP_EXPONENTS.includes(fields.overlapExponent)) {
    const message = `is ${shown(fields.overlapExponent)}: expected one of ${OVERLAP_EXPONENTS.join(', ')}`;
    throw new Refusal('constants.overlapExponent', message);
  }
  const names = [...known].filter((name) => name in fields || name in start);
  return Object.fromEntries(
    names.map((name) => [name, numberAt(fields, name, limitsOf(name), 'constants')]),
  ) as unknown as TimeConstants;
};

const intervalOf = (value: unknown): IntervalFactors => {
  const fields = fieldsOf(value, 'interval');
  return {
    level: numberAt(fields, 'level', { above: 0, to: 1 }, 'interval'),
    low: numberAt(fields, 'low', { above: 0, to: 1 }, 'interval'),
    high: numberAt(fields, 'high', { from: 1 }, 'interval'),
  };
};

const UNITS: readonly HeldOutError['by'][] = ['model family', 'measured point', 'device'];

const heldOutOf = (value: unknown): HeldOutError => {
  const fields = fieldsOf(value, 'heldOut');
  const by = UNITS.find((unit) => unit === fields.by);
  if (by === undefined) throw new Refusal('heldOut.by', `is ${shown(fields.by)}: expected one of ${UNITS.join(', ')}`);
  const positive: Limits = { from: 0 };
  const number = (name: string, limits: Limits) => numberAt(fields, name, limits, 'heldOut');
  return {
    by,
    rows: number('rows', positive),
    families: number('families', positive),
    mape: number('mape', positive),
    intervalCoverage: number('intervalCoverage', SHARE),
    medianApe: number('medianApe', positive),
    within10: number('within10', SHARE),
    within20: number('within20', SHARE),
    // Equal latencies have no rank correlation, and JSON no NaN.
    spearman: fields.spearman === null ? Number.NaN : number('spearman', { from: -1, to: 1 }),
  };
};

const largestSharesOf = (value: unknown): KindShares => {
  const fields = fieldsOf(value, 'largestShares');
  const known: readonly string[] = KERNEL_KINDS;
  for (const name of Object.keys(fields)) {
    if (!known.includes(name))
      throw new Refusal(`largestShares.${name.slice(0, 60)}`, 'is no kind of kernel that is known');
  }
  return Object.fromEntries(Object.keys(fields).map((name) => [name, numberAt(fields, name, SHARE, 'largestShares')]));
};

const batchesOf = (value: unknown): readonly [number, number] => {
  const [low, high] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (Number.isInteger(low) && Number.isInteger(high) && (low as number) >= 1 && (high as number) >= (low as number)) {
    return [low as number, high as number];
  }
  throw new Refusal('batches', `is ${shown(value)}: expected the smallest and the largest batch`);
};

const recordOf = (fields: Fields): Calibration => {
  const kinds = Object.keys(STARTS) as Calibration['architecture'][];
  const architecture = kinds.find((kind) => kind === fields.architecture);
  if (architecture === undefined) {
    throw new Refusal('architecture', `is ${shown(fields.architecture)}: expected one of ${kinds.join(', ')}`);
  }
  if (fields.kind !== 'calibrated') throw new Refusal('kind', `is ${shown(fields.kind)}: expected "calibrated"`);
  return {
    id: textAt(fields, 'id'),
    kind: 'calibrated',
    architecture,
    device: textAt(fields, 'device'),
    runtime: textAt(fields, 'runtime'),
    ...optionalText(fields, 'framework'),
    ...optionalText(fields, 'version'),
    ...optionalText(fields, 'mode'),
    precision: textAt(fields, 'precision'),
    ...optionalText(fields, 'layout'),
    ...optionalText(fields, 'powerMode'),
    ...(fields.batches !== undefined && { batches: batchesOf(fields.batches) }),
    ...(fields.largestWindow !== undefined && { largestWindow: numberAt(fields, 'largestWindow', COUNT) }),
    ...(fields.largestShares !== undefined && { largestShares: largestSharesOf(fields.largestShares) }),
    ...(fields.rows !== undefined && { rows: numberAt(fields, 'rows', COUNT) }),
    ...optionalText(fields, 'date'),
    constants: constantsOf(fields.constants, architecture, textAt(fields, 'runtime')),
    interval: intervalOf(fields.interval),
    ...(fields.heldOut !== undefined && { heldOut: heldOutOf(fields.heldOut) }),
    source: textAt(fields, 'source'),
  };
};

/** The record of a file that `assay calibrate` wrote. Constants outside of what is physical are refused. */
export const readCalibration = (text: string): ReadCalibration => {
  const refuse = (code: CalibrationIssue['code'], path: string, message: string): ReadCalibration => ({
    ok: false,
    issue: { code, path, message },
  });
  let data: unknown;
  try {
    data = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    return refuse('malformed-file', '', 'is not valid JSON: expected what assay calibrate --out FILE.json writes');
  }
  try {
    const document = fieldsOf(data, '');
    if (document.schema !== CALIBRATION_SCHEMA) {
      return refuse('unknown-schema', 'schema', `is ${shown(document.schema)}: expected "${CALIBRATION_SCHEMA}"`);
    }
    return { ok: true, calibration: recordOf(fieldsOf(document.calibration, 'calibration')) };
  } catch (error) {
    if (error instanceof Refusal) return refuse('invalid-calibration', error.path, error.message);
    throw error;
  }
};

/** Whether a record is of this device, runtime and precision. */
export const isCalibrationOf = (calibration: Calibration, { device, runtime, precision }: Machine): boolean =>
  calibration.device === device.id && calibration.runtime === runtime.id && calibration.precision === precision;

/** The machine with the constants and the interval of a record in place of its own. */
export const calibratedMachine = (machine: Machine, calibration: Calibration): Machine => ({
  ...machine,
  calibration,
  constants: calibration.constants,
  fusion: fusionIn(machine.runtime, machine.precision, machine.layout || calibration.layout || undefined),
  // Constants of channels-last rows hold no change of layout to be added to.
  convertsLayout: machine.convertsLayout && calibration.layout !== 'nhwc',
});
