import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';

const run = (shape: Shape, widths: readonly number[], attributes: Record<string, AttributeValue> = {}) => {
  const g = new GraphBuilder('test');
  const y = g.node('Pad', 'y', [g.input('x', shape), g.constant('s', widths, 'int64')], { attributes });
  const { nodes, types } = analyzeGraph(g.finish([y]));
  return { shape: types.get(y)?.shape, node: nodes[0] };
};

describe('Pad', () => {
  it('widens an axis at its begin and its end', () => {
    expect(run([BATCH, 196, 8], [0, 1, 0, 0, 2, 0]).shape).toEqual([BATCH, 199, 8]);
  });

  it('cuts with negative widths', () => {
    expect(run([5], [-1, -1]).shape).toEqual([3]);
    expect(() => run([5], [-3, -3])).toThrow(/cut/);
  });

  it('cannot widen the batch', () => {
    expect(() => run([BATCH, 4], [1, 0, 0, 0])).toThrow(/carries the batch/);
  });
});
