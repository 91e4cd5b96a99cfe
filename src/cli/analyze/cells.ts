/** Counts, shapes and names as cells of the tables of `assay analyze`. */
import { formatInteger, formatShape, groupThousands, type Integer, type Shape, type TableColumn } from '../../index.ts';
import type { Analysis } from './analysis.ts';
import { atBatchOf } from './figures.ts';

export const shapeText = (shape: Shape, analysis: Analysis): string =>
  shape.length === 0 ? 'scalar' : formatShape(shape.map((dim) => atBatchOf(analysis, dim)));

/** A count over open dimensions is its expression. */
export const cell = (value: Integer): number | string => (typeof value === 'number' ? value : formatInteger(value));

/** Expressions are as long as they are: a text column may wrap them. */
export const countFormat = ({ open }: Analysis): TableColumn['format'] => ({
  kind: open.length === 0 ? 'integer' : 'text',
});
export const countCell = ({ open }: Analysis, value: Integer): number | string =>
  open.length > 0 && typeof value === 'number' ? groupThousands(value) : cell(value);

/** A file may name its operators at any length. */
const MAX_NAME = 100;
export const shownName = (name: string): string => (name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name);

export const MAX_NAMED = 8;
export const listOf = (names: readonly string[]): string =>
  names.length > MAX_NAMED
    ? `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more`
    : names.join(', ');
