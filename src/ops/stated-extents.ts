/** Lists of extents that an operand holds: the new shape of Reshape, Expand, ConstantOfShape. */
import type { Dim } from '../ir/graph.ts';
import { formatInteger } from '../units/integer.ts';
import type { OperatorContext } from './definition.ts';

/** More axes than any tensor has: a list that claims more is not written out. */
const MAX_AXES = 256;

/** Number of elements of a list that stands in input `index`, whose contents may depend on data. */
export const listLength = (context: OperatorContext, index: number): number => {
  const { shape } = context.input(index);
  const [length = 1] = shape;
  if (shape.length > 1) context.fail(`input ${index} has ${shape.length} axes, expected a list`);
  if (typeof length !== 'number' || length > MAX_AXES) return context.unknown('the number of axes depends on data');
  return length;
};

/** The list in input `index` as far as it is known: an extent that only data decides is a new open dimension. */
export const statedExtents = (context: OperatorContext, index: number, least = 0): readonly Dim[] => {
  const { values } = context.input(index);
  if (values === undefined) {
    return Array.from({ length: listLength(context, index) }, (_, axis) => context.dataDependent(`extent${axis}`));
  }
  for (const value of values) {
    if (typeof value !== 'number' || (value >= least && Number.isSafeInteger(value))) continue;
    context.fail(`an extent of ${value} in [${values.map(formatInteger).join(', ')}]`);
  }
  return values;
};
