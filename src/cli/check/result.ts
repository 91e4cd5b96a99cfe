/** `assay check` as a document, as JSON and as rows. */
import type { LimitResult } from '../../index.ts';
import {
  type BudgetReport,
  budgetDocument,
  type CheckedLimit,
  failures,
  ruleOf,
  sentenceOf,
} from '../../report/api.ts';
import type { Result, Warning } from '../output.ts';

export const CHECK_SCHEMA = 'assay.check/1';

const bound = ({ limit }: LimitResult, sense: 'max' | 'min'): number | null =>
  limit.kind === 'operators' ? (sense === 'max' ? 0 : null) : limit.sense === sense ? limit.value : null;

const limitJson = (result: CheckedLimit) => {
  const { model, limit, setting, actual, exactness, margin, status, passes, reason, layers, place, line } = result;
  return {
    ...{ model, figure: ruleOf(limit), path: place, line },
    ...{ max: bound(result, 'max'), min: bound(result, 'min') },
    written: limit.kind === 'operators' ? null : limit.written,
    actual: exactness === 'unknown' ? null : actual,
    ...{ exactness, margin, status, holds: passes },
    reason: reason === '' ? null : reason,
    precision: setting.precision ?? null,
    batch: setting.batch ?? null,
    device: setting.device ?? null,
    powerMode: setting.powerMode ?? null,
    runtime: setting.runtime ?? null,
    at: setting.at ?? null,
    level: setting.level ?? null,
    message: sentenceOf(result),
    layers: layers.map(({ name, type, value, share }) => ({ name, type, value, share })),
  };
};

const csvRow = (result: CheckedLimit) => {
  const { layers: _, ...row } = limitJson(result);
  return row;
};

export const checkResult = (report: BudgetReport, warnings: readonly Warning[]): Result => {
  const count = (status: LimitResult['status']) => report.results.filter((result) => result.status === status).length;
  return {
    json: () => ({
      schema: CHECK_SCHEMA,
      budget: report.file,
      holds: failures(report).length === 0,
      counts: {
        models: new Set(report.results.map(({ model }) => model)).size,
        limits: report.results.length,
        broken: count('broken'),
        unknown: count('unknown'),
      },
      limits: report.results.map(limitJson),
      warnings,
    }),
    document: () => budgetDocument(report),
    csv: () => {
      const rows = report.results.map(csvRow);
      return { columns: Object.keys(rows[0] ?? {}), rows };
    },
  };
};
