/** Files that are either whole or not there: everything is written to a temporary name and renamed. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** A text, or bytes in pieces that are made as they are written. */
export type FileContents = string | Iterable<Uint8Array>;

/** What writing needs of a file system; a test passes one that fails. */
export interface FileOperations {
  /** `undefined` where nothing is. */
  kindOf(path: string): Promise<'file' | 'folder' | 'other' | undefined>;
  /** Makes a folder and the ones above it; returns the topmost one that was not there before. */
  makeFolder(path: string): Promise<string | undefined>;
  write(path: string, contents: FileContents): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with its contents; silent when nothing is there. */
  remove(path: string): Promise<void>;
}

export interface OutputFile {
  /** Relative to the output folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

export type FileErrorCode = 'unwritable-output' | 'output-not-a-folder' | 'output-not-a-file' | 'missing-folder';

/** A place that cannot be written. The message says where, why and what was expected. */
export class FileError extends Error {
  readonly code: FileErrorCode;
  readonly path: string;

  constructor(code: FileErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = path;
  }
}

export const errnoOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** "permission denied, mkdir '/x'" -> "permission denied". */
export const reasonOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[A-Z][A-Z0-9]+: /, '').replace(/, [a-z]+( '.*)?$/s, '');
};

export const fileSystem: FileOperations = {
  kindOf: async (path) => {
    try {
      const found = await stat(path);
      if (found.isFile()) return 'file';
      return found.isDirectory() ? 'folder' : 'other';
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errnoOf(error))) return undefined;
      throw error;
    }
  },
  // One by one: below /proc, where a parent is there and nothing can be made in it, Node's own recursion never ends.
  makeFolder: async (path) => {
    const missing: string[] = [];
    for (let at = resolve(path); (await fileSystem.kindOf(at)) === undefined; at = dirname(at)) missing.unshift(at);
    const [top] = missing;
    for (const folder of missing) {
      await mkdir(folder).catch(async (error: unknown) => {
        // Another run made it first.
        if (errnoOf(error) === 'EEXIST') return;
        if (top !== undefined && folder !== top) await fileSystem.remove(top);
        throw error;
      });
    }
    return top;
  },
  // `wx`: a temporary name that is taken belongs to somebody else.
  write: (path, contents) => writeFile(path, contents, { flag: 'wx' }),
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
};

/** Two runs into one folder must not share a temporary name, and neither may two files of one run. */
let temporaryCount = 0;
const temporaryName = (path: string): string => {
  temporaryCount += 1;
  return join(dirname(path), `.${basename(path)}.${process.pid}-${temporaryCount}.tmp`);
};

const unwritable = (path: string, error: unknown): FileError =>
  error instanceof FileError
    ? error
    : new FileError('unwritable-output', path, `${path} cannot be written: ${reasonOf(error)}`, { cause: error });

interface NewFile {
  readonly path: string;
  readonly contents: FileContents;
}

/** Writes all files under temporary names, then renames them; on a failure nothing new is left behind. */
const writeThenRename = async (outputs: readonly NewFile[], files: FileOperations): Promise<void> => {
  const pending = new Set<string>();
  try {
    const moves: { readonly from: string; readonly to: string }[] = [];
    for (const { path, contents } of outputs) {
      const from = temporaryName(path);
      pending.add(from);
      await files.write(from, contents).catch((error: unknown) => Promise.reject(unwritable(path, error)));
      moves.push({ from, to: path });
    }
    for (const { from, to } of moves) {
      await files.rename(from, to).catch((error: unknown) => Promise.reject(unwritable(to, error)));
      pending.delete(from);
    }
  } catch (error) {
    for (const path of pending) await files.remove(path).catch(() => undefined);
    throw error;
  }
};

/** Throws `FileError` when a path is no place for a file: certain before any work is done. */
export const checkOutputFile = async (path: string, files: FileOperations = fileSystem): Promise<void> => {
  const kind = await files.kindOf(path).catch((error: unknown) => Promise.reject(unwritable(path, error)));
  if (kind === 'folder') throw new FileError('output-not-a-file', path, `${path} is a folder; expected a file name`);
  // A device (/dev/stdout, /dev/null) or a pipe is written to: it cannot be renamed over.
  if (kind === 'other') {
    throw new FileError('output-not-a-file', path, `${path} is no regular file; expected a file name`);
  }
  const folder = dirname(resolve(path));
  if ((await files.kindOf(folder)) !== 'folder') {
    throw new FileError('missing-folder', path, `${path} cannot be written: there is no folder ${folder}`);
  }
};

/** Writes files whole, all or none. Throws `FileError` when one cannot be, and leaves what was there before. */
export const writeFilesAtomic = async (
  outputs: readonly NewFile[],
  files: FileOperations = fileSystem,
): Promise<void> => {
  for (const { path } of outputs) await checkOutputFile(path, files);
  await writeThenRename(outputs, files);
};

/** Writes one file whole. Throws `FileError` when it cannot be, and leaves what was there before. */
export const writeFileAtomic = (
  path: string,
  contents: FileContents,
  files: FileOperations = fileSystem,
): Promise<void> => writeFilesAtomic([{ path, contents }], files);

/**
 * Throws `FileError` when a path cannot be an output folder because something else is in its way. Called before the
 * work, so that a long run does not end in a refusal that was certain from the start.
 */
export const checkOutputFolder = async (folder: string, files: FileOperations = fileSystem): Promise<void> => {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const kind = await files.kindOf(path).catch((error: unknown) => Promise.reject(unwritable(folder, error)));
    if (kind === 'folder') return;
    if (kind !== undefined) {
      const what = path === resolve(folder) ? `${folder} is a file` : `${folder} cannot be a folder: ${path} is a file`;
      throw new FileError('output-not-a-folder', folder, `${what}; expected a folder, or a name that is free`);
    }
    if (dirname(path) === path) return;
  }
};

/**
 * Writes files into a folder, which is made where it is missing. Only these files are replaced, others stay. All are
 * written under temporary names before the first is renamed, so a full disk changes nothing. Throws `FileError`.
 */
export const writeOutputFolder = async (
  folder: string,
  outputs: readonly OutputFile[],
  files: FileOperations = fileSystem,
): Promise<void> => {
  await checkOutputFolder(folder, files);
  const made: string[] = [];
  try {
    const targets = outputs.map(({ path, text }) => ({ path: join(folder, ...path.split('/')), contents: text }));
    for (const parent of new Set([folder, ...targets.map(({ path }) => dirname(path))])) {
      const top = await files.makeFolder(parent).catch((error: unknown) => Promise.reject(unwritable(parent, error)));
      if (top !== undefined) made.push(top);
    }
    for (const { path } of targets) {
      const kind = await files.kindOf(path);
      if (kind === 'folder') throw new FileError('output-not-a-file', path, `${path} is a folder; expected a file`);
    }
    await writeThenRename(targets, files);
  } catch (error) {
    // Folders that this call made hold nothing but what it failed to write.
    for (const path of made) await files.remove(path).catch(() => undefined);
    throw error;
  }
};
