/** Models in the order of their predicted latency, and how far that order is from that of their FLOPs. */

import { ranks as averageRanks, spearman } from '../../estimate/statistics.ts';
import type { Study, StudyDevice, StudyModel } from '../../explore/study.ts';
import { cellLatency, cellsOn, sortedBy } from './lookup.ts';
import { overlaps, type Span } from './statistics.ts';
import { standing, targetId, targetTitle } from './target.ts';
import { counted, listOf, verb } from './text.ts';

/** One device's order of the models by predicted latency. */
export interface DeviceRanking {
  readonly id: string;
  readonly title: string;
  readonly standing: string;
  /** In the study's order of models. */
  readonly latencies: readonly number[];
  readonly spans: readonly Span[];
  readonly ranks: readonly number[];
  /** NaN with fewer than two different models. */
  readonly rho: number;
  /** Models whose rank is not their rank by FLOPs. */
  readonly moved: readonly number[];
}

export const flopRanks = (study: Study): readonly number[] =>
  averageRanks(study.models.map(({ common }) => common.totals.flops));

export const rankingOn = (study: Study, target: StudyDevice): DeviceRanking => {
  const cells = cellsOn(study, target);
  const latencies = cells.map(cellLatency);
  const ranks = averageRanks(latencies);
  const byFlops = flopRanks(study);
  return {
    id: targetId(study, target),
    title: targetTitle(study, target),
    standing: standing(study, target),
    latencies,
    spans: cells.map(({ estimate }) => ({ low: estimate.interval.lowSeconds, high: estimate.interval.highSeconds })),
    ranks,
    rho: spearman(byFlops, ranks),
    moved: ranks.flatMap((rank, index) => (rank === byFlops[index] ? [] : [index])),
  };
};

/** "A < B ≈ C": fastest first, ≈ between neighbours whose intervals overlap. */
export const orderText = (study: Study, { spans, latencies }: DeviceRanking): string => {
  const order = sortedBy(
    study.models.map((_, index) => index),
    (index) => latencies[index] as number,
  );
  return order
    .map((index, position) => {
      const name = (study.models[index] as StudyModel).title;
      const before = order[position - 1];
      if (before === undefined) return name;
      return `${overlaps(spans[before] as Span, spans[index] as Span) ? '≈' : '<'} ${name}`;
    })
    .join(' ');
};

/** The models that latency moves furthest from their rank by FLOPs. */
export const movedText = (study: Study, { ranks, moved }: DeviceRanking): string => {
  if (moved.length === 0) return 'The order is that of the FLOPs.';
  const byFlops = flopRanks(study);
  const shift = (index: number) => Math.abs((ranks[index] as number) - (byFlops[index] as number));
  const most = Math.max(...moved.map(shift));
  const furthest = moved.filter((index) => shift(index) === most);
  const moves = furthest.map(
    (index) =>
      `${(study.models[index] as StudyModel).title} from rank ${byFlops[index]} by FLOPs to rank ${ranks[index]}`,
  );
  const others = moved.length - furthest.length;
  const rest =
    others === 0 ? '' : `; ${counted(others, 'other model')} ${verb(others, 'moves', 'move')} by fewer ranks`;
  return `Latency moves ${listOf(moves)}${rest}.`;
};
