/**
 * Elements in another order, each read and written once. Specs: https://onnx.ai/onnx/operators/ (DepthToSpace: opsets 1,
 * 11, 13, 28; SpaceToDepth 1, 13, 28; ReverseSequence 10, 28; Trilu 14). DepthToSpace moves blocks of channels into a
 * `blocksize` times larger plane, SpaceToDepth back; Trilu keeps one triangle of matrices and writes zeros elsewhere.
 * No arithmetic.
 */
import type { Dim } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { divideExactly, floorDivide, multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { MOVES_DATA, SAME_SHAPE } from './table-texts.ts';
import { pickedValues } from './values.ts';
import { DATA_MOVEMENT } from './work.ts';

const blocksOf = (context: OperatorContext): { readonly block: number; readonly type: TensorType } => {
  const type = context.input(0);
  const block = context.integer('blocksize');
  if (type.shape.length !== 4) context.fail(`${formatShape(type.shape)} has ${type.shape.length} axes, expected 4`);
  if (!(block >= 1)) context.fail(`blocksize is ${block}, expected 1 or more`);
  return { block, type };
};

const divided = (context: OperatorContext, dim: Dim, by: number, what: string): Dim => {
  const exact = divideExactly(dim, by);
  if (exact !== undefined) return exact;
  return typeof dim === 'number' ? context.fail(`${dim} ${what} do not divide by ${by}`) : floorDivide(dim, by);
};

const depthToSpace = (context: OperatorContext): TensorType => {
  const { block, type } = blocksOf(context);
  const [batch, channels, height, width] = type.shape as readonly [Dim, Dim, Dim, Dim];
  const fewer = divided(context, channels, block * block, 'channels');
  return { shape: [batch, fewer, multiply(height, block), multiply(width, block)], dtype: type.dtype };
};

const spaceToDepth = (context: OperatorContext): TensorType => {
  const { block, type } = blocksOf(context);
  const [batch, channels, height, width] = type.shape as readonly [Dim, Dim, Dim, Dim];
  const [rows, columns] = [divided(context, height, block, 'rows'), divided(context, width, block, 'columns')];
  return { shape: [batch, multiply(channels, block * block), rows, columns], dtype: type.dtype };
};

const reversed = (context: OperatorContext): TensorType => {
  const { shape, dtype } = context.input(0);
  const [batch, time] = [context.integer('batch_axis', 1), context.integer('time_axis', 0)];
  if (batch === time) context.fail(`axis ${batch} is both of the batch and of time`);
  context.axis(time, shape.length);
  const [lengths = 1] = context.input(1).shape;
  context.agree(shape[context.axis(batch, shape.length)] as Dim, lengths, 'the batch and the list of lengths');
  return { shape, dtype };
};

const triangle = (context: OperatorContext): TensorType => {
  const input = context.input(0);
  const { shape, dtype } = input;
  if (shape.length < 2) context.fail(`an input of ${shape.length} axes, expected 2 or more`);
  const diagonal = context.hasInput(1) ? context.input(1).values?.[0] : 0;
  if (typeof diagonal !== 'number') return { shape, dtype };
  const isUpper = context.integer('upper', 1) === 1;
  const keeps = (at: readonly number[]): boolean => {
    const offset = (at.at(-1) as number) - (at.at(-2) as number);
    return isUpper ? offset >= diagonal : offset <= diagonal;
  };
  return { shape, dtype, ...pickedValues(input, shape, (at) => (keeps(at) ? at : undefined)) };
};

const movement = (
  type: string,
  since: readonly number[],
  summary: string,
  shape: string,
  infer: (context: OperatorContext) => TensorType,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape, work: MOVES_DATA },
  class: 'data-movement',
  fusion: 'opaque',
  inputRoles: ['activation', 'setting'],
  infer: (context) => [infer(context)],
  work: () => DATA_MOVEMENT,
});

export const operators: readonly OperatorDefinition[] = [
  movement(
    'DepthToSpace',
    [1, 11, 13, 28],
    'Channels become blocks of positions; pixel shuffle',
    'N×C×H×W to N×(C/b^2)×bH×bW',
    depthToSpace,
  ),
  movement(
    'SpaceToDepth',
    [1, 13, 28],
    'Blocks of positions become channels',
    'N×C×H×W to N×b^2C×(H/b)×(W/b)',
    spaceToDepth,
  ),
  movement('ReverseSequence', [10, 28], 'Reverses the beginning of each sequence', SAME_SHAPE, reversed),
  {
    ...movement('Trilu', [14], 'Keeps the upper or lower triangle', SAME_SHAPE, triangle),
    fusion: 'pointwise',
    inPlace: true,
  },
];
