import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/ir/graph.ts';
import type { SequenceType, TensorType, ValueType } from '../../src/ops/definition.ts';
import { multiply, symbol } from '../../src/units/integer.ts';
import { integers, N, runOperator } from './one-operator.ts';

const tensor = (...shape: Shape): TensorType => ({ shape, dtype: 'fp32' });
const list = (...members: readonly TensorType[]): SequenceType => ({
  kind: 'sequence',
  members,
  length: members.length,
});
const scalar = (value: number): TensorType => ({ shape: [], dtype: 'int64', values: [value] });
const fromData: TensorType = { shape: [], dtype: 'int64' };
const S = symbol('S');

const first = (type: string, operands: readonly ValueType[], attributes = {}): ValueType | undefined =>
  runOperator(type, operands, attributes).types[0];

describe('lists of tensors', () => {
  it('are put together and changed member by member', () => {
    const built = first('SequenceConstruct', [tensor(2), tensor(3)]) as SequenceType;
    expect(built).toEqual(list(tensor(2), tensor(3)));
    expect(first('SequenceEmpty', [], { dtype: 1 })).toEqual(list());
    expect(first('SequenceInsert', [built, tensor(4)])).toEqual(list(tensor(2), tensor(3), tensor(4)));
    expect(first('SequenceInsert', [built, tensor(4), scalar(-2)])).toEqual(list(tensor(4), tensor(2), tensor(3)));
    expect(first('SequenceErase', [built])).toEqual(list(tensor(2)));
    expect(first('SequenceErase', [built, scalar(0)])).toEqual(list(tensor(3)));
    expect(first('SequenceLength', [built])).toEqual({ shape: [], dtype: 'int64', values: [2] });
    expect(first('SequenceAt', [built, scalar(-1)])).toEqual(tensor(3));
  });

  it('keep what the members have in common where data decides on the position', () => {
    const built = list(tensor(N, 2), tensor(N, 3));
    expect(first('SequenceAt', [built, fromData])).toEqual(tensor(N, symbol('the.node.member[1]')));
    expect(first('SequenceAt', [list(tensor(2), tensor(2, 2)), fromData])).toBeUndefined();
    expect(first('SequenceInsert', [built, tensor(N, 4), fromData])).toMatchObject({
      length: 3,
      element: { dtype: 'fp32' },
    });
    expect(first('SequenceErase', [built, fromData])).toMatchObject({ length: 1 });
  });

  it('refuse positions outside', () => {
    const built = list(tensor(2), tensor(3));
    expect(() => first('SequenceAt', [built, scalar(2)])).toThrow(/position 2 is outside a list of 2/);
    expect(() => first('SequenceInsert', [built, tensor(4), scalar(3)])).toThrow(/position 3/);
    expect(() => first('SequenceErase', [list()])).toThrow(/the list is empty/);
    expect(() => first('SequenceAt', [tensor(2), scalar(0)])).toThrow(/input 0 is a tensor, expected a sequence/);
  });

  it('cut a tensor into parts', () => {
    const x = tensor(N, 7);
    expect(first('SplitToSequence', [x], { axis: 1 })).toEqual({ kind: 'sequence', element: tensor(N, 1), length: 7 });
    expect(first('SplitToSequence', [x], { axis: 1, keepdims: 0 })).toMatchObject({ element: tensor(N) });
    expect(first('SplitToSequence', [x], { axis: 0 })).toMatchObject({ element: tensor(1, 7), length: N });
    expect(first('SplitToSequence', [x, scalar(3)], { axis: 1 })).toEqual(
      list(tensor(N, 3), tensor(N, 3), tensor(N, 1)),
    );
    expect(first('SplitToSequence', [x, integers(2, 5)], { axis: 1 })).toEqual(list(tensor(N, 2), tensor(N, 5)));
    expect(() => first('SplitToSequence', [x, integers(2, 4)], { axis: 1 })).toThrow(/7 and 6 differ/);
    const open = first('SplitToSequence', [tensor(S), scalar(1)]);
    expect(open).toEqual({ kind: 'sequence', element: tensor(1), length: S });
  });

  it('are joined along an axis, or along a new one', () => {
    const built = list(tensor(N, 2), tensor(N, 3));
    expect(first('ConcatFromSequence', [built], { axis: 1 })).toEqual(tensor(N, 5));
    const equal: SequenceType = { kind: 'sequence', element: tensor(N, 2), length: S };
    expect(first('ConcatFromSequence', [equal], { axis: -1 })).toEqual(tensor(N, multiply(S, 2)));
    expect(first('ConcatFromSequence', [equal], { axis: -1, new_axis: 1 })).toEqual(tensor(N, 2, S));
    expect(() => first('ConcatFromSequence', [list()], { axis: 0 })).toThrow(/nothing to join/);
  });

  it('say how they are costed', () => {
    expect(runOperator('SequenceConstruct', [tensor(2)]).work.treatment.kind).toBe('free');
    expect(runOperator('SplitToSequence', [tensor(2)]).work.treatment.kind).toBe('approximated');
  });
});

describe('optionals', () => {
  it('hold a value or none', () => {
    const full = first('Optional', [tensor(2)]) as SequenceType;
    expect(full).toEqual({ kind: 'optional', members: [tensor(2)], length: 1 });
    expect(first('OptionalGetElement', [full])).toEqual(tensor(2));
    expect(first('OptionalHasElement', [full])).toMatchObject({ values: [1] });
    const empty = first('Optional', []) as SequenceType;
    expect(first('OptionalHasElement', [empty])).toMatchObject({ values: [0] });
    expect(() => first('OptionalGetElement', [empty])).toThrow(/the optional is empty/);
  });

  it('may be what they hold, from opset 18 on', () => {
    expect(first('OptionalGetElement', [tensor(2)])).toEqual(tensor(2));
    expect(first('OptionalGetElement', [list(tensor(2))])).toEqual(list(tensor(2)));
    expect(first('OptionalHasElement', [tensor(2)])).toMatchObject({ values: [1] });
    expect(first('OptionalHasElement', [])).toMatchObject({ values: [0] });
  });

  it('whose value nobody knows leave it open', () => {
    expect(first('OptionalHasElement', [{ kind: 'optional' }])).toEqual({ shape: [], dtype: 'bool' });
    expect(first('OptionalGetElement', [{ kind: 'optional' }])).toBeUndefined();
  });
});
