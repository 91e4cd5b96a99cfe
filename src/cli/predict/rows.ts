/** The rows of a table of cases with a prediction each, in the order of the table. */
import {
  type Calibration,
  casesOf,
  type Device,
  type NoPrediction,
  type Prediction,
  predictor,
  readTable,
} from '../../index.ts';
import { type FileOperations, readTextFile } from '../../node/api.ts';
import { InputError } from '../errors.ts';
import { selectDevices } from '../select.ts';

export interface PredictedCase {
  readonly cells: readonly string[];
  readonly line: number;
  readonly prediction: Prediction | NoPrediction;
}

export interface PredictedTable {
  readonly columns: readonly string[];
  readonly cases: readonly PredictedCase[];
}

/** Device files among the cells, each read once. Throws `InputError` for one that is no device. */
const deviceFiles = async (words: readonly string[], files: FileOperations): Promise<ReadonlyMap<string, Device>> => {
  const found = new Map<string, Device>();
  for (const word of new Set(words)) {
    if (!/\.(ya?ml|json)$/i.test(word) || (await files.kindOf(word)) !== 'file') continue;
    const [selected] = await selectDevices([word], files);
    if (selected !== undefined) found.set(word, selected.device);
  }
  return found;
};

/** Throws `InputError` where the file is no table or has no column of devices or models. */
export const predictions = async (
  path: string,
  files: FileOperations,
  calibrations: readonly Calibration[] = [],
): Promise<PredictedTable> => {
  const read = await readTextFile(path);
  if (!read.ok) throw new InputError(read.code, path, read.message);
  const table = readTable(read.text);
  const found = table.ok ? casesOf(table) : table;
  if (!table.ok || !found.ok) {
    const {
      code,
      message,
      path: place,
    } = found.ok ? { code: 'malformed-file', message: 'is no table', path: '' } : found.issue;
    throw new InputError(code, path, `${path}: ${place === '' ? '' : `${place}: `}${message}`);
  }
  const devices = await deviceFiles(
    found.cases.map(({ asked }) => asked.device),
    files,
  );
  const predict = predictor({ devices, calibrations });
  const cases = found.cases.map(
    ({ asked, issue, line }, index): PredictedCase => ({
      cells: table.rows[index] ?? [],
      line,
      prediction: issue === undefined ? predict(asked) : { ok: false, code: issue.code, message: issue.message },
    }),
  );
  return { columns: table.columns, cases };
};
