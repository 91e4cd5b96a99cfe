/**
 * What a tensor's extents are. Specs: https://onnx.ai/onnx/operators/ (Shape: opsets 1, 13, 15, 19, 21, 23, 24, 25;
 * Size 1, 13, 19, 21, 23, 24, 25). Shape takes `start` and `end` from opset 15 on, clamped to the axes there are. Only
 * the description of a tensor is read, never its elements.
 */
import { elementCount } from '../ir/shape.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { FREE } from './table-texts.ts';
import { freeOf } from './work.ts';

const listed = (context: OperatorContext) => {
  const { shape } = context.input(0);
  const rank = shape.length;
  const counted = (axis: number): number => Math.min(rank, Math.max(0, axis < 0 ? axis + rank : axis));
  const values = shape.slice(counted(context.integer('start', 0)), counted(context.integer('end', rank)));
  return [{ shape: [values.length], dtype: 'int64', values } as const];
};

const shared = {
  domain: '',
  class: 'data-movement',
  // No byte of the operand is read.
  inputRoles: ['setting'],
  fusion: 'view',
} as const;

export const operators: readonly OperatorDefinition[] = [
  {
    ...shared,
    type: 'Shape',
    since: [1, 13, 15, 19, 21, 23, 24, 25],
    summary: 'The extents of a tensor as a list',
    specification: 'https://onnx.ai/onnx/operators/onnx__Shape.html',
    table: { shape: 'a list with an element per axis from start to end', work: FREE },
    infer: listed,
    work: () => freeOf('known from the shape alone; no data is read'),
  },
  {
    ...shared,
    type: 'Size',
    since: [1, 13, 19, 21, 23, 24, 25],
    summary: 'The number of elements of a tensor',
    specification: 'https://onnx.ai/onnx/operators/onnx__Size.html',
    table: { shape: 'a scalar', work: FREE },
    infer: (context) => [{ shape: [], dtype: 'int64', values: [elementCount(context.input(0).shape)] }],
    work: () => freeOf('known from the shape alone; no data is read'),
  },
];
