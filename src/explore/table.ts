/** Tables as people and programs write them: RFC 4180, and what spreadsheets make of it. */
import papaparse from 'papaparse';
import { nearestNames } from '../units/suggest.ts';

export interface TableIssue {
  readonly code: string;
  /** "line 7, latency_ms": where it is, for a person. */
  readonly path: string;
  readonly message: string;
}

export interface LineIssue extends TableIssue {
  /** Of the text, from 1; the header is usually line 1. */
  readonly line: number;
}

export interface Table {
  readonly ok: true;
  /** Names as written, less the space around them. */
  readonly columns: readonly string[];
  /** As many cells as were written, which is not the number of columns where `issues` says so. */
  readonly rows: readonly (readonly string[])[];
  /** Line on which each row begins: a quoted cell may hold line breaks. */
  readonly lines: readonly number[];
  /** Rows with too few or too many cells. */
  readonly issues: readonly LineIssue[];
}

export interface RefusedTable {
  readonly ok: false;
  readonly issue: TableIssue;
}

/** About a million rows of measurements; the text, its rows and what is made of them lie in memory at once. */
const MAX_CHARACTERS = 1 << 28;
const MAX_ROWS = 1_000_000;
const MAX_COLUMNS = 1_000;
/** A byte order mark, which spreadsheets put in front. */
const BYTE_ORDER_MARK = '\uFEFF';
const DELIMITERS = [',', ';', '\t'] as const;

const refuse = (code: string, path: string, message: string): RefusedTable => ({
  ok: false,
  issue: { code, path, message },
});

/** Text has tabs and line ends, and no other control characters: files of other kinds show theirs at once. */
const binaryAt = (text: string): number => {
  const HEAD = 4096;
  for (let at = 0; at < Math.min(text.length, HEAD); at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0c && code !== 0x0d) return at;
  }
  return text.indexOf('\0');
};

const newlines = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
};

/** What separates the names of the header, quoted ones apart. A header of one name has no separator. */
const delimiterOf = (text: string): string => {
  const firstLine = /[^\n]*/.exec(text.trimStart())?.[0] ?? '';
  const bare = firstLine.replace(/"[^"]*"/g, '');
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
};

const duplicateOf = (columns: readonly string[]): string | undefined => {
  const seen = new Set<string>();
  for (const name of columns.map((column) => column.toLowerCase())) {
    // Columns without a name are no one's: those of an index, or after the last separator.
    if (name !== '' && seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
};

const isBlank = (row: readonly string[]): boolean => row.every((cell) => cell.trim() === '');

const checkHeader = (columns: readonly string[], line: number): RefusedTable | undefined => {
  if (columns.length > MAX_COLUMNS) {
    const message = `the header has ${columns.length} columns: expected at most ${MAX_COLUMNS}`;
    return refuse('too-many-columns', `line ${line}`, message);
  }
  const twice = duplicateOf(columns);
  if (twice === undefined) return undefined;
  return refuse('duplicate-column', `line ${line}, ${twice}`, `two columns are called ${twice}: expected one`);
};

const tableOf = (data: readonly (readonly string[])[]): Table | RefusedTable => {
  let columns: readonly string[] | undefined;
  const rows: (readonly string[])[] = [];
  const lines: number[] = [];
  const issues: LineIssue[] = [];
  let line = 1;
  for (const cells of data) {
    const start = line;
    line += 1 + cells.reduce((count, cell) => count + newlines(cell), 0);
    // A row of nothing but separators is what spreadsheets write below the last one.
    if (isBlank(cells)) continue;
    if (columns === undefined) {
      columns = cells.map((cell) => cell.trim());
      const refused = checkHeader(columns, start);
      if (refused !== undefined) return refused;
      continue;
    }
    if (cells.length !== columns.length) {
      const message = `the row has ${cells.length} cells: expected ${columns.length}, as the header has`;
      issues.push({ code: 'field-count', line: start, path: `line ${start}`, message });
    }
    rows.push(cells);
    lines.push(start);
  }
  if (columns === undefined) return refuse('empty-table', '', 'the table is empty: expected a header and rows');
  return { ok: true, columns, rows, lines, issues };
};

/** Separators are commas, semicolons or tabs, whichever the header has. Cells are as written. */
export const readTable = (text: string): Table | RefusedTable => {
  if (text.length > MAX_CHARACTERS) {
    const message = `the table has ${text.length} characters: expected at most ${MAX_CHARACTERS}`;
    return refuse('too-large', '', message);
  }
  const binary = binaryAt(text);
  if (binary !== -1) {
    const line = newlines(text.slice(0, binary)) + 1;
    return refuse('binary-content', `line ${line}`, 'the file holds control characters: expected text, as UTF-8');
  }
  const unmarked = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const unified = unmarked.includes('\r') ? unmarked.replace(/\r\n?/g, '\n') : unmarked;
  const { data, errors } = papaparse.parse<string[]>(unified, {
    delimiter: delimiterOf(unified),
    newline: '\n',
    // One more than may be, and the header, so that a longer table is seen.
    preview: MAX_ROWS + 2,
  });
  const error = errors.find(({ type }) => type === 'Quotes');
  if (error !== undefined) {
    const line = newlines(unified.slice(0, error.index ?? 0)) + 1;
    return refuse('malformed-quotes', `line ${line}`, `a quoted cell does not end as it should: ${error.message}`);
  }
  const table = tableOf(data);
  if (table.ok && table.rows.length > MAX_ROWS) {
    return refuse('too-many-rows', '', `the table has more than ${MAX_ROWS} rows: expected fewer`);
  }
  return table;
};

/** Index of a column, whatever its case; -1 where there is none. */
export const columnIndex = ({ columns }: Table, name: string): number =>
  columns.findIndex((column) => column.toLowerCase() === name.toLowerCase());

/** What is wrong where a table lacks one of the columns; `undefined` where it has them all. */
export const missingColumns = (table: Table, names: readonly string[]): TableIssue | undefined => {
  const missing = names.filter((name) => columnIndex(table, name) === -1);
  if (missing.length === 0) return undefined;
  const found = table.columns.filter((column) => column !== '');
  const SHOWN = 20;
  const shown = found.slice(0, SHOWN).map((column) => column.slice(0, 60));
  const list = found.length > SHOWN ? `${shown.join(', ')} and ${found.length - SHOWN} more` : shown.join(', ');
  const near = [...new Set(missing.flatMap((name) => nearestNames(name, found, 1)))].map((name) => name.slice(0, 60));
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  const message = `no column ${missing.join(', ')}: found ${list}${hint}`;
  return { code: 'missing-column', path: missing.join(', '), message };
};
