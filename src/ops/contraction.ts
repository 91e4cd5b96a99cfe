/** Work of an operator that is a nest of multiply-accumulates, with or without a bias. */
import { elementCount } from '../ir/shape.ts';
import { addCounts, scaleCount, ZERO_COUNT } from '../units/count.ts';
import type { OperatorContext, OperatorWork } from './definition.ts';
import { type LoopNest, matrixView, nestMacs } from './nest.ts';

/** One MAC per point of the nest; a bias adds one operation per output element. */
export const contractionWork = (context: OperatorContext, nest: LoopNest, hasBias: boolean): OperatorWork => {
  const view = matrixView(nest);
  const macs = nestMacs(view);
  const products = scaleCount(macs, 2);
  return {
    macs,
    flops: hasBias ? addCounts(products, elementCount(context.output(0).shape)) : products,
    transcendentals: ZERO_COUNT,
    nest,
    view,
    treatment: { kind: 'costed' },
  };
};
