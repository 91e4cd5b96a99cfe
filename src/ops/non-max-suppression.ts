/**
 * NonMaxSuppression. Spec: https://onnx.ai/onnx/operators/onnx__NonMaxSuppression.html, opsets 10, 11. How many boxes it
 * keeps is an open dimension, `<node>.count`; without a number of boxes to keep (input 2), or with 0, it keeps none.
 * Approximated: per box and class a comparison with the least score and one overlap with a box that was kept. The overlap
 * is 4 maxima and minima, 2 subtractions, 2 maxima with 0 and a product, the union of two areas (2 subtractions and a
 * product for the box's own, an addition, a subtraction), a division and a comparison: 16. How many boxes are compared
 * with how many others depends on data: at most all with all that are kept.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { countText } from './table-texts.ts';
import { freeOf } from './work.ts';

const FLOPS_PER_SCORE = 17;

const keepsNone = (context: OperatorContext): boolean => !context.hasInput(2) || context.input(2).values?.[0] === 0;

const checkOperands = (context: OperatorContext): void => {
  const boxes = context.input(0).shape;
  const scores = context.input(1).shape;
  if (boxes.length !== 3 || scores.length !== 3) {
    context.fail(`boxes of ${boxes.length} and scores of ${scores.length} axes, expected 3 each`);
  }
  context.agree(boxes[0] as Dim, scores[0] as Dim, 'items of boxes and scores');
  context.agree(boxes[1] as Dim, scores[2] as Dim, 'boxes and scores');
  context.agree(boxes[2] as Dim, 4, 'coordinates of a box');
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'NonMaxSuppression',
    domain: '',
    since: [10, 11],
    summary: 'Drops boxes that overlap with better ones; detectors',
    specification: 'https://onnx.ai/onnx/operators/onnx__NonMaxSuppression.html',
    table: {
      shape: 'boxes kept × 3',
      work: countText([FLOPS_PER_SCORE, 1], 'box and class'),
      notes: 'one overlap per box and class; data decides on the number kept',
    },
    class: 'other',
    fusion: 'opaque',
    inputRoles: ['activation', 'activation', 'setting'],
    infer: (context) => {
      checkOperands(context);
      const count = keepsNone(context) ? 0 : context.dataDependent('count');
      return [{ shape: [count, 3], dtype: 'int64' }];
    },
    work: (context) => {
      if (keepsNone(context)) return freeOf('no box is to be kept');
      const scores = elementCount(context.input(1).shape);
      return {
        macs: 0,
        flops: multiply(scores, FLOPS_PER_SCORE),
        // The division of each overlap.
        transcendentals: scores,
        treatment: {
          kind: 'approximated',
          reason: 'one overlap per box and class: how many are compared with how many others depends on data',
        },
      };
    },
  },
];
