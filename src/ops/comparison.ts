/**
 * Comparisons, whose results are of type bool. Specs: https://onnx.ai/onnx/operators/ (Equal: opsets 1, 7, 11, 13, 19;
 * Greater, Less 1, 7, 9, 13; GreaterOrEqual, LessOrEqual 12, 16; IsNaN 9, 13, 20; IsInf 10, 20).
 * One operation per output element; IsInf compares once for each of the two infinities it looks for. Up to opset 6
 * the second operand was aligned by `axis`. An open dimension is compared where all its values from 1 on agree.
 */
import { type Integer, isExpression } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { exceeds } from './element-values.ts';
import { binary, type Follow, unary } from './pointwise.ts';
import { countText } from './table-texts.ts';
import { freeOf } from './work.ts';

const bit = (holds: boolean | undefined): number | undefined => (holds === undefined ? undefined : Number(holds));
const not = (holds: boolean | undefined): boolean | undefined => (holds === undefined ? undefined : !holds);

/** Whether two values are equal; `undefined` where some extents make them so. */
const equals = (a: Integer, b: Integer): boolean | undefined => {
  if (!isExpression(a) && !isExpression(b)) return a === b;
  const greater = exceeds(a, b);
  const less = exceeds(b, a);
  if (greater === true || less === true) return false;
  return greater === false && less === false ? true : undefined;
};

const compares = (decide: (a: Integer, b: Integer) => boolean | undefined): (() => Follow) => {
  return () => (a, b) => (b === undefined ? undefined : bit(decide(a, b)));
};

const isNaNumber = (a: Integer): boolean => Number.isNaN(a);

const comparison = (
  type: string,
  since: readonly number[],
  summary: string,
  decide: (a: Integer, b: Integer) => boolean | undefined,
): OperatorDefinition => binary(type, since, summary, [1, 0], { dtype: 'bool', follow: compares(decide) });

/** A comparison with what is no number is false, whichever way it is asked. */
const ordered =
  (decide: (a: Integer, b: Integer) => boolean | undefined) =>
  (a: Integer, b: Integer): boolean | undefined =>
    isNaNumber(a) || isNaNumber(b) ? false : decide(a, b);

const looksFor = (context: OperatorContext, sign: 'positive' | 'negative'): boolean =>
  context.integer(`detect_${sign}`, 1) !== 0;

const infinity = unary(
  'IsInf',
  [10, 20],
  'Whether a value is infinite',
  {
    of: (context) => [Number(looksFor(context, 'positive')) + Number(looksFor(context, 'negative')), 0],
    text: `${countText([1, 0])} for each infinity that it looks for`,
  },
  {
    dtype: 'bool',
    follow: (context) => {
      const positive = looksFor(context, 'positive');
      const negative = looksFor(context, 'negative');
      return (a) => bit((positive && a === Infinity) || (negative && a === -Infinity));
    },
  },
);

export const operators: readonly OperatorDefinition[] = [
  comparison('Equal', [1, 7, 11, 13, 19], 'Whether two values are equal', equals),
  comparison(
    'Greater',
    [1, 7, 9, 13],
    'Whether the first value is greater',
    ordered((a, b) => exceeds(a, b)),
  ),
  comparison(
    'GreaterOrEqual',
    [12, 16],
    'Whether the first value is greater or equal',
    ordered((a, b) => not(exceeds(b, a))),
  ),
  comparison(
    'Less',
    [1, 7, 9, 13],
    'Whether the first value is less',
    ordered((a, b) => exceeds(b, a)),
  ),
  comparison(
    'LessOrEqual',
    [12, 16],
    'Whether the first value is less or equal',
    ordered((a, b) => not(exceeds(a, b))),
  ),
  unary('IsNaN', [9, 13, 20], 'Whether a value is not a number', [1, 0], {
    dtype: 'bool',
    follow: () => (a) => bit(isNaNumber(a)),
  }),
  {
    ...infinity,
    work: (context) =>
      looksFor(context, 'positive') || looksFor(context, 'negative')
        ? infinity.work(context)
        : freeOf('it looks for neither infinity'),
  },
];
