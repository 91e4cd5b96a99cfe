import type { Study, StudyCell, StudyDevice, StudyModel } from '../../explore/study.ts';
import { formatNumber, formatRatio, formatSI } from '../../units/format.ts';
import type { Block, TableBlock } from '../blocks.ts';
import { MODEL_COLUMN, modelCell, ratioColumn } from '../figures/columns.ts';
import {
  baselineRow,
  cellEnergy,
  cellLatency,
  flopRatio,
  leastBy,
  mostBy,
  parameterRatio,
  ratioOn,
  sortedBy,
} from '../figures/lookup.ts';
import { energyStanding, standing, targetId, targetTitle } from '../figures/target.ts';
import { capitalized, countedOf, groupedBy, latencyOf, listOf } from '../figures/text.ts';
import type { Section } from '../section.ts';

const ratioTable = (study: Study, what: 'latency' | 'energy', pick: (cell: StudyCell) => number): TableBlock => ({
  kind: 'table',
  id: `baseline-${what}`,
  caption: `Predicted ${what} per inference as a multiple of ${study.baseline.title}'s on the same device, precision and runtime, at ${study.options.resolution}×${study.options.resolution} and batch 1.`,
  columns: [
    MODEL_COLUMN,
    ratioColumn('parameters', 'Parameters'),
    ratioColumn('flops', 'FLOPs'),
    ...study.devices.map((target) => ratioColumn(targetId(study, target), targetTitle(study, target))),
  ],
  rows: study.models.map((model) => ({
    ...modelCell(model),
    parameters: parameterRatio(study, model),
    flops: flopRatio(study, model),
    ...Object.fromEntries(
      study.devices.map((target) => [targetId(study, target), ratioOn(study, model, target, pick)]),
    ),
  })),
  emphasized: [baselineRow(study)],
  notes: [
    what === 'latency'
      ? 'Both sides of a ratio are predictions of this run; their intervals stand in [performance by device](#performance).'
      : 'Energies are predictions from the energy figures of the devices, none of them calibrated; no interval is claimed for them.',
  ],
});

/** Least first, the baseline in its place. */
const rankingList = (
  study: Study,
  value: (model: StudyModel) => number,
  text: (model: StudyModel) => string,
): Block => ({
  kind: 'list',
  ordered: true,
  items: sortedBy(study.models, value).map((model) => {
    if (model === study.baseline) return `**${model.title}: ${text(model)} (baseline)**`;
    return `${model.title}: ${text(model)} (${formatRatio(value(model) / value(study.baseline))})`;
  }),
});

/** All models of a device in one line, least first. */
const orderItem = (
  study: Study,
  target: StudyDevice,
  note: string,
  pick: (cell: StudyCell) => number,
  text: (cell: StudyCell) => string,
): string => {
  const models = sortedBy(study.models, (model) => pick(study.cell(model, target))).map((model) => {
    const entry = `${model.title} ${text(study.cell(model, target))}`;
    return model === study.baseline ? `**${entry}**` : entry;
  });
  return `**${targetTitle(study, target)}** (${note}): ${models.join(', ')}.`;
};

const deviceLists = (study: Study): readonly Block[] => [
  { kind: 'heading', level: 4, text: 'Predicted latency and throughput at batch 1, fastest first' },
  {
    kind: 'list',
    ordered: false,
    items: study.devices.map((target) =>
      orderItem(
        study,
        target,
        standing(study, target),
        cellLatency,
        ({ estimate }) => `${latencyOf(estimate.latencySeconds)} (${formatNumber(estimate.throughputPerSecond)}/s)`,
      ),
    ),
  },
  {
    kind: 'paragraph',
    text: 'Intervals of neighbours may overlap: [the ranking](#ranking) says which orders the intervals leave open.',
  },
  { kind: 'heading', level: 4, text: 'Predicted energy per inference at batch 1, least first' },
  {
    kind: 'list',
    ordered: false,
    items: study.devices.map((target) =>
      orderItem(study, target, energyStanding(target), cellEnergy, (cell) => formatSI(cellEnergy(cell), 'J')),
    ),
  },
];

interface Slower {
  readonly target: StudyDevice;
  readonly models: readonly StudyModel[];
}

/** Models with fewer FLOPs than the baseline and a longer predicted latency. */
const slowerThanBaseline = (study: Study): readonly Slower[] =>
  study.devices.flatMap((target) => {
    const models = study.models.filter(
      (model) => flopRatio(study, model) < 1 && ratioOn(study, model, target, cellLatency) > 1,
    );
    return models.length === 0 ? [] : [{ target, models }];
  });

const opening = (study: Study): string => {
  const others = study.models.filter((model) => model !== study.baseline);
  const lighter = others.filter((model) => flopRatio(study, model) < 1);
  const { title } = study.baseline;
  if (lighter.length === 0) return `No model of the study needs fewer FLOPs than the baseline ${title}.`;
  const slower = slowerThanBaseline(study);
  const count = `${countedOf(lighter.length, others.length, 'other model')} ${lighter.length === 1 ? 'needs' : 'need'} fewer FLOPs than the baseline ${title}`;
  if (slower.length === 0) {
    return `${capitalized(count)}, and none of them is predicted to be slower on any of the devices.`;
  }
  const points = slower.flatMap(({ target, models }) => models.map((model) => ({ target, model })));
  const ratio = ({ target, model }: (typeof points)[number]) => ratioOn(study, model, target, cellLatency);
  const worst = mostBy(points, ratio);
  const where = groupedBy(slower, ({ models }) => String(models.length)).map(
    ({ key, items }) => `${key} on ${listOf(items.map(({ target }) => targetTitle(study, target)))}`,
  );
  return (
    `${capitalized(count)}, and yet some of them are predicted to be slower: ${where.join('; ')}. ` +
    `The largest ratio is ${formatRatio(ratio(worst))}, of ${worst.model.title} on ${targetTitle(study, worst.target)}, ` +
    `with ${formatRatio(flopRatio(study, worst.model))} the FLOPs.`
  );
};

/** Which of them are slower whatever the interval: the low end above the baseline's high end. */
const slowerItems = (study: Study): readonly string[] =>
  slowerThanBaseline(study).map(({ target, models }) => {
    const base = study.cell(study.baseline, target).estimate;
    const certain = models.filter(
      (model) => study.cell(model, target).estimate.interval.lowSeconds > base.interval.highSeconds,
    );
    const least = leastBy(models, (model) => ratioOn(study, model, target, cellLatency));
    const most = mostBy(models, (model) => ratioOn(study, model, target, cellLatency));
    const span =
      models.length === 1
        ? `takes ${formatNumber(ratioOn(study, most, target, cellLatency))} times`
        : `take ${formatNumber(ratioOn(study, least, target, cellLatency))} to ${formatNumber(ratioOn(study, most, target, cellLatency))} times`;
    const names = (some: readonly StudyModel[]) => listOf(some.map(({ title }) => title));
    return (
      `**${targetTitle(study, target)}**: ${names(models)} ${span} the ${latencyOf(base.latencySeconds)} of ${study.baseline.title}` +
      ` (interval ${latencyOf(base.interval.lowSeconds)} to ${latencyOf(base.interval.highSeconds)}). ` +
      (certain.length === 0
        ? 'All these intervals overlap the one of the baseline.'
        : `The intervals of ${names(certain)} do not overlap it.`)
    );
  });

export const section: Section = {
  id: 'baseline-comparison',
  title: 'Comparison with the baseline',
  order: 80,
  build: ({ study }) => {
    const slower = slowerItems(study);
    return [
      { kind: 'paragraph', text: opening(study) },
      ...(slower.length === 0 ? [] : [{ kind: 'list', ordered: false, items: slower } as const]),
      ratioTable(study, 'latency', cellLatency),
      ratioTable(study, 'energy', cellEnergy),
      { kind: 'heading', level: 3, text: 'Rankings against the baseline' },
      { kind: 'paragraph', text: 'Least first; in brackets the multiple of the baseline, which is set in bold.' },
      { kind: 'heading', level: 4, text: 'Parameters' },
      rankingList(
        study,
        ({ common }) => common.totals.params,
        ({ common }) => `${formatNumber(common.totals.params / 1e6, 4)} M`,
      ),
      { kind: 'heading', level: 4, text: 'FLOPs' },
      rankingList(
        study,
        ({ common }) => common.totals.flops,
        ({ common }) => formatSI(common.totals.flops, 'FLOPs'),
      ),
      ...deviceLists(study),
    ];
  },
};
