/** `--calibration FILE.json`: a record of `assay calibrate` in place of those that come with Assay. */
import { basename } from 'node:path';
import {
  type Calibration,
  calibratedMachine,
  isCalibrationOf,
  type Machine,
  type NoPrediction,
  type Prediction,
  readCalibration,
} from '../../index.ts';
import { readTextFile } from '../../node/api.ts';
import { InputError } from '../errors.ts';

export interface CalibrationFile {
  readonly path: string;
  /** Its id names the file, so that whoever reads a result sees that it is no record of Assay's own. */
  readonly calibration: Calibration;
}

/** A record is a few kilobytes. */
const MAX_BYTES = 1024 * 1024;

/** Throws `InputError` with the file and the field that is wrong. */
export const readCalibrationFile = async (path: string): Promise<CalibrationFile> => {
  const file = await readTextFile(path, MAX_BYTES);
  if (!file.ok) throw new InputError(file.code, path, file.message);
  const read = readCalibration(file.text);
  if (!read.ok) {
    const { code, path: field, message } = read.issue;
    throw new InputError(code, path, `${path}: ${field === '' ? '' : `${field} `}${message}`);
  }
  const { calibration } = read;
  return { path, calibration: { ...calibration, id: `${calibration.id} (${basename(path)})` } };
};

/** The machine with the record of the file, where it is of the same device, runtime and precision. */
export const withCalibrationFile = (machine: Machine, file: CalibrationFile | undefined): Machine =>
  file !== undefined && isCalibrationOf(file.calibration, machine)
    ? calibratedMachine(machine, file.calibration)
    : machine;

/** Throws `InputError` where the file is of none of the machines: it would have no effect, and no word of it. */
export const requireUse = (machines: readonly Machine[], { path, calibration }: CalibrationFile): void => {
  if (machines.some((machine) => isCalibrationOf(calibration, machine))) return;
  const { device, runtime, precision } = calibration;
  const asked = [
    ...new Set(machines.map((machine) => `${machine.device.id} ${machine.runtime.id} ${machine.precision}`)),
  ];
  const message = `${path} is of ${device} under ${runtime} in ${precision}, and none of the estimates is (${asked.slice(0, 4).join('; ')}): expected --on ${device} --runtime ${runtime} --precision ${precision}`;
  throw new InputError('calibration-mismatch', '--calibration', message);
};

/** The same for a table of cases, of which some may have no prediction at all. */
export const requireUseIn = (
  cases: readonly { readonly prediction: Prediction | NoPrediction }[],
  { path, calibration }: CalibrationFile,
): void => {
  const predicted = cases.flatMap(({ prediction }) => (prediction.ok ? [prediction.estimate] : []));
  if (predicted.length === 0 || predicted.some((estimate) => estimate.calibration.id === calibration.id)) return;
  const { device, runtime, precision } = calibration;
  const message = `${path} is of ${device} under ${runtime} in ${precision}, and no row of the table is`;
  throw new InputError('calibration-mismatch', '--calibration', message);
};
