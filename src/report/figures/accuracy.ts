/** Published accuracy against predicted latency, both at the native resolution. */
import { paretoFront } from '../../explore/pareto.ts';
import type { Study, StudyCell, StudyDevice } from '../../explore/study.ts';
import { cellLatency, mostBy, nativeCell, publishedAccuracy } from './lookup.ts';

export interface AccuracyPoint {
  /** Batch 1 at the native resolution. */
  readonly cell: StudyCell;
  /** 0 to 1. */
  readonly top1: number;
}

/** The models with a published accuracy, in the study's order. */
export const accuracyPoints = (study: Study, target: StudyDevice): readonly AccuracyPoint[] =>
  study.models.flatMap((model) => {
    const accuracy = publishedAccuracy(model);
    return accuracy === undefined ? [] : [{ cell: nativeCell(study, model, target), top1: accuracy.top1 / 100 }];
  });

const latencyOfPoint = ({ cell }: AccuracyPoint): number => cellLatency(cell);

/** Fastest first. */
export const accuracyFront = (points: readonly AccuracyPoint[]): readonly AccuracyPoint[] =>
  paretoFront(points, [
    { goal: 'minimize', value: latencyOfPoint },
    { goal: 'maximize', value: ({ top1 }) => top1 },
  ]);

/**
 * Where a front bends most: the point furthest above the straight line from its fastest to its
 * most accurate point, latency on a logarithmic axis. Undefined where no point lies above it.
 */
export const kneeOf = (front: readonly AccuracyPoint[]): AccuracyPoint | undefined => {
  const [first, last] = [front[0], front.at(-1)];
  if (first === undefined || last === undefined || front.length < 3) return undefined;
  const start = Math.log(latencyOfPoint(first));
  const run = Math.log(latencyOfPoint(last)) - start;
  const rise = last.top1 - first.top1;
  const above = (point: AccuracyPoint) =>
    (point.top1 - first.top1) / rise - (Math.log(latencyOfPoint(point)) - start) / run;
  const knee = mostBy(front, above);
  return above(knee) > 0 ? knee : undefined;
};

/** Points that another beats in both figures even with the intervals read against it. */
export const surelyDominated = (points: readonly AccuracyPoint[]): readonly AccuracyPoint[] =>
  points.filter(({ cell, top1 }) =>
    points.some(
      (other) => other.top1 >= top1 && other.cell.estimate.interval.highSeconds < cell.estimate.interval.lowSeconds,
    ),
  );
