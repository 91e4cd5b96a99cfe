/**
 * Tensors that come from nowhere. Specs: https://onnx.ai/onnx/operators/ (Constant: opsets 1, 9, 11, 12, 13, 19, 21, 23,
 * 24, 25; ConstantOfShape 9, 20, 21, 23, 24, 25). Constant holds its tensor in one of eight attributes. ConstantOfShape
 * writes one number everywhere: no arithmetic.
 */
import type { DType } from '../ir/dtype.ts';
import { elementCount } from '../ir/shape.ts';
import { MAX_FOLLOWED_VALUES, type OperatorContext, type OperatorDefinition, type TensorType } from './definition.ts';
import { statedExtents } from './stated-extents.ts';
import { FREE, MOVES_DATA, OPEN_LIST } from './table-texts.ts';
import { followedExtents } from './values.ts';
import { DATA_MOVEMENT, freeOf } from './work.ts';

const stored = (shape: readonly number[], dtype: DType, values: readonly number[] | undefined): TensorType => ({
  shape,
  dtype,
  ...(values !== undefined && values.length <= MAX_FOLLOWED_VALUES && { values }),
});

const constant = (context: OperatorContext): TensorType => {
  const tensor = context.tensor('value') ?? context.tensor('sparse_value');
  if (tensor !== undefined) return stored(tensor.shape, tensor.dtype, tensor.values);
  const has = (name: string): boolean => context.attribute(name) !== undefined;
  if (has('value_float')) return stored([], 'fp32', [context.integer('value_float')]);
  if (has('value_int')) return stored([], 'int64', [context.integer('value_int')]);
  if (has('value_string')) return stored([], 'string', undefined);
  if (has('value_strings')) return stored([context.texts('value_strings').length], 'string', undefined);
  const floats = has('value_floats');
  if (!floats && !has('value_ints')) context.fail('no attribute holds the tensor');
  const values = context.integers(floats ? 'value_floats' : 'value_ints');
  return stored([values.length], floats ? 'fp32' : 'int64', values);
};

const filled = (context: OperatorContext): TensorType => {
  const shape = statedExtents(context, 0);
  const value = context.tensor('value');
  const dtype = value?.dtype ?? 'fp32';
  const element = value === undefined ? 0 : value.values?.[0];
  const extents = followedExtents(shape);
  if (element === undefined || extents === undefined) return { shape, dtype };
  return { shape, dtype, values: Array.from({ length: elementCount(extents) as number }, () => element) };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Constant',
    domain: '',
    since: [1, 9, 11, 12, 13, 19, 21, 23, 24, 25],
    summary: 'A tensor that is written in the model',
    specification: 'https://onnx.ai/onnx/operators/onnx__Constant.html',
    table: { shape: 'as stored', work: FREE },
    class: 'data-movement',
    fusion: 'view',
    inputRoles: ['setting'],
    infer: (context) => [constant(context)],
    work: () => freeOf('stored with the model'),
  },
  {
    type: 'ConstantOfShape',
    domain: '',
    since: [9, 20, 21, 23, 24, 25],
    summary: 'One number everywhere in a given shape',
    specification: 'https://onnx.ai/onnx/operators/onnx__ConstantOfShape.html',
    table: { shape: 'extents as the list says', work: MOVES_DATA, notes: OPEN_LIST },
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['setting'],
    infer: (context) => [filled(context)],
    work: () => DATA_MOVEMENT,
  },
];
