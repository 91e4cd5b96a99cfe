import { describe, expect, it } from 'vitest';
import type { Graph, Node } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { type GraphIssue, verifyGraph } from '../../src/ir/verify.ts';

const node = (name: string, inputs: readonly string[], outputs: readonly string[]): Node => ({
  name,
  type: 'Relu',
  domain: '',
  inputs,
  outputs,
  attributes: {},
});

const WELL_FORMED: Graph = {
  name: 'net',
  opset: 24,
  inputs: [{ name: 'x', shape: [BATCH, 3], dtype: 'fp32' }],
  outputs: ['b'],
  initializers: [{ name: 'w', shape: [3, 3], dtype: 'fp32' }],
  nodes: [node('first', ['x', 'w'], ['a']), node('second', ['a', ''], ['b', ''])],
};

const CASES: readonly (readonly [GraphIssue['code'], string, Partial<Graph>])[] = [
  ['no-inputs', 'net', { inputs: [], nodes: [node('first', ['w'], ['b'])] }],
  ['no-outputs', 'net', { outputs: [] }],
  ['duplicate-tensor', 'second', { nodes: [node('first', ['x'], ['b']), node('second', ['x'], ['b'])] }],
  ['duplicate-tensor', 'x', { initializers: [{ name: 'x', shape: [1], dtype: 'fp32' }] }],
  ['duplicate-node', 'same', { nodes: [node('same', ['x'], ['a']), node('same', ['a'], ['b'])] }],
  ['undefined-input', 'first', { nodes: [node('first', ['nowhere'], ['b'])] }],
  // A cycle, or nodes out of order, shows as a read before the definition.
  ['undefined-input', 'first', { nodes: [node('first', ['a'], ['b']), node('second', ['b'], ['a'])] }],
  ['undefined-output', 'z', { outputs: ['b', 'z'] }],
  ['bad-extent', 'w', { initializers: [{ name: 'w', shape: [3, -3], dtype: 'fp32' }] }],
  ['bad-extent', 'w', { initializers: [{ name: 'w', shape: [1.5], dtype: 'fp32' }] }],
  ['bad-extent', 'x', { inputs: [{ name: 'x', shape: [Number.NaN, 3], dtype: 'fp32' }] }],
];

describe('verifyGraph', () => {
  it('finds nothing in a well-formed graph, omitted operands included', () => {
    expect(verifyGraph(WELL_FORMED)).toEqual([]);
  });

  it.each(CASES)('reports %s at %s', (code, path, change) => {
    const issues = verifyGraph({ ...WELL_FORMED, ...change });
    expect(issues.filter((issue) => issue.code === code)).toMatchObject([{ path }]);
    for (const { message } of issues) expect(message).not.toBe('');
  });

  it('reports every issue, not the first', () => {
    const codes = verifyGraph({ ...WELL_FORMED, inputs: [], outputs: [] }).map(({ code }) => code);
    expect(codes).toEqual(['no-inputs', 'no-outputs', 'undefined-input']);
  });

  it('accepts an empty tensor: exporters write one for an optional operand without contents', () => {
    const empty = { ...WELL_FORMED, initializers: [{ name: 'w', shape: [0], dtype: 'fp32' as const }] };
    expect(verifyGraph(empty)).toEqual([]);
  });
});
