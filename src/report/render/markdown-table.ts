import type { TableBlock, TableColumn } from '../blocks.ts';
import { formatCell, headerUnit, isNumeric, isUnknown } from './cell.ts';
import { codeSpan, escapeMarkdown, singleLine } from './inline-markdown.ts';

/** In a cell a pipe ends the cell, even inside code. */
const escapePipes = (markdown: string): string => markdown.replace(/\|/g, '\\|');

/** A backslash before a pipe has no spelling inside a code span of a table, so that one is written as HTML. */
const codeCell = (text: string): string => {
  if (!text.includes('\\|')) return escapePipes(codeSpan(text));
  const entities = singleLine(text).replace(/[&<>|\\`*_[\]~:.]/g, (char) => `&#${char.charCodeAt(0)};`);
  return `<code>${entities}</code>`;
};

const renderCell = (row: TableBlock['rows'][number], { key, format }: TableColumn): string => {
  const text = formatCell(row[key], format);
  return format.kind === 'code' && !isUnknown(row[key])
    ? codeCell(text)
    : escapePipes(escapeMarkdown(singleLine(text)));
};

export const columnHeader = (column: TableColumn): string => {
  const unit = headerUnit(column);
  return escapeMarkdown(singleLine(unit === null ? column.title : `${column.title} (${unit})`));
};

const lengthOf = (text: string): number => [...text].length;
const pad = (text: string, width: number, right: boolean): string => {
  const space = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return right ? space + text : text + space;
};

/** The pipe table alone, padded so that its source reads as a table too. */
export const renderTableGrid = (table: TableBlock): string => {
  const emphasized = new Set(table.emphasized ?? []);
  const header = table.columns.map((column) => escapePipes(columnHeader(column)));
  const body = table.rows.map((row, index) =>
    table.columns.map((column) => {
      const cell = renderCell(row, column);
      return emphasized.has(index) && cell !== '' ? `**${cell}**` : cell;
    }),
  );
  const rights = table.columns.map((column) => isNumeric(column.format));
  const widths = header.map((title, index) =>
    Math.max(3, lengthOf(title), ...body.map((cells) => lengthOf(cells[index] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => pad(cell, widths[index] ?? 0, rights[index] ?? false)).join(' | ')} |`;
  const rule = widths.map((width, index) => (rights[index] === true ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [header, rule, ...body].map(line).join('\n');
};
