import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/ir/builder.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { verifyGraph } from '../../src/ir/verify.ts';

const IMAGE = [BATCH, 3, 8, 8] as const;

describe('GraphBuilder', () => {
  it('names nodes and weights by path, and numbers a name that is taken', () => {
    const g = new GraphBuilder('net');
    const x = g.input('input', IMAGE);
    const make = () => g.scope('stage', () => g.scope('block', () => g.node('Relu', 'act', [x])));
    const outputs = [make(), make(), make()];
    g.weight('w', [1]);
    g.scope('stage', () => g.weight('w', [1]));
    g.weight('w', [1]);
    const graph = g.finish(outputs);
    expect(graph.nodes.map(({ name }) => name)).toEqual(['stage.block.act', 'stage.block.act_1', 'stage.block.act_2']);
    expect(new Set(outputs).size).toBe(3);
    expect(graph.initializers.map(({ name }) => name)).toEqual(['w', 'stage.w', 'w_1']);
    expect(verifyGraph(graph)).toEqual([]);
  });

  it('leaves a scope even when the inside throws', () => {
    const g = new GraphBuilder('net');
    expect(() =>
      g.scope('broken', () => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(g.weight('w', [1])).toBe('w');
  });

  it('returns what the scope returns', () => {
    expect(new GraphBuilder('net').scope('a', () => 7)).toBe(7);
  });

  it('stores constants with their contents: a number is a scalar, a list a vector', () => {
    const g = new GraphBuilder('net');
    g.constant('six', 6);
    g.constant('axes', [2, 3], 'int64');
    expect(g.finish([]).initializers).toEqual([
      { name: 'six', shape: [], dtype: 'fp32', values: [6] },
      { name: 'axes', shape: [2], dtype: 'int64', values: [2, 3] },
    ]);
  });

  it('makes several outputs with names of their own', () => {
    const g = new GraphBuilder('net');
    const outputs = g.nodeWithOutputs('Split', 'split', [g.input('input', IMAGE)], { outputs: 3 });
    expect(new Set(outputs).size).toBe(3);
    expect(g.finish(outputs).nodes[0]?.outputs).toEqual(outputs);
  });

  it('takes opset and element type of the whole graph', () => {
    const g = new GraphBuilder('net', { opset: 13, dtype: 'fp16' });
    g.input('input', IMAGE);
    g.weight('w', [2]);
    g.weight('ids', [2], 'int64');
    const graph = g.finish([]);
    expect(graph.opset).toBe(13);
    expect([...graph.inputs, ...graph.initializers].map(({ dtype }) => dtype)).toEqual(['fp16', 'fp16', 'int64']);
  });

  it('returns the name under which an input was stored, when the asked one is taken', () => {
    const g = new GraphBuilder('net');
    const first = g.input('input', IMAGE);
    const second = g.input('input', IMAGE);
    expect(second).not.toBe(first);
    expect(g.finish([]).inputs.map(({ name }) => name)).toEqual([first, second]);
  });
});
