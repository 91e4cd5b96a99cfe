/**
 * Flatten. Spec: https://onnx.ai/onnx/operators/onnx__Flatten.html, opsets 1, 9, 11, 13, 21, 23, 24, 25.
 * A change of shape: nothing is computed and, in a contiguous layout, nothing moves.
 */
import { product } from '../units/integer.ts';
import type { OperatorDefinition } from './definition.ts';
import { FREE } from './table-texts.ts';
import { freeOf } from './work.ts';

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Flatten',
    domain: '',
    since: [1, 9, 11, 13, 21, 23, 24, 25],
    summary: 'Joins axes into a matrix',
    specification: 'https://onnx.ai/onnx/operators/onnx__Flatten.html',
    table: { shape: 'a matrix: the axes before and from axis on as one each', work: FREE },
    class: 'data-movement',
    fusion: 'view',
    inputRoles: ['activation'],
    infer: (context) => {
      const { shape, ...rest } = context.input(0);
      const given = context.integer('axis', 1);
      const axis = given < 0 ? given + shape.length : given;
      if (axis < 0 || axis > shape.length) context.fail(`axis ${given} is outside a tensor of ${shape.length} axes`);
      return [{ ...rest, shape: [product(shape.slice(0, axis)), product(shape.slice(axis))] }];
    },
    work: () => freeOf('a change of shape; no data moves'),
  },
];
