/**
 * Changes of element type. Specs: https://onnx.ai/onnx/operators/ (Cast: opsets 1, 6, 9, 13, 19, 21, 23, 24, 25, 28;
 * CastLike 15, 19, 21, 23, 24, 25; BitCast 26). A conversion is no arithmetic: it is counted as the data that it moves,
 * and as nothing where the type stays. In opset 1 to 5 `to` was the type's name.
 * Known gaps: what saturates or wraps around is not followed, nor are texts and floats of 8 bits and fewer.
 */
import { DTYPE_BYTES, type DType, isFloating } from '../ir/dtype.ts';
import { type Integer, isExpression, isPositive } from '../units/integer.ts';
import { dtypeOfOnnx, statedDtype } from './data-types.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork, TensorType } from './definition.ts';
import { pointwiseType } from './pointwise.ts';
import { FREE, MOVES_DATA, SAME_SHAPE } from './table-texts.ts';
import { DATA_MOVEMENT, freeOf } from './work.ts';

/** TensorProto.DataType by name, in the order of their numbers; opset 5 knew no others. */
const NAMES = (
  'UNDEFINED FLOAT UINT8 INT8 UINT16 INT16 INT32 INT64 STRING BOOL FLOAT16 DOUBLE UINT32 UINT64 ' +
  'COMPLEX64 COMPLEX128'
).split(' ');

const target = (context: OperatorContext): DType => {
  const stated = context.attribute('to');
  if (typeof stated !== 'string') return statedDtype(context, 'to');
  return (
    dtypeOfOnnx(NAMES.indexOf(stated.toUpperCase())) ?? context.fail(`"to" is the data type "${stated}": there is none`)
  );
};

const toBool = (a: Integer): number | undefined => {
  if (!isExpression(a)) return Number(a !== 0);
  return isPositive(a) === true ? 1 : undefined;
};

const convert =
  (dtype: DType) =>
  (a: Integer): Integer | undefined => {
    if (dtype === 'bool') return toBool(a);
    return isExpression(a) || isFloating(dtype) ? a : Math.trunc(a);
  };

const converted = (input: TensorType, dtype: DType): TensorType => {
  if (input.dtype === dtype) return input;
  return pointwiseType([input], input.shape, dtype, convert(dtype));
};

const work = (context: OperatorContext): OperatorWork =>
  context.input(0).dtype === context.output(0).dtype ? freeOf('the type stays as it is') : DATA_MOVEMENT;

const CONVERTS = `${MOVES_DATA}; ${FREE} where the type stays`;
const NOT_FOLLOWED = 'contents: what saturates or wraps around is not followed';

const shared = { domain: '', class: 'data-movement', inputRoles: ['activation'] } as const;

export const operators: readonly OperatorDefinition[] = [
  {
    ...shared,
    type: 'Cast',
    since: [1, 6, 9, 13, 19, 21, 23, 24, 25, 28],
    summary: 'Converts to another element type',
    specification: 'https://onnx.ai/onnx/operators/onnx__Cast.html',
    table: { shape: SAME_SHAPE, work: CONVERTS, notes: NOT_FOLLOWED },
    fusion: 'pointwise',
    infer: (context) => [converted(context.input(0), target(context))],
    work,
  },
  {
    ...shared,
    type: 'CastLike',
    since: [15, 19, 21, 23, 24, 25],
    summary: 'Converts to the element type of another tensor',
    specification: 'https://onnx.ai/onnx/operators/onnx__CastLike.html',
    table: { shape: SAME_SHAPE, work: CONVERTS, notes: NOT_FOLLOWED },
    fusion: 'pointwise',
    infer: (context) => [converted(context.input(0), context.input(1).dtype)],
    work,
  },
  {
    ...shared,
    type: 'BitCast',
    since: [26],
    summary: 'The same bits taken for another element type',
    specification: 'https://onnx.ai/onnx/operators/onnx__BitCast.html',
    table: { shape: SAME_SHAPE, work: FREE },
    fusion: 'view',
    infer: (context) => {
      const input = context.input(0);
      const dtype = target(context);
      if (dtype === input.dtype) return [input];
      if (dtype === 'string' || input.dtype === 'string') context.fail('texts have no bits to reinterpret');
      if (DTYPE_BYTES[dtype] !== DTYPE_BYTES[input.dtype]) {
        context.fail(`${input.dtype} and ${dtype} are of different widths`);
      }
      return [{ shape: input.shape, dtype }];
    },
    work: () => freeOf('the same bits; no data moves'),
  },
];
