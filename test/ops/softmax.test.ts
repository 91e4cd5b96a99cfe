import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Shape } from '../../src/ir/graph.ts';

const run = (shape: Shape, attributes: Record<string, AttributeValue> = {}) => {
  const g = new GraphBuilder('test');
  const y = g.node('Softmax', 'y', [g.input('x', shape)], { attributes });
  const { nodes, types } = analyzeGraph(g.finish([y]));
  return { shape: types.get(y)?.shape, node: nodes[0] };
};

describe('Softmax', () => {
  it('costs five operations per element, an exponential and a division among them', () => {
    const { shape, node } = run([{ perItem: 1 }, 2, 3], { axis: -1 });
    expect(shape).toEqual([{ perItem: 1 }, 2, 3]);
    expect(node).toMatchObject({ flops: { fixed: 0, perItem: 30 }, transcendentals: { fixed: 0, perItem: 12 } });
    expect(node?.fvcoreCount).toEqual({ fixed: 0, perItem: 0 });
  });
});
