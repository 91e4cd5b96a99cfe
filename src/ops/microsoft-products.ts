/**
 * Matrix products and convolutions of quantized operands. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (QLinearConv, QGemm,
 * MatMulIntegerToFloat, DynamicQuantizeMatMul, QOrderedMatMul, DynamicQuantizeLSTM), one version.
 * Beside the product of integers: the quantization of an operand that comes as real numbers, one
 * multiplication by the scales per output, the sum with the bias, and the quantization of the result.
 * The zero point of the weight changes only stored numbers, and is not counted.
 */
import type { Shape } from '../ir/graph.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { contrib, isSet, reshapedTo, type WrittenOut } from './microsoft.ts';
import { channelsFirst, channelsLast } from './microsoft-layout.ts';
import { requantized } from './microsoft-quantized.ts';
import { plain } from './plain.ts';
import type { PlainSteps } from './plain-steps.ts';
import { MULTIPLIED } from './table-texts.ts';

const swapped = (shape: Shape): Shape =>
  shape.length < 2 ? shape : [...shape.slice(0, -2), ...shape.slice(-1), ...shape.slice(-2, -1)];

/** Product of integers, scaled to real numbers, with a bias. */
const scaledProduct = (
  steps: PlainSteps,
  operands: readonly (TensorType | undefined)[],
  bias: TensorType | undefined,
): TensorType => {
  const { shape } = steps.apply(plain('MatMulInteger'), operands);
  steps.perElement(shape, 1);
  const product: TensorType = { shape, dtype: 'fp32' };
  return bias === undefined ? product : steps.apply(plain('Add'), [product, { ...bias, dtype: 'fp32' }]);
};

const matrix = (context: OperatorContext, index: number, name: string): TensorType => {
  const operand = context.input(index);
  if (operand.shape.length !== 2) context.fail(`input ${index} has ${operand.shape.length} axes, expected a matrix`);
  return isSet(context, name) ? reshapedTo(swapped(operand.shape), operand) : operand;
};

const qgemm: WrittenOut = (context, steps) => {
  const a = matrix(context, 0, 'transA');
  const b = matrix(context, 3, 'transB');
  const operands = [a, b, context.optionalInput(2)];
  const real = scaledProduct(steps, operands, context.optionalInput(6));
  return [context.hasInput(7) ? requantized(context, steps, real, 7, a.dtype) : real];
};

const qlinearConv: WrittenOut = (context, steps) => {
  const last = isSet(context, 'channels_last');
  const operands = context.node.inputs.map((_, index) => context.optionalInput(index));
  const input = context.input(0);
  if (input.shape.length < 3) context.fail(`an input of ${input.shape.length} axes: expected 3 or more`);
  const output = steps.apply(
    plain('QLinearConv'),
    [last ? channelsFirst(input) : input, ...operands.slice(1)],
    context.node.attributes,
  );
  return [last ? channelsLast(output) : output];
};

const dynamic: WrittenOut = (context, steps) => {
  const a = context.input(0);
  const quantized = steps.apply(plain('DynamicQuantizeLinear'), [a]);
  const zeroPoint = reshapedTo([], quantized);
  const operands = [quantized, context.input(1), zeroPoint];
  return [reshapedTo(scaledProduct(steps, operands, context.optionalInput(4)).shape, a)];
};

/** Weights stand transposed; the input and the state of every step are quantized as they come. */
const lstm: WrittenOut = (context, steps) => {
  const input = context.input(0);
  const [weight, recurrence] = [context.input(1), context.input(2)];
  const real = (type: TensorType): TensorType => ({ shape: swapped(type.shape), dtype: input.dtype });
  const rest = [3, 4, 5, 6, 7].map((index) => context.optionalInput(index));
  const outputs = steps.outputs(plain('LSTM'), [input, real(weight), real(recurrence), ...rest], {
    attributes: context.node.attributes,
    outputs: 3,
  });
  steps.apply(plain('DynamicQuantizeLinear'), [reshapedTo(input.shape, input)]);
  const states = outputs[0];
  if (states !== undefined) {
    steps.apply(plain('DynamicQuantizeLinear'), [states]);
    // Both products are scaled: of the input and of the state, for each of four gates.
    steps.perElement(states.shape, 8);
  }
  return outputs;
};

const ZERO_POINT = 'the zero point of the weight is not counted';

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'QLinearConv',
    {
      factors: [0, 3],
      fusion: 'contraction',
      summary: 'Convolution of quantized tensors in either layout',
      table: { shape: 'as QLinearConv, in either layout', work: 'as the plain QLinearConv', notes: ZERO_POINT },
      inputRoles: ['activation', 'setting', 'setting', 'weight', 'setting', 'setting', 'setting', 'setting', 'weight'],
    },
    qlinearConv,
  ),
  contrib(
    'QGemm',
    {
      factors: [0, 3],
      fusion: 'contraction',
      summary: 'Matrix product with bias of quantized tensors',
      table: {
        shape: 'M×K by K×N to M×N, either transposed',
        work: 'as MatMulInteger, 1 per output for scales, bias, QuantizeLinear',
        notes: ZERO_POINT,
      },
      inputRoles: ['activation', 'setting', 'setting', 'weight', 'setting', 'setting', 'weight', 'setting'],
    },
    qgemm,
  ),
  contrib(
    'MatMulIntegerToFloat',
    {
      fusion: 'contraction',
      summary: 'Matrix product of integers, scaled to real numbers',
      table: {
        shape: MULTIPLIED,
        work: 'as MatMulInteger, 1 per output for scales, Add of the bias',
        notes: ZERO_POINT,
      },
      inputRoles: ['activation', 'activation', 'setting', 'setting', 'setting', 'setting', 'weight'],
    },
    (context, steps) => {
      const operands = [context.input(0), context.input(1), context.optionalInput(4)];
      const product = scaledProduct(steps, operands, context.optionalInput(6));
      return [reshapedTo(product.shape, context.input(2))];
    },
  ),
  contrib(
    'DynamicQuantizeMatMul',
    {
      factors: [1],
      fusion: 'contraction',
      summary: 'Quantizes the left operand as it comes, and multiplies by a quantized weight',
      table: { shape: MULTIPLIED, work: 'as DynamicQuantizeLinear, then as MatMulIntegerToFloat', notes: ZERO_POINT },
      inputRoles: ['activation', 'weight', 'setting', 'setting', 'weight'],
    },
    dynamic,
  ),
  contrib(
    'QOrderedMatMul',
    {
      factors: [0, 2],
      fusion: 'contraction',
      summary: 'Matrix product of quantized tensors in a layout of the GPU',
      table: { shape: MULTIPLIED, work: 'as MatMulInteger, scales, bias, 2 per output for C, QuantizeLinear' },
      inputRoles: ['activation', 'setting', 'weight', 'setting', 'setting', 'weight', 'activation', 'setting'],
    },
    (context, steps) => {
      const a = context.input(0);
      const real = scaledProduct(steps, [a, context.input(2)], context.optionalInput(5));
      const addend = context.optionalInput(6);
      // beta x C, with C scaled.
      if (addend !== undefined) steps.perElement(real.shape, 2);
      const zeroPoint: TensorType = { shape: [], dtype: 'int8' };
      return [steps.apply(plain('QuantizeLinear'), [real, reshapedTo([], context.input(4)), zeroPoint])];
    },
  ),
  contrib(
    'DynamicQuantizeLSTM',
    {
      factors: [1, 2],
      class: 'recurrent',
      fusion: 'opaque',
      summary: 'LSTM with quantized weights; inputs and states are quantized as they come',
      table: { shape: 'as LSTM', work: 'as LSTM; DynamicQuantizeLinear of input and states; 8 per state' },
      inputRoles: [
        'activation',
        'weight',
        'weight',
        'weight',
        'setting',
        'activation',
        'activation',
        'weight',
        'setting',
      ],
    },
    lstm,
  ),
];
