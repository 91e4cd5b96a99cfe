import { describe, expect, it } from 'vitest';
import type { DType } from '../../src/ir/dtype.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const tensor = (dtype: DType, ...shape: TensorType['shape']): TensorType => ({ shape, dtype });
const scale = tensor('fp32');

describe('QuantizeLinear', () => {
  it('takes the type of its zero point, and five operations per element', () => {
    const { outputs, work, class: kind } = runOperator('QuantizeLinear', [[N, 10], scale, tensor('int8')]);
    expect(outputs[0]).toEqual({ shape: [N, 10], dtype: 'int8' });
    expect(work.flops).toEqual(perItem(50));
    expect(work.transcendentals).toEqual(perItem(10));
    expect(kind).toBe('quantization');
  });

  it('without a zero point: uint8, or what output_dtype says (22 is int4, 17 float8 e4m3)', () => {
    const type = (attributes = {}) => runOperator('QuantizeLinear', [[N, 10], scale], attributes).outputs[0]?.dtype;
    expect(type()).toBe('uint8');
    expect(type({ output_dtype: 22 })).toBe('int4');
    expect(type({ output_dtype: 17 })).toBe('fp8e4m3fn');
    expect(runOperator('QuantizeLinear', [[N, 10], scale]).work.flops).toEqual(perItem(40));
  });

  it('a scale per axis, and one per block', () => {
    expect(runOperator('QuantizeLinear', [[N, 10, 3], [10]]).shape).toEqual([N, 10, 3]);
    expect(runOperator('QuantizeLinear', [[N, 10, 3], [3]], { axis: -1 }).shape).toEqual([N, 10, 3]);
    // ceil(10 / 4) = 3 blocks.
    const blocked = { axis: 1, block_size: 4 };
    expect(
      runOperator(
        'QuantizeLinear',
        [
          [N, 10],
          [N, 3],
        ],
        blocked,
      ).shape,
    ).toEqual([N, 10]);
  });

  it.each([
    ['a scale that fits no axis', [[N, 10, 3], [4]], {}, /axis 1.*10 and 4/],
    [
      'blocks that do not cover',
      [
        [2, 10],
        [2, 2],
      ],
      { block_size: 4 },
      /3 and 2 differ/,
    ],
    ['two types', [[N, 10], scale, tensor('uint8')], { output_dtype: 3 }, /int8.*uint8/],
    [
      'a scale of another rank',
      [
        [N, 10, 3],
        [5, 5],
      ],
      {},
      /fits no axis/,
    ],
  ])('refuses %s', (_, operands, attributes, message) => {
    expect(() => runOperator('QuantizeLinear', operands, attributes)).toThrow(message);
  });
});

describe('DequantizeLinear', () => {
  it('takes the type of its scale, or what output_dtype says', () => {
    const operands = [tensor('int8', N, 10), tensor('fp16'), tensor('int8')];
    const { outputs, work } = runOperator('DequantizeLinear', operands);
    expect(outputs[0]).toEqual({ shape: [N, 10], dtype: 'fp16' });
    expect(work.flops).toEqual(perItem(20));
    expect(runOperator('DequantizeLinear', operands, { output_dtype: 1 }).outputs[0]?.dtype).toBe('fp32');
  });

  it('without a zero point it only multiplies', () => {
    expect(runOperator('DequantizeLinear', [tensor('int32', N, 10), scale]).work.flops).toEqual(perItem(10));
  });

  it('opset 10: one scale', () => {
    expect(runOperator('DequantizeLinear', [tensor('uint8', N, 4), scale], {}, { opset: 10 }).shape).toEqual([N, 4]);
  });
});

it('DynamicQuantizeLinear hands out scale and zero point as scalars', () => {
  const { outputs, work } = runOperator('DynamicQuantizeLinear', [[N, 10]], {}, { outputs: 3 });
  expect(outputs).toEqual([tensor('uint8', N, 10), tensor('fp32'), tensor('uint8')]);
  expect(work.flops).toEqual(perItem(70));
});
