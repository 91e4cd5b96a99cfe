/** `assay validate`: the study of accuracy as a document with charts, as JSON and as rows. */
import type { AccuracyStudy, CellValue, Errors } from '../../index.ts';
import { accuracyDocument } from '../../report/api.ts';
import type { Result } from '../output.ts';

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

const summaryJson = ({ rows, mape, medianApe, within10, within20, spearman }: Errors['error']) => ({
  ...{ rows, mape: known(mape), medianApe: known(medianApe) },
  ...{ within10: known(within10), within20: known(within20), spearman: known(spearman) },
});

const baselinesJson = ({ baselines }: Errors) => ({
  macs: baselines.macs === undefined ? null : summaryJson(baselines.macs),
  roofline: baselines.roofline === undefined ? null : summaryJson(baselines.roofline),
});

const errorsJson = (errors: Errors) => ({ ...summaryJson(errors.error), baselines: baselinesJson(errors) });

const json = ({ rows, groups, unseen, energy, skipped, thin, unpredicted }: AccuracyStudy) => ({
  schema: 'assay.validate/1',
  rows,
  groups: groups.map((accuracy) => {
    const { group, by, sets, coverage, families } = accuracy;
    return {
      ...{ id: group.id, device: group.device.id, runtime: group.runtime.id, precision: group.precision },
      ...{ layout: group.layout, heldOutBy: by, heldOutSets: sets },
      ...summaryJson(accuracy.error),
      intervalCoverage: known(coverage),
      baselines: baselinesJson(accuracy),
      families,
    };
  }),
  unseenDevices: unseen.map(({ device, architecture, runtimeClass, datasheet, calibrated }) => ({
    ...{ device, architecture, runtimeClass },
    datasheet: errorsJson(datasheet),
    afterTenModels: calibrated === undefined ? null : errorsJson(calibrated),
  })),
  energy,
  skipped: skipped.map(({ record, reason }) => ({ line: record.line, model: record.model, reason })),
  thinGroups: thin.map(({ id, rows: { length } }) => ({ id, rows: length })),
  unpredicted: unpredicted.map(({ record }) => ({ line: record.line, model: record.model })),
});

const MILLI = 1e3;

const csvRows = ({ groups }: AccuracyStudy): readonly Readonly<Record<string, CellValue>>[] =>
  groups.flatMap(({ group, rows }) =>
    rows.map(({ row, predictedSeconds, lowSeconds, highSeconds, baselines }) => ({
      device: group.device.id,
      runtime: group.runtime.id,
      precision: group.precision,
      layout: group.layout,
      model: row.model,
      family: row.family,
      resolution: row.record.resolution ?? null,
      batch: row.batch,
      measured_ms: row.latencySeconds * MILLI,
      predicted_ms: predictedSeconds * MILLI,
      low_ms: lowSeconds * MILLI,
      high_ms: highSeconds * MILLI,
      ratio: predictedSeconds / row.latencySeconds,
      macs_only_ms: known(baselines.macs * MILLI),
      roofline_ms: known(baselines.roofline * MILLI),
      source: row.record.source,
    })),
  );

export const validationResult = (study: AccuracyStudy, chartDocument?: Document): Result => ({
  json: () => json(study),
  document: () => accuracyDocument(study, chartDocument === undefined ? {} : { chartDocument }),
  csv: () => {
    const rows = csvRows(study);
    return { columns: Object.keys(rows[0] ?? {}), rows };
  },
});
