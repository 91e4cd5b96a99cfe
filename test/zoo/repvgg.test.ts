import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { buildRepVgg } from '../../src/zoo/repvgg.ts';

/** Totals of the operators below one path. */
const part = (graph: Graph, path: string) => {
  const analyzed = analyzeGraph(graph);
  return totals({ ...analyzed, nodes: analyzed.nodes.filter(({ name }) => name.startsWith(path)) });
};

describe('RepVGG', () => {
  const build = (groups: number) =>
    buildRepVgg('repvgg', { stem: 64, repeats: [4, 6, 16, 1], widths: [2, 2, 2, 4], groups });

  it('has three branches where shapes agree and two where they change', () => {
    const graph = build(1);
    // 64 to 128 channels: 3x3, 1x1 and their BatchNorms.
    expect(part(graph, 'stage1.0.').params).toBe(64 * 128 * 9 + 64 * 128 + 2 * 256);
    // 128 to 128: also a BatchNorm of the input.
    expect(part(graph, 'stage1.1.').params).toBe(128 * 128 * 9 + 128 * 128 + 3 * 256);
  });

  it('groups both convolutions of every second block', () => {
    const graph = build(4);
    expect(part(graph, 'stage1.0.').params).toBe(64 * 128 * 9 + 64 * 128 + 2 * 256);
    expect(part(graph, 'stage1.1.').params).toBe(128 * 32 * 9 + 128 * 32 + 3 * 256);
  });
});
