/** `assay calibrate` as JSON, which is also the file that `--calibration` reads, as tables, and as rows. */
import {
  type Block,
  CALIBRATION_SCHEMA,
  type CellValue,
  type ComparedConstants,
  FEWEST_MODELS,
  formatPercent,
  formatSI,
  type MeasuredCase,
  predictSeconds,
  REFIT_ROWS,
  type ReportDocument,
  type TableBlock,
  type UnusedRecord,
  type UserCalibration,
} from '../../index.ts';
import type { Result, Warning } from '../output.ts';
import type { FlexibleTable } from '../render/table.ts';
import type { CalibrationRequest } from './request.ts';

type Unused = UnusedRecord | { readonly record: UnusedRecord['record']; readonly reason: 'another-device' };

const REASONS: Readonly<Record<Unused['reason'], string>> = {
  'another-device': 'measured on another device',
  'another-runtime': 'measured under another runtime',
  'another-precision': 'measured in another precision',
  'another-layout': 'measured in another layout',
  'unknown-model': 'no model of the zoo has this name',
  'not-buildable': 'the model cannot be built at this resolution',
};

export interface CalibrationOutcome {
  readonly request: CalibrationRequest;
  readonly rows: readonly MeasuredCase[];
  readonly unused: readonly UnusedRecord[];
  readonly made: UserCalibration;
  readonly warnings: readonly Warning[];
}

const unusedOf = ({ request, unused }: CalibrationOutcome): readonly Unused[] =>
  [...request.ofOtherDevices.map((record) => ({ record, reason: 'another-device' }) as const), ...unused].toSorted(
    (a, b) => a.record.line - b.record.line,
  );

/** How many rows were left out for which reason, for a sentence. */
export const unusedText = (unused: readonly Unused[]): string => {
  const counts = new Map<string, number>();
  for (const { reason } of unused) counts.set(REASONS[reason], (counts.get(REASONS[reason]) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${count === 1 ? 'row' : 'rows'}: ${reason}`).join('; ');
};

/** Too few models, as a sentence with what was left out. */
export const tooFewModels = (models: number, unused: readonly Unused[]): string => {
  const rest = unused.length === 0 ? '' : ` (left out: ${unusedText(unused)})`;
  return `calibrating on ${models} ${models === 1 ? 'model' : 'models'}: expected ${FEWEST_MODELS} or more${rest}`;
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const errorJson = ({ calibration, error }: ComparedConstants) => ({
  ...{ calibration: calibration.id, rows: error.rows, mape: error.mape, medianApe: error.medianApe },
  ...{ within10: error.within10, within20: error.within20, spearman: finite(error.spearman) },
});

const caseRows = ({ request, rows, made }: CalibrationOutcome) => {
  const { machine } = request.target;
  const { constants } = made.uncalibrated.calibration;
  return rows.map((row, index) => ({
    line: row.record.line,
    model: row.model,
    resolution: row.record.resolution ?? null,
    batch: row.batch,
    measuredSeconds: row.latencySeconds,
    heldOutSeconds: finite(made.heldOutSeconds[index] ?? Number.NaN),
    uncalibratedSeconds: predictSeconds(row, { ...machine, constants }),
  }));
};

const json = (outcome: CalibrationOutcome) => {
  const { made, warnings } = outcome;
  return {
    schema: CALIBRATION_SCHEMA,
    calibration: {
      ...made.calibration,
      heldOut: { ...made.result.heldOut, spearman: finite(made.result.heldOut.spearman) },
    },
    uncalibrated: errorJson(made.uncalibrated),
    ...(made.inUse !== undefined && { inUse: errorJson(made.inUse) }),
    rows: caseRows(outcome),
    skipped: unusedOf(outcome).map(({ record, reason }) => ({ line: record.line, model: record.model, reason })),
    warnings,
  };
};

const comparison = ({ made }: CalibrationOutcome): FlexibleTable => {
  const { heldOut } = made.result;
  const row = (what: string, error: ComparedConstants['error']): Readonly<Record<string, CellValue>> => ({
    ...{ what, mape: error.mape, median: error.medianApe, within10: error.within10, within20: error.within20 },
    rho: finite(error.spearman),
  });
  const percent = (key: string, title: string) => ({ key, title, format: { kind: 'percent', decimals: 1 } }) as const;
  return {
    kind: 'table',
    id: 'comparison',
    caption: `Error on ${heldOut.rows} rows; this calibration was fitted without the ${heldOut.by} of the row`,
    columns: [
      { key: 'what', title: 'Constants', format: { kind: 'text' } },
      percent('mape', 'MAPE'),
      percent('median', 'Median'),
      percent('within10', 'Within 10 %'),
      percent('within20', 'Within 20 %'),
      { key: 'rho', title: 'Rho', format: { kind: 'fixed', decimals: 3 } },
    ],
    rows: [
      row(`uncalibrated: ${made.uncalibrated.calibration.id}`, made.uncalibrated.error),
      ...(made.inUse === undefined ? [] : [row(`with Assay: ${made.inUse.calibration.id}`, made.inUse.error)]),
      row('this calibration, held out', heldOut),
    ],
    emphasized: [made.inUse === undefined ? 1 : 2],
  };
};

const rowsTable = (outcome: CalibrationOutcome): FlexibleTable => {
  const milliseconds = (key: string, title: string) =>
    ({ key, title, unit: 'ms', format: { kind: 'number', digits: 3, scale: 1e-3 } }) as const;
  return {
    kind: 'table',
    id: 'calibration-rows',
    caption: 'Rows, each predicted by constants that did not see it',
    columns: [
      { key: 'line', title: 'Line', format: { kind: 'integer' } },
      { key: 'model', title: 'Model', format: { kind: 'code' } },
      { key: 'resolution', title: 'Resolution', format: { kind: 'integer' } },
      { key: 'batch', title: 'Batch', format: { kind: 'integer' } },
      milliseconds('measuredSeconds', 'Measured'),
      milliseconds('heldOutSeconds', 'Held out'),
      milliseconds('uncalibratedSeconds', 'Uncalibrated'),
    ],
    rows: caseRows(outcome),
    expendable: ['uncalibratedSeconds'],
  };
};

const unusedTable = (unused: readonly Unused[]): TableBlock => ({
  kind: 'table',
  id: 'skipped-rows',
  caption: 'Rows left out',
  columns: [
    { key: 'line', title: 'Line', format: { kind: 'integer' } },
    { key: 'model', title: 'Model', format: { kind: 'code' } },
    { key: 'reason', title: 'Why', format: { kind: 'text' } },
  ],
  rows: unused.map(({ record, reason }) => ({ line: record.line, model: record.model, reason: REASONS[reason] })),
});

const verdict = ({ made }: CalibrationOutcome): Block => {
  const [before, after] = [made.uncalibrated.error.mape, made.result.heldOut.mape];
  const sets = `${made.result.heldOut.families} ${made.result.heldOut.families === 1 ? 'set' : 'sets'} of rows left out in turn`;
  const figures = `${formatPercent(after)} held out (${sets}), ${formatPercent(before)} uncalibrated, on the same rows`;
  return after < before
    ? { kind: 'callout', tone: 'finding', text: `Mean absolute error: ${figures}.` }
    : {
        kind: 'callout',
        tone: 'warning',
        text: `The calibration does not help on rows that it did not see: mean absolute error ${figures}.`,
      };
};

const document = (outcome: CalibrationOutcome): ReportDocument => {
  const { calibration, result } = outcome.made;
  const { interval } = result;
  const unused = unusedOf(outcome);
  const few = `fewer than ${REFIT_ROWS} rows move one scale, and hold the other constants to those of the class`;
  return {
    title: `Calibration of ${calibration.device}`,
    subtitle: '',
    facts: [
      { name: 'Runtime', value: calibration.runtime ?? '' },
      { name: 'Precision', value: calibration.precision ?? '' },
      { name: 'Rows', value: `${outcome.rows.length} used, ${unused.length} left out` },
      { name: 'Models', value: String(new Set(outcome.rows.map(({ model }) => model)).size) },
      { name: 'Fitted', value: outcome.rows.length < REFIT_ROWS ? few : 'every constant' },
      {
        name: 'Interval',
        value: `${formatPercent(interval.level, 0)} from ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)} times the prediction`,
      },
      {
        name: 'Per kernel and per inference',
        value: `${formatSI(calibration.constants.kernelSeconds, 's')}, ${formatSI(calibration.constants.inferenceSeconds, 's')}`,
      },
    ],
    sections: [
      {
        id: 'calibration',
        title: 'Calibration',
        blocks: [
          comparison(outcome),
          verdict(outcome),
          rowsTable(outcome),
          ...(unused.length === 0 ? [] : [unusedTable(unused)]),
          {
            kind: 'paragraph',
            text: '`--out FILE.json` writes the record, and `--calibration FILE.json` of assay estimate and assay predict uses it.',
          },
        ],
      },
    ],
  };
};

export const calibrationResult = (outcome: CalibrationOutcome): Result => ({
  json: () => json(outcome),
  document: () => document(outcome),
  csv: () => {
    const rows = caseRows(outcome).map(({ measuredSeconds, heldOutSeconds, uncalibratedSeconds, ...row }) => ({
      ...row,
      measured_ms: measuredSeconds * 1e3,
      held_out_ms: heldOutSeconds === null ? null : heldOutSeconds * 1e3,
      uncalibrated_ms: uncalibratedSeconds * 1e3,
    }));
    return { columns: Object.keys(rows[0] ?? {}), rows };
  },
});
