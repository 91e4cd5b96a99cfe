/**
 * Gather. Spec: https://onnx.ai/onnx/operators/onnx__Gather.html, opsets 1, 11, 13.
 * Takes the slices of one axis that the indices name: the shape of the indices stands where the
 * axis was. No arithmetic.
 * Known gap: traffic counts the whole input as read, although only the named slices are.
 */
import type { OperatorDefinition } from './definition.ts';

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Gather',
    domain: '',
    since: [1, 11, 13],
    summary: 'Takes slices of one axis by index; an embedding, the class token',
    specification: 'https://onnx.ai/onnx/operators/onnx__Gather.html',
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const { shape, dtype, values } = context.input(0);
      const indices = context.input(1);
      const given = context.integer('axis', 0);
      const axis = given < 0 ? given + shape.length : given;
      if (axis < 0 || axis >= shape.length) context.fail(`axis ${given} is outside a tensor of ${shape.length} axes`);
      const gathered = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)];
      // One extent taken out of a constant shape stays a constant.
      const taken =
        values !== undefined && shape.length === 1 && indices.values !== undefined
          ? indices.values.map((index) =>
              typeof index === 'number'
                ? (values.at(index) ?? context.fail(`index ${index} is outside the axis`))
                : context.unknown('an index is an open dimension'),
            )
          : undefined;
      return [{ shape: gathered, dtype, ...(taken !== undefined && { values: taken }) }];
    },
    work: () => ({
      macs: 0,
      flops: 0,
      transcendentals: 0,
      treatment: { kind: 'costed' },
    }),
  },
];
