/**
 * Split. Spec: https://onnx.ai/onnx/operators/onnx__Split.html, opsets 1, 2, 11, 13, 18.
 * Sizes are an attribute up to opset 11 (in opset 1 also an input) and an input from 13 on; without them the parts are
 * equal, and from 18 on the last one may be smaller. No arithmetic; every element is read and written once.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import {
  ceilDivide,
  divideExactly,
  formatInteger,
  maximum,
  minimum,
  multiply,
  subtract,
  sum,
} from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { MOVES_DATA, OPEN_LIST } from './table-texts.ts';
import { pickedValues } from './values.ts';
import { DATA_MOVEMENT } from './work.ts';

const FIRST_WITH_SMALLER_LAST = 18;

/** `count` parts as large as possible; all but the last are of one size. */
const equalParts = (context: OperatorContext, extent: Dim, count: number): readonly Dim[] => {
  const exact = divideExactly(extent, count);
  if (exact !== undefined) return Array.from({ length: count }, () => exact);
  if (context.opset < FIRST_WITH_SMALLER_LAST && typeof extent === 'number') {
    context.fail(`an extent of ${extent} is not ${count} equal parts`);
  }
  const largest = ceilDivide(extent, count);
  return Array.from({ length: count }, (_, part) => {
    if (typeof extent !== 'number' && part < count - 1) return largest;
    return maximum(0, minimum(largest, subtract(extent, multiply(largest, part))));
  });
};

const partSizes = (context: OperatorContext, extent: Dim): readonly Dim[] => {
  const count = context.node.outputs.length;
  if (context.hasInput(1) && context.input(1).values === undefined) {
    return context.node.outputs.map((_, part) => context.dataDependent(`part${part}`));
  }
  const stated = context.hasInput(1) ? context.values(1, 'the list of sizes') : context.integers('split', []);
  if (stated.length === 0 && !context.hasInput(1)) {
    const parts = context.integer('num_outputs', count);
    if (!(parts >= count)) context.fail(`${count} outputs for ${parts} parts`);
    return equalParts(context, extent, parts).slice(0, count);
  }
  const total = sum(stated);
  const contradicts = typeof total === 'number' && typeof extent === 'number' && total !== extent;
  if (stated.length !== count || contradicts || stated.some((size) => typeof size === 'number' && size < 0)) {
    context.fail(
      `parts of [${stated.map(formatInteger).join(', ')}] are not ${count} parts of ${formatInteger(extent)}`,
    );
  }
  context.agree(extent, total, 'the axis and the sum of its parts');
  return stated;
};

const split = (context: OperatorContext): readonly TensorType[] => {
  const input = context.input(0);
  const axis = context.axis(context.integer('axis', 0), input.shape.length);
  const sizes = partSizes(context, input.shape[axis] as Dim);
  let offset: Dim = 0;
  return sizes.map((size) => {
    const first = offset;
    offset = sum([offset, size]);
    const shape: Shape = input.shape.map((dim, index) => (index === axis ? size : dim));
    const contents =
      typeof first !== 'number'
        ? {}
        : pickedValues(input, shape, (at) => at.map((place, index) => (index === axis ? place + first : place)));
    return { shape, dtype: input.dtype, ...contents };
  });
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Split',
    domain: '',
    since: [1, 2, 11, 13, 18],
    summary: 'Cuts a tensor into parts along one axis',
    specification: 'https://onnx.ai/onnx/operators/onnx__Split.html',
    table: { shape: 'the axis becomes the size of each part', work: MOVES_DATA, notes: OPEN_LIST },
    class: 'data-movement',
    fusion: 'layout',
    inputRoles: ['activation', 'setting'],
    infer: split,
    work: () => DATA_MOVEMENT,
  },
];
