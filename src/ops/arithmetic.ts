/**
 * Binary arithmetic with broadcasting. Specs: https://onnx.ai/onnx/operators/ (Add, Sub, Mul, Div: opsets 1, 6, 7,
 * 13, 14; Mod 10, 13, 28; Pow 1, 7, 12, 13, 15). Up to opset 6 the second operand was aligned by `axis`.
 * Operations per output element:
 *   Add, Sub, Mul  1
 *   Div            1, transcendental; on integers it rounds toward zero
 *   Mod            a - b floor(a / b): 4, one of them transcendental
 *   Pow            1, transcendental; with a known whole exponent k from 2 to 4, k - 1 products
 * Known gap: a quotient of floats that an open dimension does not divide exactly is not followed.
 */
import { isFloating } from '../ir/dtype.ts';
import {
  add,
  divideExactly,
  floorDivide,
  type Integer,
  isExpression,
  isPositive,
  modulo,
  multiply,
  product,
  subtract,
} from '../units/integer.ts';
import type { OperatorDefinition } from './definition.ts';
import { exceeds } from './element-values.ts';
import { binary, type Cost, type Follow, type VaryingCost } from './pointwise.ts';
import { countText } from './table-texts.ts';
import { followed } from './values.ts';

const SINCE = [1, 6, 7, 13, 14];

/** Up to this exponent a power is written as products. */
const MAX_MULTIPLIED_POWER = 4;
const POWER: Cost = [1, 1];

/** Whether rounding a / b down is rounding it toward zero, and b is never 0. */
const isPlainQuotient = (a: Integer, b: Integer): boolean => isPositive(b) === true && exceeds(a, -1) === true;

const quotient = (isFloat: boolean): Follow =>
  followed(
    (a, b) => {
      if (isFloat) return a / b;
      return b === 0 ? Number.NaN : Math.trunc(a / b);
    },
    (a, b) => {
      if (b === 0) return undefined;
      // What divides exactly needs no rounding, whatever the signs; that an open divisor is 0 would be an empty tensor.
      return divideExactly(a, b) ?? (!isFloat && isPlainQuotient(a, b) ? floorDivide(a, b) : undefined);
    },
  );

const remainder = (truncates: boolean): Follow =>
  followed(
    (a, b) => (truncates ? a % b : a - Math.floor(a / b) * b),
    (a, b) => (isPositive(b) === true && (!truncates || isPlainQuotient(a, b)) ? modulo(a, b) : undefined),
  );

const power: Follow = followed(
  (a, b) => a ** b,
  (a, b) =>
    isExpression(b) || b < 0 || b > MAX_MULTIPLIED_POWER ? undefined : product(Array.from({ length: b }, () => a)),
);

/** What a power costs depends on its exponent, which is mostly a constant. */
const powerCost: VaryingCost = {
  of: (context) => {
    const [exponent, second] = context.input(1).values ?? [];
    const isMultiplied =
      second === undefined &&
      typeof exponent === 'number' &&
      Number.isInteger(exponent) &&
      exponent >= 2 &&
      exponent <= MAX_MULTIPLIED_POWER;
    return isMultiplied ? [exponent - 1, 0] : POWER;
  },
  text: `${countText(POWER)}; k - 1 with a known k of 2 to ${MAX_MULTIPLIED_POWER}`,
};

export const operators: readonly OperatorDefinition[] = [
  binary('Add', SINCE, 'Element-wise sum; the residual connection', [1, 0], {
    follow: () => followed((a, b) => a + b, add),
  }),
  binary('Sub', SINCE, 'Element-wise difference', [1, 0], {
    follow: () => followed((a, b) => a - b, subtract),
  }),
  binary('Mul', SINCE, 'Element-wise product; the gate of squeeze-and-excitation', [1, 0], {
    follow: () => followed((a, b) => a * b, multiply),
  }),
  binary('Div', SINCE, 'Element-wise quotient; of integers, rounded toward zero', [1, 1], {
    follow: (_, dtype) => quotient(isFloating(dtype)),
    notes: 'contents: inexact float quotients of open dimensions are not followed',
  }),
  binary('Mod', [10, 13, 28], 'Element-wise remainder', [4, 1], {
    follow: (context) => remainder(context.integer('fmod', 0) === 1),
  }),
  binary('Pow', [1, 7, 12, 13, 15], 'Element-wise power', powerCost, { mixedTypes: true, follow: () => power }),
];
