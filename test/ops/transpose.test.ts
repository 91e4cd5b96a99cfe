import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';

const run = (shape: Shape, attributes: Record<string, AttributeValue> = {}) => {
  const g = new GraphBuilder('test');
  const y = g.node('Transpose', 'y', [g.input('x', shape)], { attributes });
  const { nodes, types } = analyzeGraph(g.finish([y]));
  return { shape: types.get(y)?.shape, node: nodes[0] };
};

describe('Transpose', () => {
  it('reorders the axes, the batch among them', () => {
    expect(run([BATCH, 2, 3], { perm: [1, 0, 2] }).shape).toEqual([2, BATCH, 3]);
  });

  it('reverses them unless told', () => {
    expect(run([BATCH, 2, 3]).shape).toEqual([3, 2, BATCH]);
  });

  it('rejects an order that leaves an axis out', () => {
    expect(() => run([2, 3], { perm: [0, 0] })).toThrow(/not an order/);
    expect(() => run([2, 3], { perm: [0, 2] })).toThrow(/not an order/);
  });
});
