/**
 * Softmax and its relatives. Specs: https://onnx.ai/onnx/operators/ (Softmax, LogSoftmax, Hardmax), opsets 1, 11, 13.
 * Up to opset 12 they run over all axes from `axis` on, which is 1 unless stated; from 13 on over `axis` alone, the last
 * unless stated. Operations, where the first element of a row counts like the others:
 *   Softmax      per element a comparison for the maximum, a subtraction, an exponential, an addition and a division
 *   LogSoftmax   per element a comparison, a subtraction, an exponential, an addition and the subtraction of the
 *                logarithm, of which there is one per row
 *   Hardmax      per element a comparison for the maximum and the choice of 1 or 0
 * fvcore counts none of them.
 */
import type { Shape } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, type Integer, multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import type { Cost } from './pointwise.ts';
import { countText, SAME_SHAPE } from './table-texts.ts';

/** First opset in which a single axis is normalized. */
const SINGLE_AXIS = 13;

interface Kind {
  readonly perElement: Cost;
  readonly perRow?: Cost;
}

/** The axes that do not take part: each of their places is a row. */
const rowExtents = (context: OperatorContext): Shape => {
  const { shape } = context.input(0);
  // A single number is a row by itself.
  if (shape.length === 0) return [];
  const isSingle = context.opset >= SINGLE_AXIS;
  const stated = context.integer('axis', isSingle ? -1 : 1);
  if (isSingle) {
    const axis = context.axis(stated, shape.length);
    return shape.filter((_, index) => index !== axis);
  }
  // One past the last axis leaves rows of a single element.
  const first = stated === shape.length ? stated : context.axis(stated, shape.length);
  return shape.slice(0, first);
};

const work =
  ({ perElement, perRow = [0, 0] }: Kind): OperatorDefinition['work'] =>
  (context) => {
    const elements = elementCount(context.output(0).shape);
    const rows = elementCount(rowExtents(context));
    const times = (place: 0 | 1): Integer => add(multiply(elements, perElement[place]), multiply(rows, perRow[place]));
    return { macs: 0, flops: times(0), transcendentals: times(1), treatment: { kind: 'costed' } };
  };

const overRows = (type: string, summary: string, kind: Kind): OperatorDefinition => ({
  type,
  domain: '',
  since: [1, 11, 13],
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: {
    shape: SAME_SHAPE,
    work: [countText(kind.perElement, 'element'), ...(kind.perRow ? [countText(kind.perRow, 'row')] : [])].join('; '),
  },
  class: 'activation',
  fusion: 'reduction',
  takesDense: true,
  inPlace: true,
  inputRoles: ['activation'],
  infer: (context) => {
    const { shape, dtype } = context.input(0);
    // Holds the axis to those that the tensor has.
    rowExtents(context);
    return [{ shape, dtype }];
  },
  work: work(kind),
});

export const operators: readonly OperatorDefinition[] = [
  overRows('Softmax', 'Exponentials that sum to one; the weights of attention', { perElement: [5, 2] }),
  overRows('LogSoftmax', 'Logarithm of the softmax', { perElement: [5, 1], perRow: [1, 1] }),
  overRows('Hardmax', 'One at the first largest element of each row, else zero', { perElement: [2, 0] }),
];
