/** Tables of what design decisions cost or save; the sentences about them are in sections/design-patterns.ts. */
import type { Study } from '../../explore/study.ts';
import type { CellValue, TableBlock, TableColumn } from '../blocks.ts';
import { MODEL_COLUMN, modelCell, ratioColumn } from './columns.ts';
import type { Comparison } from './counterfactual.ts';
import { pairRatio, separablePairs, summed } from './pairs.ts';
import { targetId, targetTitle } from './target.ts';
import { listOf } from './text.ts';

type Row = Readonly<Record<string, CellValue>>;

const emphasized = (study: Study, records: readonly Comparison[]): readonly number[] =>
  records.flatMap(({ model }, index) => (model === study.baseline ? [index] : []));

/** Undone over as built: what the decision saves. */
export const ratioTable = (study: Study, id: string, caption: string, records: readonly Comparison[]): TableBlock => ({
  kind: 'table',
  id,
  caption,
  columns: [
    MODEL_COLUMN,
    ratioColumn('macs', 'MACs'),
    ratioColumn('params', 'Parameters'),
    ...study.devices.map((target) => ratioColumn(targetId(study, target), `Time, ${targetTitle(study, target)}`)),
  ],
  rows: records.map(
    ({ model, macs, params, latencies }): Row => ({
      ...modelCell(model),
      macs,
      params,
      ...Object.fromEntries(study.devices.map((target, index) => [targetId(study, target), latencies[index] ?? null])),
    }),
  ),
  emphasized: emphasized(study, records),
});

const share = (key: string, title: string): TableColumn => ({ key, title, format: { kind: 'percent', decimals: 1 } });

/** 1 - undone / as built: what of the model the decision is. */
export const shareTable = (study: Study, id: string, caption: string, records: readonly Comparison[]): TableBlock => ({
  kind: 'table',
  id,
  caption,
  columns: [
    MODEL_COLUMN,
    share('params', 'Share of parameters'),
    share('macs', 'Share of MACs'),
    share('flops', 'Share of FLOPs'),
    ...study.devices.map((target) => share(targetId(study, target), `Share of time, ${targetTitle(study, target)}`)),
  ],
  rows: records.map(
    ({ model, params, macs, flops, latencies }): Row => ({
      ...modelCell(model),
      params: 1 - params,
      macs: 1 - macs,
      flops: 1 - flops,
      ...Object.fromEntries(
        study.devices.map((target, index) => {
          const latency = latencies[index];
          return [targetId(study, target), latency === undefined ? null : 1 - latency];
        }),
      ),
    }),
  ),
  emphasized: emphasized(study, records),
});

const windowText = (window: number): string => `${Math.sqrt(window)}×${Math.sqrt(window)}`;

/** The quoted formula, worked from each model's own layers, beside what the whole model saves. */
export const pairTable = (study: Study, records: readonly Comparison[]): TableBlock => ({
  kind: 'table',
  id: 'separable-pairs',
  caption: 'Standard over depthwise-separable convolution, pair by pair: MACs by k²N / (k² + N), N output channels',
  columns: [
    MODEL_COLUMN,
    { key: 'pairs', title: 'Pairs', format: { kind: 'integer' } },
    { key: 'windows', title: 'Windows', format: { kind: 'text' } },
    { key: 'fewest', title: 'Fewest N', format: { kind: 'integer' } },
    { key: 'most', title: 'Most N', format: { kind: 'integer' } },
    ratioColumn('least', 'Least ratio'),
    ratioColumn('greatest', 'Greatest ratio'),
    ratioColumn('pairsRatio', 'All pairs together'),
    share('pairShare', 'Pairs’ share of MACs'),
    ratioColumn('whole', 'Whole model'),
  ],
  rows: records.map(({ model, macs }): Row => {
    const pairs = separablePairs(study.compiled(model, study.options.resolution).analyzed);
    const ratios = pairs.map(pairRatio);
    const channels = pairs.map(({ outputChannels }) => outputChannels);
    const windows = [...new Set(pairs.map(({ window }) => window))].sort((a, b) => a - b);
    const some = pairs.length > 0;
    return {
      ...modelCell(model),
      pairs: pairs.length,
      windows: some ? listOf(windows.map(windowText)) : null,
      fewest: some ? Math.min(...channels) : null,
      most: some ? Math.max(...channels) : null,
      least: some ? Math.min(...ratios) : null,
      greatest: some ? Math.max(...ratios) : null,
      pairsRatio: some ? summed(pairs, 'standardMacs') / summed(pairs, 'separableMacs') : null,
      pairShare: summed(pairs, 'separableMacs') / model.common.totals.macs,
      whole: macs,
    };
  }),
  emphasized: emphasized(study, records),
});
