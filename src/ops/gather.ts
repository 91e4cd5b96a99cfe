/**
 * Gather. Spec: https://onnx.ai/onnx/operators/onnx__Gather.html, opsets 1, 11, 13.
 * Takes the slices of one axis that the indices name: the shape of the indices stands where the
 * axis was. No arithmetic; of the tensor only the named slices are read.
 */
import type { Shape } from '../ir/graph.ts';
import type { Integer } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { MOVES_DATA } from './table-texts.ts';
import { pickedValues, positionOf } from './values.ts';
import { copiedPart } from './work.ts';

/** Constant indices as places counted from 0; `undefined` for one that cannot be placed. Fails outside the axis. */
const placesOf = (
  context: OperatorContext,
  { values }: TensorType,
  extent: Integer,
): readonly (number | undefined)[] | undefined =>
  values?.map((index) => {
    if (typeof extent !== 'number' || typeof index !== 'number') return undefined;
    if (index < -extent || index >= extent) context.fail(`index ${index} is outside an axis of ${extent}`);
    return index < 0 ? index + extent : index;
  });

const gathered = (
  input: TensorType,
  indices: TensorType,
  shape: Shape,
  axis: number,
  places: readonly (number | undefined)[] | undefined,
): { readonly values?: readonly Integer[] } => {
  if (places === undefined || places.includes(undefined)) return {};
  const count = indices.shape.length;
  return pickedValues(input, shape, (at) => {
    const place = places[positionOf(at.slice(axis, axis + count), indices.shape as readonly number[])] as number;
    return [...at.slice(0, axis), place, ...at.slice(axis + count)];
  });
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Gather',
    domain: '',
    since: [1, 11, 13],
    summary: 'Takes slices of one axis by index; an embedding, the class token',
    specification: 'https://onnx.ai/onnx/operators/onnx__Gather.html',
    table: { shape: 'the indices stand where the axis was', work: MOVES_DATA },
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const input = context.input(0);
      const indices = context.input(1);
      const axis = context.axis(context.integer('axis', 0), input.shape.length);
      const shape = [...input.shape.slice(0, axis), ...indices.shape, ...input.shape.slice(axis + 1)];
      const places = placesOf(context, indices, input.shape[axis] as Integer);
      return [{ shape, dtype: input.dtype, ...gathered(input, indices, shape, axis, places) }];
    },
    work: copiedPart,
  },
];
