import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { perItem } from './one-operator.ts';

/** A shape of numbers alone is a weight; one with the batch an input. */
const run = (left: Shape, right: Shape) => {
  const g = new GraphBuilder('test');
  g.input('unused', [1]);
  const operand = (name: string, shape: Shape) =>
    shape.every((dim) => typeof dim === 'number') ? g.weight(name, shape as number[]) : g.input(name, shape);
  const y = g.node('MatMul', 'y', [operand('a', left), operand('b', right)]);
  const { nodes, types } = analyzeGraph(g.finish([y]));
  return { shape: types.get(y)?.shape, node: nodes[0] };
};

const N = BATCH;

describe('MatMul', () => {
  it('multiplies a sequence with a weight', () => {
    const { shape, node } = run([N, 10, 64], [64, 32]);
    expect(shape).toEqual([N, 10, 32]);
    expect(node).toMatchObject({
      class: 'linear',
      parameters: 2048,
      macs: perItem(10 * 32 * 64),
      flops: perItem(2 * 10 * 32 * 64),
      view: { groups: 1, m: perItem(10), n: 32, k: 64 },
    });
  });

  it('multiplies two activations per head', () => {
    const { shape, node } = run([N, 3, 10, 64], [N, 3, 64, 12]);
    expect(shape).toEqual([N, 3, 10, 12]);
    expect(node).toMatchObject({
      macs: perItem(3 * 10 * 12 * 64),
      activationElements: perItem(3 * 10 * 12),
      view: { groups: perItem(3), m: 10, n: 12, k: 64 },
    });
  });

  it('takes the weight on the left as well', () => {
    const { shape, node } = run([5, 7], [N, 7, 9]);
    expect(shape).toEqual([N, 5, 9]);
    expect(node?.macs).toEqual(perItem(5 * 7 * 9));
  });

  it('broadcasts leading axes of extent 1', () => {
    const { shape, node } = run([N, 4, 2, 3], [1, 3, 5]);
    expect(shape).toEqual([N, 4, 2, 5]);
    // The weight is the same for all 4: they are rows, not groups.
    expect(node).toMatchObject({ macs: perItem(4 * 2 * 3 * 5), view: { groups: 1, n: 5, k: 3 } });
  });

  it('treats a vector as a row on the left and a column on the right', () => {
    expect(run([N, 4, 6], [6]).shape).toEqual([N, 4]);
    expect(run([6], [N, 6, 5]).shape).toEqual([N, 5]);
    expect(run([N, 4, 6], [6]).node?.macs).toEqual(perItem(24));
  });

  it('rejects operands that do not fit', () => {
    expect(() => run([N, 4, 6], [5, 6])).toThrow(/inner extents/);
    expect(() => run([N, 2, 4, 6], [3, 6, 5])).toThrow(/do not broadcast/);
  });
});
