/** The axes that a reduction runs over, and the contents of small tensors that are reduced along them. */
import type { Dim, Shape } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { type Integer, subtract } from '../units/integer.ts';
import type { OperatorContext, TensorType } from './definition.ts';
import { heldBy } from './element-values.ts';
import { listLength } from './stated-extents.ts';
import { followedExtents, placesIn, positionOf } from './values.ts';

/** All axes unless some are stated, as an attribute or as input 1; `undefined` where data decides which. */
export const reducedAxes = (context: OperatorContext): ReadonlySet<number> | undefined => {
  const { shape } = context.input(0);
  const operand = context.optionalInput(1);
  if (operand !== undefined && operand.values === undefined && operand.shape[0] !== 0) return undefined;
  const stated =
    operand === undefined
      ? context.integers('axes', [])
      : operand.values === undefined
        ? []
        : context.numbers(1, 'the list of axes');
  if (stated.length === 0) return new Set(context.integer('noop_with_empty_axes', 0) === 1 ? [] : shape.keys());
  return new Set(stated.map((axis) => context.axis(axis, shape.length)));
};

const keepsAxes = (context: OperatorContext): boolean => context.integer('keepdims', 1) !== 0;

export const reducedShape = (context: OperatorContext, axes: ReadonlySet<number>): Shape => {
  const keep = keepsAxes(context);
  return context.input(0).shape.flatMap((dim, axis): readonly Dim[] => {
    if (!axes.has(axis)) return [dim];
    return keep ? [1] : [];
  });
};

/** The same where data decides which axes are reduced: how many axes are left is known all the same. */
export const openlyReducedShape = (context: OperatorContext): Shape => {
  const rank = context.input(0).shape.length - (keepsAxes(context) ? 0 : listLength(context, 1));
  if (rank < 0) context.fail('more axes are reduced than the input has');
  return Array.from({ length: rank }, (_, axis) => context.dataDependent(`extent${axis}`));
};

/** Steps that combine two elements: one less than there are elements, for every output. An empty tensor needs none. */
export const combinations = (input: Shape, output: Shape): Integer => {
  const elements = elementCount(input);
  return elements === 0 ? 0 : subtract(elements, elementCount(output));
};

/** Contents of the output, where `reduce` can tell them from the elements that belong together. */
export const reducedValues = (
  { shape, dtype, values }: TensorType,
  axes: ReadonlySet<number>,
  reduce: (elements: readonly Integer[]) => Integer | undefined,
  result = dtype,
): { readonly values?: readonly Integer[] } => {
  const extents = values === undefined ? undefined : followedExtents(shape);
  if (values === undefined || extents === undefined) return {};
  const isKept = (_: number, axis: number): boolean => !axes.has(axis);
  const kept = extents.filter(isKept);
  const count = kept.reduce((all, extent) => all * extent, 1);
  const groups = Array.from({ length: count }, (): Integer[] => []);
  placesIn(extents).forEach((at, position) => {
    groups[positionOf(at.filter(isKept), kept)]?.push(values[position] as Integer);
  });
  const reduced = groups.map((elements) => heldBy(result, () => reduce(elements)));
  const known = reduced.filter((value) => value !== undefined);
  return known.length === reduced.length ? { values: known } : {};
};
