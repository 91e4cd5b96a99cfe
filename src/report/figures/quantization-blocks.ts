/** Tables and chart of the section on quantization. */

import { weightBytes } from '../../analysis/memory.ts';
import { barChart } from '../../charts/api.ts';
import type { QuantizedAccuracy } from '../../explore/quantized.ts';
import type { Study, StudyDevice } from '../../explore/study.ts';
import type { Precision } from '../../ir/dtype.ts';
import { formatRatio } from '../../units/format.ts';
import type { Block, CellValue, TableBlock, TableColumn } from '../blocks.ts';
import type { SectionInput } from '../section.ts';
import { chartBlock } from './chart.ts';
import { latencyColumn, MODEL_COLUMN, modelCell, ratioColumn } from './columns.ts';
import { baselineRow, cellLatency } from './lookup.ts';
import { spanText } from './phrases.ts';
import {
  accuraciesOf,
  dropOf,
  FULL,
  type Gain,
  gainOver,
  isFullyInt8,
  mainGains,
  priorities,
  QUANTIZED,
  referencesOf,
} from './quantization.ts';
import { namedTarget } from './standing.ts';
import { targetId, targetTitle } from './target.ts';
import { counted, listOf } from './text.ts';

export const ratio = (value: number): string => formatRatio(value);

const referenceColumns = (precision: Precision): readonly TableColumn[] => [
  latencyColumn(`latency-${precision}`, `Latency, ${precision}`),
  ratioColumn(`speed-${precision}`, `Speed-up over ${precision}`),
  ratioColumn(`energy-${precision}`, `Energy, ${precision} over ${QUANTIZED}`),
  ratioColumn(`weights-${precision}`, `Weights, ${precision} over ${QUANTIZED}`),
];

export const deviceTable = (study: Study, target: StudyDevice): TableBlock => {
  const references = referencesOf(study, target);
  const cellOf = (precision: Precision) => study.cell(study.baseline, target, { precision }).estimate.calibration.kind;
  const standing = (precision: Precision) =>
    `${precision} ${cellOf(precision) === 'calibrated' ? 'calibrated' : 'uncalibrated'}`;
  return {
    kind: 'table',
    id: `quantization-${targetId(study, target)}`,
    caption: `${QUANTIZED} on ${namedTarget(study, target)}, predicted, batch 1 (${listOf([QUANTIZED, ...references].map(standing))})`,
    columns: [
      MODEL_COLUMN,
      latencyColumn('latency', `Latency, ${QUANTIZED}`),
      {
        key: 'energy',
        title: `Energy, ${QUANTIZED}`,
        unit: 'mJ',
        format: { kind: 'number', digits: 3, scale: 1e-3 },
      },
      { key: 'weights', title: `Weights, ${QUANTIZED}`, unit: 'MB', format: { kind: 'number', digits: 3, scale: 1e6 } },
      ...references.flatMap(referenceColumns),
    ],
    rows: study.models.map((model): Readonly<Record<string, CellValue>> => {
      const narrow = study.cell(model, target, { precision: QUANTIZED });
      return {
        ...modelCell(model),
        latency: narrow.estimate.latencySeconds,
        energy: narrow.estimate.energyPerInferenceJoules,
        weights: weightBytes(model.common.totals.params, QUANTIZED),
        ...Object.fromEntries(
          references.flatMap((precision) => {
            const gain = gainOver(study, model, target, precision);
            return [
              [`latency-${precision}`, cellLatency(study.cell(model, target, { precision }))],
              [`speed-${precision}`, gain.speed],
              [`energy-${precision}`, gain.energy],
              [`weights-${precision}`, gain.weights],
            ];
          }),
        ),
      };
    }),
    emphasized: [baselineRow(study)],
  };
};

export const accuracyTable = (study: Study): TableBlock => ({
  kind: 'table',
  id: 'quantized-accuracies',
  caption: 'Published ImageNet-1K top-1 of quantized networks against the unquantized ones of the same source',
  columns: [
    MODEL_COLUMN,
    { key: 'precision', title: 'Precision', format: { kind: 'text' } },
    { key: 'method', title: 'Method', format: { kind: 'text' } },
    { key: 'float', title: 'Unquantized', unit: '%', format: { kind: 'fixed', decimals: 2 } },
    { key: 'top1', title: 'Quantized', unit: '%', format: { kind: 'fixed', decimals: 2 } },
    { key: 'drop', title: 'Drop', unit: 'points', format: { kind: 'fixed', decimals: 2 } },
    { key: 'images', title: 'Images', format: { kind: 'integer' } },
    { key: 'source', title: 'Source', format: { kind: 'text' } },
    { key: 'note', title: 'Note', format: { kind: 'text' } },
  ],
  rows: study.models.flatMap((model) =>
    accuraciesOf(model).map((row) => ({
      ...modelCell(model),
      precision: row.precision,
      method: row.method,
      float: row.floatTop1,
      top1: row.top1,
      drop: dropOf(row),
      images: row.validationImages,
      source: row.source,
      note: row.note,
    })),
  ),
});

export const knownDrops = (rows: readonly QuantizedAccuracy[]): readonly number[] =>
  rows.filter(isFullyInt8).flatMap((row) => dropOf(row) ?? []);

export const priorityTable = (study: Study): TableBlock => {
  const order = priorities(study);
  return {
    kind: 'table',
    id: 'quantization-priority',
    caption: `Order for quantization by predicted speed-up, geometric mean over ${counted(mainGains(study, study.baseline).length, 'device')}`,
    columns: [
      { key: 'rank', title: 'Rank', format: { kind: 'integer' } },
      MODEL_COLUMN,
      ratioColumn('speed', 'Mean speed-up'),
      ratioColumn('energy', 'Mean energy gain'),
      {
        key: 'saved',
        title: `Weights saved, ${FULL} to ${QUANTIZED}`,
        unit: 'MB',
        format: { kind: 'number', digits: 3, scale: 1e6 },
      },
      { key: 'least', title: 'Least published drop', unit: 'points', format: { kind: 'fixed', decimals: 2 } },
      { key: 'most', title: 'Largest published drop', unit: 'points', format: { kind: 'fixed', decimals: 2 } },
    ],
    rows: order.map(({ model, speed, energy, savedBytes }, index): Readonly<Record<string, CellValue>> => {
      const drops = knownDrops(accuraciesOf(model));
      return {
        rank: index + 1,
        ...modelCell(model),
        speed,
        energy,
        saved: savedBytes,
        least: drops.length === 0 ? null : Math.min(...drops),
        most: drops.length === 0 ? null : Math.max(...drops),
      };
    }),
    emphasized: [order.findIndex(({ model }) => model === study.baseline)],
    notes: [
      `The rule: the greatest geometric mean, over the devices that have both precisions, of the latency at the device’s own precision (${FULL} where that is ${QUANTIZED}) over the latency at ${QUANTIZED}.`,
      `Drops: rows with weights and activations in ${QUANTIZED}. Accuracy is not part of the rule.`,
    ],
  };
};

export const gainsOn = (study: Study, target: StudyDevice): readonly Gain[] => {
  const [precision] = referencesOf(study, target);
  return precision === undefined ? [] : study.models.map((model) => gainOver(study, model, target, precision));
};

export const chart = ({ study, chartDocument }: SectionInput, targets: readonly StudyDevice[]): Block => {
  const spans = targets.map(
    (target) =>
      `${spanText(
        gainsOn(study, target).map(({ speed }) => speed),
        ratio,
      )} on ${targetTitle(study, target)}`,
  );
  const request = {
    id: 'quantization-speedup',
    title: `Predicted speed-up of ${QUANTIZED} over each device’s own precision (${FULL} where that is ${QUANTIZED}), batch 1`,
    alternative: `Speed-ups of ${listOf(spans)}.`,
  };
  return chartBlock(chartDocument, request, (options) =>
    barChart({
      ...options,
      value: { label: `Speed-up of ${QUANTIZED}`, unit: '' },
      bars: study.models.flatMap((model) =>
        targets.map((target) => {
          const [precision] = referencesOf(study, target);
          return {
            category: model.title,
            series: `${targetTitle(study, target)}, over ${precision}`,
            value: precision === undefined ? null : gainOver(study, model, target, precision).speed,
          };
        }),
      ),
    }),
  );
};
