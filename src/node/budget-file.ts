/** Reads a budget file as plain data, with the line of every place in it. What it must say is checked by parseBudgets of explore/. */
import { malformed, readDataText } from './data-file.ts';

export type BudgetFileResult =
  | {
      readonly ok: true;
      readonly data: unknown;
      /** Line of a place, or of the nearest one around it that the text has; the first is 1. */
      lineOf(path: readonly (string | number)[]): number;
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Every way to fail is a result with a sentence for people. */
export const readBudgetFile = async (path: string): Promise<BudgetFileResult> => {
  const file = await readDataText(path, 'budget file');
  if (!file.ok) return file;
  const { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  try {
    // JSON is YAML but for its strictness, which its own parser has.
    const data = file.isJson ? (JSON.parse(file.text) as unknown) : undefined;
    const document = parseDocument(file.text, { logLevel: 'error', lineCounter: lines });
    const [error] = document.errors;
    if (!file.isJson && error !== undefined) throw error;
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
    return { ok: true, data: file.isJson ? data : (document.toJS() as unknown), lineOf };
  } catch (error) {
    return malformed(path, file.isJson, error);
  }
};
