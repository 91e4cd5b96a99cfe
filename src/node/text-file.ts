/** Text that somebody wrote, read whole and bounded; every way to fail is a result with a sentence for people. */
import { open } from 'node:fs/promises';
import { errnoOf, reasonOf } from './files.ts';

export type TextFileResult =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly code: 'missing-file' | 'unreadable-file' | 'file-too-large' | 'not-text';
      readonly message: string;
    };

/** A table of a million rows is about 100 MB. */
export const MAX_TEXT_FILE_BYTES = 256 * 1024 * 1024;

/** UTF-8, or UTF-16 where a byte order mark says so, as spreadsheets write it. */
const decode = (bytes: Uint8Array): string | undefined => {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

export const readTextFile = async (path: string, maxBytes = MAX_TEXT_FILE_BYTES): Promise<TextFileResult> => {
  try {
    const file = await open(path, 'r');
    try {
      const found = await file.stat();
      if (!found.isFile()) return { ok: false, code: 'unreadable-file', message: `${path} is no file` };
      if (found.size > maxBytes) {
        const megabytes = Math.round(maxBytes / 2 ** 20);
        return { ok: false, code: 'file-too-large', message: `${path} is larger than ${megabytes} MiB` };
      }
      const text = decode(await file.readFile());
      if (text === undefined) return { ok: false, code: 'not-text', message: `${path} is not UTF-8 text` };
      return { ok: true, text };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { ok: false, code: 'missing-file', message: `there is no file ${path}` };
    return { ok: false, code: 'unreadable-file', message: `${path}: ${reasonOf(error)}` };
  }
};
