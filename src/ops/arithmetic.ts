/**
 * Binary arithmetic with broadcasting. Specs: https://onnx.ai/onnx/operators/ (Add, Mul), opsets 1, 6, 7, 13, 14.
 * One operation per output element.
 */
import { broadcastShapes, elementCount, formatShape } from '../ir/shape.ts';
import { ZERO_COUNT } from '../units/count.ts';
import type { OperatorDefinition } from './definition.ts';

const binary = (type: string, summary: string): OperatorDefinition => ({
  type,
  domain: '',
  since: [1, 6, 7, 13, 14],
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  class: 'elementwise',
  fusion: 'pointwise',
  inPlace: true,
  inputRoles: ['activation', 'activation'],
  infer: (context) => {
    const left = context.input(0);
    const right = context.input(1);
    const shape =
      broadcastShapes(left.shape, right.shape) ??
      context.fail(`shapes ${formatShape(left.shape)} and ${formatShape(right.shape)} do not broadcast`);
    return [{ shape, dtype: left.dtype }];
  },
  work: (context) => ({
    macs: ZERO_COUNT,
    flops: elementCount(context.output(0).shape),
    transcendentals: ZERO_COUNT,
    treatment: { kind: 'costed' },
  }),
});

export const operators: readonly OperatorDefinition[] = [
  binary('Add', 'Element-wise sum; the residual connection'),
  binary('Mul', 'Element-wise product; the gate of squeeze-and-excitation'),
];
