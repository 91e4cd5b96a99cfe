/**
 * Writing into a copy of a tensor. Specs: https://onnx.ai/onnx/operators/ (Scatter: opsets 9, 11 deprecated;
 * ScatterElements 11, 13, 16, 18; ScatterND 11, 13, 16, 18; TensorScatter 24). A `reduction` (from opset 16; max and min
 * from 18) combines each update with what is there: 1 operation per update. Otherwise no arithmetic.
 * Known gap: the whole tensor counts as read and written; a runtime that updates it in place moves the updates only.
 */
import type { Shape } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import type { Integer } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork, TensorType } from './definition.ts';
import { expectSameType } from './pointwise.ts';
import { MOVES_DATA } from './table-texts.ts';
import { followedExtents, placesIn, positionOf } from './values.ts';
import { DATA_MOVEMENT } from './work.ts';

const agreeAll = (context: OperatorContext, a: Shape, b: Shape, what: string): void => {
  if (a.length !== b.length) context.fail(`${what}: ${a.length} and ${b.length} axes`);
  a.forEach((dim, axis) => {
    context.agree(dim, b[axis] as Integer, what);
  });
};

/** Contents with the updates written in, where all is known and nothing is combined. */
const updated = (
  context: OperatorContext,
  target: (at: readonly number[], extents: readonly number[]) => readonly (number | undefined)[],
): { readonly values?: readonly Integer[] } => {
  const [data, , updates] = [context.input(0), context.input(1), context.input(2)];
  const extents = followedExtents(data.shape);
  const places = followedExtents(updates.shape);
  if (data.values === undefined || updates.values === undefined || context.text('reduction', 'none') !== 'none')
    return {};
  if (extents === undefined || places === undefined) return {};
  const values = [...data.values];
  for (const [index, at] of placesIn(places).entries()) {
    const to = target(at, extents).map((place, axis) => {
      const extent = extents[axis] as number;
      if (place !== undefined && (place < -extent || place >= extent)) {
        context.fail(`index ${place} is outside an axis of ${extent}`);
      }
      return place !== undefined && place < 0 ? place + extent : place;
    });
    if (to.includes(undefined)) return {};
    values[positionOf(to as readonly number[], extents)] = updates.values[index] as Integer;
  }
  return { values };
};

const wholeNumber = (value: Integer | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

const byElement = (context: OperatorContext): TensorType => {
  const [data, indices, updates] = [context.input(0), context.input(1), context.input(2)];
  const { shape, dtype } = data;
  const axis = context.axis(context.integer('axis', 0), shape.length);
  expectSameType(context, [data, updates]);
  agreeAll(context, indices.shape, updates.shape, 'indices and updates');
  if (indices.shape.length !== shape.length) {
    context.fail(`indices of ${indices.shape.length} axes for a tensor of ${shape.length}, expected as many`);
  }
  if (indices.values === undefined) return { shape, dtype };
  const list = indices.values;
  const own = indices.shape as readonly number[];
  const contents = updated(context, (at) =>
    at.map((place, index) => (index === axis ? wholeNumber(list[positionOf(at, own)]) : place)),
  );
  return { shape, dtype, ...contents };
};

const bySlice = (context: OperatorContext): TensorType => {
  const [data, indices, updates] = [context.input(0), context.input(1), context.input(2)];
  const { shape, dtype } = data;
  const named = indices.shape.at(-1);
  expectSameType(context, [data, updates]);
  if (named === undefined) return context.fail('indices without axes, expected one or more');
  if (typeof named !== 'number') return { shape, dtype };
  if (named > shape.length) context.fail(`an index of ${named} axes for a tensor of ${shape.length}`);
  const lead = indices.shape.slice(0, -1);
  agreeAll(context, [...lead, ...shape.slice(named)], updates.shape, 'indices and updates');
  if (indices.values === undefined) return { shape, dtype };
  const list = indices.values;
  const rows = lead as readonly number[];
  const contents = updated(context, (at) => {
    const row = positionOf(at.slice(0, lead.length), rows) * named;
    return [...Array.from({ length: named }, (_, axis) => wholeNumber(list[row + axis])), ...at.slice(lead.length)];
  });
  return { shape, dtype, ...contents };
};

const intoCache = (context: OperatorContext): TensorType => {
  const [cache, update] = [context.input(0), context.input(1)];
  const { shape, dtype } = cache;
  const axis = context.axis(context.integer('axis', -2), shape.length);
  expectSameType(context, [cache, update]);
  if (update.shape.length !== shape.length) {
    context.fail(`an update of ${update.shape.length} axes for a cache of ${shape.length}, expected as many`);
  }
  shape.forEach((dim, index) => {
    if (index !== axis) context.agree(dim, update.shape[index] as Integer, `axis ${index} of cache and update`);
  });
  return { shape, dtype };
};

const combining = (context: OperatorContext): OperatorWork => {
  if (context.text('reduction', 'none') === 'none') return DATA_MOVEMENT;
  return { ...DATA_MOVEMENT, flops: elementCount(context.input(2).shape) };
};

const definition = (
  type: string,
  since: readonly number[],
  summary: string,
  infer: (context: OperatorContext) => TensorType,
  combines?: 'combines',
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: {
    shape: 'same as the tensor that is written to',
    work: combines === undefined ? MOVES_DATA : `${MOVES_DATA}; 1 per update with a reduction`,
    notes: 'the whole tensor counts as read and written, in place or not',
  },
  class: 'data-movement',
  fusion: 'opaque',
  inPlace: true,
  inputRoles: ['activation'],
  infer: (context) => [infer(context)],
  work: combines === undefined ? () => DATA_MOVEMENT : combining,
});

export const operators: readonly OperatorDefinition[] = [
  definition('Scatter', [9, 11], 'Writes one element per index along an axis; became ScatterElements', byElement),
  definition('ScatterElements', [11, 13, 16, 18], 'Writes one element per index along an axis', byElement, 'combines'),
  definition(
    'ScatterND',
    [11, 13, 16, 18],
    'Writes the elements or slices that lists of places name',
    bySlice,
    'combines',
  ),
  definition('TensorScatter', [24], 'Writes new tokens into a cache of keys or values', intoCache),
];
