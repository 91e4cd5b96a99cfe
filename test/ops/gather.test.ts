import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import { BATCH } from '../../src/ir/shape.ts';

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

  it('takes an extent out of a constant shape', () => {
    const g = new GraphBuilder('test');
    const y = g.node('Gather', 'y', [g.constant('shape', [1, 3, 224], 'int64'), g.constant('i', 2, 'int64')]);
    expect(analyzeGraph(g.finish([y])).types.get(y)).toMatchObject({ shape: [], values: [224] });
  });
});
