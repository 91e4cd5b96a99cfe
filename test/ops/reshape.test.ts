import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { multiply, symbol } from '../../src/units/integer.ts';
import { valuesOf } from './followed-values.ts';
import { integers, perItem, runOperator } from './one-operator.ts';

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
    expect(() => run([3, 6], [-1, 4])).toThrow(/does not hold/);
    expect(() => run([4, 6], [-1, -1])).toThrow(/leaves 2 extents to be inferred/);
    expect(() => run([4, 6], [-2, 12])).toThrow(/an extent of -2/);
    expect(() => run([4], [0, 0, 4])).toThrow(/extent 1 is kept, but the input has 1 axes/);
  });

  it('learns open dimensions from the numbers', () => {
    // A fixed number of rows holds a batch of one.
    expect(run([BATCH, 6], [1, 6]).shape).toEqual([1, 6]);
    const g = new GraphBuilder('test');
    const x = g.input('x', [BATCH, 6]);
    const y = g.node('Reshape', 'y', [x, g.constant('s', [4, 3], 'int64')]);
    expect(analyzeGraph(g.finish([y])).types.get(x)?.shape).toEqual([2, 6]);
  });

  it('divides open extents', () => {
    const S = symbol('S');
    expect(runOperator('Reshape', [[BATCH, S, 768], integers(0, 0, 12, -1)]).shape).toEqual([BATCH, S, 12, 64]);
    expect(runOperator('Reshape', [[BATCH, S, 2], integers(-1, 4)]).shape[1]).toBe(4);
    const target: TensorType = { shape: [3], dtype: 'int64', values: [BATCH, -1, 64] };
    expect(runOperator('Reshape', [[multiply(BATCH, 12), S, 64], target]).shape).toEqual([BATCH, multiply(S, 12), 64]);
  });

  it('keeps the number of axes where the shape depends on data', () => {
    expect(runOperator('Reshape', [[4, 6], { shape: [3], dtype: 'int64' }]).shape).toHaveLength(3);
    expect(() => runOperator('Reshape', [[4, 6], { shape: [symbol('n')], dtype: 'int64' }])).toThrow(
      expect.objectContaining({ code: 'unknown-type' }),
    );
  });

  it('takes the shape from an attribute in opset 1, and 0 as an extent if asked to', () => {
    expect(runOperator('Reshape', [[2, 6]], { shape: [3, -1] }, { opset: 1 }).shape).toEqual([3, 4]);
    expect(runOperator('Reshape', [[2, 0], integers(0, 5)], { allowzero: 1 }).shape).toEqual([0, 5]);
    expect(valuesOf('Reshape', [integers(1, 2, 3, 4), integers(2, 2)])).toEqual([1, 2, 3, 4]);
  });
});
