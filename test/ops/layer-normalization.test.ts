import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import { perItem } from './one-operator.ts';

const run = (channels: number, { bias = true, outputs = 1 } = {}) => {
  const g = new GraphBuilder('test');
  const scale = g.weight('scale', [channels]);
  const inputs = [g.input('x', [perItem(3), 8]), scale, ...(bias ? [g.weight('bias', [channels])] : [])];
  const results = g.nodeWithOutputs('LayerNormalization', 'y', inputs, { attributes: { axis: -1 }, outputs });
  const { nodes, types } = analyzeGraph(g.finish(results));
  return { shapes: results.map((name) => types.get(name)?.shape), node: nodes[0] };
};

describe('LayerNormalization', () => {
  it('costs 7 operations per element and 5 per row', () => {
    // 3 rows of 8 per item: 24 x 7 + 3 x 5; two divisions, a root and a reciprocal per row.
    expect(run(8).node).toMatchObject({
      flops: perItem(183),
      transcendentals: perItem(12),
      parameters: 16,
    });
  });

  it('costs 6 per element without a shift', () => {
    expect(run(8, { bias: false }).node?.flops).toEqual(perItem(159));
  });

  it("counts 5 per element in fvcore's convention", () => {
    expect(run(8).node?.fvcoreCount).toEqual(perItem(120));
  });

  it('gives mean and reciprocal deviation per row when asked', () => {
    expect(run(8, { outputs: 3 }).shapes).toEqual([
      [perItem(3), 8],
      [perItem(3), 1],
      [perItem(3), 1],
    ]);
  });

  it('rejects a scale of another size', () => {
    expect(() => run(7)).toThrow(/scale/);
  });
});
