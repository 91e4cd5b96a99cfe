/** The zoo as a table, and one model's published figures beside ours. */

import type { ReportDocument } from '../../index.ts';
import {
  compileModel,
  formatNumber,
  formatPercent,
  groupThousands,
  type PublishedComparison,
  type PublishedFigure,
  publishedComparisons,
  totals,
  type ZooEntry,
} from '../../index.ts';
import type { Result } from '../output.ts';
import { eachStep, type Progress } from '../progress.ts';
import type { FlexibleTable } from '../render/table.ts';

const SCHEMA = 'assay.models/1';

interface CatalogueRow {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly family: string;
  readonly params: number;
  readonly macs: number;
  readonly resolution: number | null;
  readonly top1: number | null;
  readonly weights: string | null;
  readonly source: string;
}

/** Counted, not quoted: the graph is built and inferred at the model's native resolution. */
const catalogueRow = ({ family, variant }: ZooEntry): CatalogueRow => {
  const counted = totals(compileModel(variant).analyzed);
  return {
    name: variant.name,
    aliases: variant.aliases ?? [],
    title: variant.title,
    family: family.id,
    params: counted.params,
    macs: counted.macs,
    resolution: variant.nativeResolution ?? null,
    top1: variant.accuracy?.top1 ?? null,
    weights: variant.accuracy?.weights ?? null,
    source: variant.accuracy?.source ?? variant.published[0]?.source ?? family.paper,
  };
};

const catalogueTable = (rows: readonly CatalogueRow[]): FlexibleTable => ({
  kind: 'table',
  id: 'models',
  caption: 'Counted at the native resolution, batch 1; top-1 on ImageNet-1k as published',
  columns: [
    { key: 'name', title: 'Model', format: { kind: 'code' } },
    { key: 'family', title: 'Family', format: { kind: 'text' } },
    { key: 'params', title: 'Parameters', unit: 'M', format: { kind: 'number', digits: 4, scale: 1e6 } },
    { key: 'macs', title: 'MACs', unit: 'G', format: { kind: 'number', digits: 4, scale: 1e9 } },
    { key: 'resolution', title: 'Native', unit: 'px', format: { kind: 'integer' } },
    { key: 'top1', title: 'Top-1', unit: '%', format: { kind: 'fixed', decimals: 1 } },
    { key: 'source', title: 'Source', format: { kind: 'text' } },
  ],
  rows: rows.map(({ aliases: _aliases, ...row }) => row),
  expendable: ['source', 'family'],
});

export const modelsResult = async (entries: readonly ZooEntry[], progress: Progress): Promise<Result> => {
  const rows = await eachStep(entries, progress, catalogueRow);
  return {
    json: () => ({ schema: SCHEMA, models: rows }),
    document: (): ReportDocument => ({
      title: `${rows.length} models`,
      subtitle: '',
      facts: [],
      sections: [{ id: 'models', title: 'Models', blocks: [catalogueTable(rows)] }],
    }),
    csv: () => ({
      columns: ['name', 'family', 'params', 'macs', 'resolution', 'top1', 'weights', 'source'],
      rows: rows.map(({ aliases: _aliases, ...row }) => row),
    }),
  };
};

const FIGURES: Readonly<Record<PublishedFigure, string>> = {
  parameters: 'Parameters',
  gmacs: 'GMACs',
  mActs: 'MActs',
};

const exact = (text: string): string => (/^\d+$/.test(text) ? groupThousands(Number(text)) : text);

const comparisonRow = ({ figure, published, ours, oursText, difference, agrees, row, note }: PublishedComparison) => ({
  figure: FIGURES[figure],
  resolution: row.resolution ?? null,
  convention: row.convention,
  published: exact(published),
  ours,
  oursText: exact(oursText),
  agrees,
  difference,
  source: row.source,
  note: note ?? null,
});

export const modelResult = (entry: ZooEntry): Result => {
  const { family, variant } = entry;
  const row = catalogueRow(entry);
  const compared = publishedComparisons(variant).map(comparisonRow);
  const { accuracy } = variant;
  const table: FlexibleTable = {
    kind: 'table',
    id: 'published',
    caption: 'Published figures and ours, each in the convention of its source',
    columns: [
      { key: 'figure', title: 'Figure', format: { kind: 'text' } },
      { key: 'resolution', title: 'Resolution', unit: 'px', format: { kind: 'integer' } },
      { key: 'convention', title: 'Convention', format: { kind: 'text' } },
      { key: 'published', title: 'Published', format: { kind: 'text' } },
      { key: 'oursText', title: 'Ours', format: { kind: 'text' } },
      { key: 'difference', title: 'Difference', format: { kind: 'percent', decimals: 2 } },
      { key: 'source', title: 'Source', format: { kind: 'text' } },
    ],
    rows: compared,
    expendable: ['convention'],
  };
  return {
    json: () => ({
      schema: SCHEMA,
      model: { ...row, paper: family.paper, notes: family.notes, accuracy: accuracy ?? null },
      published: compared,
    }),
    document: (): ReportDocument => ({
      title: `${variant.title} (${variant.name})`,
      subtitle: `${family.title} family, ${family.paper}`,
      facts: [
        ...(row.aliases.length === 0 ? [] : [{ name: 'Also called', value: row.aliases.join(', ') }]),
        { name: 'Native resolution', value: String(row.resolution) },
        { name: 'Parameters', value: groupThousands(row.params) },
        { name: 'GMACs', value: `${formatNumber(row.macs / 1e9, 4)} at ${row.resolution}×${row.resolution}, batch 1` },
        {
          name: 'Accuracy',
          value:
            accuracy === undefined
              ? 'not in the source'
              : `top-1 ${formatPercent(accuracy.top1 / 100)}, top-5 ${accuracy.top5 === undefined ? 'not given' : formatPercent(accuracy.top5 / 100)} at ${accuracy.resolution} (${accuracy.weights}; ${accuracy.source})`,
        },
      ],
      sections: [
        {
          id: 'model',
          title: 'Figures',
          blocks: [
            ...(compared.length === 0 ? [] : [table]),
            ...(family.notes.length === 0 ? [] : [{ kind: 'list', ordered: false, items: family.notes } as const]),
          ],
        },
      ],
    }),
    csv: () => ({
      columns: ['figure', 'resolution', 'convention', 'published', 'ours', 'difference', 'source'],
      rows: compared.map(({ oursText: _oursText, ...comparison }) => comparison),
    }),
  };
};
