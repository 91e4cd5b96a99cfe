import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { perItem } from './one-operator.ts';

const run = (shape: Shape, to: readonly number[], attributes: Record<string, AttributeValue> = {}) => {
  const g = new GraphBuilder('test');
  const y = g.node('Reshape', 'y', [g.input('x', shape), g.constant('s', to, 'int64')], { attributes });
  const { nodes, types } = analyzeGraph(g.finish([y]));
  return { shape: types.get(y)?.shape, node: nodes[0] };
};

describe('Reshape', () => {
  it('keeps an extent where 0 stands and infers the one where -1 stands', () => {
    expect(run([BATCH, 8, 4, 4], [0, 8, -1]).shape).toEqual([BATCH, 8, 16]);
  });

  it('moves the batch into rows and out again', () => {
    expect(run([BATCH, 197, 64], [-1, 64]).shape).toEqual([perItem(197), 64]);
    expect(run([perItem(197), 64], [-1, 197, 4, 16]).shape).toEqual([BATCH, 197, 4, 16]);
  });

  it('moves no data and counts no parameters', () => {
    expect(run([BATCH, 6], [0, 2, 3]).node).toMatchObject({ parameters: 0, treatment: { kind: 'free' } });
  });

  it('rejects a shape that does not hold the elements', () => {
    expect(() => run([BATCH, 6], [0, 4])).toThrow(/does not hold/);
    expect(() => run([BATCH, 6], [-1, 4])).toThrow(/does not hold/);
    // A fixed number of rows cannot hold a batch.
    expect(() => run([BATCH, 6], [1, 6])).toThrow(/does not hold/);
    expect(() => run([4, 6], [-1, -1])).toThrow(/more than one/);
  });
});
