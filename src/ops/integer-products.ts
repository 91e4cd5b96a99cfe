/**
 * Products of integer tensors. Specs: https://onnx.ai/onnx/operators/ (ConvInteger 10,
 * MatMulInteger 10, QLinearConv 10, QLinearMatMul 10, 21).
 * Beside the multiply-accumulates: one subtraction per element of the first operand where its zero
 * point is given (that of the second, mostly stored weights, is taken out on loading); a bias one addition per output; and where the output is quantized again, per output a
 * multiplication by the scales, a rounding, the addition of the zero point and two comparisons.
 * ConvInteger and MatMulInteger hand out the int32 sums themselves.
 */
import { elementCount } from '../ir/shape.ts';
import { multiply, sum } from '../units/integer.ts';
import { contractionWork } from './contraction.ts';
import { convGeometry, convNest, convShape } from './conv.ts';
import type { OperandRole, OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';
import { matmulNest, matmulShape } from './matmul.ts';
import type { LoopNest } from './nest.ts';
import { CONVOLVED, MULTIPLIED } from './table-texts.ts';

/** Multiply by the scales, round, add the zero point, max, min. */
export const REQUANTIZE_FLOPS = 5;

/** Zero point of the first operand, in all of these operators. */
const ZERO_POINT = 2;

const integerWork = (
  context: OperatorContext,
  nest: LoopNest,
  { bias = false, quantizes }: { readonly bias?: boolean; readonly quantizes: boolean },
): OperatorWork => {
  const work = contractionWork(context, nest, bias);
  const subtractions = context.hasInput(ZERO_POINT) ? elementCount(context.input(0).shape) : 0;
  const rounded = quantizes ? multiply(elementCount(context.output(0).shape), REQUANTIZE_FLOPS) : 0;
  return { ...work, flops: sum([work.flops, subtractions, rounded]) };
};

const LOADED = 'zero points of the second operand are taken out on loading';

const QUANTIZED_CONV: readonly OperandRole[] = [
  ...(['activation', 'setting', 'setting', 'weight', 'setting', 'setting', 'setting', 'setting', 'weight'] as const),
];
const CONV = { input: 0, weight: 1 };
const LINEAR_CONV = { input: 0, weight: 3, bias: 8 };

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'ConvInteger',
    domain: '',
    since: [10],
    summary: 'Convolution of integers that hands out its int32 sums',
    specification: 'https://onnx.ai/onnx/operators/onnx__ConvInteger.html',
    table: { shape: CONVOLVED, work: 'MACs as of Conv; 1 per input element with a zero point', notes: LOADED },
    fusion: 'contraction',
    inputRoles: ['activation', 'weight', 'setting'],
    infer: (context) => [{ shape: convShape(convGeometry(context, CONV)), dtype: 'int32' }],
    work: (context) => integerWork(context, convNest(convGeometry(context, CONV)), { quantizes: false }),
  },
  {
    type: 'MatMulInteger',
    domain: '',
    since: [10],
    summary: 'Matrix product of integers that hands out its int32 sums',
    specification: 'https://onnx.ai/onnx/operators/onnx__MatMulInteger.html',
    table: { shape: MULTIPLIED, work: 'MACs as of MatMul; 1 per element of A with a zero point', notes: LOADED },
    fusion: 'contraction',
    inputRoles: ['activation', 'activation', 'setting'],
    infer: (context) => [{ shape: matmulShape(context), dtype: 'int32' }],
    work: (context) => integerWork(context, matmulNest(context), { quantizes: false }),
  },
  {
    type: 'QLinearConv',
    domain: '',
    since: [10],
    summary: 'Convolution of quantized tensors with a quantized result',
    specification: 'https://onnx.ai/onnx/operators/onnx__QLinearConv.html',
    table: {
      shape: CONVOLVED,
      work: `MACs as of Conv; 1 per input, ${REQUANTIZE_FLOPS} per output, 1 with bias`,
      notes: LOADED,
    },
    fusion: 'contraction',
    inputRoles: QUANTIZED_CONV,
    factors: [0, 3],
    infer: (context) => {
      return [{ shape: convShape(convGeometry(context, LINEAR_CONV)), dtype: context.input(7).dtype }];
    },
    work: (context) => {
      const nest = convNest(convGeometry(context, LINEAR_CONV));
      return integerWork(context, nest, { bias: context.hasInput(8), quantizes: true });
    },
  },
  {
    type: 'QLinearMatMul',
    domain: '',
    since: [10, 21],
    summary: 'Matrix product of quantized tensors with a quantized result',
    specification: 'https://onnx.ai/onnx/operators/onnx__QLinearMatMul.html',
    table: {
      shape: MULTIPLIED,
      work: `MACs as of MatMul; 1 per element of A, ${REQUANTIZE_FLOPS} per output`,
      notes: LOADED,
    },
    fusion: 'contraction',
    inputRoles: ['activation', 'setting', 'setting', 'activation', 'setting'],
    factors: [0, 3],
    infer: (context) => [{ shape: matmulShape(context, 0, 3), dtype: context.input(7).dtype }],
    work: (context) => integerWork(context, matmulNest(context, 0, 3), { quantizes: true }),
  },
];
