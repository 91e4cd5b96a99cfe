import { describe, expect, it } from 'vitest';
import type { DType } from '../../src/ir/dtype.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const tensor = (dtype: DType, ...shape: TensorType['shape']): TensorType => ({ shape, dtype });
const scale = tensor('fp32');

describe('products of integers', () => {
  it('ConvInteger hands out int32 sums; a zero point costs one subtraction per element', () => {
    const operands = [tensor('uint8', N, 3, 6, 6), tensor('int8', 4, 3, 3, 3), tensor('uint8')];
    const { outputs, work, class: kind } = runOperator('ConvInteger', operands);
    expect(outputs[0]).toEqual({ shape: [N, 4, 4, 4], dtype: 'int32' });
    expect(work.macs).toEqual(perItem(4 * 3 * 9 * 16));
    expect(work.flops).toEqual(perItem(2 * 1728 + 108));
    expect(kind).toBe('dense-conv');
  });

  it('MatMulInteger', () => {
    const { outputs, work } = runOperator('MatMulInteger', [tensor('int8', N, 5, 8), tensor('int8', 8, 4)]);
    expect(outputs[0]).toEqual({ shape: [N, 5, 4], dtype: 'int32' });
    expect(work.flops).toEqual(perItem(2 * 160));
  });

  it('QLinearConv rounds every output; its type is that of the last zero point', () => {
    const input = [tensor('uint8', N, 3, 6, 6), scale, tensor('uint8')];
    const weight = [tensor('int8', 4, 3, 3, 3), scale, tensor('int8')];
    const operands = [...input, ...weight, scale, tensor('int8'), tensor('int32', 4)];
    const { outputs, work } = runOperator('QLinearConv', operands);
    expect(outputs[0]).toEqual({ shape: [N, 4, 4, 4], dtype: 'int8' });
    // Per image: 1,728 MACs, 64 outputs with a bias and 5 to round, 108 inputs less their zero point.
    expect(work.flops).toEqual(perItem(2 * 1728 + 64 * 6 + 108));
  });

  it('QLinearMatMul', () => {
    const operands = [tensor('uint8', N, 5, 8), scale, tensor('uint8'), tensor('int8', 8, 4), scale, tensor('int8')];
    const { outputs, work } = runOperator('QLinearMatMul', [...operands, scale, tensor('uint8')]);
    expect(outputs[0]).toEqual({ shape: [N, 5, 4], dtype: 'uint8' });
    expect(work.macs).toEqual(perItem(160));
    expect(work.flops).toEqual(perItem(320 + 100 + 40));
  });
});
