/**
 * Functions of one number. Specs: https://onnx.ai/onnx/operators/ (Abs, Neg, Ceil, Floor, Exp, Log, Sqrt, Reciprocal:
 * opsets 1, 6, 13; Sign, Erf 9, 13; Round 11, 22; the trigonometric 7, 22; the hyperbolic 9, 22).
 * One operation per element; of Reciprocal, roots, exponentials and the like it is transcendental.
 * Round takes halves to the even neighbour.
 * Known gap: open dimensions are not followed through roots, logarithms and fractions.
 */
import { type Integer, isExpression, maximum, negate } from '../units/integer.ts';
import type { OperatorDefinition } from './definition.ts';
import { exceeds, roundHalfEven } from './element-values.ts';
import { type Follow, unary } from './pointwise.ts';

/** What follows numbers, and what expressions, which stand for whole numbers. */
const following =
  (plain: (a: number) => number, exact: (a: Integer) => Integer | undefined = () => undefined): (() => Follow) =>
  () =>
  (a) =>
    isExpression(a) ? exact(a) : plain(a);

const itself = (a: Integer): Integer => a;
const signOf = (a: Integer): Integer | undefined => {
  if (exceeds(a, 0) === true) return 1;
  return exceeds(0, a) === true ? -1 : undefined;
};

const simple = (type: string, since: readonly number[], summary: string, follow: () => Follow): OperatorDefinition =>
  unary(type, since, summary, [1, 0], { follow });

const NUMBERS_ONLY = 'contents: open dimensions are not followed';

const transcendental = (
  type: string,
  since: readonly number[],
  summary: string,
  plain?: (a: number) => number,
): OperatorDefinition =>
  unary(type, since, summary, [1, 1], plain === undefined ? {} : { follow: following(plain), notes: NUMBERS_ONLY });

const BASIC = [1, 6, 13];
const TRIGONOMETRIC = [7, 22];
const HYPERBOLIC = [9, 22];

export const operators: readonly OperatorDefinition[] = [
  simple(
    'Abs',
    BASIC,
    'Absolute value',
    following(Math.abs, (a) => maximum(a, negate(a))),
  ),
  simple(
    'Neg',
    BASIC,
    'The value with its sign turned',
    following((a) => 0 - a, negate),
  ),
  simple('Ceil', BASIC, 'Rounds up', following(Math.ceil, itself)),
  simple('Floor', BASIC, 'Rounds down', following(Math.floor, itself)),
  simple('Round', [11, 22], 'Rounds to the nearest, halves to even', following(roundHalfEven, itself)),
  simple('Sign', [9, 13], '-1, 0 or 1 by the sign', following(Math.sign, signOf)),
  transcendental('Sqrt', BASIC, 'Square root', Math.sqrt),
  transcendental('Reciprocal', BASIC, 'One over the value', (a) => 1 / a),
  transcendental('Exp', BASIC, 'Exponential', Math.exp),
  transcendental('Log', BASIC, 'Natural logarithm', Math.log),
  transcendental('Erf', [9, 13], 'Error function; the inside of GELU as exporters write it'),
  transcendental('Sin', TRIGONOMETRIC, 'Sine; rotary and sinusoidal position embeddings'),
  transcendental('Cos', TRIGONOMETRIC, 'Cosine; rotary and sinusoidal position embeddings'),
  transcendental('Tan', TRIGONOMETRIC, 'Tangent'),
  transcendental('Asin', TRIGONOMETRIC, 'Inverse sine'),
  transcendental('Acos', TRIGONOMETRIC, 'Inverse cosine'),
  transcendental('Atan', TRIGONOMETRIC, 'Inverse tangent'),
  transcendental('Sinh', HYPERBOLIC, 'Hyperbolic sine'),
  transcendental('Cosh', HYPERBOLIC, 'Hyperbolic cosine'),
  transcendental('Asinh', HYPERBOLIC, 'Inverse hyperbolic sine'),
  transcendental('Acosh', HYPERBOLIC, 'Inverse hyperbolic cosine'),
  transcendental('Atanh', HYPERBOLIC, 'Inverse hyperbolic tangent'),
];
