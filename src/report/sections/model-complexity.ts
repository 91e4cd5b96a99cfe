import { spearman } from '../../estimate/statistics.ts';
import type { Study, StudyModel } from '../../explore/study.ts';
import { formatFixed, formatNumber, formatRatio } from '../../units/format.ts';
import type { Block, TableBlock } from '../blocks.ts';
import { MODEL_COLUMN, modelCell, ratioColumn } from '../figures/columns.ts';
import {
  baselineRow,
  coverageCallouts,
  efficiencyScore,
  flopRatio,
  leastBy,
  mostBy,
  parameterRatio,
  publishedAccuracy,
} from '../figures/lookup.ts';
import { agreementText, type PublishedRow, publishedRow } from '../figures/published.ts';
import { countedOf, listOf, timesText, verbOf } from '../figures/text.ts';
import type { Section } from '../section.ts';

const GIGA = { kind: 'number', digits: 4, scale: 1e9 } as const;
const MEGA = { kind: 'fixed', decimals: 2, scale: 1e6 } as const;

const commonTable = (study: Study): TableBlock => ({
  kind: 'table',
  id: 'model-complexity',
  caption: `Size and work of each model for one image at ${study.options.resolution}×${study.options.resolution}; ratios are to ${study.baseline.title}.`,
  columns: [
    MODEL_COLUMN,
    { key: 'params', title: 'Parameters', unit: 'M', format: MEGA },
    { key: 'macs', title: 'MACs', unit: 'G', format: GIGA },
    {
      key: 'flops',
      title: 'FLOPs',
      unit: 'G',
      format: GIGA,
      description: '2 × MACs and every other arithmetic operation of the graph as written.',
    },
    {
      key: 'activations',
      title: 'Activations',
      unit: 'M',
      format: MEGA,
      description: 'Output elements of convolutions and matrix products; a count, not a memory.',
    },
    ratioColumn('paramRatio', 'Parameter ratio'),
    ratioColumn('flopRatio', 'FLOP ratio'),
    {
      key: 'score',
      title: 'Efficiency score',
      format: { kind: 'number', digits: 3 },
      description: '(FLOPs of the baseline / FLOPs) × (parameters of the baseline / parameters).',
    },
    {
      key: 'top1',
      title: 'ImageNet top-1',
      format: { kind: 'percent', decimals: 2 },
      description:
        "Published, at the model's native resolution: not at the resolution of this table where they differ.",
    },
    { key: 'weights', title: 'Weights', format: { kind: 'code' } },
  ],
  rows: study.models.map((model) => {
    const { params, macs, flops, activationElements } = model.common.totals;
    const accuracy = publishedAccuracy(model);
    return {
      ...modelCell(model),
      params,
      macs,
      flops,
      activations: activationElements,
      paramRatio: parameterRatio(study, model),
      flopRatio: flopRatio(study, model),
      score: efficiencyScore(study, model),
      top1: accuracy === undefined ? null : accuracy.top1 / 100,
      weights: accuracy?.weights ?? null,
    };
  }),
  emphasized: [baselineRow(study)],
});

const nativeTable = (rows: readonly PublishedRow[], emphasized: number): TableBlock => ({
  kind: 'table',
  id: 'model-complexity-native',
  caption: 'Counts at native resolutions beside the published ones.',
  columns: [
    MODEL_COLUMN,
    { key: 'resolution', title: 'Native resolution', unit: 'px', format: { kind: 'integer' } },
    { key: 'flops', title: 'FLOPs', unit: 'G', format: GIGA },
    { key: 'macs', title: 'MACs', unit: 'G', format: { kind: 'fixed', decimals: 4, scale: 1e9 } },
    {
      key: 'published',
      title: 'Published MACs',
      unit: 'G',
      format: { kind: 'text' },
      description: 'As printed by the source, which calls them GFLOPS.',
    },
    { key: 'agrees', title: 'MACs agree', format: { kind: 'verdict' }, description: 'At the printed precision.' },
    { key: 'params', title: 'Parameters', format: { kind: 'integer' } },
    { key: 'publishedParams', title: 'Published parameters', format: { kind: 'integer' } },
    { key: 'paramsAgree', title: 'Parameters agree', format: { kind: 'verdict' } },
    { key: 'source', title: 'Source', format: { kind: 'text' } },
  ],
  rows,
  emphasized: [emphasized],
});

const insights = (study: Study): readonly string[] => {
  const { models, baseline, options } = study;
  const score = (model: StudyModel) => efficiencyScore(study, model);
  const others = models.filter((model) => model !== baseline);
  const above = others.filter((model) => score(model) > 1);
  const best = mostBy(models, score);
  const last = leastBy(models, score);
  const intensity = ({ common }: StudyModel) => common.totals.flops / common.totals.activationElements;
  const densest = mostBy(models, intensity);
  const lightest = leastBy(models, intensity);
  const growth = ({ common, native }: StudyModel) => native.totals.flops / common.totals.flops;
  const grown = mostBy(models, growth);
  const rho = spearman(
    models.map(({ common }) => common.totals.params),
    models.map(({ common }) => common.totals.flops),
  );
  const mixed = others.filter((model) => parameterRatio(study, model) < 1 !== flopRatio(study, model) < 1);
  return [
    ...(others.length === 0
      ? []
      : [
          `${best.title} has the highest efficiency score, ${formatNumber(score(best))}, and ${last.title} the lowest, ${formatNumber(score(last))}; ${countedOf(above.length, others.length, 'other model')} ${verbOf(above.length, others.length, 'scores', 'score')} above the 1 of ${baseline.title}. The score multiplies two ratios, so it is not a speed-up.`,
          `FLOPs per activation element run from ${formatNumber(intensity(lightest))} (${lightest.title}) to ${formatNumber(intensity(densest))} (${densest.title}): the fewer, the sooner memory and not arithmetic is the limit.`,
        ]),
    ...(Number.isNaN(rho)
      ? []
      : [
          `Parameters and FLOPs order the models with a Spearman's rho of ${formatFixed(rho, 2)}.${mixed.length === 0 ? '' : ` ${listOf(mixed.map(({ title }) => title))} ${mixed.length === 1 ? 'lies' : 'lie'} on different sides of ${baseline.title} in the two.`}`,
        ]),
    ...(growth(grown) > 1
      ? [
          `FLOPs depend on the resolution: ${grown.title} needs ${timesText(growth(grown))} as many at its native ${grown.nativeResolution} px as at ${options.resolution} px. Published accuracies belong to native resolutions.`,
        ]
      : []),
  ];
};

const insightBlocks = (items: readonly string[]): readonly Block[] =>
  items.length === 0
    ? []
    : [
        { kind: 'heading', level: 3, text: 'Key insights' },
        { kind: 'list', ordered: false, items },
      ];

const opening = (study: Study): string => {
  const { models, options } = study;
  const flops = ({ common }: StudyModel) => common.totals.flops;
  const least = leastBy(models, flops);
  const most = mostBy(models, flops);
  const relative = (model: StudyModel) =>
    model === study.baseline ? 'the baseline' : `${formatRatio(flopRatio(study, model))} ${study.baseline.title}`;
  const size = `${options.resolution}×${options.resolution}`;
  if (least === most)
    return `${least.title} needs ${formatNumber(flops(least) / 1e9)} GFLOPs for one image at ${size}.`;
  return (
    `At ${size} the models span a factor of ${formatNumber(flops(most) / flops(least))} in FLOPs, from ` +
    `${formatNumber(flops(least) / 1e9)} GFLOPs (${least.title}, ${relative(least)}) to ` +
    `${formatNumber(flops(most) / 1e9)} GFLOPs (${most.title}, ${relative(most)}). ` +
    'All counts are exact integers of the operator graph; no device enters them.'
  );
};

export const section: Section = {
  id: 'model-complexity',
  title: 'Model complexity comparison',
  order: 20,
  build: ({ study }) => {
    const rows = study.models.map((model) => publishedRow(study, model));
    return [
      { kind: 'paragraph', text: opening(study) },
      ...coverageCallouts(study),
      commonTable(study),
      ...insightBlocks(insights(study)),
      { kind: 'heading', level: 3, text: 'Native resolutions and published counts' },
      { kind: 'paragraph', text: agreementText(rows) },
      nativeTable(rows, baselineRow(study)),
    ];
  },
};
