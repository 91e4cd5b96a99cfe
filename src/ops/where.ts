/**
 * Where. Spec: https://onnx.ai/onnx/operators/onnx__Where.html, opsets 9, 16. Takes each element from one of two
 * tensors: one choice per output element. All three operands broadcast.
 */
import type { OperatorDefinition } from './definition.ts';
import { broadcastPair, type Cost, expectSameType, pointwiseType, pointwiseWork } from './pointwise.ts';
import { countText } from './table-texts.ts';

const COST: Cost = [1, 0];

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Where',
    domain: '',
    since: [9, 16],
    summary: 'Takes each element from one of two tensors; masking',
    specification: 'https://onnx.ai/onnx/operators/onnx__Where.html',
    table: { shape: 'broadcast of the condition and both operands', work: countText(COST) },
    class: 'elementwise',
    fusion: 'pointwise',
    inPlace: true,
    inputRoles: ['activation'],
    infer: (context) => {
      const [condition, chosen, other] = [context.input(0), context.input(1), context.input(2)];
      expectSameType(context, [chosen, other]);
      const shape = broadcastPair(context, broadcastPair(context, condition.shape, chosen.shape), other.shape);
      const choose = pointwiseType([condition, chosen, other], shape, chosen.dtype, (holds, a, b) =>
        typeof holds === 'number' ? (holds !== 0 ? a : b) : undefined,
      );
      return [choose];
    },
    work: (context) => pointwiseWork(context, COST),
  },
];
