/**
 * Reshape. Spec: https://onnx.ai/onnx/operators/onnx__Reshape.html, opsets 1, 5, 13, 14, 19, 21, 23, 24.
 * 0 keeps the extent of the input at the same place (unless `allowzero`), -1 takes what is left.
 * The new shape is an attribute in opset 1 and an input from 5 on.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount, formatShape } from '../ir/shape.ts';
import { divideExactly, floorDivide, formatInteger, product } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';

const reshaped = (context: OperatorContext): readonly Dim[] => {
  const { shape } = context.input(0);
  const wanted = context.hasInput(1) ? target(context) : context.integers('shape');
  const keepsZero = context.integer('allowzero', 0) === 1;
  const known = wanted.map((extent, axis): Dim | undefined => {
    if (extent === -1) return undefined;
    if (extent !== 0 || keepsZero) return extent;
    return shape[axis] ?? context.fail(`extent ${axis} is kept, but the input has ${shape.length} axes`);
  });
  const text = (): string => `[${wanted.map(formatInteger).join(', ')}]`;
  const open = known.filter((dim) => dim === undefined).length;
  if (open > 1) context.fail(`${text()} leaves ${open} extents to be inferred, expected one at most`);
  const size = elementCount(shape);
  const stated = product(known.filter((dim) => dim !== undefined));
  const misfit = (): never => context.fail(`${text()} does not hold the elements of ${formatShape(shape)}`);
  if (open === 0) {
    if (typeof size === 'number' && typeof stated === 'number' && size !== stated) misfit();
    context.agree(size, stated, `elements of ${formatShape(shape)} and ${text()}`);
    return known as readonly Dim[];
  }
  if (stated === 0) return misfit();
  const rest = divideExactly(size, stated);
  if (rest === undefined && typeof size === 'number' && typeof stated === 'number') return misfit();
  return known.map((dim) => dim ?? rest ?? floorDivide(size, stated));
};

/** The new shape, as far as it is known: an extent that only data decides is a new open dimension. */
const target = (context: OperatorContext): readonly Dim[] => {
  const { shape, values } = context.input(1);
  if (values !== undefined) return values;
  const [rank] = shape;
  if (shape.length !== 1 || typeof rank !== 'number') return context.unknown('even the number of axes depends on data');
  return Array.from({ length: rank }, (_, axis) => context.dataDependent(`extent${axis}`));
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
      macs: 0,
      flops: 0,
      transcendentals: 0,
      treatment: { kind: 'free', reason: 'a change of shape; no data moves' },
    }),
  },
];
