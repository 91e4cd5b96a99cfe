/**
 * Place of the largest or smallest element along an axis. Specs: https://onnx.ai/onnx/operators/ (ArgMax, ArgMin),
 * opsets 1, 11, 12, 13; which of several equal ones is an attribute since 12. w elements cost w - 1 comparisons.
 */
import type { Integer } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { combinations, reducedShape, reducedValues } from './reduced-axes.ts';
import { REDUCED } from './table-texts.ts';

const axesOf = (context: OperatorContext): ReadonlySet<number> =>
  new Set([context.axis(context.integer('axis', 0), context.input(0).shape.length)]);

const placeOf =
  (context: OperatorContext, pick: (...values: readonly number[]) => number) =>
  (elements: readonly Integer[]): Integer | undefined => {
    const numbers = elements.filter((value) => typeof value === 'number');
    if (numbers.length === 0 || numbers.length < elements.length) return undefined;
    const chosen = pick(...numbers);
    return context.integer('select_last_index', 0) === 1 ? numbers.lastIndexOf(chosen) : numbers.indexOf(chosen);
  };

const extreme = (
  type: string,
  summary: string,
  pick: (...values: readonly number[]) => number,
): OperatorDefinition => ({
  type,
  domain: '',
  since: [1, 11, 12, 13],
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape: REDUCED, work: 'w - 1 per row of w elements' },
  class: 'pooling',
  fusion: 'reduction',
  inputRoles: ['activation'],
  infer: (context) => {
    const axes = axesOf(context);
    const values = reducedValues(context.input(0), axes, placeOf(context, pick), 'int64');
    return [{ shape: reducedShape(context, axes), dtype: 'int64', ...values }];
  },
  work: (context) => ({
    macs: 0,
    flops: combinations(context.input(0).shape, context.output(0).shape),
    transcendentals: 0,
    treatment: { kind: 'costed' },
  }),
});

export const operators: readonly OperatorDefinition[] = [
  extreme('ArgMax', 'Place of the largest element along an axis', Math.max),
  extreme('ArgMin', 'Place of the smallest element along an axis', Math.min),
];
