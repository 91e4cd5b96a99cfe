import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/analysis/infer.ts';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { add } from '../../src/units/integer.ts';
import { known, valuesOf } from './followed-values.ts';
import { runOperator } from './one-operator.ts';

const joined = (shapes: readonly Shape[], axis: number) => {
  const g = new GraphBuilder('test');
  const inputs = shapes.map((shape, index) => g.input(`x${index}`, shape));
  const y = g.node('Concat', 'y', inputs, { attributes: { axis } });
  const { nodes, types } = analyzeGraph(g.finish([y]));
  return { shape: types.get(y)?.shape, node: nodes[0] };
};

describe('Concat', () => {
  it('adds the extents of the axis and keeps the others', () => {
    const shapes = [8, 16, 4].map((channels): Shape => [BATCH, channels, 7, 7]);
    expect(joined(shapes, 1).shape).toEqual([BATCH, 28, 7, 7]);
    expect(joined(shapes, -3).shape).toEqual([BATCH, 28, 7, 7]);
  });

  it('computes nothing', () => {
    expect(joined([[2], [3]], 0).node).toMatchObject({ class: 'data-movement', flops: 0 });
  });

  it('puts a constant shape together', () => {
    const g = new GraphBuilder('test');
    const y = g.node('Concat', 'y', [g.constant('a', [1, 2], 'int64'), g.constant('b', [3], 'int64')], {
      attributes: { axis: 0 },
    });
    expect(analyzeGraph(g.finish([y])).types.get(y)).toMatchObject({ shape: [3], values: [1, 2, 3] });
  });

  it('learns open extents beside the axis, and adds open ones along it', () => {
    const shapes = [
      [BATCH, 8],
      [1, 8],
    ];
    expect(joined(shapes, 1).shape).toEqual([1, 16]);
    expect(joined(shapes, 0).shape).toEqual([add(BATCH, 1), 8]);
  });

  it('joins contents along any axis', () => {
    const matrix = (values: readonly number[]) => ({ shape: [2, values.length / 2], dtype: 'int64', values }) as const;
    const operands = [matrix([1, 2, 5, 6]), matrix([3, 7])];
    expect(valuesOf('Concat', operands, { axis: 1 })).toEqual([1, 2, 3, 5, 6, 7]);
    expect(valuesOf('Concat', [matrix([1, 2, 5, 6]), matrix([1, 2, 5, 6])], { axis: 0 })).toEqual([
      1, 2, 5, 6, 1, 2, 5, 6,
    ]);
    expect(valuesOf('Concat', [known([BATCH]), known([3])], { axis: 0 })).toEqual([BATCH, 3]);
  });

  it('joins along axis 1 in opset 1 unless told, and has to be told later', () => {
    expect(
      runOperator(
        'Concat',
        [
          [2, 3],
          [2, 4],
        ],
        {},
        { opset: 1 },
      ).shape,
    ).toEqual([2, 7]);
    expect(() => runOperator('Concat', [[2, 3]], {}, { opset: 4 })).toThrow(/"axis" must be a number/);
  });

  it('joins 10,000 operands at once', () => {
    const operands = Array.from({ length: 10_000 }, () => [BATCH, 1, 4]);
    expect(runOperator('Concat', operands, { axis: 1 }).shape).toEqual([BATCH, 10_000, 4]);
  });

  it('warns of operands of different types', () => {
    const warnings = inferShapes({
      name: 'mixed',
      opset: 13,
      inputs: [
        { name: 'a', shape: [2], dtype: 'fp32' },
        { name: 'b', shape: [2], dtype: 'int64' },
      ],
      outputs: ['y'],
      initializers: [],
      nodes: [
        { name: 'join', type: 'Concat', domain: '', inputs: ['a', 'b'], outputs: ['y'], attributes: { axis: 0 } },
      ],
    }).warnings;
    expect(warnings).toMatchObject([{ code: 'type-mismatch', path: 'join' }]);
  });

  it('rejects operands that differ beside the axis', () => {
    expect(() =>
      joined(
        [
          [BATCH, 8, 7],
          [BATCH, 8, 6],
        ],
        1,
      ),
    ).toThrow(/shapes N×8×7 and N×8×6 beside axis 1: 7 and 6 differ/);
    expect(() => joined([[2], [3]], 1)).toThrow(/outside/);
  });
});
