import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { add } from '../../src/units/integer.ts';
import { valuesOf } from './followed-values.ts';
import { integers, runOperator } from './one-operator.ts';

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

  it('widens open extents', () => {
    expect(run([BATCH, 4], [1, 0, 0, 0]).shape).toEqual([add(BATCH, 1), 4]);
  });

  it('takes the widths from attributes up to opset 2, and pads some axes only from 18 on', () => {
    expect(runOperator('Pad', [[2, 3]], { paddings: [0, 1, 0, 1] }, { opset: 1 }).shape).toEqual([2, 5]);
    expect(runOperator('Pad', [[2, 3]], { pads: [0, 1, 0, 1] }, { opset: 2 }).shape).toEqual([2, 5]);
    const operands = [[2, 3, 4], integers(1, 2), undefined, integers(-1)];
    expect(runOperator('Pad', operands).shape).toEqual([2, 3, 7]);
    expect(() => runOperator('Pad', [[2, 3], integers(1, 2)])).toThrow(/2 widths do not fit 2 axes/);
  });

  it('keeps the axes where the widths depend on data', () => {
    expect(runOperator('Pad', [[2, 3], { shape: [4], dtype: 'int64' }]).shape).toHaveLength(2);
    const axes: TensorType = { shape: [1], dtype: 'int64' };
    expect(runOperator('Pad', [[2, 3, 4], integers(1, 1), undefined, axes]).shape).toHaveLength(3);
  });

  it('follows contents that a constant widens: the list of widths that exporters put together', () => {
    expect(valuesOf('Pad', [integers(7, 8), integers(2, 1)])).toEqual([0, 0, 7, 8, 0]);
    const nine: TensorType = { shape: [], dtype: 'int64', values: [9] };
    expect(valuesOf('Pad', [integers(7, 8), integers(-1, 1), nine])).toEqual([8, 9]);
    expect(valuesOf('Pad', [integers(7, 8), integers(1, 1)], { mode: 'edge' })).toBeUndefined();
  });
});
