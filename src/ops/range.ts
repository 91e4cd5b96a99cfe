/**
 * Range. Spec: https://onnx.ai/onnx/operators/onnx__Range.html, opsets 11, 27. The numbers from start up to the limit
 * (left out) in steps of delta: max(0, ceil((limit - start) / delta)) of them. Each is start + i x delta: a product and
 * a sum.
 */
import { add, ceilDivide, type Integer, isExpression, maximum, multiply, subtract } from '../units/integer.ts';
import { MAX_FOLLOWED_VALUES, type OperatorContext, type OperatorDefinition, type TensorType } from './definition.ts';
import { heldBy } from './element-values.ts';
import { type Cost, pointwiseWork } from './pointwise.ts';
import { countText, OPEN_SCALAR } from './table-texts.ts';

const countOf = (context: OperatorContext, start: Integer, limit: Integer, delta: Integer): Integer => {
  if (delta === 0) context.fail('a step of 0');
  if (typeof start === 'number' && typeof limit === 'number' && typeof delta === 'number') {
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    return Number.isSafeInteger(count) ? count : context.fail(`${start} to ${limit} by ${delta} is beyond 2^53`);
  }
  const isWhole = [start, limit, delta].every((value) => isExpression(value) || Number.isSafeInteger(value));
  if (!isWhole || isExpression(delta)) return context.dataDependent('count');
  const distance = delta > 0 ? subtract(limit, start) : subtract(start, limit);
  return maximum(0, ceilDivide(distance, Math.abs(delta)));
};

const numbersFrom = (
  { dtype }: TensorType,
  count: Integer,
  start: Integer,
  delta: Integer,
): { readonly values?: readonly Integer[] } => {
  if (typeof count !== 'number' || count > MAX_FOLLOWED_VALUES) return {};
  const values: Integer[] = [];
  for (let i = 0; i < count; i++) {
    const value = heldBy(dtype, () => {
      if (typeof start === 'number' && typeof delta === 'number') return start + i * delta;
      return add(start, multiply(delta, i));
    });
    if (value === undefined) return {};
    values.push(value);
  }
  return { values };
};

const COST: Cost = [2, 0];

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Range',
    domain: '',
    since: [11, 27],
    summary: 'Numbers from a start to a limit in equal steps',
    specification: 'https://onnx.ai/onnx/operators/onnx__Range.html',
    table: { shape: 'max(0, ceil((limit - start) / delta))', work: countText(COST), notes: OPEN_SCALAR },
    class: 'elementwise',
    fusion: 'opaque',
    inputRoles: ['setting'],
    infer: (context) => {
      const first = context.input(0);
      const [start, limit, delta] = [0, 1, 2].map((index) => context.input(index).values?.[0]);
      const { dtype } = first;
      if (start === undefined || limit === undefined || delta === undefined) {
        return [{ shape: [context.dataDependent('count')], dtype }];
      }
      const count = countOf(context, start, limit, delta);
      return [{ shape: [count], dtype, ...numbersFrom(first, count, start, delta) }];
    },
    work: (context) => pointwiseWork(context, COST),
  },
];
