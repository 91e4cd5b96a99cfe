/**
 * Concat. Spec: https://onnx.ai/onnx/operators/onnx__Concat.html, opsets 1, 4, 11, 13.
 * Joins tensors along one axis. No arithmetic; every element is read and written once, which
 * the operands' sizes say.
 */
import type { Dim } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { sum } from '../units/integer.ts';
import { MAX_FOLLOWED_VALUES, type OperatorDefinition } from './definition.ts';

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Concat',
    domain: '',
    since: [1, 4, 11, 13],
    summary: 'Joins tensors along one axis',
    specification: 'https://onnx.ai/onnx/operators/onnx__Concat.html',
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['activation'],
    infer: (context) => {
      const operands = context.node.inputs.map((_, index) => context.input(index));
      const first = context.input(0);
      const rank = first.shape.length;
      // Opset 1 had a default of 1.
      const axis = context.axis(context.integer('axis', 1), rank);
      const extents: Dim[] = [...first.shape];
      for (const { shape } of operands) {
        if (shape.length !== rank)
          context.fail(`${formatShape(first.shape)} and ${formatShape(shape)} have not the same axes`);
        shape.forEach((dim, index) => {
          if (index === axis) return;
          const place = `shapes ${formatShape(first.shape)} and ${formatShape(shape)} beside axis ${axis}`;
          extents[index] = context.agree(extents[index] as Dim, dim, place);
        });
      }
      extents[axis] = sum(operands.map(({ shape }) => shape[axis] as Dim));
      const values = operands.every((operand) => operand.values !== undefined)
        ? operands.flatMap((operand) => operand.values ?? [])
        : undefined;
      // A list of constants (a shape being put together) stays one.
      const known = values !== undefined && rank === 1 && values.length <= MAX_FOLLOWED_VALUES;
      return [{ shape: extents, dtype: first.dtype, ...(known && { values }) }];
    },
    work: () => ({
      macs: 0,
      flops: 0,
      transcendentals: 0,
      treatment: { kind: 'costed' },
    }),
  },
];
