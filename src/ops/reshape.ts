/**
 * Reshape. Spec: https://onnx.ai/onnx/operators/onnx__Reshape.html, opsets 1, 5, 13, 14, 19, 21, 23, 24.
 * 0 keeps the extent of the input at the same place (unless `allowzero`), -1 takes what is left.
 * Only the extent that takes what is left, or one that is kept, can carry the batch.
 * The new shape is an attribute in opset 1 and an input from 5 on.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount, formatShape } from '../ir/shape.ts';
import { product, ZERO_COUNT } from '../units/count.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';

const perItemOrFixed = (context: OperatorContext): { readonly size: number; readonly batched: boolean } => {
  const { fixed, perItem } = elementCount(context.input(0).shape);
  return perItem === 0 ? { size: fixed, batched: false } : { size: perItem, batched: true };
};

const reshaped = (context: OperatorContext): readonly Dim[] => {
  const { shape } = context.input(0);
  const wanted = context.hasInput(1)
    ? (context.input(1).values ?? context.fail('the new shape is not a constant'))
    : context.integers('shape');
  const keepsZero = context.integer('allowzero', 0) === 1;
  const known = wanted.map((extent, axis): Dim | undefined => {
    if (extent === -1) return undefined;
    if (extent !== 0 || keepsZero) return extent;
    return shape[axis] ?? context.fail(`extent ${axis} is kept, but the input has ${shape.length} axes`);
  });
  if (known.filter((dim) => dim === undefined).length > 1) context.fail('more than one extent is to be inferred');
  const { size, batched } = perItemOrFixed(context);
  const placed = known.some((dim) => dim !== undefined && typeof dim !== 'number');
  const stated = product(
    known.map((dim) => {
      if (dim === undefined) return 1;
      return typeof dim === 'number' ? dim : dim.perItem;
    }),
  );
  const misfit = (): never =>
    context.fail(`[${wanted.join(', ')}] does not hold the elements of ${formatShape(shape)}`);
  const rest = size / stated;
  if (!Number.isSafeInteger(rest)) return misfit();
  const inferred: Dim = batched && !placed ? { perItem: rest } : rest;
  const result = known.map((dim) => dim ?? inferred);
  const after = elementCount(result);
  if ((batched ? after.perItem : after.fixed) !== size) misfit();
  return result;
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Reshape',
    domain: '',
    since: [1, 5, 13, 14, 19, 21, 23, 24],
    summary: 'The same elements in another shape',
    specification: 'https://onnx.ai/onnx/operators/onnx__Reshape.html',
    class: 'data-movement',
    fusion: 'view',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const { dtype, values } = context.input(0);
      return [{ shape: reshaped(context), dtype, ...(values !== undefined && { values }) }];
    },
    work: () => ({
      macs: ZERO_COUNT,
      flops: ZERO_COUNT,
      transcendentals: ZERO_COUNT,
      treatment: { kind: 'free', reason: 'a change of shape; no data moves' },
    }),
  },
];
