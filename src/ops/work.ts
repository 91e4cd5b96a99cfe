/** Work that many operators share. */
import type { OperatorWork } from './definition.ts';

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
