import { atBatch } from '../ir/shape.ts';
import type { AnalyzedGraph } from './nodes.ts';

export interface Concurrency {
  /** FLOPs on the longest chain of dependent operators: no machine with any number of units does less in sequence. */
  readonly criticalPathFlops: number;
  readonly totalFlops: number;
  /** Total over critical path: the speed-up that running independent operators side by side could bring. */
  readonly parallelism: number;
  /** Operators on the longest chain, counted by steps. */
  readonly depth: number;
  /** Most operators at one depth: the width of the graph. */
  readonly width: number;
}

/** How much of the graph could run at once, by data dependence alone. */
export const concurrency = ({ nodes }: AnalyzedGraph, batch = 1): Concurrency => {
  const finishFlops = new Map<string, number>();
  const level = new Map<string, number>();
  const widthAt: number[] = [];
  let criticalPathFlops = 0;
  let totalFlops = 0;
  for (const node of nodes) {
    const own = atBatch(node.flops, batch);
    totalFlops += own;
    let start = 0;
    let depth = 0;
    for (const { tensor } of node.inputs) {
      start = Math.max(start, finishFlops.get(tensor) ?? 0);
      depth = Math.max(depth, level.get(tensor) ?? 0);
    }
    for (const { tensor } of node.outputs) {
      finishFlops.set(tensor, start + own);
      level.set(tensor, depth + 1);
    }
    widthAt[depth] = (widthAt[depth] ?? 0) + 1;
    criticalPathFlops = Math.max(criticalPathFlops, start + own);
  }
  return {
    criticalPathFlops,
    totalFlops,
    parallelism: criticalPathFlops === 0 ? 1 : totalFlops / criticalPathFlops,
    depth: widthAt.length,
    width: widthAt.reduce((widest, count) => Math.max(widest, count), 0),
  };
};
