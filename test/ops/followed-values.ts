import type { DType } from '../../src/ir/dtype.ts';
import type { AttributeValue } from '../../src/ir/graph.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import type { Integer } from '../../src/units/integer.ts';
import { runOperator } from './one-operator.ts';

/** A tensor of one axis with known contents. */
export const known = (values: readonly Integer[], dtype: DType = 'int64'): TensorType => ({
  shape: [values.length],
  dtype,
  values,
});

/** Contents of the first output. */
export const valuesOf = (
  type: string,
  operands: readonly TensorType[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  opset?: number,
): readonly Integer[] | undefined =>
  runOperator(type, operands, attributes, opset === undefined ? {} : { opset }).outputs[0]?.values;
