/**
 * MaxUnpool. Spec: https://onnx.ai/onnx/operators/onnx__MaxUnpool.html, opsets 9, 11, 22. Puts every element back to the
 * place that MaxPool took it from, among zeros: no arithmetic. Extent: (input - 1) x stride + window - padding, or what
 * the third input says.
 */
import type { Dim } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { add, multiply, subtract } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { statedExtents } from './stated-extents.ts';
import { MOVES_DATA, OPEN_LIST } from './table-texts.ts';
import { DATA_MOVEMENT } from './work.ts';

const unpooledShape = (context: OperatorContext): readonly Dim[] => {
  const { shape } = context.input(0);
  const places = context.input(1).shape;
  if (shape.length < 3) context.fail(`an input of ${shape.length} axes, expected items, channels and spatial axes`);
  if (places.length !== shape.length) context.fail('expected as many places as elements');
  const agreed = shape.map((dim, axis) => context.agree(dim, places[axis] as Dim, `places, axis ${axis}`));
  if (context.hasInput(2)) {
    const stated = statedExtents(context, 2);
    if (stated.length === shape.length) return stated;
    return context.fail(`an output of ${formatShape(stated)}, expected ${shape.length} axes`);
  }
  const kernel = context.integers('kernel_shape');
  const ones = kernel.map(() => 1);
  const strides = context.integers('strides', ones);
  const pads = context.integers(
    'pads',
    [...kernel, ...kernel].map(() => 0),
  );
  const rank = shape.length - 2;
  if (kernel.length !== rank || strides.length !== rank || pads.length !== 2 * rank) {
    context.fail(`kernel, strides and pads must fit ${rank} spatial axes`);
  }
  return agreed.map((dim, axis): Dim => {
    if (axis < 2) return dim;
    const at = axis - 2;
    const padding = (pads[at] as number) + (pads[at + rank] as number);
    const reach = add(multiply(subtract(dim, 1), strides[at] as number), kernel[at] as number);
    const extent = subtract(reach, padding);
    return typeof extent === 'number' && extent < 1 ? context.fail(`padding of ${padding} leaves nothing`) : extent;
  });
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'MaxUnpool',
    domain: '',
    since: [9, 11, 22],
    summary: 'Puts the maxima of a pooling back to their places, among zeros',
    specification: 'https://onnx.ai/onnx/operators/onnx__MaxUnpool.html',
    table: {
      shape: '(input - 1) × stride + window - pads, or as the third input says',
      work: MOVES_DATA,
      notes: OPEN_LIST,
    },
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['activation', 'activation', 'setting'],
    infer: (context) => [{ shape: unpooledShape(context), dtype: context.input(0).dtype }],
    work: () => DATA_MOVEMENT,
  },
];
