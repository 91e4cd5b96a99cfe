/**
 * Unary activations. Specs: https://onnx.ai/onnx/operators/ (Relu, Clip, Sigmoid, HardSigmoid,
 * HardSwish, Swish). Operations per element are the arithmetic of the definition, a comparison
 * counting as one:
 *   Relu         max                                              1
 *   Clip         max, min                                         2
 *   Sigmoid      negate, exp, add, divide                         4, two of them transcendental
 *   HardSigmoid  multiply, add, max, min                          4
 *   HardSwish    HardSigmoid and one multiply                     5
 *   Swish (SiLU) Sigmoid and one multiply                         5, two of them transcendental
 * Known gap: Swish with alpha other than 1 costs one multiply more.
 */
import { elementCount } from '../ir/shape.ts';
import { multiply } from '../units/integer.ts';
import type { OperandRole, OperatorDefinition } from './definition.ts';

const unary = (
  type: string,
  since: readonly number[],
  summary: string,
  flopsPerElement: number,
  transcendentalsPerElement = 0,
  inputRoles: readonly OperandRole[] = ['activation'],
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  class: 'activation',
  fusion: 'pointwise',
  inPlace: true,
  inputRoles,
  infer: (context) => {
    const { shape, dtype } = context.input(0);
    return [{ shape, dtype }];
  },
  work: (context) => {
    const elements = elementCount(context.output(0).shape);
    return {
      macs: 0,
      flops: multiply(elements, flopsPerElement),
      transcendentals: multiply(elements, transcendentalsPerElement),
      treatment: { kind: 'costed' },
    };
  },
});

export const operators: readonly OperatorDefinition[] = [
  unary('Relu', [1, 6, 13, 14], 'max(0, x)', 1),
  unary('Clip', [1, 6, 11, 12, 13], 'Limits to a range; ReLU6 is Clip to 0..6', 2, 0, ['activation', 'setting']),
  unary('Sigmoid', [1, 6, 13], '1 / (1 + exp(-x))', 4, 2),
  unary('HardSigmoid', [1, 6, 22], 'max(0, min(1, alpha x + beta))', 4),
  unary('HardSwish', [14, 22], 'x times its hard sigmoid', 5),
  unary('Swish', [24], 'x times its sigmoid; SiLU', 5, 2),
];
