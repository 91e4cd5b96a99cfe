/** What operators that do the same at every position have in common: shapes that broadcast, work per element, contents. */
import type { DType } from '../ir/dtype.ts';
import type { Dim, Shape } from '../ir/graph.ts';
import { broadcastDims, broadcastShapes, elementCount, formatShape } from '../ir/shape.ts';
import { type Integer, multiply } from '../units/integer.ts';
import type { OperatorClass } from './classes.ts';
import type { OperandRole, OperatorContext, OperatorDefinition, OperatorWork, TensorType } from './definition.ts';
import { heldBy } from './element-values.ts';
import { BROADCAST, countText, SAME_SHAPE } from './table-texts.ts';
import { broadcastValues } from './values.ts';

/** Operations per output element, and how many of them are transcendental. */
export type Cost = readonly [flops: number, transcendentals: number];

/** A cost that is not the same for every node, and how the table of operators says it. */
export interface VaryingCost {
  readonly of: (context: OperatorContext) => Cost;
  readonly text: string;
}

/** What an operator does to followed values; `undefined` where the result is no integer or fraction that is known. */
export type Follow = (a: Integer, b?: Integer, c?: Integer) => Integer | undefined;

export interface PointwiseOptions {
  readonly class?: OperatorClass;
  readonly inputRoles?: readonly OperandRole[];
  /** Element type of the result, where it is not that of the first operand. */
  readonly dtype?: DType;
  readonly follow?: (context: OperatorContext, dtype: DType) => Follow;
  /** For the table of operators. */
  readonly notes?: string;
}

/** First opset whose operands broadcast as NumPy's do, without being asked to. */
const MULTIDIRECTIONAL = 7;

export const pointwiseWork = (context: OperatorContext, [flops, transcendentals]: Cost): OperatorWork => {
  const elements = elementCount(context.output(0).shape);
  return {
    macs: 0,
    flops: multiply(elements, flops),
    transcendentals: multiply(elements, transcendentals),
    treatment: { kind: 'costed' },
  };
};

/** Shape of the second operand as it broadcasts: up to opset 6 its first axis stood at `axis` of the first. */
const alignedRight = (context: OperatorContext, left: Shape, right: Shape): Shape => {
  if (context.opset >= MULTIDIRECTIONAL || right.length >= left.length) return right;
  const stated = context.attribute('axis');
  if (typeof stated !== 'number') return right;
  const axis = context.axis(stated, left.length);
  const trailing = left.length - axis - right.length;
  if (trailing < 0) context.fail(`${formatShape(right)} at axis ${axis} does not fit ${formatShape(left)}`);
  return [...right, ...Array.from({ length: trailing }, () => 1)];
};

/** The shape that both broadcast to; what is learned of open dimensions goes to the context. */
export const broadcastPair = (context: OperatorContext, left: Shape, right: Shape): Shape => {
  const fit = (a: Dim, b: Dim): Dim | undefined =>
    typeof a === 'number' && typeof b === 'number' ? broadcastDims(a, b) : context.broadcast(a, b);
  const shape = broadcastShapes(left, right, fit);
  return shape ?? context.fail(`shapes ${formatShape(left)} and ${formatShape(right)} do not broadcast`);
};

/** Operands that the operator wants of one element type. */
export const expectSameType = (context: OperatorContext, operands: readonly TensorType[]): void => {
  const [first, ...others] = operands;
  const other = others.find(({ dtype }) => dtype !== first?.dtype);
  if (first === undefined || other === undefined) return;
  context.warn('type-mismatch', `operands are of types ${first.dtype} and ${other.dtype}, expected the same`);
};

/** The output: its shape and type, and its contents where those of all operands are known. */
export const pointwiseType = (
  operands: readonly TensorType[],
  shape: Shape,
  dtype: DType,
  follow: Follow | undefined,
): TensorType => {
  if (follow === undefined || operands.some(({ values }) => values === undefined)) return { shape, dtype };
  const held = (a: Integer, b?: Integer, c?: Integer): Integer | undefined => heldBy(dtype, () => follow(a, b, c));
  return { shape, dtype, ...broadcastValues(operands, shape, held) };
};

/** Everything but what is read: one operator of the default domain. */
const definition = (
  type: string,
  since: readonly number[],
  summary: string,
  cost: Cost | VaryingCost,
  shape: string,
  options: PointwiseOptions,
): Omit<OperatorDefinition, 'infer'> => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: {
    shape,
    work: 'of' in cost ? cost.text : countText(cost),
    ...(options.notes !== undefined && { notes: options.notes }),
  },
  class: options.class ?? 'elementwise',
  fusion: 'pointwise',
  inPlace: true,
  inputRoles: options.inputRoles ?? ['activation'],
  work: (context) => pointwiseWork(context, 'of' in cost ? cost.of(context) : cost),
});

/** An operator whose output has the shape of its first operand; any others are settings. */
export const unary = (
  type: string,
  since: readonly number[],
  summary: string,
  cost: Cost | VaryingCost,
  options: PointwiseOptions = {},
): OperatorDefinition => ({
  ...definition(type, since, summary, cost, SAME_SHAPE, options),
  infer: (context) => {
    const input = context.input(0);
    const dtype = options.dtype ?? input.dtype;
    return [pointwiseType([input], input.shape, dtype, options.follow?.(context, input.dtype))];
  },
});

/** An operator of two operands that broadcast. */
export const binary = (
  type: string,
  since: readonly number[],
  summary: string,
  cost: Cost | VaryingCost,
  options: PointwiseOptions & { readonly mixedTypes?: true } = {},
): OperatorDefinition => ({
  ...definition(type, since, summary, cost, BROADCAST, options),
  infer: (context) => {
    const left = context.input(0);
    const written = context.input(1);
    if (options.mixedTypes === undefined) expectSameType(context, [left, written]);
    const right = { ...written, shape: alignedRight(context, left.shape, written.shape) };
    const shape = broadcastPair(context, left.shape, right.shape);
    const dtype = options.dtype ?? left.dtype;
    return [pointwiseType([left, right], shape, dtype, options.follow?.(context, left.dtype))];
  },
});
