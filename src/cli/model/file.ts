/** A model file read and imported, and what goes wrong with one as one line that names it. */
import { basename } from 'node:path';
import {
  CountOverflowError,
  ExpressionLimitError,
  type Graph,
  GraphModelError,
  ImportError,
  InferenceLimitError,
  importModel,
  OnnxReadError,
  OperatorError,
  UnboundSymbolError,
} from '../../index.ts';
import { ModelFileError, openModelFile } from '../../node/api.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../output.ts';

export interface FileModel {
  readonly path: string;
  /** The file's own name: unlike names of the zoo it has an ending. */
  readonly name: string;
  readonly graph: Graph;
  /** "pytorch 2.5"; `undefined` where the file does not say. */
  readonly producer: string | undefined;
  readonly irVersion: number;
  readonly sizeBytes: number;
  /** Of reading and of import. */
  readonly warnings: readonly Warning[];
}

/** Names in a file may be as long as its writer likes, and a line is read by people. */
const MAX_WORD = 120;
const MAX_MESSAGE = 1500;
const shortened = (text: string): string => {
  const words = text.replace(/\S{121,}/g, (word) => `${word.slice(0, MAX_WORD)}…`);
  return words.length > MAX_MESSAGE ? `${words.slice(0, MAX_MESSAGE)}…` : words;
};

/** The code of an error that a file causes; `undefined` for a fault of Assay's own. */
const codeOf = (error: unknown): string | undefined => {
  if (error instanceof OperatorError) return 'invalid-graph';
  if (
    error instanceof OnnxReadError ||
    error instanceof ImportError ||
    error instanceof GraphModelError ||
    error instanceof InferenceLimitError ||
    error instanceof CountOverflowError ||
    error instanceof ExpressionLimitError ||
    error instanceof UnboundSymbolError
  ) {
    return error.code;
  }
  // Extents that divide by zero, lists past the limits of the machine.
  return error instanceof RangeError ? 'invalid-graph' : undefined;
};

/** Runs what reads or counts a file: what the file causes is an `InputError` that names it. */
export const onFile = <Value>(path: string, run: () => Value): Value => {
  try {
    return run();
  } catch (error) {
    throw fileFailure(path, error);
  }
};

const fileFailure = (path: string, error: unknown): unknown => {
  if (error instanceof InputError) return error;
  if (error instanceof ModelFileError) {
    const code = error.code === 'file-not-found' ? 'not-found' : error.code;
    return new InputError(code, path, shortened(error.message), { cause: error });
  }
  const code = codeOf(error);
  if (code === undefined) return error;
  return new InputError(code, path, shortened(`${path}: ${(error as Error).message}`), { cause: error });
};

/** Reads and imports a file. Throws `InputError`. */
export const openFile = async (path: string): Promise<FileModel> => {
  try {
    const { record, warnings, sizeBytes } = await openModelFile(path);
    const imported = importModel(record);
    const producer = `${record.producerName} ${record.producerVersion}`.trim();
    return {
      path,
      name: basename(path),
      graph: imported.graph,
      producer: producer === '' ? undefined : producer,
      irVersion: record.irVersion,
      sizeBytes,
      warnings: [...warnings, ...imported.warnings],
    };
  } catch (error) {
    throw fileFailure(path, error);
  }
};
