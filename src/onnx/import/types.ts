/** Types and small tensors of a file in the terms of the graph. */
import type { DeclaredType, Dim, Initializer, TensorValue } from '../../ir/graph.ts';
import { dtypeOfOnnx } from '../../ops/data-types.ts';
import { MAX_AXES } from '../../ops/definition.ts';
import { symbol } from '../../units/integer.ts';
import { parseInteger } from '../../units/integer-text.ts';
import type { DimRecord, SparseTensorRecord, TensorRecord, TypeRecord } from '../records.ts';
import { ImportError, type Warnings } from './warnings.ts';

const extent = (dim: DimRecord, tensor: string, axis: number, warnings: Warnings): Dim => {
  const unnamed = `${tensor}[${axis}]`;
  if (dim === undefined || dim === '') return symbol(unnamed);
  if (typeof dim === 'string') return parseInteger(dim) ?? symbol(dim);
  if (dim < 0) {
    warnings.add('negative-dimension', tensor, `axis ${axis} of "${tensor}" is ${dim}: taken as an open dimension`);
    return symbol(unnamed);
  }
  if (dim === 0) warnings.add('zero-dimension', tensor, `axis ${axis} of "${tensor}" is 0: the tensor holds nothing`);
  if (!Number.isSafeInteger(dim)) {
    throw new ImportError('huge-dimension', tensor, `axis ${axis} of "${tensor}" is beyond 2^53`);
  }
  return dim;
};

/** What a file says of the tensor `name`; parts that it leaves out stay open. */
export const declaredType = (type: TypeRecord | undefined, name: string, warnings: Warnings): DeclaredType => {
  switch (type?.kind) {
    case 'tensor':
    case 'sparse-tensor':
      if (type.shape !== undefined && type.shape.length > MAX_AXES) {
        const message = `"${name}" has ${type.shape.length} axes; at most ${MAX_AXES} are supported`;
        throw new ImportError('too-many-axes', name, message);
      }
      return {
        dtype: dtypeOfOnnx(type.elementType),
        shape: type.shape?.map((dim, axis) => extent(dim, name, axis, warnings)),
      };
    case 'sequence':
    case 'optional':
      return { ...declaredType(type.element, name, warnings), container: type.kind };
    case 'map':
      return { container: 'map' };
    default:
      return {};
  }
};

const storedExtents = (dims: readonly number[], name: string): readonly number[] => {
  for (const dim of dims) {
    if (dim < 0)
      throw new ImportError('negative-dimension', name, `the stored tensor "${name}" has an extent of ${dim}`);
    if (!Number.isSafeInteger(dim)) {
      throw new ImportError('huge-dimension', name, `the stored tensor "${name}" has an extent beyond 2^53`);
    }
  }
  return dims;
};

/** A tensor that stands in the file. Throws `ImportError` on a type that is not known or an extent that cannot be. */
export const tensorValue = ({ dataType, dims, values, strings }: TensorRecord, name: string): TensorValue => {
  const dtype = dtypeOfOnnx(dataType);
  if (dtype === undefined) {
    throw new ImportError(
      'unknown-data-type',
      name,
      `the tensor "${name}" is of data type ${dataType}, which is not known`,
    );
  }
  return {
    shape: storedExtents(dims, name),
    dtype,
    ...(values !== undefined && { values }),
    ...(strings !== undefined && { strings }),
  };
};

/** A sparse tensor is what it stands for: the dense tensor of its extents. */
export const sparseValue = ({ values, dims }: SparseTensorRecord, name: string): TensorValue => ({
  shape: storedExtents(dims, name),
  dtype: tensorValue(values, name).dtype,
});

/**
 * Names that PyTorch's exporters give to values of the program, in place of the path that a
 * parameter has: `val_80`, `onnx::Mul_1304`, `512`. With a single element it is a constant that
 * was moved among the stored tensors, and nothing learned.
 */
const GENERATED_NAME = /^(?:val_\d{1,9}|onnx::[A-Za-z]{1,64}_\d{1,9}|\d{1,9})$/;

export const initializerOf = (record: TensorRecord): Initializer => {
  const { name, dims } = record;
  const isConstant = dims.every((dim) => dim === 1) && GENERATED_NAME.test(name);
  return { name, ...tensorValue(record, name), ...(isConstant && { inline: true }) };
};
