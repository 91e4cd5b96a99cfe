/**
 * Operators between quantized tensors, each with the scale and zero point of every operand. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (QLinearAdd, QLinearMul,
 * QLinearSigmoid, QLinearLeakyRelu, QLinearSoftmax, QLinearAveragePool, QLinearGlobalAveragePool,
 * QLinearReduceMean, QLinearConcat, QLinearWhere), one version. Work is that of the definition: operands are
 * dequantized, the plain operator runs, its result is quantized. Kernels may look results up in a
 * table instead.
 */
import type { DType } from '../ir/dtype.ts';
import type { OperandRole, OperatorContext, OperatorDefinition, OperatorTexts, TensorType } from './definition.ts';
import { contrib, isSet, reshapedTo, type WrittenOut } from './microsoft.ts';
import { channelsFirst, channelsLast } from './microsoft-layout.ts';
import { plain } from './plain.ts';
import type { PlainSteps } from './plain-steps.ts';
import { BROADCAST, SAME_SHAPE } from './table-texts.ts';

type Kind = Pick<OperatorDefinition, 'class' | 'fusion' | 'inPlace'>;

/** The operand at `index`, whose scale and zero point follow it, as real numbers. */
export const dequantized = (context: OperatorContext, steps: PlainSteps, index: number): TensorType => {
  const { shape } = context.input(index);
  const scale = context.input(index + 1);
  return steps.apply(plain('DequantizeLinear'), [
    reshapedTo(shape, context.input(index)),
    reshapedTo([], scale),
    context.hasInput(index + 2) ? reshapedTo([], context.input(index)) : undefined,
  ]);
};

/** `real` with the scale at `index` and the zero point after it, in the type of `like`. */
export const requantized = (
  context: OperatorContext,
  steps: PlainSteps,
  real: TensorType,
  index: number,
  like: DType,
): TensorType => {
  const zeroPoint = context.optionalInput(index + 1);
  const dtype = zeroPoint?.dtype ?? like;
  const scale = context.input(index);
  const result = steps.apply(plain('QuantizeLinear'), [real, reshapedTo([], scale), { shape: [], dtype }]);
  return { shape: result.shape, dtype };
};

/** What kernels may do instead of the arithmetic that is counted. */
const TABLES = 'kernels may look results up in a table instead';

const UNARY: readonly OperandRole[] = ['activation', 'setting'];

const BINARY: readonly OperandRole[] = ['activation', 'setting', 'setting', 'activation', 'setting'];

const POINTWISE: Kind = { class: 'elementwise', fusion: 'pointwise', inPlace: true };

const ACTIVATION: Kind = { class: 'activation', fusion: 'pointwise', inPlace: true };

/** What runs between the operands and the result as real numbers. */
const betweenTypes = (shape: string, operator: string): OperatorTexts => ({
  shape,
  work: `DequantizeLinear per operand, ${operator}, QuantizeLinear`,
  notes: TABLES,
});

const unary = (
  type: string,
  summary: string,
  table: OperatorTexts,
  kind: Kind,
  run: (context: OperatorContext, steps: PlainSteps, real: TensorType) => TensorType,
): OperatorDefinition =>
  contrib(type, { ...kind, summary, table, inputRoles: UNARY }, (context, steps) => {
    const real = run(context, steps, dequantized(context, steps, 0));
    return [requantized(context, steps, real, 3, context.input(0).dtype)];
  });

const binary = (type: string, summary: string, operator: string): OperatorDefinition =>
  contrib(
    type,
    { ...POINTWISE, summary, table: betweenTypes(BROADCAST, operator), inputRoles: BINARY },
    (context, steps) => {
      const real = steps.apply(plain(operator), [dequantized(context, steps, 0), dequantized(context, steps, 3)]);
      return [requantized(context, steps, real, 6, context.input(0).dtype)];
    },
  );

/** A pooling operator in either layout; what runs are its plain steps. */
const pooled =
  (type: string) =>
  (context: OperatorContext, steps: PlainSteps, real: TensorType): TensorType => {
    const last = isSet(context, 'channels_last');
    const output = steps.apply(plain(type), [last ? channelsFirst(real) : real], context.node.attributes);
    return last ? channelsLast(output) : output;
  };

const softmax = (context: OperatorContext, steps: PlainSteps, real: TensorType): TensorType => {
  const opset = context.integer('opset', 13);
  const axis = context.integer('axis', opset < 13 ? 1 : -1);
  return steps.apply(plain('Softmax'), [real], { axis }, opset);
};

/** Triples of an operand, its scale and its zero point, after those of the output. */
const concat: WrittenOut = (context, steps) => {
  const parts: TensorType[] = [];
  for (let index = 2; index < context.node.inputs.length; index += 3) parts.push(dequantized(context, steps, index));
  const real = steps.apply(plain('Concat'), parts, { axis: context.integer('axis') });
  return [requantized(context, steps, real, 0, context.input(2).dtype)];
};

const CONCAT_OPERANDS = 256;

const concatRoles = (): readonly OperandRole[] => [
  'setting',
  'setting',
  ...Array.from({ length: CONCAT_OPERANDS }, () => ['activation', 'setting', 'setting'] as const).flat(),
];

const where: WrittenOut = (context, steps) => {
  const operands = [dequantized(context, steps, 1), dequantized(context, steps, 4)];
  const real = steps.apply(plain('Where'), [context.input(0), ...operands]);
  return [requantized(context, steps, real, 7, context.input(1).dtype)];
};

export const operators: readonly OperatorDefinition[] = [
  binary('QLinearAdd', 'Sum of quantized tensors', 'Add'),
  binary('QLinearMul', 'Product of quantized tensors', 'Mul'),
  unary(
    'QLinearSigmoid',
    'Sigmoid of a quantized tensor',
    betweenTypes(SAME_SHAPE, 'Sigmoid'),
    ACTIVATION,
    (_, steps, real) => steps.apply(plain('Sigmoid'), [real]),
  ),
  unary(
    'QLinearLeakyRelu',
    'Leaky ReLU of a quantized tensor',
    betweenTypes(SAME_SHAPE, 'LeakyRelu'),
    ACTIVATION,
    (context, steps, real) => steps.apply(plain('LeakyRelu'), [real], context.node.attributes),
  ),
  unary(
    'QLinearSoftmax',
    'Softmax of a quantized tensor',
    betweenTypes(SAME_SHAPE, 'Softmax'),
    { class: 'activation', fusion: 'reduction' },
    softmax,
  ),
  unary(
    'QLinearAveragePool',
    'Mean over a sliding window of a quantized tensor',
    betweenTypes('as AveragePool, in either layout', 'AveragePool'),
    { class: 'pooling', fusion: 'window' },
    pooled('AveragePool'),
  ),
  unary(
    'QLinearGlobalAveragePool',
    'Mean over all positions of a quantized tensor',
    betweenTypes('as GlobalAveragePool, in either layout', 'GlobalAveragePool'),
    { class: 'pooling', fusion: 'reduction' },
    pooled('GlobalAveragePool'),
  ),
  unary(
    'QLinearReduceMean',
    'Mean over axes of a quantized tensor',
    betweenTypes('as ReduceMean', 'ReduceMean'),
    { class: 'other', fusion: 'reduction' },
    (context, steps, real) => steps.apply(plain('ReduceMean'), [real], context.node.attributes, 11),
  ),
  contrib(
    'QLinearConcat',
    {
      class: 'quantization',
      fusion: 'layout',
      summary: 'Joins quantized tensors, rescaled to one scale',
      table: betweenTypes('as Concat', 'Concat'),
      inputRoles: concatRoles(),
    },
    concat,
  ),
  contrib(
    'QLinearWhere',
    {
      ...POINTWISE,
      summary: 'Chooses between quantized tensors by a condition',
      table: betweenTypes('broadcast of the condition and the operands', 'Where'),
      inputRoles: ['activation', ...BINARY],
    },
    where,
  ),
];
