/**
 * Quantization. Specs: https://onnx.ai/onnx/operators/ (QuantizeLinear and DequantizeLinear 10, 13,
 * 19, 21, 23, 24, 25, 28; DynamicQuantizeLinear 11). A scale per tensor, per position of one axis
 * (from opset 13) or per block of an axis (from 21). Per element:
 *   QuantizeLinear         divide, round, max, min, and add the zero point where given   5 or 4, one transcendental
 *   DequantizeLinear       subtract the zero point where given, multiply                 2 or 1
 *   DynamicQuantizeLinear  max and min of the whole tensor, then as QuantizeLinear       7, one transcendental
 * Known gap: the nine operations by which DynamicQuantizeLinear finds its scale and zero point,
 * once per tensor, are not counted.
 */
import type { DType } from '../ir/dtype.ts';
import { elementCount, formatShape } from '../ir/shape.ts';
import { ceilDivide, multiply } from '../units/integer.ts';
import { dtypeOfOnnx } from './data-types.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork, TensorType } from './definition.ts';
import type { Cost } from './pointwise.ts';
import { countText, SAME_SHAPE } from './table-texts.ts';

const statedType = (context: OperatorContext): DType | undefined => {
  const code = context.integer('output_dtype', 0);
  if (code === 0) return undefined;
  return dtypeOfOnnx(code) ?? context.unknown(`element type ${code} is not known`);
};

/** Holds the scale (input 1) and the zero point (input 2) to one of the three granularities. */
const checkGranularity = (context: OperatorContext): void => {
  const { shape } = context.input(0);
  const scale = context.input(1).shape;
  const zeroPoint = context.optionalInput(2)?.shape;
  if (zeroPoint !== undefined && zeroPoint.length !== scale.length && elementCount(scale) !== 1) {
    context.fail(`a zero point of ${formatShape(zeroPoint)} beside a scale of ${formatShape(scale)}`);
  }
  if (scale.length === 0 || elementCount(scale) === 1 || shape.length === 0) return;
  const misfit = (): never =>
    context.fail(`a scale of ${formatShape(scale)} fits no axis and no blocks of ${formatShape(shape)}`);
  const block = context.integer('block_size', 0);
  if (block < 0) context.fail(`block_size is ${block}, expected 1 or more`);
  if (scale.length === 1 && block === 0) {
    // With one axis there is nothing to choose, and exporters leave the default of 1 in place.
    const axis = shape.length === 1 ? 0 : context.axis(context.integer('axis', 1), shape.length);
    context.agree(shape[axis] ?? misfit(), scale[0] ?? misfit(), `scale and axis ${axis}`);
    return;
  }
  if (scale.length !== shape.length) misfit();
  const blocked = context.axis(context.integer('axis', 1), shape.length);
  shape.forEach((dim, axis) => {
    const scales = scale[axis] ?? misfit();
    if (axis !== blocked) context.agree(dim, scales, `scale and axis ${axis}`);
    else if (block > 0) context.agree(ceilDivide(dim, block), scales, `scale and blocks of ${block} on axis ${axis}`);
  });
};

const QUANTIZE: Cost = [4, 1];
const DEQUANTIZE: Cost = [1, 0];
const DYNAMIC: Cost = [7, 1];
const ZERO_POINT = '; 1 more with a zero point';

const withZeroPoint = (context: OperatorContext, [flops, transcendentals]: Cost): Cost => [
  flops + (context.hasInput(2) ? 1 : 0),
  transcendentals,
];

const perElement = (context: OperatorContext, [flops, transcendentals]: Cost): OperatorWork => {
  const elements = elementCount(context.input(0).shape);
  return {
    macs: 0,
    flops: multiply(elements, flops),
    transcendentals: multiply(elements, transcendentals),
    treatment: { kind: 'costed' },
  };
};

const quantizedType = (context: OperatorContext): DType => {
  const stated = statedType(context);
  const zeroPoint = context.optionalInput(2)?.dtype;
  if (stated !== undefined && zeroPoint !== undefined && stated !== zeroPoint) {
    context.fail(`output_dtype asks for ${stated}, the zero point is ${zeroPoint}`);
  }
  return zeroPoint ?? stated ?? 'uint8';
};

const scalar = (dtype: DType): TensorType => ({ shape: [], dtype });

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'QuantizeLinear',
    domain: '',
    since: [10, 13, 19, 21, 23, 24, 25, 28],
    summary: 'Divides by a scale and rounds to a narrow type',
    specification: 'https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html',
    table: { shape: SAME_SHAPE, work: `${countText(QUANTIZE)}${ZERO_POINT}` },
    class: 'quantization',
    fusion: 'pointwise',
    quantization: 'quantize',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      checkGranularity(context);
      return [{ shape: context.input(0).shape, dtype: quantizedType(context) }];
    },
    work: (context) => perElement(context, withZeroPoint(context, QUANTIZE)),
  },
  {
    type: 'DequantizeLinear',
    domain: '',
    since: [10, 13, 19, 21, 23, 24, 25, 28],
    summary: 'Multiplies a narrow type by its scale',
    specification: 'https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html',
    table: { shape: SAME_SHAPE, work: `${countText(DEQUANTIZE)}${ZERO_POINT}` },
    class: 'quantization',
    fusion: 'pointwise',
    quantization: 'dequantize',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      checkGranularity(context);
      return [{ shape: context.input(0).shape, dtype: statedType(context) ?? context.input(1).dtype }];
    },
    work: (context) => perElement(context, withZeroPoint(context, DEQUANTIZE)),
  },
  {
    type: 'DynamicQuantizeLinear',
    domain: '',
    since: [11],
    summary: 'Finds scale and zero point of a tensor and quantizes it to 8 bits',
    specification: 'https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html',
    table: {
      shape: 'same as the input; scale and zero point are scalars',
      work: countText(DYNAMIC),
      notes: 'finding scale and zero point, once per tensor, is not counted',
    },
    class: 'quantization',
    fusion: 'reduction',
    inputRoles: ['activation'],
    infer: (context) => [{ shape: context.input(0).shape, dtype: 'uint8' }, scalar('fp32'), scalar('uint8')],
    work: (context) => perElement(context, DYNAMIC),
  },
];
