/** Tables and chart of the section on scaling. */
import { lineChart } from '../../charts/api.ts';
import type { ModelProfile, Study, StudyModel } from '../../explore/study.ts';
import { formatRatio } from '../../units/format.ts';
import type { Block, CellValue, TableBlock, TableColumn } from '../blocks.ts';
import type { SectionInput } from '../section.ts';
import { chartBlock } from './chart.ts';
import { MODEL_COLUMN, modelCell, ratioColumn } from './columns.ts';
import { cellLatency, publishedAccuracy } from './lookup.ts';
import type { FamilyScaling, StudyFamily } from './scaling.ts';
import { targetId, targetTitle } from './target.ts';
import { listOf } from './text.ts';

type Basis = 'common' | 'native';

const resolutionOf = (model: StudyModel, basis: Basis): number | undefined => model[basis].resolution;

const growth = (family: StudyFamily, model: StudyModel, basis: Basis, pick: (profile: ModelProfile) => number) =>
  pick(model[basis]) / pick(family.smallest[basis]);

export const flopGrowth = (family: StudyFamily, model: StudyModel, basis: Basis): number =>
  growth(family, model, basis, ({ totals }) => totals.flops);

export const latencyGrowth = (
  study: Study,
  { smallest }: StudyFamily,
  model: StudyModel,
  basis: Basis,
): readonly number[] =>
  study.devices.map((target) => {
    const at = (one: StudyModel) => cellLatency(study.cell(one, target, { resolution: resolutionOf(one, basis) }));
    return at(model) / at(smallest);
  });

const columns = (study: Study, basis: Basis): readonly TableColumn[] => [
  MODEL_COLUMN,
  { key: 'resolution', title: 'Resolution', unit: 'pixels', format: { kind: 'integer' } },
  ratioColumn('params', 'Parameters'),
  ratioColumn('flops', 'FLOPs'),
  { ...ratioColumn('activations', 'Activations'), description: 'Output elements of convolutions and matrix products.' },
  ...study.devices.map((target) => ratioColumn(targetId(study, target), `Latency, ${targetTitle(study, target)}`)),
  ...(basis === 'native'
    ? [
        {
          key: 'top1',
          title: 'Published top-1',
          unit: '%',
          format: { kind: 'fixed', decimals: 1 },
          description: 'ImageNet-1K at the native resolution.',
        } as const,
        {
          key: 'weights',
          title: 'Weights',
          format: { kind: 'code' },
          description: 'Training recipes differ between weights, not only networks.',
        } as const,
      ]
    : []),
];

export const familyTable = (study: Study, family: StudyFamily, basis: Basis): TableBlock => ({
  kind: 'table',
  id: `scaling-${family.members[0]?.family.replaceAll('_', '-')}-${basis}`,
  caption: `${family.title} relative to ${family.smallest.title}, ${
    basis === 'common'
      ? `all at ${study.options.resolution}×${study.options.resolution}`
      : 'each at its native resolution'
  }, predicted latencies at batch 1`,
  columns: columns(study, basis),
  rows: family.members.map((model): Readonly<Record<string, CellValue>> => {
    const latencies = latencyGrowth(study, family, model, basis);
    return {
      ...modelCell(model),
      resolution: resolutionOf(model, basis) ?? null,
      params: growth(family, model, basis, ({ totals }) => totals.params),
      flops: flopGrowth(family, model, basis),
      activations: growth(family, model, basis, ({ totals }) => totals.activationElements),
      ...Object.fromEntries(study.devices.map((target, index) => [targetId(study, target), latencies[index] ?? null])),
      ...(basis === 'native' && {
        top1: publishedAccuracy(model)?.top1 ?? null,
        weights: publishedAccuracy(model)?.weights ?? null,
      }),
    };
  }),
  emphasized: [family.members.indexOf(family.smallest)],
});

export const compoundTable = (family: StudyFamily, { base, records, leftOut }: FamilyScaling): TableBlock => ({
  kind: 'table',
  id: `compound-scaling-${family.members[0]?.family.replaceAll('_', '-')}`,
  caption: `Compound scaling of ${family.title}: stated multipliers against the graphs, relative to ${base.title}, native resolutions`,
  columns: [
    MODEL_COLUMN,
    ratioColumn('width', 'Width, stated'),
    ratioColumn('depth', 'Depth, stated'),
    ratioColumn('resolution', 'Resolution'),
    ratioColumn('stated', 'FLOPs by the rule'),
    ratioColumn('actual', 'FLOPs'),
    {
      ...ratioColumn('depthBuilt', 'Depth as built'),
      description: 'Blocks over those of the unscaled member: repeats are rounded up.',
    },
    {
      ...ratioColumn('widthBuilt', 'Width as built'),
      description: 'Mean over stages of the ratio of block output channels, which are rounded.',
    },
    ratioColumn('rebuilt', 'FLOPs by the rule, as built'),
    {
      ...ratioColumn('rest', 'Left over'),
      description: 'FLOPs over the rule as built: stem and head, and which stages grew.',
    },
    { key: 'pairShare', title: 'MACs in separable pairs', format: { kind: 'percent', decimals: 0 } },
  ],
  rows: records.map(({ model, ...record }) => ({
    ...modelCell(model),
    width: record.width,
    depth: record.depth,
    resolution: record.resolution,
    stated: record.stated,
    actual: record.actual,
    depthBuilt: record.depthBuilt,
    widthBuilt: record.widthBuilt,
    rebuilt: record.rebuilt,
    rest: record.actual / record.rebuilt,
    pairShare: record.pairShare,
  })),
  notes: [
    'The rule: width² × depth × resolution².',
    ...(leftOut.length === 0
      ? []
      : [`Left out, for stages that do not correspond: ${listOf(leftOut.map(({ title }) => title))}.`]),
  ],
});

export const chart = ({ study, chartDocument }: SectionInput, family: StudyFamily): Block => {
  const ordered = [...family.members].sort((a, b) => a.native.totals.flops - b.native.totals.flops);
  const last = ordered.at(-1) ?? family.smallest;
  const latencies = latencyGrowth(study, family, last, 'native');
  const request = {
    id: `scaling-${family.members[0]?.family.replaceAll('_', '-')}`,
    title: `${family.title}: predicted latency against FLOPs, both relative to ${family.smallest.title}, native resolutions`,
    alternative: `At ${formatRatio(flopGrowth(family, last, 'native'))} the FLOPs ${last.title} takes ${study.devices
      .map(
        (target, index) =>
          `${formatRatio(latencies[index] ?? Number.NaN)} the latency on ${targetTitle(study, target)}`,
      )
      .join(', ')}.`,
  };
  return chartBlock(chartDocument, request, (options) =>
    lineChart({
      ...options,
      x: { label: `FLOPs relative to ${family.smallest.title}`, unit: '' },
      y: { label: `Predicted latency relative to ${family.smallest.title}`, unit: '' },
      series: study.devices.map((target, index) => ({
        name: targetTitle(study, target),
        points: ordered.map((model) => ({
          x: flopGrowth(family, model, 'native'),
          y: latencyGrowth(study, family, model, 'native')[index] ?? Number.NaN,
        })),
      })),
    }),
  );
};
