/**
 * Operations on the bits of integers. Specs: https://onnx.ai/onnx/operators/ (BitShift: opsets 11, 28; BitwiseAnd,
 * BitwiseOr, BitwiseXor, BitwiseNot 18). One operation per output element. A right shift keeps the sign (opset 28).
 * Known gap: shifts that push bits out of the type are not followed.
 */
import { floorDivide, isExpression, multiply, subtract } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { rangeOfType } from './element-values.ts';
import { binary, type Follow, unary } from './pointwise.ts';
import { followed } from './values.ts';

/** Above this 2^shift is no exact factor. */
const MAX_SHIFT = 52;

const shifts = (context: OperatorContext): Follow => {
  const direction = context.text('direction');
  if (direction !== 'LEFT' && direction !== 'RIGHT') {
    return context.fail(`direction "${direction}" is neither "LEFT" nor "RIGHT"`);
  }
  return (a, b) => {
    if (b === undefined || isExpression(b) || b < 0 || b > MAX_SHIFT) return undefined;
    if (typeof a === 'number' && !Number.isSafeInteger(a)) return undefined;
    return direction === 'LEFT' ? multiply(a, 2 ** b) : floorDivide(a, 2 ** b);
  };
};

const bitwise = (type: string, summary: string, combine: (a: bigint, b: bigint) => bigint): OperatorDefinition =>
  binary(type, [18], summary, [1, 0], {
    follow: () =>
      followed((a, b) =>
        Number.isSafeInteger(a) && Number.isSafeInteger(b) ? Number(combine(BigInt(a), BigInt(b))) : Number.NaN,
      ),
  });

export const operators: readonly OperatorDefinition[] = [
  binary('BitShift', [11, 28], 'Shifts bits left or right', [1, 0], {
    follow: shifts,
    notes: 'contents: bits shifted out of the type are not followed',
  }),
  bitwise('BitwiseAnd', 'Bits that both have', (a, b) => a & b),
  bitwise('BitwiseOr', 'Bits that one of two has', (a, b) => a | b),
  bitwise('BitwiseXor', 'Bits that exactly one of two has', (a, b) => a ^ b),
  unary('BitwiseNot', [18], 'Every bit turned', [1, 0], {
    follow: (_, dtype) => (a) => {
      const range = rangeOfType(dtype);
      if (range === undefined || dtype === 'uint64' || a === Infinity || a === -Infinity) return undefined;
      return subtract(range[0] < 0 ? -1 : range[1], a);
    },
  }),
];
