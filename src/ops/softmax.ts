/**
 * Softmax. Spec: https://onnx.ai/onnx/operators/onnx__Softmax.html, opsets 1, 11, 13.
 * Per element: a comparison for the maximum, a subtraction, an exponential, an addition and a
 * division. fvcore does not count it. Up to opset 11 it ran over all axes from `axis` on; the
 * work is the same.
 */
import { elementCount } from '../ir/shape.ts';
import { multiply } from '../units/integer.ts';
import type { OperatorDefinition } from './definition.ts';

const FLOPS_PER_ELEMENT = 5;
/** The exponential and the division. */
const TRANSCENDENTALS_PER_ELEMENT = 2;

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Softmax',
    domain: '',
    since: [1, 11, 13],
    summary: 'Exponentials that sum to one; the weights of attention',
    specification: 'https://onnx.ai/onnx/operators/onnx__Softmax.html',
    class: 'activation',
    fusion: 'reduction',
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
        flops: multiply(elements, FLOPS_PER_ELEMENT),
        transcendentals: multiply(elements, TRANSCENDENTALS_PER_ELEMENT),
        treatment: { kind: 'costed' },
      };
    },
  },
];
