/**
 * Pooling. Specs: https://onnx.ai/onnx/operators/ (GlobalAveragePool, AveragePool, MaxPool).
 * A window of w elements costs w - 1 comparisons (max) or w - 1 additions and one division (average).
 */
import { elementCount } from '../ir/shape.ts';
import { add, type Integer, multiply, product } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { windowGeometry } from './window.ts';

const inferWindow: OperatorDefinition['infer'] = (context) => {
  const { shape, dtype } = context.input(0);
  const { outputExtents } = windowGeometry(context, shape.slice(2), context.integers('kernel_shape'));
  return [{ shape: [...shape.slice(0, 2), ...outputExtents], dtype }];
};

const windowSize = (context: OperatorContext): Integer => product(context.integers('kernel_shape'));

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'GlobalAveragePool',
    domain: '',
    since: [1, 22],
    summary: 'Mean over all spatial positions',
    specification: 'https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html',
    class: 'pooling',
    fusion: 'reduction',
    inputRoles: ['activation'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      return [{ shape: [...shape.slice(0, 2), ...shape.slice(2).map(() => 1)], dtype }];
    },
    work: (context) => {
      const inputs = elementCount(context.input(0).shape);
      return {
        macs: 0,
        flops: inputs,
        transcendentals: elementCount(context.output(0).shape),
        // fvcore: adaptive average pooling counts 1 per input element.
        fvcoreCount: inputs,
        treatment: { kind: 'costed' },
      };
    },
  },
  {
    type: 'MaxPool',
    domain: '',
    since: [1, 8, 10, 11, 12, 22],
    summary: 'Maximum over a sliding window',
    specification: 'https://onnx.ai/onnx/operators/onnx__MaxPool.html',
    class: 'pooling',
    fusion: 'window',
    inputRoles: ['activation'],
    infer: inferWindow,
    work: (context) => ({
      macs: 0,
      flops: multiply(elementCount(context.output(0).shape), add(windowSize(context), -1)),
      transcendentals: 0,
      treatment: { kind: 'costed' },
    }),
  },
  {
    type: 'AveragePool',
    domain: '',
    since: [1, 7, 10, 11, 19, 22],
    summary: 'Mean over a sliding window',
    specification: 'https://onnx.ai/onnx/operators/onnx__AveragePool.html',
    class: 'pooling',
    fusion: 'window',
    inputRoles: ['activation'],
    infer: inferWindow,
    work: (context) => {
      const outputs = elementCount(context.output(0).shape);
      return {
        macs: 0,
        flops: multiply(outputs, windowSize(context)),
        transcendentals: outputs,
        treatment: { kind: 'costed' },
      };
    },
  },
];
