/** The zoo as a table, and one model's published figures beside ours. */

import type { ReportDocument } from '../../index.ts';
import { compileModel, knobsOf, totals, type ZooEntry } from '../../index.ts';
import type { Result } from '../output.ts';
import { eachStep, type Progress } from '../progress.ts';
import type { FlexibleTable } from '../render/table.ts';

export const SCHEMA = 'assay.models/1';

/** Counted, not quoted: the graph is built and inferred at the model's native resolution. */
export const catalogueRow = ({ family, variant }: ZooEntry) => {
  const { params, macs } = totals(compileModel(variant).analyzed);
  const { accuracy, quality = [], published, aliases = [] } = variant;
  return {
    name: variant.name,
    aliases,
    title: variant.title,
    family: family.id,
    params,
    macs,
    resolution: variant.nativeResolution ?? null,
    tokens: variant.nativeTokens ?? null,
    top1: accuracy?.top1 ?? null,
    top5: accuracy?.top5 ?? null,
    weights: accuracy?.weights ?? null,
    /** How well it does another task. */
    quality,
    knobs: knobsOf(variant),
    sources: [
      ...new Set([
        ...(accuracy === undefined ? [] : [accuracy.source]),
        ...quality.map(({ source }) => source),
        ...published.map(({ source }) => source),
        family.paper,
      ]),
    ],
  };
};

export type CatalogueRow = ReturnType<typeof catalogueRow>;

/** What the catalogue says of how good a model is: top-1, or the first figure of another task. */
const qualityText = ({ top1, quality }: CatalogueRow): string | null => {
  if (top1 !== null) return top1.toFixed(1);
  const [first] = quality;
  return first === undefined ? null : `${first.value} ${first.metric}`;
};

export const inputText = ({ resolution, tokens }: CatalogueRow): string | null =>
  resolution !== null ? String(resolution) : tokens !== null ? `${tokens} tokens` : null;

const flat = ({ aliases: _aliases, quality: _quality, knobs: _knobs, sources, ...row }: CatalogueRow) => ({
  ...row,
  sources: sources.join('; '),
});

const catalogueTable = (rows: readonly CatalogueRow[]): FlexibleTable => ({
  kind: 'table',
  id: 'models',
  caption: 'Counted at the native size, batch 1; top-1 (%) on ImageNet-1k as published, or the metric that is named',
  columns: [
    { key: 'name', title: 'Model', format: { kind: 'code' } },
    { key: 'family', title: 'Family', format: { kind: 'text' } },
    { key: 'params', title: 'Parameters', unit: 'M', format: { kind: 'number', digits: 4, scale: 1e6 } },
    { key: 'macs', title: 'MACs', unit: 'G', format: { kind: 'number', digits: 4, scale: 1e9 } },
    { key: 'input', title: 'Native', unit: 'px', format: { kind: 'text' } },
    { key: 'good', title: 'Top-1', format: { kind: 'text' } },
    { key: 'source', title: 'Source', format: { kind: 'text' } },
  ],
  rows: rows.map((row) => ({
    name: row.name,
    family: row.family,
    params: row.params,
    macs: row.macs,
    input: inputText(row),
    good: qualityText(row),
    source: row.sources[0] ?? null,
  })),
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
      columns: [
        'name',
        'title',
        'family',
        'params',
        'macs',
        'resolution',
        'tokens',
        'top1',
        'top5',
        'weights',
        'sources',
      ],
      rows: rows.map(flat),
    }),
  };
};
