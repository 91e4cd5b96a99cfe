import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { N, perItem, runOperator } from './one-operator.ts';

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

describe('LogSoftmax and Hardmax', () => {
  it('a logarithm per row, and no division', () => {
    const { work } = runOperator('LogSoftmax', [[N, 2, 3]]);
    // 6 elements x 5 and 2 rows.
    expect(work.flops).toEqual(perItem(32));
    expect(work.transcendentals).toEqual(perItem(8));
  });

  it('up to opset 12 a row is all axes from the second on', () => {
    const { work } = runOperator('LogSoftmax', [[N, 2, 3]], {}, { opset: 11 });
    expect(work.flops).toEqual(perItem(31));
    expect(runOperator('LogSoftmax', [[N, 2, 3]], { axis: -1 }, { opset: 11 }).work.flops).toEqual(perItem(32));
  });

  it('the largest takes a comparison and a choice per element', () => {
    const { work } = runOperator('Hardmax', [[N, 2, 3]]);
    expect(work.flops).toEqual(perItem(12));
    expect(work.transcendentals).toBe(0);
  });

  it('of a single number', () => {
    expect(runOperator('Softmax', [[]]).work.flops).toBe(5);
  });

  it('refuses an axis that the tensor does not have', () => {
    expect(() => runOperator('Softmax', [[N, 2, 3]], { axis: 3 })).toThrow(/axis 3/);
    expect(() => runOperator('Hardmax', [[N, 2, 3]], { axis: 4 }, { opset: 11 })).toThrow(/axis 4/);
  });
});
