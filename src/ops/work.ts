/** Work that many operators share. */
import { elementCount } from '../ir/shape.ts';
import type { OperatorContext, OperatorWork } from './definition.ts';

/** No arithmetic: every element is read and written once, which the operands' sizes say. */
export const DATA_MOVEMENT: OperatorWork = {
  macs: 0,
  flops: 0,
  transcendentals: 0,
  treatment: { kind: 'costed' },
};

/** Nothing is computed and nothing moves. */
export const freeOf = (reason: string): OperatorWork => ({
  macs: 0,
  flops: 0,
  transcendentals: 0,
  treatment: { kind: 'free', reason },
});

/** No arithmetic, and of the first operand only as many elements are read as are written. */
export const copiedPart = (context: OperatorContext): OperatorWork => ({
  ...DATA_MOVEMENT,
  reads: [elementCount(context.output(0).shape)],
});
