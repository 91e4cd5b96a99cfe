/** Work of an operator that is a nest of multiply-accumulates, with or without a bias. */
import { elementCount } from '../ir/shape.ts';
import { add, multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorWork } from './definition.ts';
import { type LoopNest, matrixView, nestMacs } from './nest.ts';

/** One MAC per point of the nest; a bias adds one operation per output element. */
export const contractionWork = (context: OperatorContext, nest: LoopNest, hasBias: boolean): OperatorWork => {
  const view = matrixView(nest);
  const macs = nestMacs(view);
  const products = multiply(macs, 2);
  return {
    macs,
    flops: hasBias ? add(products, elementCount(context.output(0).shape)) : products,
    transcendentals: 0,
    nest,
    view,
    treatment: { kind: 'costed' },
  };
};
