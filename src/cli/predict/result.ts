/** `assay predict` as the table that was given with figures beside it, as JSON, and as a table for people. */
import type { CellValue, ReportDocument } from '../../index.ts';
import type { Result } from '../output.ts';
import type { PredictedCase, PredictedTable } from './rows.ts';

const ADDED = [
  ...(['latency_ms', 'latency_low_ms', 'latency_high_ms', 'throughput_ips', 'energy_mj'] as const),
  ...(['bound', 'time_model', 'calibration', 'error'] as const),
] as const;

type Figures = Readonly<Record<(typeof ADDED)[number], CellValue>>;

const NONE: Figures = Object.fromEntries(ADDED.map((name) => [name, null])) as Figures;

const MILLI = 1e3;

const figuresOf = ({ prediction }: PredictedCase): Figures => {
  if (!prediction.ok) return { ...NONE, error: `${prediction.code}: ${prediction.message}` };
  const { estimate, calibration } = prediction;
  return {
    latency_ms: estimate.latencySeconds * MILLI,
    latency_low_ms: estimate.interval.lowSeconds * MILLI,
    latency_high_ms: estimate.interval.highSeconds * MILLI,
    throughput_ips: estimate.throughputPerSecond,
    energy_mj: estimate.energyPerInferenceJoules * MILLI,
    bound: estimate.bound,
    time_model: estimate.timeModel,
    calibration:
      estimate.interval.widened.length === 0
        ? calibration
        : `${calibration}; interval widened: ${estimate.interval.widened.join(', ')}`,
    error: null,
  };
};

/** A column of the table that is called as one of ours keeps its place and is called `given_...`. */
const givenName = (name: string): string =>
  (ADDED as readonly string[]).includes(name.toLowerCase()) ? `given_${name}` : name;

const rowsOf = ({ columns, cases }: PredictedTable) =>
  cases.map((each) => ({
    ...Object.fromEntries(columns.map((name, i): [string, CellValue] => [givenName(name), each.cells[i] ?? ''])),
    ...figuresOf(each),
  }));

const document = (table: PredictedTable): ReportDocument => {
  const failed = table.cases.filter(({ prediction }) => !prediction.ok).length;
  return {
    title: 'Predictions',
    subtitle: '',
    facts: [],
    sections: [
      {
        id: 'predictions',
        title: 'Predictions',
        blocks: [
          {
            kind: 'table',
            id: 'prediction-rows',
            caption: `${table.cases.length} cases, ${failed} without a prediction; latency is for the batch`,
            columns: [
              ...table.columns.map(
                (name) => ({ key: givenName(name), title: name, format: { kind: 'text' } }) as const,
              ),
              { key: 'latency', title: 'Latency', unit: 'ms', format: { kind: 'number', digits: 3 } },
              { key: 'low', title: 'Low', unit: 'ms', format: { kind: 'number', digits: 3 } },
              { key: 'high', title: 'High', unit: 'ms', format: { kind: 'number', digits: 3 } },
              { key: 'bound', title: 'Bound', format: { kind: 'text' } },
              { key: 'calibration', title: 'Calibration', format: { kind: 'text' } },
              { key: 'error', title: 'Error', format: { kind: 'text' } },
            ],
            rows: rowsOf(table).map((row) => ({
              ...row,
              latency: row.latency_ms,
              low: row.latency_low_ms,
              high: row.latency_high_ms,
            })),
          },
        ],
      },
    ],
  };
};

export const predictionResult = (table: PredictedTable): Result => ({
  json: () => ({ schema: 'assay.predict/1', rows: rowsOf(table) }) as { readonly schema: string },
  document: () => document(table),
  csv: () => ({ columns: [...table.columns.map(givenName), ...ADDED], rows: rowsOf(table) }),
});
