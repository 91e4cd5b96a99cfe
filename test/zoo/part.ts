import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import type { Graph } from '../../src/ir/graph.ts';

/** Totals of the operators below one path. */
export const part = (graph: Graph, path: string) => {
  const analyzed = analyzeGraph(graph);
  return totals({ ...analyzed, nodes: analyzed.nodes.filter(({ name }) => name.startsWith(path)) });
};
