import { formatPlain } from '../../units/format.ts';
import type { CellValue } from '../blocks.ts';

/** A spreadsheet runs a text that begins like this as a formula (also after a tab or a line break). */
const FORMULA = /^[=+\-@\t\r]/;
/** A number that came in as text is no formula: "-5" of a file we pass on stays -5. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const textField = (text: string): string => {
  const guarded = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded;
};

const field = (value: CellValue | undefined): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return formatPlain(value);
  return textField(String(value));
};

/**
 * RFC 4180 with `\n` line ends: a header, then one line per row, raw values in `columns` order.
 * An unknown figure is an empty field; a text that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export const renderCsv = (columns: readonly string[], rows: readonly Readonly<Record<string, CellValue>>[]): string => {
  const line = (fields: readonly string[]): string => {
    const text = fields.join(',');
    // One empty field alone would be an empty line, which readers skip.
    return `${text === '' && fields.length === 1 ? '""' : text}\n`;
  };
  return [columns.map(textField), ...rows.map((row) => columns.map((column) => field(row[column])))].map(line).join('');
};
