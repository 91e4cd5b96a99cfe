import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import { BATCH } from '../../src/ir/shape.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { valuesOf } from './followed-values.ts';
import { integers, perItem, runOperator } from './one-operator.ts';

describe('Gather', () => {
  it('drops the axis for one index and keeps it for a list', () => {
    const g = new GraphBuilder('test');
    const x = g.input('x', [BATCH, 197, 64]);
    const one = g.node('Gather', 'one', [x, g.constant('i', 0, 'int64')], { attributes: { axis: 1 } });
    const list = g.node('Gather', 'list', [x, g.constant('j', [0, 1], 'int64')], { attributes: { axis: -2 } });
    const { types } = analyzeGraph(g.finish([one, list]));
    expect(types.get(one)?.shape).toEqual([BATCH, 64]);
    expect(types.get(list)?.shape).toEqual([BATCH, 2, 64]);
  });

  it('counts a gathered table as parameters, and its indices not', () => {
    const g = new GraphBuilder('test');
    const tokens = g.input('tokens', [BATCH, 16], 'int64');
    const y = g.node('Gather', 'embedding', [g.weight('table', [1000, 8]), tokens]);
    const { nodes, types } = analyzeGraph(g.finish([y]));
    expect(types.get(y)?.shape).toEqual([BATCH, 16, 8]);
    expect(nodes[0]?.parameters).toBe(8000);
  });

  it('reads only what it gathers, and computes nothing', () => {
    const tokens: TensorType = { shape: [BATCH, 16], dtype: 'int64' };
    const { work } = runOperator('Gather', [[30_522, 768], tokens]);
    expect(work).toMatchObject({ flops: 0, reads: [perItem(16 * 768)] });
  });

  it('follows contents of any axes, by constant indices counted from either end', () => {
    const matrix: TensorType = { shape: [2, 3], dtype: 'int64', values: [1, 2, 3, 4, 5, 6] };
    expect(valuesOf('Gather', [matrix, integers(1)])).toEqual([4, 5, 6]);
    expect(valuesOf('Gather', [matrix, integers(-1, 0)], { axis: 1 })).toEqual([3, 1, 6, 4]);
    const pairs: TensorType = { shape: [2, 1], dtype: 'int64', values: [2, 0] };
    const { shape, outputs } = runOperator('Gather', [integers(7, 8, 9), pairs]);
    expect([shape, outputs[0]?.values]).toEqual([
      [2, 1],
      [9, 7],
    ]);
    expect(() => runOperator('Gather', [[4], integers(4)])).toThrow(/index 4 is outside an axis of 4/);
    expect(() => runOperator('Gather', [[4], integers(-5)])).toThrow(/index -5 is outside/);
  });

  it('keeps the shape where an index is an open dimension', () => {
    const index: TensorType = { shape: [1], dtype: 'int64', values: [BATCH] };
    const { shape, outputs } = runOperator('Gather', [integers(7, 8, 9), index]);
    expect(shape).toEqual([1]);
    expect(outputs[0]?.values).toBeUndefined();
  });

  it('takes an extent out of a constant shape', () => {
    const g = new GraphBuilder('test');
    const y = g.node('Gather', 'y', [g.constant('shape', [1, 3, 224], 'int64'), g.constant('i', 2, 'int64')]);
    expect(analyzeGraph(g.finish([y])).types.get(y)).toMatchObject({ shape: [], values: [224] });
  });
});
