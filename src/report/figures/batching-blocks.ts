/** Tables and charts of the section on batching. */
import { lineChart } from '../../charts/api.ts';
import type { Study, StudyDevice } from '../../explore/study.ts';
import { formatNumber, formatPercent, formatRatio } from '../../units/format.ts';
import type { Block, CellValue, TableBlock, TableColumn } from '../blocks.ts';
import type { SectionInput } from '../section.ts';
import { type BatchSeries, batchesOf, seriesOn } from './batching.ts';
import { chartBlock } from './chart.ts';
import { latencyCells, latencyColumns, MODEL_COLUMN, modelCell, ratioColumn } from './columns.ts';
import { baselineRow } from './lookup.ts';
import { spanText } from './phrases.ts';
import { geometricMean } from './statistics.ts';
import { standing, targetId, targetTitle } from './target.ts';
import { listOf } from './text.ts';

export const ratio = (value: number): string => formatRatio(value);

export const summaryTable = (
  study: Study,
  id: string,
  caption: string,
  column: (key: string, title: string) => TableColumn,
  pick: (series: BatchSeries) => CellValue,
  notes: readonly string[],
): TableBlock => {
  const all = study.devices.map((target) => ({ target, series: seriesOn(study, target) }));
  return {
    kind: 'table',
    id,
    caption,
    columns: [
      MODEL_COLUMN,
      ...study.devices.map((target) => column(targetId(study, target), targetTitle(study, target))),
    ],
    rows: study.models.map((model, index) => ({
      ...modelCell(model),
      ...Object.fromEntries(
        all.map(({ target, series }) => {
          const own = series[index];
          return [targetId(study, target), own === undefined ? null : pick(own)];
        }),
      ),
    })),
    emphasized: [baselineRow(study)],
    notes,
  };
};

export const deviceTable = (study: Study, target: StudyDevice): TableBlock => {
  const series = seriesOn(study, target);
  const rows = series.flatMap(({ model, cells }) =>
    cells.map((cell): { readonly base: boolean; readonly row: Readonly<Record<string, CellValue>> } => ({
      base: model === study.baseline,
      row: {
        ...modelCell(model),
        batch: cell.batch,
        ...latencyCells(cell),
        throughput: cell.estimate.throughputPerSecond,
        gain: cell.estimate.throughputPerSecond / (cells[0]?.estimate.throughputPerSecond ?? Number.NaN),
        energy: cell.estimate.energyPerInferenceJoules,
        bound: cell.estimate.bound,
      },
    })),
  );
  return {
    kind: 'table',
    id: `batching-${targetId(study, target)}`,
    caption: `Predicted latency, throughput and energy against the batch on ${targetTitle(study, target)} (${target.precision}; ${standing(study, target)})`,
    columns: [
      MODEL_COLUMN,
      { key: 'batch', title: 'Batch', format: { kind: 'integer' } },
      ...latencyColumns(
        series.flatMap(({ cells }) => cells),
        'Latency of the batch',
      ),
      { key: 'throughput', title: 'Throughput', unit: 'inferences/s', format: { kind: 'number', digits: 3 } },
      ratioColumn('gain', `Throughput over batch ${batchesOf(study)[0]}`),
      { key: 'energy', title: 'Energy per inference', unit: 'mJ', format: { kind: 'number', digits: 3, scale: 1e-3 } },
      { key: 'bound', title: 'Bound', format: { kind: 'text' } },
    ],
    rows: rows.map(({ row }) => row),
    emphasized: rows.flatMap(({ base }, index) => (base ? [index] : [])),
  };
};

const axes = {
  x: { label: 'Batch', unit: '', log: true },
} as const;

export const gainChart = ({ study, chartDocument }: SectionInput): Block => {
  const largest = batchesOf(study).at(-1);
  const means = study.devices.map((target) => ({
    target,
    points: batchesOf(study).map((batch, index) => ({
      x: batch,
      y: geometricMean(
        seriesOn(study, target).map(
          ({ cells }) =>
            (cells[index]?.estimate.throughputPerSecond ?? Number.NaN) /
            (cells[0]?.estimate.throughputPerSecond ?? Number.NaN),
        ),
      ),
    })),
  }));
  const request = {
    id: 'batching-throughput',
    title: `Predicted throughput over that of batch ${batchesOf(study)[0]}, geometric mean over all models`,
    alternative: `At batch ${largest}: ${listOf(means.map(({ target, points }) => `${targetTitle(study, target)} ${ratio(points.at(-1)?.y ?? Number.NaN)}`))}.`,
  };
  return chartBlock(chartDocument, request, (options) =>
    lineChart({
      ...options,
      ...axes,
      y: { label: `Throughput over batch ${batchesOf(study)[0]}`, unit: '' },
      series: means.map(({ target, points }) => ({ name: targetTitle(study, target), points })),
    }),
  );
};

export const baselineChart = ({ study, chartDocument }: SectionInput): Block => {
  const { baseline } = study;
  const lines = study.devices.map((target) => ({
    target,
    cells: batchesOf(study).map((batch) => study.cell(baseline, target, { batch })),
  }));
  const levels = [
    ...new Set(lines.flatMap(({ cells }) => cells.map(({ estimate }) => formatPercent(estimate.interval.level, 0)))),
  ];
  const rates = lines.map(
    ({ target, cells }) =>
      `${targetTitle(study, target)} ${spanText(
        cells.map(({ estimate }) => estimate.throughputPerSecond),
        (rate) => formatNumber(rate),
      )}`,
  );
  const request = {
    id: 'batching-baseline',
    title: `Predicted throughput of ${baseline.title} against the batch, with ${levels.join(' and ')} intervals`,
    alternative: `Inferences per second from the smallest to the largest rate: ${listOf(rates)}.`,
    caption: 'Logarithmic scales; precisions differ between devices.',
  };
  return chartBlock(chartDocument, request, (options) =>
    lineChart({
      ...options,
      ...axes,
      y: { label: 'Throughput', unit: 'inferences/s', log: true },
      series: lines.map(({ target, cells }) => ({
        name: targetTitle(study, target),
        points: cells.map(({ batch, estimate }) => ({
          x: batch,
          y: estimate.throughputPerSecond,
          low: batch / estimate.interval.highSeconds,
          high: batch / estimate.interval.lowSeconds,
        })),
      })),
    }),
  );
};
