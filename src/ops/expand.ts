/**
 * Repetition of what a tensor holds. Specs: https://onnx.ai/onnx/operators/ (Expand: opsets 8, 13; Tile 1, 6, 13). Expand
 * broadcasts in both directions, so that an extent of 1 in the list keeps the tensor's own. Tile repeats along every axis;
 * in opset 1 along one axis that an operand names. No arithmetic.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { broadcastPair } from './pointwise.ts';
import { listLength, statedExtents } from './stated-extents.ts';
import { MOVES_DATA, OPEN_LIST } from './table-texts.ts';
import { broadcastValues, pickedValues } from './values.ts';
import { DATA_MOVEMENT } from './work.ts';

const FIRST_WITH_REPEATS = 6;

const alongOneAxis = (context: OperatorContext, shape: Shape): Shape => {
  const [axis = 0] = context.numbers(2, 'the axis');
  const place = context.axis(axis, shape.length);
  const tiles = context.input(1).values?.[0];
  return shape.map((dim, index) => {
    if (index !== place) return dim;
    return tiles === undefined ? context.dataDependent(`extent${axis}`) : multiply(dim, tiles);
  });
};

const tiled = (context: OperatorContext, shape: Shape): Shape => {
  if (context.opset < FIRST_WITH_REPEATS) return alongOneAxis(context, shape);
  const repeats = listLength(context, 1);
  if (repeats !== shape.length) context.fail(`${repeats} repeats do not fit ${shape.length} axes`);
  // Extents that only data decides are named whole: the factor alone says nothing more.
  if (context.input(1).values === undefined) return statedExtents(context, 1);
  return statedExtents(context, 1).map((times, axis) => multiply(shape[axis] as Dim, times));
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Expand',
    domain: '',
    since: [8, 13],
    summary: 'Broadcasts a tensor to a shape',
    specification: 'https://onnx.ai/onnx/operators/onnx__Expand.html',
    table: { shape: 'broadcast of the input and the list', work: MOVES_DATA, notes: OPEN_LIST },
    class: 'data-movement',
    fusion: 'layout',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const input = context.input(0);
      const shape = broadcastPair(context, input.shape, statedExtents(context, 1));
      const contents = input.values === undefined ? {} : broadcastValues([input], shape, (value) => value);
      return [{ shape, dtype: input.dtype, ...contents }];
    },
    work: () => DATA_MOVEMENT,
  },
  {
    type: 'Tile',
    domain: '',
    since: [1, 6, 13],
    summary: 'Repeats a tensor along its axes',
    specification: 'https://onnx.ai/onnx/operators/onnx__Tile.html',
    table: { shape: 'every extent times its repeats', work: MOVES_DATA, notes: OPEN_LIST },
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const input = context.input(0);
      const shape = tiled(context, input.shape);
      const contents = pickedValues(input, shape, (at, extents) =>
        at.map((place, axis) => place % (extents[axis] as number)),
      );
      return [{ shape, dtype: input.dtype, ...contents }];
    },
    work: () => DATA_MOVEMENT,
  },
];
