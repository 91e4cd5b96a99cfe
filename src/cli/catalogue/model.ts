/** One model of the zoo: its published figures beside ours, its accuracies, what it can be built with. */

import type { Block, ReportDocument } from '../../index.ts';
import {
  compileModel,
  formatNumber,
  formatRatio,
  groupThousands,
  knobsOf,
  type ModelVariant,
  type PublishedComparison,
  type PublishedFigure,
  publishedComparisons,
  quantizedAccuraciesOf,
  totals,
  varied,
  type ZooEntry,
} from '../../index.ts';
import type { Result } from '../output.ts';
import type { FlexibleTable } from '../render/table.ts';
import { catalogueRow, inputText, SCHEMA } from './models.ts';

const FIGURES: Readonly<Record<PublishedFigure, string>> = {
  parameters: 'Parameters',
  gmacs: 'GMACs',
  gflops: 'GFLOPs',
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

const publishedTable = (rows: readonly ReturnType<typeof comparisonRow>[]): FlexibleTable => ({
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
  rows,
  expendable: ['convention'],
});

/** Every published accuracy of the architecture, of quantized forms too. */
const accuracyRows = ({ name, accuracy, otherAccuracies = [], quality = [] }: ModelVariant) => [
  ...[...(accuracy === undefined ? [] : [accuracy]), ...otherAccuracies].map((row) => ({
    dataset: 'ImageNet-1k',
    metric: 'top-1',
    value: row.top1,
    top5: row.top5 ?? null,
    weights: row.weights,
    resolution: row.resolution,
    precision: 'float',
    source: row.source,
  })),
  ...quantizedAccuraciesOf(name).map((row) => ({
    dataset: 'ImageNet-1k',
    metric: 'top-1',
    value: row.top1,
    top5: null,
    weights: row.method,
    resolution: null,
    precision: row.precision,
    source: row.source,
  })),
  ...quality.map((row) => ({
    dataset: row.dataset,
    metric: row.metric,
    value: row.value,
    top5: null,
    weights: row.weights,
    resolution: null,
    precision: 'float',
    source: row.source,
  })),
];

const accuracyTable = (rows: ReturnType<typeof accuracyRows>): FlexibleTable => ({
  kind: 'table',
  id: 'accuracies',
  caption: 'Accuracies as published; nothing here was trained or evaluated',
  columns: [
    { key: 'dataset', title: 'Data', format: { kind: 'text' } },
    { key: 'metric', title: 'Metric', format: { kind: 'text' } },
    { key: 'value', title: 'Value', format: { kind: 'number', digits: 5 } },
    { key: 'top5', title: 'Top-5', format: { kind: 'number', digits: 5 } },
    { key: 'precision', title: 'Type', format: { kind: 'text' } },
    { key: 'resolution', title: 'At', unit: 'px', format: { kind: 'integer' } },
    { key: 'weights', title: 'Weights', format: { kind: 'text' } },
    { key: 'source', title: 'Source', format: { kind: 'text' } },
  ],
  rows,
  expendable: ['source', 'dataset'],
});

/** What factorized convolutions save, or would: the network with all of the other kind beside it. */
const convolutionRows = (variant: ModelVariant) => {
  const own = totals(compileModel(variant).analyzed);
  return (['standard', 'separable'] as const).flatMap((convolutions) => {
    const { params, macs } = totals(compileModel(varied(variant, { convolutions })).analyzed);
    if (params === own.params && macs === own.macs) return [];
    return [{ convolutions, params, macs, paramsRatio: params / own.params, macsRatio: macs / own.macs }];
  });
};

const convolutionText = ({
  convolutions,
  params,
  macs,
  paramsRatio,
  macsRatio,
}: ReturnType<typeof convolutionRows>[0]) => {
  const change =
    convolutions === 'standard'
      ? 'depthwise-separable convolutions were standard ones'
      : 'standard convolutions were depthwise-separable';
  return `If its ${change}: ${formatNumber(params / 1e6, 4)} M parameters (${formatRatio(paramsRatio, 3)}) and ${formatNumber(macs / 1e9, 4)} GMACs (${formatRatio(macsRatio, 3)}).`;
};

export const modelResult = (entry: ZooEntry): Result => {
  const { family, variant } = entry;
  const row = catalogueRow(entry);
  const compared = publishedComparisons(variant).map(comparisonRow);
  const accuracies = accuracyRows(variant);
  const convolutions = convolutionRows(variant);
  const knobs = knobsOf(variant);
  const remarks = [
    ...compared.flatMap(({ figure, resolution, note }) =>
      note === null ? [] : [`${figure}${resolution === null ? '' : ` at ${resolution}`}: ${note}`],
    ),
    ...convolutions.map(convolutionText),
    ...family.notes,
  ];
  const blocks: readonly Block[] = [
    ...(compared.length === 0 ? [] : [publishedTable(compared)]),
    ...(accuracies.length === 0 ? [] : [accuracyTable(accuracies)]),
    ...(remarks.length === 0 ? [] : [{ kind: 'list', ordered: false, items: [...new Set(remarks)] } as const]),
  ];
  const { resolution } = row;
  const size = resolution === null ? (inputText(row) ?? 'its only size') : `${resolution}×${resolution}`;
  return {
    json: () => ({
      schema: SCHEMA,
      model: { ...row, paper: family.paper, notes: family.notes, accuracy: variant.accuracy ?? null },
      published: compared,
      accuracies,
      convolutions,
    }),
    document: (): ReportDocument => ({
      title: `${variant.title} (${variant.name})`,
      subtitle: `${family.title} family, ${family.paper}`,
      facts: [
        ...(row.aliases.length === 0 ? [] : [{ name: 'Also called', value: row.aliases.join(', ') }]),
        { name: 'Native size', value: size },
        { name: 'Parameters', value: groupThousands(row.params) },
        { name: 'GMACs', value: `${formatNumber(row.macs / 1e9, 4)} at ${size}, batch 1` },
        {
          name: 'Can be built with',
          value: [
            ...(variant.withoutResolution ? [] : ['--resolution']),
            ...knobs.map((knob) => `--${knob}`),
            '--convolutions',
          ].join(', '),
        },
        ...(accuracies.length === 0 ? [{ name: 'Accuracy', value: 'not known to us' }] : []),
      ],
      sections: [{ id: 'model', title: 'Figures', blocks }],
    }),
    csv: () => ({
      columns: ['figure', 'resolution', 'convention', 'published', 'ours', 'difference', 'source'],
      rows: compared.map(({ oursText: _oursText, ...comparison }) => comparison),
    }),
  };
};
