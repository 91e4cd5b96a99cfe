/** Rows of a table as cases to predict, in the order of the table. */
import type { PredictionCase } from './predict.ts';
import { columnIndex, type LineIssue, missingColumns, type RefusedTable, type Table } from './table.ts';

export interface TableCase {
  /** Of the text, from 1. */
  readonly line: number;
  readonly asked: PredictionCase;
  /** Why nothing can be asked for this row: it is ragged, or says no device or no model. */
  readonly issue?: LineIssue;
}

export interface TableCases {
  readonly ok: true;
  /** One for every row of the table. */
  readonly cases: readonly TableCase[];
}

const REQUIRED = ['device', 'model'] as const;

export const casesOf = (table: Table): TableCases | RefusedTable => {
  const missing = missingColumns(table, REQUIRED);
  if (missing !== undefined) return { ok: false, issue: missing };
  const reader = (name: keyof PredictionCase) => {
    const at = columnIndex(table, name);
    return (row: readonly string[]): string => row[at]?.trim() ?? '';
  };
  const device = reader('device');
  const runtime = reader('runtime');
  const precision = reader('precision');
  const layout = reader('layout');
  const model = reader('model');
  const resolution = reader('resolution');
  const batch = reader('batch');
  const ragged = new Map(table.issues.map((issue) => [issue.line, issue]));
  const cases = table.rows.map((row, index): TableCase => {
    const line = table.lines[index] ?? 0;
    const asked: PredictionCase = {
      device: device(row),
      runtime: runtime(row),
      precision: precision(row),
      layout: layout(row),
      model: model(row),
      resolution: resolution(row),
      batch: batch(row),
    };
    const empty = REQUIRED.find((name) => asked[name] === '');
    const lacking: LineIssue | undefined =
      empty === undefined
        ? undefined
        : { code: `missing-${empty}`, line, path: `line ${line}, ${empty}`, message: `the row names no ${empty}` };
    // Cells of a ragged row may stand under other columns than their own: nothing that they say counts.
    const issue = ragged.get(line) ?? lacking;
    return { line, asked, ...(issue !== undefined && { issue }) };
  });
  return { ok: true, cases };
};
