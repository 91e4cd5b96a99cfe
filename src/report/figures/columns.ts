/** Columns that several tables share; values are in SI base units, prefixes come with the format. */
import type { StudyCell, StudyModel } from '../../explore/study.ts';
import { formatPercent } from '../../units/format.ts';
import type { CellValue, TableColumn } from '../blocks.ts';

export const MODEL_COLUMN: TableColumn = { key: 'model', title: 'Model', format: { kind: 'text' } };

export const modelCell = ({ title }: StudyModel): Readonly<Record<'model', CellValue>> => ({ model: title });

const MILLISECONDS = { kind: 'number', digits: 3, scale: 1e-3 } as const;

export const latencyColumn = (key: string, title: string): TableColumn => ({
  key,
  title,
  unit: 'ms',
  format: MILLISECONDS,
});

export const ratioColumn = (key: string, title: string): TableColumn => ({
  key,
  title,
  format: { kind: 'ratio', digits: 3 },
});

/** Latency with both ends of its interval, which is a column of its own so that it can be sorted. */
export const latencyColumns = (cells: readonly StudyCell[], title = 'Predicted latency'): readonly TableColumn[] => {
  const levels = [...new Set(cells.map(({ estimate }) => formatPercent(estimate.interval.level, 0)))];
  const level = levels.length === 1 ? `${levels[0]} ` : '';
  return [latencyColumn('latency', title), latencyColumn('low', `${level}low`), latencyColumn('high', `${level}high`)];
};

export const latencyCells = ({ estimate }: StudyCell): Readonly<Record<'latency' | 'low' | 'high', CellValue>> => ({
  latency: estimate.latencySeconds,
  low: estimate.interval.lowSeconds,
  high: estimate.interval.highSeconds,
});
