/**
 * Gathering of single elements and of slices. Specs: https://onnx.ai/onnx/operators/ (GatherElements: opsets 11, 13;
 * GatherND 11, 12, 13). GatherElements takes one element per index along an axis; the last axis of GatherND's indices names
 * places in as many axes of the data, after `batch_dims` (from opset 12) that both share. No arithmetic; of the data
 * only what is named is read.
 */
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { MOVES_DATA } from './table-texts.ts';
import { copiedPart } from './work.ts';

const elements = (context: OperatorContext): TensorType => {
  const { shape, dtype } = context.input(0);
  const indices = context.input(1).shape;
  context.axis(context.integer('axis', 0), shape.length);
  if (indices.length !== shape.length) {
    context.fail(`indices of ${indices.length} axes for a tensor of ${shape.length}, expected as many`);
  }
  return { shape: indices, dtype };
};

const slices = (context: OperatorContext): TensorType => {
  const { shape, dtype } = context.input(0);
  const indices = context.input(1).shape;
  const shared = context.integer('batch_dims', 0);
  const named = indices.at(-1);
  if (named === undefined) return context.fail('indices without axes, expected one or more');
  if (typeof named !== 'number') return context.unknown('the number of axes that an index names is open');
  if (shared < 0 || shared >= indices.length || shared + named > shape.length) {
    context.fail(`indices of ${shared} + ${named} axes are too many for a tensor of ${shape.length}`);
  }
  const lead = indices.slice(0, -1).map((dim, axis) => {
    const own = shape[axis];
    return axis < shared && own !== undefined ? context.agree(dim, own, `shared axis ${axis}`) : dim;
  });
  return { shape: [...lead, ...shape.slice(shared + named)], dtype };
};

const definition = (
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
  inputRoles: ['activation'],
  infer: (context) => [infer(context)],
  work: copiedPart,
});

export const operators: readonly OperatorDefinition[] = [
  definition('GatherElements', [11, 13], 'Takes one element per index along an axis', 'same as the indices', elements),
  definition(
    'GatherND',
    [11, 12, 13],
    'Takes the elements or slices that lists of places name',
    'the indices less the last axis, then what they leave unnamed',
    slices,
  ),
];
