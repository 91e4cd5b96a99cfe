import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { Shape } from '../../src/ir/graph.ts';
import { BATCH, shapeAt } from '../../src/ir/shape.ts';
import { integers, N, perItem, runOperator } from './one-operator.ts';

const shapes = (shape: Shape, axis: number, outputs: number, sizes?: readonly number[]) => {
  const g = new GraphBuilder('test');
  const x = g.input('x', shape);
  const inputs = sizes === undefined ? [x] : [x, g.constant('sizes', sizes, 'int64')];
  const parts = g.nodeWithOutputs('Split', 'y', inputs, { attributes: { axis }, outputs });
  const { types } = analyzeGraph(g.finish(parts));
  return parts.map((part) => types.get(part)?.shape);
};

describe('Split', () => {
  it('cuts into equal parts, the last one smaller', () => {
    expect(shapes([BATCH, 6], 1, 3)).toEqual([
      [BATCH, 2],
      [BATCH, 2],
      [BATCH, 2],
    ]);
    expect(shapes([7], 0, 3)).toEqual([[3], [3], [1]]);
  });

  it('cuts into stated sizes', () => {
    expect(shapes([BATCH, 6], -1, 2, [1, 5])).toEqual([
      [BATCH, 1],
      [BATCH, 5],
    ]);
  });

  it('rejects sizes that do not add up', () => {
    expect(() => shapes([6], 0, 2, [1, 4])).toThrow(/are not 2 parts of 6/);
    expect(() => shapes([6], 0, 2, [-1, 7])).toThrow(/are not 2 parts of 6/);
    expect(() => shapes([6], 0, 3, [3, 3])).toThrow(/are not 3 parts of 6/);
  });

  it('cuts open extents', () => {
    expect(shapes([perItem(6), 2], 0, 2)).toEqual([
      [perItem(3), 2],
      [perItem(3), 2],
    ]);
    const [first, second] = runOperator('Split', [[N]], { num_outputs: 2 }, { outputs: 2 }).outputs;
    for (const [extent, parts] of [
      [7, [4, 3]],
      [8, [4, 4]],
    ] as const) {
      expect([first, second].map((type) => shapeAt(type?.shape ?? [], extent)[0])).toEqual(parts);
    }
  });

  it('cuts equally before opset 18 only', () => {
    const parts = (opset: number) => runOperator('Split', [[7]], {}, { outputs: 3, opset });
    expect(() => parts(13)).toThrow(/7 is not 3 equal parts/);
    expect(parts(18).outputs.map((type) => type?.shape)).toEqual([[3], [3], [1]]);
    // More parts than elements leave empty ones.
    expect(runOperator('Split', [[5]], {}, { outputs: 4 }).outputs.map((type) => type?.shape)).toEqual([
      [2],
      [2],
      [1],
      [0],
    ]);
  });

  it('takes the sizes from an attribute, an input, or leaves them open', () => {
    expect(runOperator('Split', [[6]], { split: [2, 4] }, { outputs: 2, opset: 11 }).shape).toEqual([2]);
    expect(runOperator('Split', [[6], integers(2, 4)], {}, { outputs: 2, opset: 1 }).shape).toEqual([2]);
    expect(runOperator('Split', [[6, 5], { shape: [2], dtype: 'int64' }], {}, { outputs: 2 }).shape[1]).toBe(5);
    expect(() => runOperator('Split', [[6]], { num_outputs: 1 }, { outputs: 2 })).toThrow(/2 outputs for 1 parts/);
  });

  it('follows contents', () => {
    const { outputs } = runOperator('Split', [integers(7, 8, 9)], { split: [1, 2] }, { outputs: 2, opset: 11 });
    expect(outputs.map((type) => type?.values)).toEqual([[7], [8, 9]]);
  });
});
