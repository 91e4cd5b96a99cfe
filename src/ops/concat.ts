/**
 * Concat. Spec: https://onnx.ai/onnx/operators/onnx__Concat.html, opsets 1, 4, 11, 13.
 * Joins tensors along one axis. No arithmetic; every element is read and written once, which
 * the operands' sizes say.
 */
import type { Dim } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { ZERO_COUNT } from '../units/count.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';

const sumDims = (context: OperatorContext, dims: readonly Dim[]): Dim => {
  const batched = dims.filter((dim) => typeof dim !== 'number').length;
  if (batched > 0 && batched < dims.length) context.fail('only some of the joined extents carry the batch');
  const total = dims.reduce<number>((sum, dim) => sum + (typeof dim === 'number' ? dim : dim.perItem), 0);
  return batched > 0 ? { perItem: total } : total;
};

const sameElsewhere = (a: TensorType, b: TensorType, axis: number): boolean =>
  a.shape.length === b.shape.length &&
  a.shape.every((dim, index) => {
    const other = b.shape[index];
    if (index === axis) return true;
    if (typeof dim === 'number' || typeof other === 'number') return dim === other;
    return dim.perItem === other?.perItem;
  });

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
      const given = context.integer('axis', 1);
      const axis = given < 0 ? given + rank : given;
      if (axis < 0 || axis >= rank) context.fail(`axis ${given} is outside a tensor of ${rank} axes`);
      for (const operand of operands) {
        if (!sameElsewhere(first, operand, axis)) {
          context.fail(
            `shapes ${formatShape(first.shape)} and ${formatShape(operand.shape)} differ beside axis ${axis}`,
          );
        }
      }
      const joined = sumDims(
        context,
        operands.map(({ shape }) => shape[axis] as Dim),
      );
      const values = operands.every((operand) => operand.values !== undefined)
        ? operands.flatMap((operand) => operand.values ?? [])
        : undefined;
      const shape = first.shape.map((dim, index) => (index === axis ? joined : dim));
      // A list of constants (a shape being put together) stays one.
      return [{ shape, dtype: first.dtype, ...(values !== undefined && rank === 1 && { values }) }];
    },
    work: () => ({
      macs: ZERO_COUNT,
      flops: ZERO_COUNT,
      transcendentals: ZERO_COUNT,
      treatment: { kind: 'costed' },
    }),
  },
];
