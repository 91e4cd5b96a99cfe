import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { buildGhostNet } from '../../src/zoo/ghostnet.ts';

/** Totals of the operators below one path. */
const part = (graph: Graph, path: string) => {
  const analyzed = analyzeGraph(graph);
  return totals({ ...analyzed, nodes: analyzed.nodes.filter(({ name }) => name.startsWith(path)) });
};

describe('GhostNet', () => {
  const graph = buildGhostNet('ghostnet_100', 1);

  it('makes half of the channels of a module by a cheap depthwise convolution', () => {
    // 16 to 16 channels at 112 x 112: 8 by 1x1 from 16, 8 more by 3x3 from those 8.
    expect(part(graph, 'block1.ghost1.primary').macs).toBe(16 * 8 * 12_544);
    expect(part(graph, 'block1.ghost1.cheap').macs).toBe(8 * 9 * 12_544);
    const { types } = analyzeGraph(graph);
    expect(types.get('block1.ghost1.concat:out')?.shape).toEqual([BATCH, 16, 112, 112]);
  });

  it('has a separable convolution on the shortcut where shapes change', () => {
    // Block 2: 16 channels, 3x3 with stride 2, then 16 to 24; a BatchNorm after each.
    expect(part(graph, 'block2.shortcut').params).toBe(16 * 9 + 2 * 16 + 16 * 24 + 2 * 24);
    expect(part(graph, 'block3.shortcut').params).toBe(0);
  });
});
