import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';

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

  it('rejects operands that differ beside the axis', () => {
    expect(() =>
      joined(
        [
          [BATCH, 8, 7],
          [BATCH, 8, 6],
        ],
        1,
      ),
    ).toThrow(/differ beside axis 1/);
    expect(() =>
      joined(
        [
          [BATCH, 8],
          [1, 8],
        ],
        1,
      ),
    ).toThrow(/differ/);
    expect(() =>
      joined(
        [
          [BATCH, 8],
          [1, 8],
        ],
        0,
      ),
    ).toThrow(/carry the batch/);
    expect(() => joined([[2], [3]], 1)).toThrow(/outside/);
  });
});
