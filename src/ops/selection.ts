/**
 * What data picks. Specs: https://onnx.ai/onnx/operators/ (Compress: opsets 9, 11, 28; NonZero 9, 13; Unique 11, 28). How
 * much there is depends on the data, so the extent is an open dimension unless the contents are followed. Compress
 * copies; NonZero compares every element; Unique is counted as the look-ups of a hash table, which the specification
 * does not prescribe.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { type Integer, isExpression, isPositive } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { MOVES_DATA } from './table-texts.ts';
import { followedExtents, placesIn } from './values.ts';
import { copiedPart, DATA_MOVEMENT } from './work.ts';

/** Whether an element is 0; `undefined` where that depends on open dimensions. */
const isZero = (value: Integer): boolean | undefined => {
  if (!isExpression(value)) return value === 0;
  return isPositive(value) === true ? false : undefined;
};

const compressed = (context: OperatorContext): TensorType => {
  const { shape, dtype } = context.input(0);
  const chosen = context.input(1).values?.filter((value) => value !== 0).length;
  const count = chosen ?? context.dataDependent('count');
  if (context.attribute('axis') === undefined) return { shape: [count], dtype };
  const axis = context.axis(context.integer('axis'), shape.length);
  return { shape: shape.map((dim, index): Dim => (index === axis ? count : dim)), dtype };
};

/** Places that are not 0: a row per axis. */
const nonZero = (context: OperatorContext): TensorType => {
  const { shape, values } = context.input(0);
  const extents = followedExtents(shape);
  const zeros = values?.map(isZero);
  // Runtimes take a scalar as a list of one element.
  const rank = Math.max(1, shape.length);
  if (zeros === undefined || extents === undefined || zeros.includes(undefined)) {
    return { shape: [rank, context.dataDependent('count')], dtype: 'int64' };
  }
  const places = placesIn(extents.length === 0 ? [1] : extents).filter((_, index) => zeros[index] === false);
  const rows = Array.from({ length: rank }, (_, axis) => places.map((place) => place[axis] as number));
  return { shape: [rank, places.length], dtype: 'int64', values: rows.flat() };
};

const unique = (context: OperatorContext): readonly TensorType[] => {
  const { shape, dtype, values } = context.input(0);
  const isFlat = context.attribute('axis') === undefined;
  const axis = isFlat ? 0 : context.axis(context.integer('axis'), shape.length);
  const isKnown = values?.every((value) => !isExpression(value)) === true && (isFlat || shape.length === 1);
  const count = isKnown ? new Set(values).size : context.dataDependent('count');
  const list = { shape: [count], dtype: 'int64' } as const;
  const output = isFlat ? [count] : shape.map((dim, index): Dim => (index === axis ? count : dim));
  const compared = isFlat ? elementCount(shape) : (shape[axis] as Dim);
  return [{ shape: output, dtype }, list, { shape: [compared], dtype: 'int64' } as const, list].slice(
    0,
    context.node.outputs.length,
  );
};

const OPEN_COUNT = 'the number is open where data decides on it';

const shared = { domain: '', fusion: 'opaque', inputRoles: ['activation'] } as const;

export const operators: readonly OperatorDefinition[] = [
  {
    ...shared,
    type: 'Compress',
    since: [9, 11, 28],
    summary: 'Keeps the slices that a mask picks',
    specification: 'https://onnx.ai/onnx/operators/onnx__Compress.html',
    table: { shape: 'the axis becomes the number picked; without axis a list', work: MOVES_DATA, notes: OPEN_COUNT },
    class: 'data-movement',
    infer: (context) => [compressed(context)],
    work: copiedPart,
  },
  {
    ...shared,
    type: 'NonZero',
    since: [9, 13],
    summary: 'The places of all elements that are not zero',
    specification: 'https://onnx.ai/onnx/operators/onnx__NonZero.html',
    table: { shape: 'axes × count', work: '1 per input element', notes: OPEN_COUNT },
    class: 'other',
    infer: (context) => [nonZero(context)],
    work: (context) => ({ ...DATA_MOVEMENT, flops: elementCount(context.input(0).shape) }),
  },
  {
    ...shared,
    type: 'Unique',
    since: [11, 28],
    summary: 'Each distinct element or slice once, with places and counts',
    specification: 'https://onnx.ai/onnx/operators/onnx__Unique.html',
    table: {
      shape: 'the axis becomes the number of distinct slices; without axis a list',
      work: '1 per input element',
      notes: `counted as a hash table; ${OPEN_COUNT}`,
    },
    class: 'other',
    infer: unique,
    work: (context) => ({
      ...DATA_MOVEMENT,
      flops: elementCount(context.input(0).shape),
      treatment: {
        kind: 'approximated',
        reason: 'one comparison per element, as with a hash table; sorting takes more',
      },
    }),
  },
];
