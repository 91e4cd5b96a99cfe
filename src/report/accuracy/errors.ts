/** The columns of an error table: the same in every table of it. */
import type { ErrorSummary } from '../../estimate/statistics.ts';
import type { Errors } from '../../explore/accuracy.ts';
import type { CellValue, TableColumn } from '../blocks.ts';

export const percentColumn = (key: string, title: string, description?: string): TableColumn => ({
  ...{ key, title, format: { kind: 'percent', decimals: 1 } },
  ...(description !== undefined && { description }),
});

/** A figure that could not be made is unknown, not zero. */
export const known = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

export const ERROR_COLUMNS: readonly TableColumn[] = [
  percentColumn('mape', 'MAPE', 'Mean absolute error, as a share of what was measured'),
  percentColumn('median', 'Median', 'Of the absolute errors'),
  percentColumn('within10', 'Within 10 %'),
  percentColumn('within20', 'Within 20 %'),
  {
    key: 'rho',
    title: 'Rho',
    format: { kind: 'fixed', decimals: 3 },
    description: "Spearman's rank correlation of predicted and measured: 1 where the order of the models is right",
  },
];

export const errorCells = (error: ErrorSummary): Readonly<Record<string, CellValue>> => ({
  mape: known(error.mape),
  median: known(error.medianApe),
  within10: known(error.within10),
  within20: known(error.within20),
  rho: known(error.spearman),
});

export const BASELINE_COLUMNS: readonly TableColumn[] = [
  percentColumn('macs', 'MACs only', 'MAPE of a straight line through the logarithms of MACs and latency'),
  percentColumn('roofline', 'Roofline', 'MAPE of the roofline of every kernel, at full peaks, with one scale'),
];

export const baselineCells = ({ baselines }: Errors): Readonly<Record<string, CellValue>> => ({
  macs: known(baselines.macs?.mape),
  roofline: known(baselines.roofline?.mape),
});
