import { broadcastShapes } from '../ir/shape.ts';
import type { OperandRole, OperatorDefinition, TensorType } from './definition.ts';
import { contrib, reshapedTo, type WrittenOut } from './microsoft.ts';
import { plain } from './plain.ts';
import { BROADCAST, SAME_SHAPE } from './table-texts.ts';

type Kind = Pick<OperatorDefinition, 'class' | 'fusion' | 'inPlace'>;

const UNARY: readonly OperandRole[] = ['activation', 'setting'];

const POINTWISE: Kind = { class: 'elementwise', fusion: 'pointwise', inPlace: true };

const ACTIVATION: Kind = { class: 'activation', fusion: 'pointwise', inPlace: true };

const mulInteger: WrittenOut = (context, steps) => {
  const [a, b] = [context.input(0), context.input(2)];
  if (context.hasInput(1)) steps.perElement(a.shape, 1);
  if (context.hasInput(3)) steps.perElement(b.shape, 1);
  const shape = broadcastShapes(a.shape, b.shape, (one, other) => context.broadcast(one, other));
  if (shape === undefined) return context.fail('the operands do not broadcast');
  steps.perElement(shape, 1);
  return [{ shape, dtype: 'int32' }];
};

const QUANTIZATION: Kind & Pick<OperatorDefinition, 'inputRoles'> = {
  class: 'quantization',
  fusion: 'pointwise',
  inputRoles: ['activation', 'setting'],
};

/** Block floating point: for each element a comparison for the shared exponent, a shift and a rounding. */
const BFP_FLOPS = 3;

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'QuantizeLinear',
    {
      ...QUANTIZATION,
      quantization: 'quantize',
      summary: 'Real numbers to small integers',
      table: { shape: SAME_SHAPE, work: 'as the plain QuantizeLinear' },
    },
    (context, steps) => [
      steps.apply(
        plain('QuantizeLinear'),
        [context.input(0), context.input(1), context.optionalInput(2)],
        context.node.attributes,
      ),
    ],
  ),
  contrib(
    'DequantizeLinear',
    {
      ...QUANTIZATION,
      quantization: 'dequantize',
      summary: 'Small integers to real numbers',
      table: { shape: SAME_SHAPE, work: 'as the plain DequantizeLinear' },
    },
    (context, steps) => [
      steps.apply(
        plain('DequantizeLinear'),
        [context.input(0), context.input(1), context.optionalInput(2)],
        context.node.attributes,
      ),
    ],
  ),
  contrib(
    'MulInteger',
    {
      ...POINTWISE,
      summary: 'Product of small integers that hands out int32',
      table: { shape: BROADCAST, work: '1 per output element; 1 per element of an operand with zero point' },
      inputRoles: ['activation', 'setting', 'activation', 'setting'],
    },
    mulInteger,
  ),
  contrib(
    'ReduceSumInteger',
    {
      class: 'other',
      fusion: 'reduction',
      summary: 'Sum of small integers over axes',
      table: { shape: 'as ReduceSum', work: 'as ReduceSum' },
      inputRoles: ['activation'],
    },
    (context, steps) => {
      const { shape } = steps.apply(plain('ReduceSum'), [context.input(0)], context.node.attributes, 11);
      return [{ shape, dtype: 'int32' }];
    },
  ),
  contrib(
    'QOrderedGelu',
    {
      ...ACTIVATION,
      summary: 'GELU of a quantized tensor in a layout of the GPU',
      table: { shape: SAME_SHAPE, work: 'as DequantizeLinear, Gelu and QuantizeLinear' },
      inputRoles: UNARY,
    },
    (context, steps) => {
      const input = context.input(0);
      const real = steps.apply(plain('DequantizeLinear'), [input, context.input(1)]);
      const result = steps.apply(plain('Gelu'), [real]);
      steps.apply(plain('QuantizeLinear'), [result, context.input(2), { shape: [], dtype: 'int8' }]);
      return [reshapedTo(input.shape, input)];
    },
  ),
  contrib(
    'QOrderedLayerNormalization',
    {
      class: 'normalization',
      fusion: 'reduction',
      summary: 'Layer normalization of a quantized tensor in a layout of the GPU',
      table: { shape: SAME_SHAPE, work: 'as DequantizeLinear, LayerNormalization and QuantizeLinear' },
      inputRoles: ['activation', 'setting', 'weight', 'weight', 'setting'],
    },
    (context, steps) => {
      const input = context.input(0);
      const real = steps.apply(plain('DequantizeLinear'), [input, context.input(1)]);
      const operands = [real, context.input(2), context.optionalInput(3)];
      const result = steps.apply(plain('LayerNormalization'), operands, { axis: context.integer('axis', -1) });
      steps.apply(plain('QuantizeLinear'), [result, context.input(4), { shape: [], dtype: 'int8' }]);
      return [reshapedTo(input.shape, input)];
    },
  ),
  contrib(
    'QuantizeWithOrder',
    {
      ...QUANTIZATION,
      summary: 'Real numbers to int8 in a layout of the GPU',
      table: { shape: SAME_SHAPE, work: 'as QuantizeLinear' },
    },
    (context, steps) => [
      steps.apply(plain('QuantizeLinear'), [context.input(0), context.input(1), { shape: [], dtype: 'int8' }]),
    ],
  ),
  contrib(
    'DequantizeWithOrder',
    {
      ...QUANTIZATION,
      summary: 'int8 in a layout of the GPU to real numbers',
      table: { shape: SAME_SHAPE, work: 'as DequantizeLinear' },
    },
    (context, steps) => {
      const { shape } = steps.apply(plain('DequantizeLinear'), [context.input(0), context.input(1)]);
      // 10 is ONNX's code of fp16.
      return [{ shape, dtype: context.integer('to', 1) === 10 ? 'fp16' : 'fp32' }];
    },
  ),
  contrib(
    'QuantizeBFP',
    {
      class: 'quantization',
      fusion: 'opaque',
      summary: 'Real numbers to block floating point',
      table: {
        shape: 'bytes; shape; strides',
        work: '3 per element',
        notes: 'the block format stands for itself in 3 operations; bytes are open',
      },
      inputRoles: UNARY,
    },
    (context, steps) => {
      const { shape } = context.input(0);
      steps.perElement(shape, BFP_FLOPS);
      steps.approximate('an exponent, a shift and a rounding stand for the block format');
      const rank: TensorType = { shape: [shape.length], dtype: 'int64' };
      return [{ shape: [context.dataDependent('bytes')], dtype: 'uint8' }, { ...rank, values: shape }, rank];
    },
  ),
  contrib(
    'DequantizeBFP',
    {
      class: 'quantization',
      fusion: 'opaque',
      summary: 'Block floating point to real numbers',
      table: {
        shape: 'as the second input says',
        work: '1 per byte',
        notes: 'the block format is taken as a shift per byte',
      },
      inputRoles: UNARY,
    },
    (context, steps) => {
      steps.perElement(context.input(0).shape, 1);
      steps.approximate('a shift per byte stands for the block format');
      const shape = context.values(1, 'the shape');
      return [{ shape, dtype: context.integer('dtype', 1) === 10 ? 'fp16' : 'fp32' }];
    },
  ),
];
