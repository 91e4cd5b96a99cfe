/** A table of a document, fitted to a width: columns that matter less go first, then long text wraps. */
import Table from 'cli-table3';
import { formatCell, type TableBlock, type TableColumn } from '../../index.ts';
import { oneLine } from '../errors.ts';
import type { Colors } from './style.ts';

/** A table whose columns may be left out where the terminal is narrow, the first named first. */
export interface FlexibleTable extends TableBlock {
  readonly expendable?: readonly string[];
  /** Columns left out only where wrapping all that are left would not fit either, the first named first. */
  readonly lastResort?: readonly string[];
}

const GAP = 2;
/** A text column is not squeezed below this: one word a line is no longer a table. */
const MIN_TEXT_WIDTH = 16;

const lengthOf = (text: string): number => [...text].length;

/** Lines of at most `width` characters, broken at spaces; a word that is longer is cut, nothing is lost. */
export const wrapText = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && lengthOf(line) + 1 + lengthOf(rest) <= width) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (lengthOf(rest) > width) {
      lines.push([...rest].slice(0, width).join(''));
      rest = [...rest].slice(width).join('');
    }
    line = rest;
  }
  return [...lines, line];
};

const NUMERIC_KINDS: readonly TableColumn['format']['kind'][] = ['integer', 'number', 'fixed', 'percent', 'ratio'];
const isNumeric = ({ format }: TableColumn): boolean => NUMERIC_KINDS.includes(format.kind);

/** "Latency" over "ms": a header of two lines keeps columns of figures narrow. */
const headerLines = ({ title, unit }: TableColumn): readonly string[] =>
  unit === undefined || unit === '' ? [title] : [title, `(${unit})`];

interface Column {
  readonly column: TableColumn;
  readonly header: readonly string[];
  readonly cells: readonly string[];
  readonly width: number;
}

const measure = (column: TableColumn, rows: TableBlock['rows']): Column => {
  const header = headerLines(column);
  const cells = rows.map((row) => oneLine(formatCell(row[column.key], column.format).replace(/\s+/g, ' ')));
  return { column, header, cells, width: Math.max(...[...header, ...cells].map(lengthOf)) };
};

const widthTogether = (columns: readonly Column[]): number =>
  columns.reduce((sum, { width }) => sum + width, 0) + GAP * Math.max(0, columns.length - 1);

/** What a column keeps at least when text wraps. */
const leastWidth = ({ column, header, width }: Column): number =>
  isNumeric(column) ? width : Math.min(width, Math.max(MIN_TEXT_WIDTH, ...header.map(lengthOf)));

const leastTogether = (columns: readonly Column[]): number =>
  widthTogether(columns.map((column) => ({ ...column, width: leastWidth(column) })));

const withoutExpendable = (columns: readonly Column[], table: FlexibleTable, width: number): readonly Column[] => {
  let kept = columns;
  for (const key of table.expendable ?? []) {
    if (widthTogether(kept) <= width) break;
    kept = kept.filter(({ column }) => column.key !== key);
  }
  for (const key of table.lastResort ?? []) {
    if (leastTogether(kept) <= width) break;
    kept = kept.filter(({ column }) => column.key !== key);
  }
  return kept;
};

/** Takes what is too much from the widest text columns. */
const squeezed = (columns: readonly Column[], width: number): readonly Column[] => {
  const widths = columns.map((column) => column.width);
  for (let excess = widthTogether(columns) - width; excess > 0; excess--) {
    const candidates = widths.map((value, index) => {
      return value > leastWidth(columns[index] as Column) ? value : 0;
    });
    const widest = candidates.indexOf(Math.max(...candidates));
    if ((candidates[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] as number) - 1;
  }
  return columns.map((column, index) => ({ ...column, width: widths[index] as number }));
};

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
};

export interface TableOptions {
  readonly width: number;
  readonly colors: Colors;
}

/** The caption, the grid, the notes, and which columns the width left no room for. */
export const renderTable = (table: FlexibleTable, { width, colors }: TableOptions): string => {
  const all = table.columns.map((column) => measure(column, table.rows));
  const fitting = withoutExpendable(all, table, width);
  const columns = squeezed(fitting, width);
  const hidden = all.filter(({ column }) => !fitting.some((other) => other.column === column));
  const styled = (lines: readonly string[], style: (line: string) => string) => lines.map(style).join('\n');
  const headerHeight = Math.max(...columns.map(({ header }) => header.length));
  const grid = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: columns.map(({ column }) => (isNumeric(column) ? 'right' : 'left')),
  });
  const emphasized = new Set(table.emphasized ?? []);
  grid.push(
    columns.map(({ header }) =>
      styled([...header, ...Array<string>(headerHeight - header.length).fill('')], colors.bold),
    ),
    ...table.rows.map((_, row) =>
      columns.map((column) =>
        styled(wrapText(column.cells[row] ?? '', column.width), emphasized.has(row) ? colors.bold : (line) => line),
      ),
    ),
  );
  const text = grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
  const notes = [
    ...(table.notes ?? []),
    ...(hidden.length === 0
      ? []
      : [`Not shown at ${width} columns: ${hidden.map(({ column }) => column.title.toLowerCase()).join(', ')}.`]),
  ];
  return [
    ...(table.caption === '' ? [] : [...wrapText(oneLine(table.caption), width).map((line) => colors.underline(line))]),
    text,
    ...notes.flatMap((note) => wrapText(oneLine(note), width)).map((line) => colors.dim(line)),
  ].join('\n');
};
