import { OPERATOR_CLASSES, type OperatorClass } from '../ops/classes.ts';
import { countAt, sumCounts } from '../units/count.ts';
import type { AnalyzedGraph, NodeAnalysis } from './nodes.ts';

export interface Totals {
  readonly params: number;
  /** Stored with the model but not learned: BatchNorm's running statistics. */
  readonly statistics: number;
  readonly macs: number;
  readonly flops: number;
  readonly transcendentals: number;
  readonly activationElements: number;
}

/** Exact totals of the graph as written, at one batch size. */
export const totals = ({ nodes }: AnalyzedGraph, batch = 1): Totals => {
  const total = (pick: (node: NodeAnalysis) => NodeAnalysis['macs']) => countAt(sumCounts(nodes.map(pick)), batch);
  return {
    params: nodes.reduce((sum, node) => sum + node.parameters, 0),
    statistics: nodes.reduce((sum, node) => sum + node.statistics, 0),
    macs: total((node) => node.macs),
    flops: total((node) => node.flops),
    transcendentals: total((node) => node.transcendentals),
    activationElements: total((node) => node.activationElements),
  };
};

export interface ClassTotals {
  readonly class: OperatorClass;
  /** Operators of this class. */
  readonly count: number;
  readonly params: number;
  readonly macs: number;
  readonly flops: number;
  readonly shareOfMacs: number;
  readonly shareOfFlops: number;
}

/** The totals split by class of work; classes that do not occur are left out. */
export const classTotals = (graph: AnalyzedGraph, batch = 1): readonly ClassTotals[] => {
  const all = totals(graph, batch);
  return OPERATOR_CLASSES.flatMap((name): readonly ClassTotals[] => {
    const nodes = graph.nodes.filter((node) => node.class === name);
    if (nodes.length === 0) return [];
    const part = totals({ ...graph, nodes }, batch);
    return [
      {
        class: name,
        count: nodes.length,
        params: part.params,
        macs: part.macs,
        flops: part.flops,
        shareOfMacs: all.macs === 0 ? 0 : part.macs / all.macs,
        shareOfFlops: all.flops === 0 ? 0 : part.flops / all.flops,
      },
    ];
  });
};

export interface OperatorTally {
  readonly type: string;
  readonly domain: string;
  readonly count: number;
  readonly reason?: string;
}

export interface Coverage {
  readonly status: 'complete' | 'partial';
  readonly costed: number;
  readonly free: number;
  readonly unknown: readonly OperatorTally[];
  readonly approximated: readonly OperatorTally[];
  /** Share of operators whose cost is known (costed, free or approximated). */
  readonly share: number;
}

const tally = (nodes: readonly NodeAnalysis[]): readonly OperatorTally[] => {
  const found = new Map<string, OperatorTally>();
  for (const { type, domain, treatment } of nodes) {
    const key = `${domain}:${type}`;
    const reason = 'reason' in treatment ? { reason: treatment.reason } : {};
    found.set(key, { type, domain, count: (found.get(key)?.count ?? 0) + 1, ...reason });
  }
  return [...found.values()];
};

/** How much of the graph the totals cover: an unknown operator is listed, never counted as zero in silence. */
export const coverage = ({ nodes }: AnalyzedGraph): Coverage => {
  const of = (kind: NodeAnalysis['treatment']['kind']) => nodes.filter((node) => node.treatment.kind === kind);
  const unknown = of('unknown');
  return {
    status: unknown.length === 0 ? 'complete' : 'partial',
    costed: of('costed').length,
    free: of('free').length,
    unknown: tally(unknown),
    approximated: tally(of('approximated')),
    share: nodes.length === 0 ? 1 : 1 - unknown.length / nodes.length,
  };
};
