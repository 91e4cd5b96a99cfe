/** Figures that several sections read off a study. */
import type { CellQuery, ModelProfile, Study, StudyCell, StudyDevice, StudyModel } from '../../explore/study.ts';
import type { PublishedAccuracy } from '../../zoo/api.ts';
import type { Block } from '../blocks.ts';
import { counted, listOf, verb } from './text.ts';

/** Frames per second that the report calls real time: what most cameras deliver. */
export const REAL_TIME_FPS = 30;
const FRAME_SECONDS = 1 / REAL_TIME_FPS;

/** How many times over a frame's time suffices for one inference. */
export const realTimeMargin = ({ estimate }: StudyCell): number => FRAME_SECONDS / estimate.latencySeconds;

/** Whether even the upper end of the interval is within a frame's time. */
export const holdsRealTime = ({ estimate }: StudyCell): boolean => estimate.interval.highSeconds <= FRAME_SECONDS;

/** The study's batch of most inferences per second; of equal ones the smallest. */
export const bestBatch = (study: Study, model: StudyModel, target: StudyDevice, query: CellQuery = {}): StudyCell =>
  study.options.batches
    .map((batch) => study.cell(model, target, { ...query, batch }))
    .reduce((best, cell) => (cell.estimate.throughputPerSecond > best.estimate.throughputPerSecond ? cell : best));

export const nativeCell = (study: Study, model: StudyModel, target: StudyDevice): StudyCell =>
  study.cell(model, target, { resolution: model.nativeResolution });

/** Every model on one device at the common resolution and batch 1, in the study's order. */
export const cellsOn = (study: Study, target: StudyDevice): readonly StudyCell[] =>
  study.models.map((model) => study.cell(model, target));

/** (FLOPs of the baseline / FLOPs) x (parameters of the baseline / parameters). */
export const efficiencyScore = (study: Study, model: StudyModel): number => {
  const own = model.common.totals;
  const base = study.baseline.common.totals;
  return (base.flops / own.flops) * (base.params / own.params);
};

export const flopRatio = (study: Study, model: StudyModel): number =>
  model.common.totals.flops / study.baseline.common.totals.flops;

export const parameterRatio = (study: Study, model: StudyModel): number =>
  model.common.totals.params / study.baseline.common.totals.params;

/** A figure of a model on a device over the baseline's, from the same run. */
export const ratioOn = (
  study: Study,
  model: StudyModel,
  target: StudyDevice,
  pick: (cell: StudyCell) => number,
): number => pick(study.cell(model, target)) / pick(study.cell(study.baseline, target));

export const cellLatency = ({ estimate }: StudyCell): number => estimate.latencySeconds;
export const cellEnergy = ({ estimate }: StudyCell): number => estimate.energyPerInferenceJoules;

export const publishedAccuracy = ({ entry }: StudyModel): PublishedAccuracy | undefined => {
  const { accuracy, nativeResolution } = entry.variant;
  return accuracy?.resolution === nativeResolution ? accuracy : undefined;
};

export const sortedBy = <Item>(items: readonly Item[], pick: (item: Item) => number): readonly Item[] =>
  [...items].sort((a, b) => pick(a) - pick(b));

/** The least by a figure; the first of equal ones. Throws `RangeError` on an empty list. */
export const leastBy = <Item>(items: readonly Item[], pick: (item: Item) => number): Item => {
  const [first] = sortedBy(items, pick);
  if (first === undefined) throw new RangeError('the least of no items');
  return first;
};

export const mostBy = <Item>(items: readonly Item[], pick: (item: Item) => number): Item =>
  leastBy(items, (item) => -pick(item));

export const baselineRow = (study: Study): number => study.models.indexOf(study.baseline);

/** Where operators of unknown cost make figures lower bounds: said before the figures. */
export const coverageCallouts = (
  study: Study,
  profileOf: (model: StudyModel) => ModelProfile = ({ common }) => common,
): readonly Block[] => {
  const partial = study.models.filter((model) => profileOf(model).coverage.status === 'partial');
  if (partial.length === 0) return [];
  const names = listOf(partial.map(({ title }) => title));
  return [
    {
      kind: 'callout',
      tone: 'warning',
      text: `${counted(partial.length, 'model')} (${names}) ${verb(partial.length, 'contains', 'contain')} operators of unknown cost: counts, latencies and energies of ${verb(partial.length, 'this model', 'these models')} are lower bounds.`,
    },
  ];
};
