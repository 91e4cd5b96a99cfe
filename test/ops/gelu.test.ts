import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { perItem } from './one-operator.ts';

const run = (shape: Shape, attributes: Record<string, AttributeValue> = {}) => {
  const g = new GraphBuilder('test');
  const y = g.node('Gelu', 'y', [g.input('x', shape)], { attributes });
  const { nodes, types } = analyzeGraph(g.finish([y]));
  return { shape: types.get(y)?.shape, node: nodes[0] };
};

describe('Gelu', () => {
  it('costs 5 operations per element with erf and 9 with tanh', () => {
    expect(run([BATCH, 10]).node).toMatchObject({
      flops: perItem(50),
      transcendentals: perItem(10),
    });
    expect(run([BATCH, 10], { approximate: 'tanh' }).node?.flops).toEqual(perItem(90));
  });

  it('rejects another approximation', () => {
    expect(() => run([4], { approximate: 'sigmoid' })).toThrow(/neither/);
  });
});
