/**
 * Normalizations without learned scales. Specs: https://onnx.ai/onnx/operators/ (LRN: opsets 1, 13; LpNormalization: 1,
 * 22; MeanVarianceNormalization: 9, 13).
 *   LRN                         per element a square, the sum of the `size` squares of the channels around it (size - 1),
 *                               a product, an addition, a power and a division: size + 4, two of them transcendental.
 *                               At the ends, where channels are missing, it counts as in the middle
 *   LpNormalization             per element a square (p = 2) or an absolute value (p = 1), an addition and a division;
 *                               per row, with p = 2, a square root
 *   MeanVarianceNormalization   as stated in normalization.ts, without scale and shift; over `axes`, by default over
 *                               items, height and width
 * fvcore knows only the last of them, as an instance normalization without scales.
 */
import { elementCount } from '../ir/shape.ts';
import { add, multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { standardization, standardizationText } from './normalization.ts';
import { countText, SAME_SHAPE } from './table-texts.ts';

const LRN_BESIDE_WINDOW = { flops: 4, transcendentals: 2 };
const LRN_TEXT = `size + ${LRN_BESIDE_WINDOW.flops} per element, ${LRN_BESIDE_WINDOW.transcendentals} of them transcendental`;
const LP_PER_ELEMENT = { flops: 3, transcendentals: 1 };
const PLAIN = { scale: false, shift: false };

const windowOf = (context: OperatorContext): number => {
  const size = context.integer('size');
  return Number.isInteger(size) && size >= 1 ? size : context.fail(`size is ${size}, expected 1 or more channels`);
};

const normOf = (context: OperatorContext): 1 | 2 => {
  const p = context.integer('p', 2);
  return p === 1 || p === 2 ? p : context.fail(`p is ${p}, expected 1 or 2`);
};

const rowAxis = (context: OperatorContext): number =>
  context.axis(context.integer('axis', -1), context.input(0).shape.length);

const normalizedAxes = (context: OperatorContext): readonly number[] =>
  context.integers('axes', [0, 2, 3]).map((axis) => context.axis(axis, context.input(0).shape.length));

const normalization = (
  type: string,
  since: readonly number[],
  summary: string,
  check: (context: OperatorContext) => unknown,
  text: string,
  work: OperatorDefinition['work'],
  notes?: string,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape: SAME_SHAPE, work: text, ...(notes !== undefined && { notes }) },
  class: 'normalization',
  fusion: 'reduction',
  inputRoles: ['activation'],
  infer: (context) => {
    const { shape, dtype } = context.input(0);
    check(context);
    return [{ shape, dtype }];
  },
  work,
});

export const operators: readonly OperatorDefinition[] = [
  normalization(
    'LRN',
    [1, 13],
    'Divides by the energy of the channels around; AlexNet',
    windowOf,
    LRN_TEXT,
    (context) => {
      const elements = elementCount(context.input(0).shape);
      return {
        macs: 0,
        flops: multiply(elements, windowOf(context) + LRN_BESIDE_WINDOW.flops),
        transcendentals: multiply(elements, LRN_BESIDE_WINDOW.transcendentals),
        treatment: { kind: 'costed' },
      };
    },
    'at the ends channels that are missing count too',
  ),
  normalization(
    'LpNormalization',
    [1, 22],
    'Divides each row by its norm',
    (context) => [normOf(context), rowAxis(context)],
    `${countText([LP_PER_ELEMENT.flops, LP_PER_ELEMENT.transcendentals], 'element')}; 1 per row, transcendental, with p = 2`,
    (context) => {
      const { shape } = context.input(0);
      const elements = elementCount(shape);
      const axis = rowAxis(context);
      const roots = normOf(context) === 2 ? elementCount(shape.filter((_, index) => index !== axis)) : 0;
      return {
        macs: 0,
        flops: add(multiply(elements, LP_PER_ELEMENT.flops), roots),
        transcendentals: add(multiply(elements, LP_PER_ELEMENT.transcendentals), roots),
        treatment: { kind: 'costed' },
      };
    },
  ),
  normalization(
    'MeanVarianceNormalization',
    [9, 13],
    'Gives chosen axes a mean of 0 and a variance of 1',
    normalizedAxes,
    standardizationText('group', PLAIN),
    (context) => {
      const { shape } = context.input(0);
      const axes = normalizedAxes(context);
      const groups = elementCount(shape.filter((_, axis) => !axes.includes(axis)));
      return standardization(elementCount(shape), groups, PLAIN);
    },
  ),
];
