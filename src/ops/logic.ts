/**
 * Logic on bool tensors. Specs: https://onnx.ai/onnx/operators/ (And, Or, Xor: opsets 1, 7; Not 1). One operation per
 * output element. In opset 1 the second operand was aligned by `axis`.
 */
import type { OperatorDefinition } from './definition.ts';
import { binary, unary } from './pointwise.ts';
import { followed } from './values.ts';

const logic = (type: string, summary: string, decide: (a: boolean, b: boolean) => boolean): OperatorDefinition =>
  binary(type, [1, 7], summary, [1, 0], {
    dtype: 'bool',
    follow: () => followed((a, b) => Number(decide(a !== 0, b !== 0))),
  });

export const operators: readonly OperatorDefinition[] = [
  logic('And', 'Whether both hold', (a, b) => a && b),
  logic('Or', 'Whether one of two holds', (a, b) => a || b),
  logic('Xor', 'Whether exactly one of two holds', (a, b) => a !== b),
  unary('Not', [1], 'Whether it does not hold', [1, 0], {
    dtype: 'bool',
    follow: () => (a) => (typeof a === 'number' ? Number(a === 0) : undefined),
  }),
];
