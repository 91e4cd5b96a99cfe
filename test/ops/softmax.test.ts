import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { perItem } from './one-operator.ts';

const run = (shape: Shape, attributes: Record<string, AttributeValue> = {}) => {
  const g = new GraphBuilder('test');
  const y = g.node('Softmax', 'y', [g.input('x', shape)], { attributes });
  const { nodes, types } = analyzeGraph(g.finish([y]));
  return { shape: types.get(y)?.shape, node: nodes[0] };
};

describe('Softmax', () => {
  it('costs five operations per element, an exponential and a division among them', () => {
    const { shape, node } = run([BATCH, 2, 3], { axis: -1 });
    expect(shape).toEqual([BATCH, 2, 3]);
    expect(node).toMatchObject({ flops: perItem(30), transcendentals: perItem(12) });
    expect(node?.fvcoreCount).toEqual(0);
  });
});
