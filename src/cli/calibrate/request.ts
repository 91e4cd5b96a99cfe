/** What `assay calibrate` is asked for: the options, completed and checked by what the table says of its rows. */
import {
  type CalibrationTarget,
  findDevice,
  findRuntime,
  isMachine,
  type MeasurementRecord,
  type Precision,
  type Runtime,
  readMeasurements,
  resolveMachine,
} from '../../index.ts';
import { type FileOperations, readTextFile } from '../../node/api.ts';
import { InputError, quoted } from '../errors.ts';
import { parsePrecision, parseRuntime } from '../parse.ts';
import { type SelectedDevice, selectDevices } from '../select.ts';

export interface CalibrateWords {
  readonly device?: string;
  readonly runtime?: string;
  readonly precision?: string;
  readonly layout?: string;
}

export interface CalibrationRequest {
  readonly path: string;
  readonly selected: SelectedDevice;
  readonly target: CalibrationTarget;
  /** Of the device. */
  readonly records: readonly MeasurementRecord[];
  readonly ofOtherDevices: readonly MeasurementRecord[];
}

const onLine = (path: string, line: number, column: string, message: string): string =>
  `${path}:${line}: ${column === '' ? '' : `${column}: `}${message}`;

/** The rows of the table; one that cannot be read makes the whole table doubtful. Throws `InputError`. */
const readRows = async (path: string): Promise<readonly MeasurementRecord[]> => {
  const read = await readTextFile(path);
  if (!read.ok) throw new InputError(read.code, path, read.message);
  const { rows, issues } = readMeasurements(read.text);
  const [first, ...others] = issues;
  if (first === undefined) return rows;
  const column = first.path.replace(/^line \d+(, )?/, '');
  const more = others.length === 0 ? '' : ` (and ${others.length} more like it)`;
  throw new InputError(first.code, path, onLine(path, first.line, column, first.message) + more);
};

/** Values of a column that rows state, each with the first row that does. */
const stated = <Value>(
  records: readonly MeasurementRecord[],
  read: (record: MeasurementRecord) => Value | undefined,
): ReadonlyMap<Value, MeasurementRecord> => {
  const found = new Map<Value, MeasurementRecord>();
  for (const record of records) {
    const value = read(record);
    if (value !== undefined && value !== '' && !found.has(value)) found.set(value, record);
  }
  return found;
};

/** The only value that the rows state. Throws `InputError` where they state several: a calibration is of one. */
const onlyStated = <Value>(
  values: ReadonlyMap<Value, MeasurementRecord>,
  path: string,
  name: string,
): Value | undefined => {
  if (values.size > 1) {
    const list = [...values.keys()].map(String).slice(0, 8).join(', ');
    const message = `${path} has rows of several ${name}s (${list}): choose one with --${name}`;
    throw new InputError('several-targets', `--${name}`, message);
  }
  return [...values.keys()][0];
};

const oneDevice = async (word: string, files: FileOperations): Promise<SelectedDevice> => {
  const found = await selectDevices([word], files);
  const [selected] = found;
  if (selected === undefined || found.length > 1) {
    const message = `--device is ${quoted(word)}: expected one device, since a calibration is of one`;
    throw new InputError('too-many-devices', '--device', message);
  }
  return selected;
};

/** The device of the option, or the one that all rows name. Throws `InputError`, with the line of an unknown name. */
const deviceOf = async (
  word: string | undefined,
  {
    records,
    path,
    files,
  }: { readonly records: readonly MeasurementRecord[]; readonly path: string; readonly files: FileOperations },
): Promise<SelectedDevice> => {
  if (word !== undefined) return oneDevice(word, files);
  const names = stated(records, ({ device }) => findDevice(device)?.id ?? device);
  const name = onlyStated(names, path, 'device');
  if (name === undefined) {
    const message = `no device is given, and ${path} has no column that says it: expected --device DEVICE`;
    throw new InputError('missing-option', '--device', message);
  }
  try {
    return await oneDevice(name, files);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.code, path, onLine(path, names.get(name)?.line ?? 1, 'device', error.message));
  }
};

/** Rows of the device, or of none in particular, and those of others. Throws `InputError` for a name of no device. */
const byDevice = async (
  records: readonly MeasurementRecord[],
  { device, word }: SelectedDevice,
  { path, files }: { readonly path: string; readonly files: FileOperations },
): Promise<Pick<CalibrationRequest, 'records' | 'ofOtherDevices'>> => {
  const isIt = new Map<string, boolean>();
  for (const [name, { line }] of stated(records, (record) => record.device)) {
    const isOwn = name === word || name === device.id || findDevice(name)?.id === device.id;
    isIt.set(name, isOwn);
    if (isOwn) continue;
    try {
      await oneDevice(name, files);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(error.code, path, onLine(path, line, 'device', error.message));
    }
  }
  const isOwn = (record: MeasurementRecord): boolean => isIt.get(record.device) ?? true;
  return { records: records.filter(isOwn), ofOtherDevices: records.filter((record) => !isOwn(record)) };
};

const runtimeOf = (word: string | undefined, records: readonly MeasurementRecord[], path: string): Runtime => {
  if (word !== undefined) return parseRuntime(word);
  const id = onlyStated(
    stated(records, ({ runtime }) => runtime?.id),
    path,
    'runtime',
  );
  const found = id === undefined ? undefined : findRuntime(id);
  if (found !== undefined) return found;
  const message = `no runtime is given, and ${path} has no column that says it: expected --runtime RUNTIME`;
  throw new InputError('missing-option', '--runtime', message);
};

/** Throws `InputError` for what is no request, with file and line where the table is at fault. */
export const calibrationRequest = async (
  path: string,
  words: CalibrateWords,
  files: FileOperations,
): Promise<CalibrationRequest> => {
  // What was typed is checked before the table is read.
  const precision = words.precision === undefined ? undefined : parsePrecision(words.precision);
  if (words.runtime !== undefined) parseRuntime(words.runtime);
  const given = words.device === undefined ? undefined : await oneDevice(words.device, files);
  const all = await readRows(path);
  const selected = given ?? (await deviceOf(undefined, { records: all, path, files }));
  const { records, ofOtherDevices } = await byDevice(all, selected, { path, files });
  const runtime = runtimeOf(words.runtime, records, path);
  const chosen: Precision =
    precision ??
    onlyStated(
      stated(records, (record) => record.precision?.precision),
      path,
      'precision',
    ) ??
    selected.device.defaultPrecision;
  const layout =
    words.layout?.toLowerCase() ??
    onlyStated(
      stated(records, (record) => record.layout),
      path,
      'layout',
    ) ??
    '';
  const machine = resolveMachine(selected.device, runtime, {
    precision: chosen,
    ...(layout !== '' && { layout }),
    ...(selected.powerMode !== undefined && { mode: selected.powerMode }),
  });
  if (!isMachine(machine)) throw new InputError(machine.code, '--precision', machine.message);
  return { path, selected, target: { machine, layout }, records, ofOtherDevices };
};
