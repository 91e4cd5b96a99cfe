/** How latency, throughput and energy change with the batch. */
import type { Study, StudyCell, StudyDevice, StudyModel } from '../../explore/study.ts';

/** Share of the best throughput at which a batch counts as large enough. */
export const NEAR_BEST = 0.9;
/** Below this gain of throughput a larger batch does not pay: it costs more latency than it brings. */
export const PAYING_GAIN = 1.2;

export const batchesOf = ({ options }: Study): readonly number[] => [...new Set(options.batches)].sort((a, b) => a - b);

export interface BatchSeries {
  readonly model: StudyModel;
  readonly target: StudyDevice;
  /** By batch, ascending. */
  readonly cells: readonly StudyCell[];
  /** Throughput of the largest batch over that of the smallest. */
  readonly gain: number;
  /** Latency of the largest batch over that of the smallest. */
  readonly slowdown: number;
  /** Energy per inference of the smallest batch over that of the largest. */
  readonly energyGain: number;
  /** Smallest batch of the study that reaches NEAR_BEST of the best throughput of the study. */
  readonly nearBest: number;
  /** Whether the best is at the largest batch, so that a larger one might be better still. */
  readonly rising: boolean;
}

export const batchSeries = (study: Study, model: StudyModel, target: StudyDevice): BatchSeries => {
  const cells = batchesOf(study).map((batch) => study.cell(model, target, { batch }));
  const [first, last] = [cells[0], cells.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('the study has no batch');
  const best = Math.max(...cells.map(({ estimate }) => estimate.throughputPerSecond));
  const near = cells.find(({ estimate }) => estimate.throughputPerSecond >= NEAR_BEST * best) ?? last;
  return {
    model,
    target,
    cells,
    gain: last.estimate.throughputPerSecond / first.estimate.throughputPerSecond,
    slowdown: last.estimate.latencySeconds / first.estimate.latencySeconds,
    energyGain: first.estimate.energyPerInferenceJoules / last.estimate.energyPerInferenceJoules,
    nearBest: near.batch,
    rising: last.estimate.throughputPerSecond === best,
  };
};

export const seriesOn = (study: Study, target: StudyDevice): readonly BatchSeries[] =>
  study.models.map((model) => batchSeries(study, model, target));

/** High end of the interval over its low end: how wide it is, whatever the latency. */
export const intervalWidth = ({ estimate }: StudyCell): number =>
  estimate.interval.highSeconds / estimate.interval.lowSeconds;
