/**
 * Clip. Spec: https://onnx.ai/onnx/operators/onnx__Clip.html, opsets 1, 6, 11, 12, 13. The limits are attributes up
 * to opset 10 and inputs from 11 on. max and min are 2 operations per element, whether the limits are stated or not.
 */
import { type Integer, isExpression, maximum, minimum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { type Follow, unary } from './pointwise.ts';

const FIRST_WITH_INPUTS = 11;

/** One limit; `undefined` where it depends on data. */
const limit = (context: OperatorContext, name: 'min' | 'max', index: 1 | 2, fallback: number): Integer | undefined => {
  if (context.opset < FIRST_WITH_INPUTS) return context.integer(name, fallback);
  const operand = context.optionalInput(index);
  return operand === undefined ? fallback : operand.values?.[0];
};

const limits = (context: OperatorContext): Follow => {
  const least = limit(context, 'min', 1, -Infinity);
  const most = limit(context, 'max', 2, Infinity);
  return (a) => {
    if (least === undefined || most === undefined) return undefined;
    if (!isExpression(a) && !isExpression(least) && !isExpression(most)) return Math.min(most, Math.max(a, least));
    const raised = least === -Infinity ? a : maximum(a, least);
    return most === Infinity ? raised : minimum(raised, most);
  };
};

export const operators: readonly OperatorDefinition[] = [
  unary('Clip', [1, 6, 11, 12, 13], 'Limits to a range; ReLU6 is Clip to 0..6', [2, 0], {
    class: 'activation',
    inputRoles: ['activation', 'setting'],
    follow: limits,
  }),
];
