/**
 * EyeLike. Spec: https://onnx.ai/onnx/operators/onnx__EyeLike.html, opsets 9, 22. Ones on a diagonal of a matrix with
 * the shape of the input, of which nothing else is read. No arithmetic.
 */
import { statedDtype } from './data-types.ts';
import type { OperatorDefinition } from './definition.ts';
import { MOVES_DATA } from './table-texts.ts';
import { DATA_MOVEMENT } from './work.ts';

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'EyeLike',
    domain: '',
    since: [9, 22],
    summary: 'Ones on a diagonal, zeros beside it',
    specification: 'https://onnx.ai/onnx/operators/onnx__EyeLike.html',
    table: { shape: 'same as the input, a matrix', work: MOVES_DATA },
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['activation'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      if (shape.length !== 2) context.fail(`an input of ${shape.length} axes, expected 2`);
      return [{ shape, dtype: statedDtype(context, 'dtype', dtype) }];
    },
    work: () => DATA_MOVEMENT,
  },
];
