/**
 * Axes of extent 1 taken out and put in. Specs: https://onnx.ai/onnx/operators/ (Squeeze, Unsqueeze: opsets 1, 11, 13, 21,
 * 23, 24, 25). The axes are an attribute up to opset 11 and an input from 13 on. Squeeze without axes takes out every
 * extent that is known to be 1; an open one is taken to be more.
 */
import type { Dim } from '../ir/graph.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { listLength } from './stated-extents.ts';
import { FREE } from './table-texts.ts';
import { freeOf } from './work.ts';

const statedAxes = (context: OperatorContext): readonly number[] | undefined => {
  if (context.hasInput(1)) return context.numbers(1, 'the list of axes');
  return context.attribute('axes') === undefined ? undefined : context.integers('axes');
};

/** Where data decides on the axes, their number still tells how many there are afterwards. */
const openAxes = (context: OperatorContext, step: 1 | -1): readonly Dim[] | undefined => {
  if (context.optionalInput(1) === undefined || context.input(1).values !== undefined) return undefined;
  const rank = context.input(0).shape.length + step * listLength(context, 1);
  if (rank < 0) context.fail(`more axes to take out than the ${context.input(0).shape.length} there are`);
  return Array.from({ length: rank }, (_, axis) => context.dataDependent(`extent${axis}`));
};

const distinct = (context: OperatorContext, axes: readonly number[], rank: number): ReadonlySet<number> => {
  const found = new Set(axes.map((axis) => context.axis(axis, rank)));
  if (found.size < axes.length) context.fail(`an axis stands twice in [${axes.join(', ')}]`);
  return found;
};

const squeezed = (context: OperatorContext): readonly Dim[] => {
  const { shape } = context.input(0);
  const stated = statedAxes(context);
  if (stated === undefined) return shape.filter((dim) => dim !== 1);
  const axes = distinct(context, stated, shape.length);
  for (const axis of axes) context.agree(shape[axis] as Dim, 1, `axis ${axis} is taken out`);
  return shape.filter((_, axis) => !axes.has(axis));
};

const unsqueezed = (context: OperatorContext): readonly Dim[] => {
  const { shape } = context.input(0);
  const stated = statedAxes(context) ?? context.fail('no axes are stated');
  const rank = shape.length + stated.length;
  const axes = distinct(context, stated, rank);
  const extents = shape.values();
  return Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : (extents.next().value as Dim)));
};

const reshaping = (
  type: string,
  summary: string,
  text: string,
  step: 1 | -1,
  reshape: (context: OperatorContext) => readonly Dim[],
): OperatorDefinition => ({
  type,
  domain: '',
  since: [1, 11, 13, 21, 23, 24, 25],
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape: text, work: FREE, notes: 'extents are open where data decides on the axes' },
  class: 'data-movement',
  fusion: 'view',
  inputRoles: ['activation', 'setting'],
  infer: (context) => [{ ...context.input(0), shape: openAxes(context, step) ?? reshape(context) }],
  work: () => freeOf('a change of shape; no data moves'),
});

export const operators: readonly OperatorDefinition[] = [
  reshaping(
    'Squeeze',
    'Takes out axes of extent 1',
    'the input without the axes named, or all of extent 1',
    -1,
    squeezed,
  ),
  reshaping('Unsqueeze', 'Puts in axes of extent 1', 'the input with the axes named put in', 1, unsqueezed),
];
