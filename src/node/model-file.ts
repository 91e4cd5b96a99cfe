/** Model files: read through a descriptor, and their external data looked at without being read. */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { quoted } from '../onnx/read/error.ts';
import type { ReadOptions } from '../onnx/read/limits.ts';
import { readModelSync } from '../onnx/read/read-model.ts';
import { modelTensors } from '../onnx/read/tensors.ts';
import type { ModelRecord, TensorRecord } from '../onnx/records.ts';
import type { SyncByteSource } from '../onnx/source.ts';
import { errnoOf, reasonOf } from './files.ts';

export type ModelFileErrorCode = 'file-not-found' | 'not-a-file' | 'permission-denied' | 'unreadable-file';

/** A file that cannot be opened or read at all. What is wrong inside it is an `OnnxReadError`. */
export class ModelFileError extends Error {
  readonly code: ModelFileErrorCode;
  readonly path: string;

  constructor(code: ModelFileErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = path;
  }
}

export interface ModelFileWarning {
  readonly code: string;
  /** The first tensor or place that it is about. */
  readonly path: string;
  readonly message: string;
}

export interface ModelFile {
  readonly record: ModelRecord;
  /** The record's own, and those of its external data: counts need none of these bytes. */
  readonly warnings: readonly ModelFileWarning[];
  readonly sizeBytes: number;
}

const ERRNO_CODES: Readonly<Record<string, ModelFileErrorCode>> = {
  ENOENT: 'file-not-found',
  ENOTDIR: 'file-not-found',
  ENAMETOOLONG: 'file-not-found',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  EISDIR: 'not-a-file',
};

const unreadable = (path: string, error: unknown): ModelFileError => {
  const code = ERRNO_CODES[errnoOf(error)] ?? 'unreadable-file';
  return new ModelFileError(code, path, `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
};

/** What the start of the message after a payload needs. */
const READ_AHEAD_BYTES = 4096;

/** Positioned reads into one buffer that is used again and again; sizes past 2 GiB are fine. */
const descriptorSource = (descriptor: number, size: number, path: string): SyncByteSource => {
  let buffer = new Uint8Array(READ_AHEAD_BYTES);
  return {
    size,
    readAheadBytes: READ_AHEAD_BYTES,
    read: (offset, length) => {
      if (length > buffer.byteLength) buffer = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        let count = 0;
        try {
          count = readSync(descriptor, buffer, done, length - done, offset + done);
        } catch (error) {
          throw unreadable(path, error);
        }
        // Shorter than it was when it was opened: the reader says so.
        if (count === 0) break;
        done += count;
      }
      return buffer.subarray(0, done);
    },
  };
};

/** Calls `use` with a file opened for reading. Throws `ModelFileError` for what is no regular file. */
const withFile = <T>(path: string, use: (descriptor: number, size: number) => T): T => {
  let descriptor: number;
  try {
    // A named pipe without a writer would wait for one for ever.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) {
      const what = found.isDirectory() ? 'a folder' : 'no regular file';
      throw new ModelFileError('not-a-file', path, `${path} is ${what}; expected a model file`);
    }
    return use(descriptor, found.size);
  } finally {
    closeSync(descriptor);
  }
};

const isBelow = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

type External = TensorRecord & { readonly payload: { readonly kind: 'external' } };

const isExternal = (tensor: TensorRecord): tensor is External => tensor.payload.kind === 'external';

/** Size of an external file, or what keeps it from having one. Looks at nothing outside `folder`. */
const externalSize = (folder: string, location: string): number | 'outside' | 'missing' => {
  if (location === '') return 'missing';
  if (location.includes('\0')) return 'outside';
  // Backslashes and drive letters lead outside on Windows: refused everywhere, so that a file means the same everywhere.
  const isRooted = isAbsolute(location) || /^[a-zA-Z]:|^\\/.test(location);
  const path = resolve(folder, location);
  if (isRooted || location.split(/[/\\]/).includes('..') || !isBelow(folder, path)) return 'outside';
  try {
    // A link may lead out of the folder: where it leads is asked before the file is looked at.
    const target = realpathSync(path);
    if (!isBelow(realpathSync(folder), target)) return 'outside';
    const found = statSync(target);
    return found.isFile() ? found.size : 'missing';
  } catch {
    return 'missing';
  }
};

/** One warning per external file and kind, naming the first tensor: a model without its data has thousands. */
const externalWarnings = (record: ModelRecord, modelPath: string): readonly ModelFileWarning[] => {
  const folder = dirname(resolve(modelPath));
  const sizes = new Map<string, number | 'outside' | 'missing'>();
  const found = new Map<
    string,
    { readonly code: string; readonly what: string; readonly first: string; count: number }
  >();
  const warn = (code: string, what: string, location: string, tensor: string): void => {
    const known = found.get(`${code} ${location}`);
    if (known !== undefined) known.count += 1;
    else found.set(`${code} ${location}`, { code, what, first: tensor, count: 1 });
  };
  for (const tensor of modelTensors(record)) {
    if (!isExternal(tensor)) continue;
    const { location, offset, byteLength = 0 } = tensor.payload;
    const size = sizes.get(location) ?? externalSize(folder, location);
    sizes.set(location, size);
    const file = quoted(location);
    if (size === 'outside') {
      warn(
        'external-data-outside',
        `external data ${file} lies outside the model's folder and is not looked at`,
        location,
        tensor.name,
      );
    } else if (size === 'missing') {
      const what = location === '' ? 'external data without a location' : `external data ${file} is not in ${folder}`;
      warn('external-data-missing', what, location, tensor.name);
    } else if (offset + byteLength > size) {
      const what = `external data ${file} has ${size} bytes; ${offset + byteLength} are needed`;
      warn('external-data-short', what, location, tensor.name);
    }
  }
  return [...found.values()].map(({ code, what, first, count }) => ({
    code,
    path: first,
    message: `${what} (tensor ${quoted(first)}${count > 1 ? ` and ${count - 1} more` : ''})`,
  }));
};

/**
 * Reads a model file; weights are neither read nor needed. Rejects with `ModelFileError` where there is no file to read
 * and with `OnnxReadError` where it is no ONNX model.
 */
export const openModelFile = async (path: string, options?: ReadOptions): Promise<ModelFile> =>
  withFile(path, (descriptor, size) => {
    const record = readModelSync(descriptorSource(descriptor, size, path), options);
    return { record, warnings: [...(record.warnings ?? []), ...externalWarnings(record, path)], sizeBytes: size };
  });
