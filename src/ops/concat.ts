/**
 * Concat. Spec: https://onnx.ai/onnx/operators/onnx__Concat.html, opsets 1, 4, 11, 13.
 * Joins tensors along one axis, which opset 1 left out for 1. No arithmetic; every element is read and written once,
 * which the operands' sizes say.
 */
import type { Dim } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { type Integer, sameInteger, sum } from '../units/integer.ts';
import { MAX_FOLLOWED_VALUES, type OperatorContext, type OperatorDefinition, type TensorType } from './definition.ts';
import { expectSameType } from './pointwise.ts';
import { MOVES_DATA } from './table-texts.ts';
import { followedExtents } from './values.ts';
import { DATA_MOVEMENT } from './work.ts';

const FIRST_WITHOUT_DEFAULT = 4;

/** Contents put together: of every operand a run at a time, for every place before the axis. */
const joinedValues = (
  operands: readonly TensorType[],
  shape: readonly Dim[],
  axis: number,
): { readonly values?: readonly Integer[] } => {
  if (operands.some(({ values }) => values === undefined) || followedExtents(shape) === undefined) return {};
  const lead = shape.slice(0, axis).reduce<number>((all, dim) => all * (dim as number), 1);
  const values: Integer[] = [];
  for (let row = 0; row < lead; row++) {
    for (const operand of operands) {
      const own = operand.values ?? [];
      const run = own.length / lead;
      for (let i = 0; i < run; i++) values.push(own[row * run + i] as Integer);
    }
  }
  return values.length <= MAX_FOLLOWED_VALUES ? { values } : {};
};

/** The tensors joined along an axis; also what ConcatFromSequence makes of a list. */
export const joined = (context: OperatorContext, operands: readonly TensorType[], given: number): TensorType => {
  const [first] = operands;
  if (first === undefined) return context.fail('there is nothing to join');
  const rank = first.shape.length;
  const axis = context.axis(given, rank);
  expectSameType(context, operands);
  const extents: Dim[] = [...first.shape];
  for (const { shape } of operands) {
    if (shape.length !== rank) {
      context.fail(`${formatShape(first.shape)} and ${formatShape(shape)} have not the same axes`);
    }
    shape.forEach((dim, index) => {
      // The sentence is only made where it is needed: there may be ten thousand operands.
      if (index === axis || sameInteger(extents[index] as Dim, dim)) return;
      const place = `shapes ${formatShape(first.shape)} and ${formatShape(shape)} beside axis ${axis}`;
      extents[index] = context.agree(extents[index] as Dim, dim, place);
    });
  }
  extents[axis] = sum(operands.map(({ shape }) => shape[axis] as Dim));
  return { shape: extents, dtype: first.dtype, ...joinedValues(operands, extents, axis) };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Concat',
    domain: '',
    since: [1, 4, 11, 13],
    summary: 'Joins tensors along one axis',
    specification: 'https://onnx.ai/onnx/operators/onnx__Concat.html',
    table: { shape: 'the axis becomes the sum of the parts', work: MOVES_DATA },
    class: 'data-movement',
    fusion: 'join',
    inputRoles: ['activation'],
    infer: (context) => {
      const first = context.input(0);
      const operands = context.node.inputs.map((_, index) => (index === 0 ? first : context.input(index)));
      return [
        joined(context, operands, context.integer('axis', context.opset < FIRST_WITHOUT_DEFAULT ? 1 : undefined)),
      ];
    },
    work: () => DATA_MOVEMENT,
  },
];
