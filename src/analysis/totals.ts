import { atBatch } from '../ir/shape.ts';
import { OPERATOR_CLASSES, type OperatorClass } from '../ops/classes.ts';
import type { Integer } from '../units/integer.ts';
import { type Bytes, bytes } from '../units/quantity.ts';
import { type AnalyzedGraph, type NodeAnalysis, onlyNodes, sumOver } from './nodes.ts';

export interface Totals {
  readonly params: number;
  /** Stored with the model but not learned: BatchNorm's running statistics. */
  readonly statistics: number;
  readonly macs: number;
  readonly flops: number;
  readonly transcendentals: number;
  readonly activationElements: number;
}

/** Totals over open dimensions: a number where none is left. */
export interface SymbolicTotals {
  readonly macs: Integer;
  readonly flops: Integer;
  readonly transcendentals: Integer;
  readonly activationElements: Integer;
}

/** Exact totals of the graph as written, in its open dimensions: evaluated for any value without looking at the graph again. */
export const symbolicTotals = ({ nodes }: Pick<AnalyzedGraph, 'nodes'>): SymbolicTotals => ({
  macs: sumOver(nodes, (node) => node.macs),
  flops: sumOver(nodes, (node) => node.flops),
  transcendentals: sumOver(nodes, (node) => node.transcendentals),
  activationElements: sumOver(nodes, (node) => node.activationElements),
});

const stored = (nodes: readonly NodeAnalysis[]): Pick<Totals, 'params' | 'statistics'> => ({
  params: nodes.reduce((sum, node) => sum + node.parameters, 0),
  statistics: nodes.reduce((sum, node) => sum + node.statistics, 0),
});

/** Learned parameters and other stored numbers, those of branches that may not run among them. */
export const storedTotals = ({
  nodes,
  alternatives,
  unreached,
}: AnalyzedGraph): Pick<Totals, 'params' | 'statistics'> => {
  const { params, statistics } = stored([...nodes, ...alternatives]);
  return { params: params + unreached.parameters, statistics };
};

/** Bytes of the learned parameters in the types that they are stored in, whatever the arithmetic is done in. */
export const storedWeightBytes = ({ nodes, alternatives, unreached }: AnalyzedGraph): Bytes =>
  bytes(
    Math.ceil([...nodes, ...alternatives].reduce((sum, node) => sum + node.parameterBytes, unreached.parameterBytes)),
  );

/** Exact totals of the graph as written, at one batch size. Throws `UnboundSymbolError` while other dimensions are open. */
export const totals = (graph: AnalyzedGraph, batch = 1): Totals => {
  const counts = symbolicTotals(graph);
  return {
    ...storedTotals(graph),
    macs: atBatch(counts.macs, batch),
    flops: atBatch(counts.flops, batch),
    transcendentals: atBatch(counts.transcendentals, batch),
    activationElements: atBatch(counts.activationElements, batch),
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
    const part = totals(onlyNodes(graph, nodes), batch);
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
