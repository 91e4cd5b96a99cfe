/**
 * Lists of tensors. Specs: https://onnx.ai/onnx/operators/ (SequenceConstruct, SequenceEmpty, SequenceAt, SequenceInsert,
 * SequenceErase, SequenceLength, ConcatFromSequence: opset 11; SplitToSequence: 11, 24). A list holds its tensors by
 * reference: taking apart and joining move data, the rest is free. Members are followed one by one up to a few thousand;
 * of longer lists, and where data decides on a position, only what all members have in common is known.
 * Known gap: a list has no size in traffic and memory, so that of a move only the side that is a tensor counts.
 */
import type { Dim } from '../ir/graph.ts';
import { add, ceilDivide, type Integer, isExpression, maximum, multiply, subtract, sum } from '../units/integer.ts';
import { joined } from './concat.ts';
import { statedDtype } from './data-types.ts';
import type { OperatorContext, OperatorDefinition, SequenceType, TensorType, ValueType } from './definition.ts';
import { lengthOf, memberOf, type Open } from './join-types.ts';
import { FREE } from './table-texts.ts';
import { DATA_MOVEMENT, freeOf } from './work.ts';

const MAX_MEMBERS = 4096;

const sequence = (members: readonly TensorType[]): SequenceType => ({
  kind: 'sequence',
  members,
  length: members.length,
});

const opening =
  (context: OperatorContext): Open =>
  (part) =>
    context.dataDependent(`member${part}`);

/** A position among `places`, counted from 0; `undefined` where data decides it. */
const position = (context: OperatorContext, index: number, length: number, places = length): number | undefined => {
  const [value] = context.input(index).values ?? [];
  if (value === undefined || isExpression(value)) return undefined;
  const counted = value < 0 ? value + length : value;
  return counted >= 0 && counted < places ? counted : context.fail(`position ${value} is outside a list of ${length}`);
};

const taken = (context: OperatorContext): TensorType | undefined => {
  const list = context.sequence(0);
  const where = list.members === undefined ? undefined : position(context, 1, list.members.length);
  return where === undefined ? memberOf(list, opening(context)) : list.members?.[where];
};

/** A list with one member more or less, of which only what all have in common is known. */
const resized = (context: OperatorContext, list: SequenceType, by: number): SequenceType => {
  const length = lengthOf(list);
  return {
    kind: 'sequence',
    element: memberOf(list, opening(context)),
    ...(length !== undefined && { length: maximum(0, add(length, by)) }),
  };
};

const inserted = (context: OperatorContext): SequenceType => {
  const list = context.sequence(0);
  const tensor = context.input(1);
  const { members } = list;
  const end = members?.length ?? 0;
  const where = context.hasInput(2) && members !== undefined ? position(context, 2, end, end + 1) : end;
  if (members !== undefined && where !== undefined && members.length < MAX_MEMBERS) {
    return sequence([...members.slice(0, where), tensor, ...members.slice(where)]);
  }
  const { element, length } = resized(context, list, 1);
  if (lengthOf(list) === 0) return { kind: 'sequence', element: tensor, length };
  const both = element === undefined ? undefined : memberOf(sequence([element, tensor]), opening(context));
  return { kind: 'sequence', element: both, length };
};

const erased = (context: OperatorContext): SequenceType => {
  const list = context.sequence(0);
  const { members } = list;
  if (members?.length === 0) context.fail('the list is empty');
  if (members === undefined) return resized(context, list, -1);
  const where = context.hasInput(1) ? position(context, 1, members.length) : members.length - 1;
  return where === undefined ? resized(context, list, -1) : sequence(members.filter((_, index) => index !== where));
};

const split = (context: OperatorContext): SequenceType => {
  const { shape, dtype } = context.input(0);
  const axis = context.axis(context.integer('axis', 0), shape.length);
  const extent = shape[axis] as Dim;
  const part = (size: Dim, keeps = true): TensorType => ({
    shape: shape.flatMap((dim, index) => (index === axis ? (keeps ? [size] : []) : [dim])),
    dtype,
  });
  if (!context.hasInput(1)) {
    return { kind: 'sequence', element: part(1, context.integer('keepdims', 1) === 1), length: extent };
  }
  const sizes = context.input(1);
  if (sizes.values === undefined) {
    const [length] = sizes.shape;
    return { kind: 'sequence', element: part(context.dataDependent('part')), length };
  }
  if (sizes.values.some((size) => typeof size === 'number' && !(size >= 0))) context.fail('a part of negative size');
  if (sizes.shape.length > 0) {
    context.agree(extent, sum(sizes.values), 'the axis and the sum of its parts');
    return sequence(sizes.values.map((size) => part(size)));
  }
  return equalParts(context, extent, sizes.values[0] ?? 1, part);
};

/** Parts of one size; the last one may be smaller. */
const equalParts = (
  context: OperatorContext,
  extent: Dim,
  size: Integer,
  part: (size: Dim) => TensorType,
): SequenceType => {
  if (size === 0) return context.fail('parts of 0 elements');
  const count = ceilDivide(extent, size);
  if (typeof extent !== 'number' || typeof size !== 'number' || typeof count !== 'number' || count > MAX_MEMBERS) {
    return { kind: 'sequence', element: part(size === 1 ? 1 : context.dataDependent('part')), length: count };
  }
  return sequence(
    Array.from({ length: count }, (_, index) => part(Math.min(size, subtract(extent, index * size) as number))),
  );
};

const concatenated = (context: OperatorContext): TensorType => {
  const list = context.sequence(0);
  const { members } = list;
  const stacks = context.integer('new_axis', 0) === 1;
  const axis = context.integer('axis');
  if (members !== undefined && !stacks) return joined(context, members, axis);
  const member = memberOf(list, opening(context)) ?? context.unknown('what the list holds depends on data');
  const { shape, dtype } = member;
  const place = context.axis(axis, shape.length + (stacks ? 1 : 0));
  const length = lengthOf(list) ?? context.dataDependent('length');
  if (stacks) return { shape: [...shape.slice(0, place), length, ...shape.slice(place)], dtype };
  return { shape: shape.map((dim, index) => (index === place ? multiply(dim, length) : dim)), dtype };
};

const definition = (
  type: string,
  since: readonly number[],
  summary: string,
  shape: string,
  infer: (context: OperatorContext) => ValueType | undefined,
  moves?: 'moves data',
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: {
    shape,
    work: moves ?? FREE,
    ...(moves !== undefined && { notes: 'of the copy only the side that is one tensor is in the traffic' }),
  },
  class: 'data-movement',
  fusion: moves === undefined ? 'view' : 'opaque',
  inputRoles: ['activation', 'activation', 'setting'],
  infer: (context) => [infer(context)],
  work: () =>
    moves === undefined
      ? freeOf('a list holds its tensors by reference')
      : {
          ...DATA_MOVEMENT,
          treatment: { kind: 'approximated', reason: 'of the copy only the side that is one tensor is in the traffic' },
        },
});

export const operators: readonly OperatorDefinition[] = [
  definition('SequenceConstruct', [11], 'A list of the operands', 'a list of the operands', (context) => {
    const first = context.input(0);
    return sequence(context.node.inputs.map((_, index) => (index === 0 ? first : context.input(index))));
  }),
  definition('SequenceEmpty', [11], 'An empty list', 'a list of length 0', (context) => {
    statedDtype(context, 'dtype', 'fp32');
    return sequence([]);
  }),
  definition(
    'SequenceAt',
    [11],
    'A member of a list',
    'as the member; what all have in common where data picks it',
    taken,
  ),
  definition('SequenceInsert', [11], 'A list with one more member', 'a list with one more member', inserted),
  definition('SequenceErase', [11], 'A list with one member less', 'a list with one member less', erased),
  definition('SequenceLength', [11], 'The number of members of a list', 'a scalar', (context) => {
    const length = lengthOf(context.sequence(0));
    return { shape: [], dtype: 'int64', ...(length !== undefined && { values: [length] }) };
  }),
  definition(
    'SplitToSequence',
    [11, 24],
    'Cuts a tensor into a list of parts',
    'a list; the axis becomes the size of each part',
    split,
    'moves data',
  ),
  definition(
    'ConcatFromSequence',
    [11],
    'Joins the members of a list',
    'the axis becomes the sum of the parts, or a new one their number',
    concatenated,
    'moves data',
  ),
];
