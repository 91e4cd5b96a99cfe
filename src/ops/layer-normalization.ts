/**
 * Normalization over the axes from `axis` on. Specs: https://onnx.ai/onnx/operators/ (LayerNormalization: opset 17;
 * RMSNormalization: 23).
 *   LayerNormalization   as stated in normalization.ts, with a scale and, where there is one, a shift: 6 or 7 per
 *                        element, 5 per group of elements
 *   RMSNormalization     per element a square, an addition, a product with the reciprocal root and the scale; per group a
 *                        division by the number of elements, an addition of epsilon, a square root and its reciprocal
 */
import type { Shape } from '../ir/graph.ts';
import { broadcastShapes, elementCount, formatShape } from '../ir/shape.ts';
import { add, multiply } from '../units/integer.ts';
import { statedDtype } from './data-types.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { fvcoreAffine, standardization, standardizationText } from './normalization.ts';
import { countText, SAME_SHAPE } from './table-texts.ts';

const RMS = { perElement: 4, perGroup: 4, transcendentalsPerGroup: 3 };

const firstAxis = (context: OperatorContext): number =>
  context.axis(context.integer('axis', -1), context.input(0).shape.length);

/** Scale and shift broadcast to the input, which stays as it is. */
const expectBroadcast = (context: OperatorContext, index: number, what: string): void => {
  const { shape } = context.input(0);
  const own = context.input(index).shape;
  const misfit = (): never =>
    context.fail(`the ${what} of ${formatShape(own)} does not broadcast to ${formatShape(shape)}`);
  if (own.length > shape.length) misfit();
  broadcastShapes(shape, own, (a, b) => {
    if (typeof b === 'number' && b !== 1 && typeof a === 'number' && a !== b) misfit();
    return b === 1 ? a : context.broadcast(a, b);
  });
};

const groupsOf = (context: OperatorContext): Shape => context.input(0).shape.slice(0, firstAxis(context));

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'LayerNormalization',
    domain: '',
    since: [17],
    summary: 'Normalizes each position over its channels, then scales and shifts',
    specification: 'https://onnx.ai/onnx/operators/onnx__LayerNormalization.html',
    table: {
      shape: 'same as the input; mean and reciprocal deviation have 1 from axis on',
      work: `${standardizationText('row', { scale: true, shift: false })}; 1 with a shift`,
    },
    class: 'normalization',
    fusion: 'reduction',
    takesDense: true,
    inputRoles: ['activation', 'weight', 'weight'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      const axis = firstAxis(context);
      expectBroadcast(context, 1, 'scale');
      if (context.hasInput(2)) expectBroadcast(context, 2, 'shift');
      // Mean and reciprocal deviation are optional second and third outputs.
      const group = {
        shape: shape.map((dim, index) => (index < axis ? dim : 1)),
        dtype: statedDtype(context, 'stash_type', 'fp32'),
      };
      return [{ shape, dtype }, group, group].slice(0, context.node.outputs.length);
    },
    work: (context) =>
      standardization(elementCount(context.input(0).shape), elementCount(groupsOf(context)), {
        scale: true,
        shift: context.hasInput(2),
      }),
  },
  {
    type: 'RMSNormalization',
    domain: '',
    since: [23],
    summary: 'Divides each position by the root mean square of its channels, then scales',
    specification: 'https://onnx.ai/onnx/operators/onnx__RMSNormalization.html',
    table: {
      shape: SAME_SHAPE,
      work: `${RMS.perElement} per element; ${countText([RMS.perGroup, RMS.transcendentalsPerGroup], 'row')}`,
    },
    class: 'normalization',
    fusion: 'reduction',
    takesDense: true,
    inputRoles: ['activation', 'weight'],
    infer: (context) => {
      const { shape } = context.input(0);
      firstAxis(context);
      expectBroadcast(context, 1, 'scale');
      return [{ shape, dtype: context.input(1).dtype }];
    },
    work: (context) => {
      const elements = elementCount(context.input(0).shape);
      const groups = elementCount(groupsOf(context));
      return {
        macs: 0,
        flops: add(multiply(elements, RMS.perElement), multiply(groups, RMS.perGroup)),
        transcendentals: multiply(groups, RMS.transcendentalsPerGroup),
        fvcoreCount: fvcoreAffine(elements),
        treatment: { kind: 'costed' },
      };
    },
  },
];
