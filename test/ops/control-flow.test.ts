import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/ir/graph.ts';
import type { SequenceType, TensorType, ValueType } from '../../src/ops/definition.ts';
import { findOperator } from '../../src/ops/lookup.ts';
import { symbol } from '../../src/units/integer.ts';
import { N, runOperator } from './one-operator.ts';

const tensor = (...shape: Shape): TensorType => ({ shape, dtype: 'fp32' });
const bool = (value?: number): TensorType => ({
  shape: [],
  dtype: 'bool',
  ...(value !== undefined && { values: [value] }),
});
const count = (value?: TensorType['shape'][number]): TensorType => ({
  shape: [],
  dtype: 'int64',
  ...(value !== undefined && { values: [value] }),
});
const S = symbol('S');

describe('If', () => {
  const branches = (then_branch: readonly ValueType[], else_branch: readonly ValueType[], condition = bool()) =>
    runOperator('If', [condition], {}, { bodies: { then_branch, else_branch }, outputs: then_branch.length }).types;

  it('hands out what both branches have in common', () => {
    expect(branches([tensor(N, 4)], [tensor(N, 4)])).toEqual([tensor(N, 4)]);
    expect(branches([tensor(N, 4)], [tensor(N, 5)])).toEqual([tensor(N, symbol('the.node.output0[1]'))]);
    expect(branches([tensor(4)], [tensor(4, 1)])).toEqual([undefined]);
    expect(branches([tensor(4)], [{ shape: [4], dtype: 'int64' }])).toEqual([undefined]);
    const list = (...members: readonly TensorType[]): SequenceType => ({ kind: 'sequence', members });
    const length = symbol('the.node.output0.length');
    expect(branches([list(tensor(2))], [list()])).toEqual([{ kind: 'sequence', element: tensor(2), length }]);
  });

  it('keeps contents that both agree on', () => {
    expect(branches([count(3)], [count(3)])).toEqual([count(3)]);
    expect(branches([count(3)], [count(4)])).toEqual([count()]);
  });

  it('with a known condition is that branch', () => {
    expect(branches([tensor(4)], [tensor(5)], bool(1))).toEqual([tensor(4)]);
    expect(branches([tensor(4)], [tensor(5)], bool(0))).toEqual([tensor(5)]);
  });

  it('refuses branches that hand out more or fewer values', () => {
    expect(() => branches([tensor(4)], [tensor(4), tensor(4)])).toThrow(/else_branch hands out 2 values, expected 1/);
  });
});

describe('Loop', () => {
  const loop = (operands: readonly (TensorType | undefined)[], body: readonly ValueType[], outputs = 2) =>
    runOperator('Loop', operands, {}, { bodies: { body }, outputs }).types;

  it('stacks what the iterations hand out', () => {
    expect(loop([count(5), bool(1), tensor(N, 4)], [bool(1), tensor(N, 4), tensor(N)])).toEqual([
      tensor(N, 4),
      tensor(5, N),
    ]);
    expect(loop([count(S), undefined, tensor(N)], [bool(), tensor(N), tensor(2)])).toEqual([tensor(N), tensor(S, 2)]);
  });

  it('leaves the number open where the loop may end early, or never said when', () => {
    const open = symbol('the.node.iterations');
    expect(loop([count(5), bool(1), tensor(N)], [bool(), tensor(N), tensor(2)])[1]).toEqual(tensor(open, 2));
    expect(loop([count(), bool(1), tensor(N)], [bool(1), tensor(N), tensor(2)])[1]).toEqual(tensor(open, 2));
    expect(loop([count(Infinity), bool(1), tensor(N)], [bool(), tensor(N), tensor(2)])[1]).toEqual(tensor(open, 2));
  });

  it('that never runs hands back what it was given', () => {
    const body = [bool(1), tensor(7), tensor(2)];
    expect(loop([count(0), bool(1), tensor(N)], body)).toEqual([tensor(N), tensor(0, 2)]);
    expect(loop([count(9), bool(0), tensor(N)], body)).toEqual([tensor(N), tensor(0, 2)]);
    // It may not run at all: what it is given, or what it makes.
    expect(loop([count(9), bool(), tensor(4)], body)[0]).toEqual(tensor(symbol('the.node.output0[0]')));
  });

  it('refuses to run for ever, and graphs that hand out too little', () => {
    expect(() => loop([undefined, undefined, tensor(N)], [bool(), tensor(N), tensor(2)])).toThrow(/never ends/);
    expect(() => loop([count(5), bool(1), tensor(N)], [bool()])).toThrow(/too few for 1 carried ones/);
  });
});

describe('Scan', () => {
  const scan = (operands: readonly TensorType[], body: readonly ValueType[], attributes: object, opset = 11) =>
    runOperator(
      'Scan',
      operands,
      { num_scan_inputs: 1, ...attributes },
      { bodies: { body }, outputs: body.length, opset },
    ).types;

  it('stacks along an axis', () => {
    const operands = [tensor(N, 8), tensor(12, N, 16)];
    expect(scan(operands, [tensor(N, 8), tensor(N, 4)], {})).toEqual([tensor(N, 8), tensor(12, N, 4)]);
    expect(scan(operands, [tensor(N, 8), tensor(N, 4)], { scan_output_axes: [1] })[1]).toEqual(tensor(N, 12, 4));
    expect(scan(operands, [tensor(N, 8), tensor(N, 4)], { scan_output_axes: [-1] })[1]).toEqual(tensor(N, 4, 12));
    const backwards = { scan_input_axes: [-1], scan_input_directions: [1] };
    expect(scan(operands, [tensor(N, 8), tensor(4)], backwards)[1]).toEqual(tensor(16, 4));
  });

  it('has the batch in front in opset 8', () => {
    const attributes = { num_scan_inputs: 1 };
    const body = [tensor(8), tensor(4)];
    const operands = [undefined, tensor(N, 8), tensor(N, 12, 16)];
    const { types } = runOperator('Scan', operands, attributes, { bodies: { body }, outputs: 2, opset: 8 });
    expect(types).toEqual([tensor(N, 8), tensor(N, 12, 4)]);
  });

  it('wants sequences of one length', () => {
    const operands = [tensor(12, 2), tensor(13, 2)];
    expect(() => scan(operands, [tensor(2)], { num_scan_inputs: 2 })).toThrow(
      /lengths of the scan inputs: 12 and 13 differ/,
    );
    expect(() => scan([tensor(12, 2)], [tensor(2)], { num_scan_inputs: 2 })).toThrow(/2 scan inputs of 1 inputs/);
  });
});

describe('SequenceMap', () => {
  it('gives a list as long as the one that it is given', () => {
    const list: SequenceType = { kind: 'sequence', members: [tensor(2), tensor(3)] };
    const { types } = runOperator('SequenceMap', [list], {}, { bodies: { body: [tensor(4)] } });
    expect(types).toEqual([{ kind: 'sequence', element: tensor(4), length: 2 }]);
  });
});

it('control flow costs nothing beside its graphs, and says so', () => {
  for (const type of ['If', 'Loop', 'Scan', 'SequenceMap']) {
    expect(findOperator(type)?.control).toBeTypeOf('function');
    expect(findOperator(type)?.fusion).toBe('view');
  }
});
