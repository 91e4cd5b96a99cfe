/**
 * Gelu. Spec: https://onnx.ai/onnx/operators/onnx__Gelu.html, opset 20. Operations per element:
 *   none  0.5 x (1 + erf(x / sqrt 2)): multiply, erf, add, multiply, multiply                        5
 *   tanh  0.5 x (1 + tanh(c (x + 0.044715 x^3))): 2 for the cube, 2 for the sum, 1 for c, tanh,
 *         add, multiply, multiply                                                                   9
 * one of them transcendental. 1 / sqrt 2 and c are constants.
 */
import { elementCount } from '../ir/shape.ts';
import { multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { countText, SAME_SHAPE } from './table-texts.ts';

const FLOPS = { none: 5, tanh: 9 };

const flopsPerElement = (context: OperatorContext): number => {
  const approximate = context.text('approximate', 'none');
  if (approximate === 'none' || approximate === 'tanh') return FLOPS[approximate];
  return context.fail(`approximate "${approximate}" is neither "none" nor "tanh"`);
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Gelu',
    domain: '',
    since: [20],
    summary: 'x times the normal distribution function of x',
    specification: 'https://onnx.ai/onnx/operators/onnx__Gelu.html',
    table: { shape: SAME_SHAPE, work: `${countText([FLOPS.none, 1])}; ${FLOPS.tanh} in all with tanh` },
    class: 'activation',
    fusion: 'pointwise',
    inPlace: true,
    inputRoles: ['activation'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      return [{ shape, dtype }];
    },
    work: (context) => {
      const elements = elementCount(context.output(0).shape);
      return {
        macs: 0,
        flops: multiply(elements, flopsPerElement(context)),
        transcendentals: elements,
        treatment: { kind: 'costed' },
      };
    },
  },
];
