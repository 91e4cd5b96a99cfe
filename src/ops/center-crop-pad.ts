/**
 * CenterCropPad. Spec: https://onnx.ai/onnx/operators/onnx__CenterCropPad.html, opset 18. Cuts axes, or fills them up with
 * zeros, on both sides to the extents that are asked for: no arithmetic.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { minimum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { withExtents } from './resize-extents.ts';
import { statedExtents } from './stated-extents.ts';
import { MOVES_DATA, OPEN_LIST } from './table-texts.ts';
import { DATA_MOVEMENT } from './work.ts';

const centeredShape = (context: OperatorContext): Shape => {
  const { shape } = context.input(0);
  const all = [...shape.keys()];
  const axes = context.integers('axes', all).map((axis) => context.axis(axis, shape.length));
  const extents = statedExtents(context, 1);
  if (extents.length !== axes.length) context.fail(`${extents.length} extents for ${axes.length} axes`);
  return withExtents(shape, axes, extents);
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'CenterCropPad',
    domain: '',
    since: [18],
    summary: 'Cuts or fills up axes on both sides',
    specification: 'https://onnx.ai/onnx/operators/onnx__CenterCropPad.html',
    table: { shape: 'extents as the list says', work: MOVES_DATA, notes: OPEN_LIST },
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: (context) => [{ shape: centeredShape(context), dtype: context.input(0).dtype }],
    work: (context) => {
      const output = context.output(0).shape;
      const read = context.input(0).shape.map((dim, axis) => minimum(dim, output[axis] as Dim));
      return { ...DATA_MOVEMENT, reads: [elementCount(read)] };
    },
  },
];
