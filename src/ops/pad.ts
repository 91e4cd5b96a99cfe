/**
 * Pad. Spec: https://onnx.ai/onnx/operators/onnx__Pad.html, opsets 1, 2, 11, 13, 18, 19, 21, 23, 24, 25.
 * Widens axes by constants or copies of what is there; negative widths cut. The widths are an
 * attribute up to opset 2 (`paddings` in opset 1) and an input from 11 on; some axes only from 18 on. No arithmetic.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { add, formatInteger, type Integer, negate } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { MOVES_DATA, OPEN_LIST } from './table-texts.ts';
import { pickedValues } from './values.ts';
import { DATA_MOVEMENT } from './work.ts';

const statedWidths = (context: OperatorContext): readonly Integer[] | undefined =>
  context.hasInput(1) ? context.input(1).values : context.integers('pads', context.integers('paddings', []));

/** Contents of a padded list, where it is padded with a number that is known. */
const filledIn = (
  context: OperatorContext,
  input: TensorType,
  shape: Shape,
  begins: ReadonlyMap<number, Integer>,
): { readonly values?: readonly Integer[] } => {
  const filling = context.hasInput(2) ? context.input(2).values?.[0] : context.integer('value', 0);
  const isKnown = filling !== undefined && [...begins.values()].every((width) => typeof width === 'number');
  if (!isKnown || context.text('mode', 'constant') !== 'constant') return {};
  const source = (at: readonly number[], extents: readonly number[]): readonly number[] | undefined => {
    const from = at.map((place, axis) => place - ((begins.get(axis) ?? 0) as number));
    return from.every((place, axis) => place >= 0 && place < (extents[axis] as number)) ? from : undefined;
  };
  return pickedValues(input, shape, source, filling);
};

const padded = (context: OperatorContext): TensorType => {
  const input = context.input(0);
  const { shape, dtype } = input;
  const every = [...shape.keys()];
  const stated = context.optionalInput(3);
  const axes =
    stated?.values === undefined
      ? every
      : context.numbers(3, 'the list of axes').map((axis) => context.axis(axis, shape.length));
  // Any axis may be widened where data decides which.
  const widths = stated !== undefined && stated.values === undefined ? undefined : statedWidths(context);
  const extents = [...shape];
  if (widths === undefined) {
    for (const axis of axes) extents[axis] = context.dataDependent(`extent${axis}`);
    return { shape: extents, dtype };
  }
  if (widths.length !== 2 * axes.length) context.fail(`${widths.length} widths do not fit ${axes.length} axes`);
  const begins = new Map<number, Integer>();
  axes.forEach((axis, index) => {
    const begin = widths[index] as Integer;
    const width = add(begin, widths[index + axes.length] as Integer);
    const extent = add(extents[axis] as Dim, width);
    if (typeof extent === 'number' && extent < 0) {
      context.fail(`axis ${axis} of ${formatShape([shape[axis] as Dim])} is cut by ${formatInteger(negate(width))}`);
    }
    extents[axis] = extent;
    begins.set(axis, begin);
  });
  return { shape: extents, dtype, ...filledIn(context, input, extents, begins) };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Pad',
    domain: '',
    since: [1, 2, 11, 13, 18, 19, 21, 23, 24, 25],
    summary: 'Widens axes at their ends',
    specification: 'https://onnx.ai/onnx/operators/onnx__Pad.html',
    table: { shape: 'every extent and its two widths', work: MOVES_DATA, notes: OPEN_LIST },
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: (context) => [padded(context)],
    work: () => DATA_MOVEMENT,
  },
];
