/**
 * Operators of any number of operands that broadcast. Specs: https://onnx.ai/onnx/operators/ (Max, Min: opsets 1, 6, 8,
 * 12, 13; Sum, Mean 1, 6, 8, 13). Of k operands k - 1 operations per output element; the mean divides once more, which
 * is transcendental. Up to opset 7 the operands had to be of one shape.
 */
import { add, divideExactly, type Integer, isExpression, maximum, minimum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { broadcastPair, expectSameType, type Follow, pointwiseType, pointwiseWork } from './pointwise.ts';
import { BROADCAST } from './table-texts.ts';
import { followed } from './values.ts';
import { freeOf } from './work.ts';

/** Infinity stands for the largest number of its type, which no open dimension reaches. */
const extreme =
  (plain: (a: number, b: number) => number, exact: (a: Integer, b: Integer) => Integer): Follow =>
  (a, b) => {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ]) {
      if (one === Infinity || one === -Infinity) return plain(one, 0) === one ? one : other;
    }
    return followed(plain, exact)(a, b);
  };

const meanOf =
  (count: number): Follow =>
  (total) =>
    isExpression(total) ? divideExactly(total, count) : total / count;

/** Shape arithmetic takes the maximum of a few tensors; a list of thousands is not worth following. */
const MAX_FOLLOWED_OPERANDS = 64;

const folded = (context: OperatorContext, combine: Follow): TensorType => {
  const [first, ...others] = context.node.inputs.map((_, index) => context.input(index));
  if (first === undefined) return context.input(0);
  expectSameType(context, [first, ...others]);
  const follow = others.length < MAX_FOLLOWED_OPERANDS ? combine : undefined;
  return others.reduce(
    (total, operand) =>
      pointwiseType([total, operand], broadcastPair(context, total.shape, operand.shape), first.dtype, follow),
    first,
  );
};

const variadic = (
  type: string,
  since: readonly number[],
  summary: string,
  combine: Follow,
  divides = false,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: {
    shape: BROADCAST,
    work: divides
      ? 'of k operands k per output element, 1 of them transcendental; of 1 free'
      : 'of k operands k - 1 per output element; of 1 free',
  },
  class: 'elementwise',
  fusion: 'pointwise',
  inPlace: true,
  inputRoles: ['activation'],
  infer: (context) => {
    const result = folded(context, combine);
    if (!divides || result.values === undefined) return [result];
    return [pointwiseType([result], result.shape, result.dtype, meanOf(context.node.inputs.length))];
  },
  work: (context) => {
    const operands = context.node.inputs.length;
    if (operands === 1) return freeOf('of one tensor: the identity');
    return pointwiseWork(context, divides ? [operands, 1] : [operands - 1, 0]);
  },
});

const SINCE = [1, 6, 8, 13];
const SINCE_WITH_INTEGERS = [1, 6, 8, 12, 13];

export const operators: readonly OperatorDefinition[] = [
  variadic('Max', SINCE_WITH_INTEGERS, 'Element-wise maximum of tensors', extreme(Math.max, maximum)),
  variadic('Min', SINCE_WITH_INTEGERS, 'Element-wise minimum of tensors', extreme(Math.min, minimum)),
  variadic(
    'Sum',
    SINCE,
    'Element-wise sum of tensors',
    followed((a, b) => a + b, add),
  ),
  variadic(
    'Mean',
    SINCE,
    'Element-wise mean of tensors',
    followed((a, b) => a + b, add),
    true,
  ),
];
