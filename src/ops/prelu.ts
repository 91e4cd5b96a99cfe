/**
 * PRelu. Spec: https://onnx.ai/onnx/operators/onnx__PRelu.html, opsets 1, 6, 7, 9, 16. x, or slope times x where it
 * is negative: compare, multiply, choose, 3 operations per element. The slope broadcasts to the input and not the
 * other way around; up to opset 6 a slope of C elements was one for each channel (axis 1).
 */
import type { Shape } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { broadcastPair, type Cost, expectSameType, pointwiseWork } from './pointwise.ts';
import { countText } from './table-texts.ts';

const BROADCASTS = 7;
const COST: Cost = [3, 0];

/** Shape of the slope as it broadcasts to an input of shape `input`. */
const aligned = (context: OperatorContext, input: Shape, slope: Shape): Shape => {
  if (context.opset >= BROADCASTS || slope.length !== 1 || input.length < 2) return slope;
  return [...slope, ...input.slice(2).map(() => 1)];
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'PRelu',
    domain: '',
    since: [1, 6, 7, 9, 16],
    summary: 'x, or a learned slope times x where it is negative',
    specification: 'https://onnx.ai/onnx/operators/onnx__PRelu.html',
    table: { shape: 'same as the input, to which the slope broadcasts', work: countText(COST) },
    class: 'activation',
    fusion: 'pointwise',
    inPlace: true,
    inputRoles: ['activation', 'weight'],
    infer: (context) => {
      const input = context.input(0);
      const slope = context.input(1);
      expectSameType(context, [input, slope]);
      const shape = broadcastPair(context, input.shape, aligned(context, input.shape, slope.shape));
      const isWider = shape.some((dim, axis) => input.shape[axis] === 1 && dim !== 1);
      if (shape.length > input.shape.length || isWider) {
        context.fail(
          `a slope of ${formatShape(slope.shape)} does not broadcast to an input of ${formatShape(input.shape)}`,
        );
      }
      return [{ shape: input.shape, dtype: input.dtype }];
    },
    work: (context) => pointwiseWork(context, COST),
  },
];
