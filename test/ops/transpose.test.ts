import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { valuesOf } from './followed-values.ts';

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

  it('follows contents: the list of paddings that exporters turn around', () => {
    const pairs: TensorType = { shape: [3, 2], dtype: 'int64', values: [1, 2, 3, 4, 5, 6] };
    expect(valuesOf('Transpose', [pairs])).toEqual([1, 3, 5, 2, 4, 6]);
    expect(valuesOf('Transpose', [pairs], { perm: [0, 1] })).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('rejects an order that leaves an axis out', () => {
    expect(() => run([2, 3], { perm: [0, 0] })).toThrow(/not an order/);
    expect(() => run([2, 3], { perm: [0, 2] })).toThrow(/not an order/);
  });
});
