import {
  formatFixed,
  formatNumber,
  formatPercent,
  formatPlain,
  formatRatio,
  groupThousands,
  UNKNOWN,
} from '../../units/format.ts';
import type { CellValue, ColumnFormat, TableColumn } from '../blocks.ts';

const formatInteger = (value: number): string =>
  Number.isSafeInteger(Math.round(value)) ? groupThousands(Math.round(value)) : formatNumber(value);

/** A number where none was announced (a resolution in a text column): in full, ungrouped. */
const formatBare = (value: number): string => (Number.isFinite(value) ? formatPlain(value) : formatNumber(value));

const formatNumberCell = (value: number, format: ColumnFormat): string => {
  switch (format.kind) {
    case 'integer':
      return formatInteger(value);
    case 'number':
      return formatNumber(value / (format.scale ?? 1), format.digits);
    case 'fixed':
      return formatFixed(value / (format.scale ?? 1), format.decimals);
    case 'percent':
      return formatPercent(value, format.decimals);
    case 'ratio':
      return formatRatio(value, format.digits);
    case 'text':
    case 'code':
    case 'verdict':
      return formatBare(value);
  }
};

const formatBoolean = (value: boolean, format: ColumnFormat): string => {
  if (format.kind === 'verdict') return value ? 'pass' : 'FAIL';
  return value ? 'yes' : 'no';
};

/** Whether a cell holds no figure: null, a key that is missing, or not a number. */
export const isUnknown = (value: CellValue | undefined): value is null | undefined =>
  value === null || value === undefined || Number.isNaN(value);

/** A cell for people, as plain text (not yet escaped for any format). A string is kept in any column ("not run"). */
export const formatCell = (value: CellValue | undefined, format: ColumnFormat): string => {
  if (isUnknown(value)) return UNKNOWN;
  if (typeof value === 'number') return formatNumberCell(value, format);
  return typeof value === 'boolean' ? formatBoolean(value, format) : value;
};

const NUMERIC: Readonly<Record<ColumnFormat['kind'], boolean>> = {
  text: false,
  code: false,
  integer: true,
  number: true,
  fixed: true,
  percent: true,
  ratio: true,
  verdict: false,
};

/** Numbers are set flush right and sorted by size. */
export const isNumeric = (format: ColumnFormat): boolean => NUMERIC[format.kind];

/** The unit to write in the header; a percent cell already carries its sign. */
export const headerUnit = (column: TableColumn): string | null =>
  column.unit === undefined || column.unit === '' || (column.format.kind === 'percent' && column.unit === '%')
    ? null
    : column.unit;
