/**
 * Reshape. Spec: https://onnx.ai/onnx/operators/onnx__Reshape.html, opsets 1, 5, 13, 14, 19, 21, 23, 24, 25.
 * 0 keeps the extent of the input at the same place (unless `allowzero`), -1 takes what is left.
 * The new shape is an attribute in opset 1 and an input from 5 on.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { elementCount, formatShape } from '../ir/shape.ts';
import { divideExactly, floorDivide, formatInteger, product, sameInteger } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { statedExtents } from './stated-extents.ts';
import { FREE, OPEN_LIST } from './table-texts.ts';
import { freeOf } from './work.ts';

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/**
 * The two numbers of elements without what both have in common, so that little is left to compare: N x 6 elements
 * in 4 x 3 places are N in 2.
 */
const cancelled = (from: Shape, to: Shape): readonly [Dim, Dim] => {
  const left = from.filter((dim) => typeof dim !== 'number');
  const right: Dim[] = [];
  for (const dim of to) {
    if (typeof dim === 'number') continue;
    const same = left.findIndex((other) => sameInteger(dim, other));
    if (same === -1) right.push(dim);
    else left.splice(same, 1);
  }
  const [before, after] = [from, to].map(
    (shape) => product(shape.filter((dim) => typeof dim === 'number')) as number,
  ) as [number, number];
  const shared = Math.max(1, greatestCommonDivisor(before, after));
  return [product([...left, before / shared]), product([...right, after / shared])];
};

const reshaped = (context: OperatorContext): readonly Dim[] => {
  const { shape } = context.input(0);
  const wanted = context.hasInput(1) ? statedExtents(context, 1, -1) : context.integers('shape');
  // Extents that only data decides hold the elements, whatever they are.
  if (context.optionalInput(1)?.values === undefined && context.hasInput(1)) return wanted;
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
    const [from, to] = cancelled(shape, known as readonly Dim[]);
    if (typeof from === 'number' && typeof to === 'number' && from !== to) misfit();
    context.agree(from, to, `elements of ${formatShape(shape)} and ${text()}`);
    return known as readonly Dim[];
  }
  if (stated === 0) return misfit();
  const rest = divideExactly(size, stated);
  if (rest === undefined && typeof size === 'number' && typeof stated === 'number') return misfit();
  return known.map((dim) => dim ?? rest ?? floorDivide(size, stated));
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Reshape',
    domain: '',
    since: [1, 5, 13, 14, 19, 21, 23, 24, 25],
    summary: 'The same elements in another shape',
    specification: 'https://onnx.ai/onnx/operators/onnx__Reshape.html',
    table: { shape: 'extents as the list says; 0 keeps one, -1 takes the rest', work: FREE, notes: OPEN_LIST },
    class: 'data-movement',
    fusion: 'view',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const { dtype, values } = context.input(0);
      return [{ shape: reshaped(context), dtype, ...(values !== undefined && { values }) }];
    },
    work: () => freeOf('a change of shape; no data moves'),
  },
];
