/** Reads a budget file as plain data, with the line of every place in it. What it must say is checked by parseBudgets of explore/. */
import { extname } from 'node:path';
import { DEVICE_FILE_ENDINGS, firstLine, isTooDeep, MAX_NESTING } from './device-file.ts';
import { fileSystem } from './files.ts';
import { readTextFile } from './text-file.ts';

/** A budget is a few hundred bytes; one of a few thousand limits fits. */
export const MAX_BUDGET_FILE_BYTES = 256 * 1024;

export type BudgetFileResult =
  | {
      readonly ok: true;
      readonly data: unknown;
      /** Line of a place, or of the nearest one around it that the text has; the first is 1. */
      lineOf(path: readonly (string | number)[]): number;
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

const failed = (code: string, message: string): BudgetFileResult => ({ ok: false, code, message });

/** Every way to fail is a result with a sentence for people. */
export const readBudgetFile = async (path: string): Promise<BudgetFileResult> => {
  const kind = await fileSystem.kindOf(path);
  if (kind === undefined) return failed('missing-file', `there is no file ${path}`);
  if (kind !== 'file') {
    const what = kind === 'folder' ? 'a folder' : 'no regular file';
    return failed('unreadable-file', `${path} is ${what}; expected a budget file (${DEVICE_FILE_ENDINGS.join(', ')})`);
  }
  const ending = extname(path).toLowerCase();
  if (!(DEVICE_FILE_ENDINGS as readonly string[]).includes(ending)) {
    return failed(
      'unknown-format',
      `${path} is no budget file: expected an ending of ${DEVICE_FILE_ENDINGS.join(', ')}`,
    );
  }
  const file = await readTextFile(path, MAX_BUDGET_FILE_BYTES);
  if (!file.ok) return failed(file.code === 'not-text' ? 'malformed-file' : file.code, file.message);
  if (file.text.includes('\0')) return failed('malformed-file', `${path} is not text`);
  if (isTooDeep(file.text)) {
    return failed('malformed-file', `${path} is nested too deeply: expected at most ${MAX_NESTING} levels`);
  }
  const { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  try {
    // JSON is YAML but for its strictness, which its own parser has.
    const data = ending === '.json' ? (JSON.parse(file.text) as unknown) : undefined;
    const document = parseDocument(file.text, { logLevel: 'error', lineCounter: lines });
    const [error] = document.errors;
    if (ending !== '.json' && error !== undefined) throw error;
    const lineOf = (place: readonly (string | number)[]): number => {
      let at: unknown = document.contents;
      let offset = 0;
      for (const key of place) {
        if (isMap(at)) {
          const pair = at.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
          if (pair === undefined) break;
          if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
          at = pair.value;
        } else if (isSeq(at) && typeof key === 'number') {
          const item = at.items[key] as { readonly range?: readonly number[] | null } | undefined;
          if (item === undefined) break;
          offset = item.range?.[0] ?? offset;
          at = item;
        } else break;
      }
      return lines.linePos(offset).line;
    };
    return { ok: true, data: ending === '.json' ? data : (document.toJS() as unknown), lineOf };
  } catch (error) {
    return failed(
      'malformed-file',
      `${path} is not valid ${ending === '.json' ? 'JSON' : 'YAML'}: ${firstLine(error)}`,
    );
  }
};
