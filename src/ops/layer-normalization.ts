/**
 * LayerNormalization. Spec: https://onnx.ai/onnx/operators/onnx__LayerNormalization.html, opset 17.
 * Over the axes from `axis` on. Per element: one addition for the mean, a subtraction, a square
 * and an addition for the variance, a product with the reciprocal deviation, the scale, and the
 * shift where there is one. Per group of elements: two divisions by their number, an addition of
 * epsilon, a square root and its reciprocal, which is a division.
 */
import { broadcastShapes, elementCount } from '../ir/shape.ts';
import { add, multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';

const FLOPS_PER_ELEMENT = 6;
const FLOPS_PER_GROUP = 5;
/** Two means, a root, a reciprocal. */
const TRANSCENDENTALS_PER_GROUP = 4;
/** fvcore's convention for a normalization with scale and shift. */
const FVCORE_PER_ELEMENT = 5;

const firstAxis = (context: OperatorContext): number => {
  const rank = context.input(0).shape.length;
  const axis = context.integer('axis', -1);
  return axis < 0 ? axis + rank : axis;
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'LayerNormalization',
    domain: '',
    since: [17],
    summary: 'Normalizes each position over its channels, then scales and shifts',
    specification: 'https://onnx.ai/onnx/operators/onnx__LayerNormalization.html',
    class: 'normalization',
    fusion: 'reduction',
    inputRoles: ['activation', 'weight', 'weight'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      const axis = firstAxis(context);
      const normalized = shape.slice(axis);
      const scale = context.input(1).shape;
      if (scale.length > normalized.length) context.fail('the scale has more axes than are normalized');
      broadcastShapes(scale, normalized, (a, b) => context.broadcast(a, b));
      // Mean and reciprocal deviation are optional second and third outputs.
      const group = { shape: shape.map((dim, index) => (index < axis ? dim : 1)), dtype: 'fp32' as const };
      return [{ shape, dtype }, group, group].slice(0, context.node.outputs.length);
    },
    work: (context) => {
      const { shape } = context.input(0);
      const elements = elementCount(shape);
      const groups = elementCount(shape.slice(0, firstAxis(context)));
      const perElement = FLOPS_PER_ELEMENT + (context.hasInput(2) ? 1 : 0);
      return {
        macs: 0,
        flops: add(multiply(elements, perElement), multiply(groups, FLOPS_PER_GROUP)),
        transcendentals: multiply(groups, TRANSCENDENTALS_PER_GROUP),
        fvcoreCount: multiply(elements, FVCORE_PER_ELEMENT),
        treatment: { kind: 'costed' },
      };
    },
  },
];
