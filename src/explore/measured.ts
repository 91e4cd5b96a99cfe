/** Rows of others' measurements, matched to zoo models by their counts and not by their names alone. */
import { countByConvention } from '../analysis/conventions.ts';
import { totals } from '../analysis/totals.ts';
import type { MeasuredRow } from '../estimate/calibrate.ts';
import type { Runtime } from '../estimate/runtime.ts';
import { findModel } from '../zoo/api.ts';
import { type CompiledModel, compileModel } from './compile.ts';

/** A table in reference/measurements. Counts are text, as printed by the source, so that their precision is kept. */
export interface MeasurementTable {
  readonly device: string;
  readonly runtime: string;
  readonly precision: string;
  readonly source: string;
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface SkippedRow {
  readonly model: string;
  readonly resolution: number;
  readonly reason: 'not in the zoo' | 'counts differ';
}

export interface MatchedRows {
  readonly used: readonly MeasuredRow[];
  readonly skipped: readonly SkippedRow[];
}

/** "0.4" and "6.75" both mean two decimals: trailing zeros are cut in the source. */
const agrees = (count: number, scale: number, printed: string): boolean =>
  Math.abs(count / scale - Number(printed)) <= 0.005 + 1e-9;

interface PrintedCounts {
  readonly parameters: string;
  readonly gmacs: string;
  readonly activations: string;
}

/** A row that prints what a published one does is of the same network, even where its source counts otherwise than we do. */
const isQuoted = ({ variant, resolution }: CompiledModel, printed: PrintedCounts): boolean =>
  variant.published.some(
    (row) =>
      row.convention === 'fvcore' &&
      row.resolution === resolution &&
      row.parameters !== undefined &&
      agrees(row.parameters, 1e6, printed.parameters) &&
      Number(row.gmacs) === Number(printed.gmacs) &&
      Number(row.mActs) === Number(printed.activations),
  );

const isSame = (model: CompiledModel, printed: PrintedCounts): boolean => {
  const { parameters, gmacs, activations } = printed;
  const { analyzed } = model;
  const counted = totals(analyzed);
  if (isQuoted(model, printed)) return true;
  return (
    agrees(counted.params, 1e6, parameters) &&
    agrees(countByConvention(analyzed, 'fvcore'), 1e9, gmacs) &&
    agrees(counted.activationElements, 1e6, activations)
  );
};

/** Columns: model, resolution, batch, latency in ms, parameters in M, GMACs, activations in M. */
export const matchRows = (table: MeasurementTable, runtime: Runtime): MatchedRows => {
  const used: MeasuredRow[] = [];
  const skipped: SkippedRow[] = [];
  for (const row of table.rows) {
    const [model, resolution, batch, milliseconds, parameters, gmacs, activations] = row as readonly [
      string,
      number,
      number,
      number,
      string,
      string,
      string,
    ];
    const entry = findModel(model);
    if (entry === undefined) {
      skipped.push({ model, resolution, reason: 'not in the zoo' });
      continue;
    }
    const forms = [entry.variant, ...entry.family.variants.filter(({ formOf }) => formOf === entry.variant.name)];
    const printed = { parameters, gmacs, activations };
    const compiled = forms
      .map((variant) => compileModel(variant, { resolution }))
      .find((form) => isSame(form, printed));
    if (compiled === undefined) {
      skipped.push({ model, resolution, reason: 'counts differ' });
      continue;
    }
    used.push({
      model,
      family: entry.family.id,
      batch,
      workload: compiled.workload(runtime.fusion),
      latencySeconds: milliseconds / 1e3,
    });
  }
  return { used, skipped };
};
