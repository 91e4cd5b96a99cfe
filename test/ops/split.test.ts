import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { perItem } from './one-operator.ts';

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

  it('rejects sizes that do not add up, and the axis of the batch', () => {
    expect(() => shapes([6], 0, 2, [1, 4])).toThrow(/are not 2 parts of 6/);
    expect(() => shapes([perItem(6), 2], 0, 2)).toThrow(/carries the batch/);
  });
});
