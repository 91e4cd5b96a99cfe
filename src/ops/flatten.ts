/**
 * Flatten. Spec: https://onnx.ai/onnx/operators/onnx__Flatten.html, opsets 1, 9, 11, 13, 21, 23, 24.
 * A change of shape: nothing is computed and, in a contiguous layout, nothing moves.
 */
import type { Dim } from '../ir/graph.ts';
import { product, ZERO_COUNT } from '../units/count.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';

const merge = (context: OperatorContext, dims: readonly Dim[]): Dim => {
  const batched = dims.filter((dim) => typeof dim !== 'number');
  const size = product(dims.map((dim) => (typeof dim === 'number' ? dim : dim.perItem)));
  if (batched.length > 1) context.fail('two extents carry the batch');
  return batched.length === 1 ? { perItem: size } : size;
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Flatten',
    domain: '',
    since: [1, 9, 11, 13, 21, 23, 24],
    summary: 'Joins axes into a matrix',
    specification: 'https://onnx.ai/onnx/operators/onnx__Flatten.html',
    class: 'data-movement',
    fusion: 'view',
    inputRoles: ['activation'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      const given = context.integer('axis', 1);
      const axis = given < 0 ? given + shape.length : given;
      if (axis < 0 || axis > shape.length) context.fail(`axis ${given} is outside a tensor of ${shape.length} axes`);
      return [{ shape: [merge(context, shape.slice(0, axis)), merge(context, shape.slice(axis))], dtype }];
    },
    work: () => ({
      macs: ZERO_COUNT,
      flops: ZERO_COUNT,
      transcendentals: ZERO_COUNT,
      treatment: { kind: 'free', reason: 'a change of shape; no data moves' },
    }),
  },
];
