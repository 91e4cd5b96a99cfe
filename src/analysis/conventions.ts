import { atBatch } from '../ir/shape.ts';
import { type Integer, multiply } from '../units/integer.ts';
import { type AnalyzedGraph, sumOver } from './nodes.ts';
import { symbolicTotals } from './totals.ts';

/**
 * Other tools' names for a count of work, so that one analysis can be held against any
 * published table. `unit` is what the tool prints; `operations` is the number behind it.
 */
export const CONVENTIONS = {
  assay: 'FLOPs: 2 x MACs and every other arithmetic operation',
  torchvision: 'GMACs of convolutions, linear layers and attention products, shown there as "GFLOPS"',
  fvcore: 'GMACs of convolutions and matrix products, plus normalization and adaptive pooling (fvcore, timm)',
  timm: 'as fvcore counts; the gmacs column of the timm tables',
  'flop-counter': '2 x MACs of convolutions and matrix products only (torch.utils.flop_counter)',
  papers: 'MACs, called "FLOPs" or "Mult-Adds" in the MobileNet, EfficientNet and ResNet papers',
} as const;

export type Convention = keyof typeof CONVENTIONS;

export const isConvention = (name: string): name is Convention => Object.hasOwn(CONVENTIONS, name);

/** The headline count of work of a graph as the named convention has it, in the graph's open dimensions. */
export const symbolicCountByConvention = (graph: AnalyzedGraph, convention: Convention): Integer => {
  const { macs, flops } = symbolicTotals(graph);
  const fvcore = () => sumOver(graph.nodes, (node) => node.fvcoreCount);
  const byConvention: Readonly<Record<Convention, () => Integer>> = {
    assay: () => flops,
    torchvision: () => macs,
    fvcore,
    timm: fvcore,
    'flop-counter': () => multiply(macs, 2),
    papers: () => macs,
  };
  return byConvention[convention]();
};

/** The same at one batch size. */
export const countByConvention = (graph: AnalyzedGraph, convention: Convention, batch = 1): number =>
  atBatch(symbolicCountByConvention(graph, convention), batch);
