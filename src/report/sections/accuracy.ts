import { paretoScatter } from '../../charts/api.ts';
import type { Study, StudyDevice } from '../../explore/study.ts';
import { formatPercent } from '../../units/format.ts';
import type { Block, ChartBlock, TableBlock } from '../blocks.ts';
import { type AccuracyPoint, accuracyFront, accuracyPoints, kneeOf, surelyDominated } from '../figures/accuracy.ts';
import { latencyCells, latencyColumns, MODEL_COLUMN, modelCell } from '../figures/columns.ts';
import { publishedAccuracy } from '../figures/lookup.ts';
import { standing, targetId, targetTitle } from '../figures/target.ts';
import { counted, groupedBy, latencyText, listOf, verb } from '../figures/text.ts';
import type { Section, SectionInput } from '../section.ts';

const nameOf = ({ cell }: AccuracyPoint): string => cell.model.title;
const names = (points: readonly AccuracyPoint[]): string => listOf(points.map(nameOf));

const pointText = (point: AccuracyPoint): string =>
  `${nameOf(point)}, top-1 ${formatPercent(point.top1)} in ${latencyText(point.cell.estimate)}`;

/** What lies behind the front, and how much of that survives the intervals. */
const behindSentence = (points: readonly AccuracyPoint[], front: readonly AccuracyPoint[]): string => {
  const behind = points.filter((point) => !front.includes(point));
  const sure = surelyDominated(points);
  if (behind.length === 0) return 'No model lies behind it.';
  const survive =
    sure.length === 0
      ? `${behind.length === 1 ? 'its interval overlaps' : 'their intervals overlap'} with those of all models that beat ${behind.length === 1 ? 'it' : 'them'}, so this is open`
      : `the ${sure.length === 1 ? 'interval' : 'intervals'} of ${names(sure)} ${verb(sure.length, 'lies', 'lie')} wholly above that of a model at least as accurate`;
  return `${names(behind)} ${verb(behind.length, 'lies', 'lie')} behind it by the predictions; ${survive}.`;
};

const frontSentence = (points: readonly AccuracyPoint[], front: readonly AccuracyPoint[]): string => {
  const knee = kneeOf(front);
  const bend = knee === undefined ? '' : ` The front bends most at ${nameOf(knee)}.`;
  return `On the front, fastest first: ${names(front)}. ${behindSentence(points, front)}${bend}`;
};

const chart = (
  { study, chartDocument }: SectionInput,
  target: StudyDevice,
  points: readonly AccuracyPoint[],
): ChartBlock => {
  const front = accuracyFront(points);
  const id = `pareto-${targetId(study, target)}`;
  const name = targetTitle(study, target);
  const title = `Accuracy against predicted latency on ${name} (${standing(study, target)})`;
  const alternative = `Published ImageNet top-1 over predicted latency of ${counted(points.length, 'model')} at native resolutions on ${name}. On the Pareto front, fastest first: ${front.map(pointText).join('; ')}.`;
  return {
    kind: 'chart',
    id,
    title,
    alternative,
    svg: paretoScatter({
      id,
      title,
      description: alternative,
      document: chartDocument,
      x: { label: `Predicted latency at batch 1, ${target.precision}`, unit: 's', log: true, better: 'lower' },
      y: { label: 'ImageNet top-1', unit: '%' },
      points: points.map((point) => ({
        label: nameOf(point),
        series: point.cell.model.entry.family.title,
        x: point.cell.estimate.latencySeconds,
        xLow: point.cell.estimate.interval.lowSeconds,
        xHigh: point.cell.estimate.interval.highSeconds,
        y: point.top1,
        onFront: front.includes(point),
      })),
      seriesOrder: [...new Set(study.models.map(({ entry }) => entry.family.title))],
    }),
    caption: 'Each model at its native resolution; bars are the intervals of the predictions.',
  };
};

const frontTable = (study: Study, target: StudyDevice, front: readonly AccuracyPoint[]): TableBlock => ({
  kind: 'table',
  id: `front-${targetId(study, target)}`,
  caption: `Models on the front of ${targetTitle(study, target)}, ${target.precision}, ${target.runtime.title}, batch 1, native resolutions.`,
  columns: [
    MODEL_COLUMN,
    { key: 'resolution', title: 'Native resolution', unit: 'px', format: { kind: 'integer' } },
    { key: 'top1', title: 'ImageNet top-1', format: { kind: 'percent', decimals: 2 } },
    ...latencyColumns(front.map(({ cell }) => cell)),
    { key: 'weights', title: 'Weights', format: { kind: 'code' } },
  ],
  rows: front.map(({ cell, top1 }) => ({
    ...modelCell(cell.model),
    resolution: cell.resolution ?? null,
    top1,
    ...latencyCells(cell),
    weights: publishedAccuracy(cell.model)?.weights ?? null,
  })),
});

const deviceBlocks = (input: SectionInput, target: StudyDevice): readonly Block[] => {
  const points = accuracyPoints(input.study, target);
  const front = accuracyFront(points);
  return [
    { kind: 'heading', level: 3, text: `Accuracy on ${targetTitle(input.study, target)}` },
    chart(input, target, points),
    { kind: 'paragraph', text: frontSentence(points, front) },
    frontTable(input.study, target, front),
  ];
};

const opening = (study: Study): string => {
  const fronts = study.devices.map((target) => ({ target, front: accuracyFront(accuracyPoints(study, target)) }));
  const groups = groupedBy(fronts, ({ front }) => names(front));
  const everywhere = study.models.filter((model) =>
    fronts.every(({ front }) => front.some(({ cell }) => cell.model === model)),
  );
  const nowhere = study.models.filter(
    (model) =>
      publishedAccuracy(model) !== undefined &&
      !fronts.some(({ front }) => front.some(({ cell }) => cell.model === model)),
  );
  const titles = (models: typeof everywhere) => listOf(models.map(({ title }) => title));
  const first =
    groups.length === 1
      ? `One set of models is on the Pareto front of accuracy and predicted latency on ${fronts.length === 1 ? 'the one device' : `all ${fronts.length} devices`}: ${names(groups[0]?.items[0]?.front ?? [])}.`
      : `The ${fronts.length} devices have ${groups.length} different Pareto fronts of accuracy and predicted latency${everywhere.length === 0 ? '.' : `; ${titles(everywhere)} ${verb(everywhere.length, 'is', 'are')} on all of them.`}`;
  return nowhere.length === 0 ? first : `${first} ${titles(nowhere)} ${verb(nowhere.length, 'is', 'are')} on none.`;
};

export const section: Section = {
  id: 'accuracy',
  title: 'Accuracy against predicted latency',
  order: 60,
  build: (input) => {
    const { study } = input;
    const unknown = study.models.filter((model) => publishedAccuracy(model) === undefined);
    if (unknown.length === study.models.length) {
      return [{ kind: 'paragraph', text: 'No model of this study has a published accuracy.' }];
    }
    const missing =
      unknown.length === 0
        ? ''
        : ` Left out for want of a published accuracy: ${listOf(unknown.map(({ title }) => title))}.`;
    return [
      { kind: 'paragraph', text: opening(study) },
      {
        kind: 'paragraph',
        text: `A published accuracy belongs to one set of weights at its native resolution and at floating point, so the latency beside it is the prediction at that resolution; what a lower precision costs in accuracy is not in these figures.${missing}`,
      },
      ...study.devices.flatMap((target) => deviceBlocks(input, target)),
    ];
  },
};
