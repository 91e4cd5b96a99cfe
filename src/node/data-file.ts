/** YAML or JSON that somebody wrote, read as plain data, bounded; every way to fail is a result with a sentence for people. */
import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { errnoOf, reasonOf } from './files.ts';

/** Endings of files of plain data. */
export const DATA_FILE_ENDINGS = ['.yaml', '.yml', '.json'] as const;

/** What is described by hand is a few kilobytes; a file a hundred times larger is not that, and is not read. */
export const MAX_DATA_FILE_BYTES = 256 * 1024;
/** A device is six levels deep. The YAML parser recurses, and deep enough it takes the process down with it. */
const MAX_NESTING = 64;
/** Columns that a line may be indented by: levels of a block with one or more spaces each. */
const MAX_INDENT = 4 * MAX_NESTING;

export type DataFileResult =
  | { readonly ok: true; readonly data: unknown }
  | {
      readonly ok: false;
      readonly code: 'missing-file' | 'unreadable-file' | 'file-too-large' | 'malformed-file' | 'unknown-format';
      readonly message: string;
    };

type Failure = Extract<DataFileResult, { ok: false }>;

const failed = (code: Failure['code'], message: string): Failure => ({ ok: false, code, message });

type ReadResult = { readonly ok: true; readonly bytes: Uint8Array } | Failure;

/** At most MAX_DATA_FILE_BYTES of a regular file: a pipe or /dev/zero would never end. */
const readBounded = async (path: string, kind: string): Promise<ReadResult> => {
  try {
    // Before it is opened: opening a pipe waits for somebody to write to it.
    const found = await stat(path);
    if (!found.isFile()) {
      const what = found.isDirectory() ? 'a folder' : 'no regular file';
      return failed('unreadable-file', `${path} is ${what}; expected a ${kind} (${DATA_FILE_ENDINGS.join(', ')})`);
    }
    if (found.size > MAX_DATA_FILE_BYTES) {
      return failed('file-too-large', `${path} has ${found.size} bytes; a ${kind} has at most ${MAX_DATA_FILE_BYTES}`);
    }
    const file = await open(path, 'r');
    try {
      const buffer = new Uint8Array(MAX_DATA_FILE_BYTES);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
        if (bytesRead === 0) return { ok: true, bytes: buffer.subarray(0, length) };
        length += bytesRead;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = errnoOf(error) === 'ENOENT' ? 'missing-file' : 'unreadable-file';
    return failed(code, code === 'missing-file' ? `there is no file ${path}` : `${path}: ${reasonOf(error)}`);
  }
};

/**
 * Whether the text nests deeper than anything described by hand, by its brackets, by its indentation or by the list
 * marks that begin a line ("- - - a"). Brackets in quotes are counted too: text has few, and they mostly close.
 */
const isTooDeep = (text: string): boolean => {
  let open = 0;
  let marks = 0;
  let indent = 0;
  let atStart = true;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '[' || char === '{') open += 1;
    else if (char === ']' || char === '}') open = Math.max(0, open - 1);
    if (char === '\n') {
      atStart = true;
      marks = 0;
      indent = 0;
    } else if (atStart) {
      if (char === ' ' || char === '\t') indent += 1;
      else if (char === '-' || char === '?' || char === ':') marks += 1;
      else atStart = false;
    }
    if (open > MAX_NESTING || marks > MAX_NESTING || indent > MAX_INDENT) return true;
  }
  return false;
};

/** The first line of a parser's message: the rest is a drawing of the place. */
const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/:$/, '') ?? '';

export type DataTextResult = { readonly ok: true; readonly text: string; readonly isJson: boolean } | Failure;

/** The text of a YAML or JSON file, bounded in length and depth. `kind` is what it should be, for sentences: "device file". */
export const readDataText = async (path: string, kind: string): Promise<DataTextResult> => {
  const ending = extname(path).toLowerCase();
  const read = await readBounded(path, kind);
  if (!read.ok) return read;
  if (!(DATA_FILE_ENDINGS as readonly string[]).includes(ending)) {
    return failed('unknown-format', `${path} is no ${kind}: expected an ending of ${DATA_FILE_ENDINGS.join(', ')}`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(read.bytes);
  } catch {
    return failed('malformed-file', `${path} is not UTF-8 text`);
  }
  if (text.includes('\0')) return failed('malformed-file', `${path} is not text`);
  if (isTooDeep(text)) {
    return failed('malformed-file', `${path} is nested too deeply: expected at most ${MAX_NESTING} levels`);
  }
  return { ok: true, text, isJson: ending === '.json' };
};

/** What the parser of either language says, as one line. */
export const malformed = (path: string, isJson: boolean, error: unknown): Failure =>
  failed('malformed-file', `${path} is not valid ${isJson ? 'JSON' : 'YAML'}: ${firstLine(error)}`);

/** The data of a YAML or JSON file, by its ending. */
export const readDataFile = async (path: string, kind: string): Promise<DataFileResult> => {
  const read = await readDataText(path, kind);
  if (!read.ok) return read;
  const { text, isJson } = read;
  try {
    if (isJson) return { ok: true, data: JSON.parse(text) as unknown };
    const { parse } = await import('yaml');
    return { ok: true, data: parse(text, { logLevel: 'error' }) as unknown };
  } catch (error) {
    return malformed(path, isJson, error);
  }
};
