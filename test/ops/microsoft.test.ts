/** Fused operators against the plain ones that they stand for, and by hand. */
import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import type { AttributeValue, Initializer } from '../../src/ir/graph.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { add, multiply, symbol } from '../../src/units/integer.ts';
import { N, type OperandSample, perItem, runOperator } from './one-operator.ts';

const run = (
  type: string,
  operands: readonly OperandSample[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  outputs = 1,
  domain = 'com.microsoft',
) => runOperator(type, operands, attributes, { domain, outputs, opset: 1 });

const bytes = (...shape: TensorType['shape']): TensorType => ({ shape, dtype: 'uint8' });
const scalar = (value: number): TensorType => ({ shape: [1], dtype: 'int32', values: [value] });
const TOKENS = [N, 10, 64];

describe('contractions', () => {
  it('FusedConv: the convolution, its bias, the addend and the ReLU, one operation per output each', () => {
    // 16 x 8 x 9 x 4 x 4 = 18,432 MACs; 256 outputs.
    const {
      shape,
      work,
      class: kind,
    } = run('FusedConv', [[N, 8, 6, 6], [16, 8, 3, 3], [16], [N, 16, 4, 4]], { activation: 'Relu' });
    expect(shape).toEqual([N, 16, 4, 4]);
    expect(work.macs).toEqual(perItem(18_432));
    expect(work.flops).toEqual(perItem(2 * 18_432 + 3 * 256));
    expect(kind).toBe('dense-conv');
  });

  it('an activation that is not known is said, and the shape kept', () => {
    const { shape, work } = run(
      'FusedConv',
      [
        [N, 8, 6, 6],
        [16, 8, 3, 3],
      ],
      { activation: 'Novel' },
    );
    expect(shape).toEqual([N, 16, 4, 4]);
    expect(work.treatment).toEqual({ kind: 'approximated', reason: expect.stringContaining('"Novel"') });
  });

  it.each([
    // The first axis moves behind the batch axes, and then the last two change places.
    [[5, 2, 3, 4], [2, 3, 4, 7], { transBatchA: 1 }, [2, 3, 5, 7]],
    [[5, 2, 3, 4], [2, 3, 5, 7], { transBatchA: 1, transA: 1 }, [2, 3, 4, 7]],
    [[2, 3, 4, 7], [7, 2, 3, 9], { transBatchB: 1 }, [2, 3, 4, 9]],
    [[2, 3, 4, 9], [7, 2, 3, 9], { transBatchB: 1, transB: 1 }, [2, 3, 4, 7]],
  ])('FusedMatMul of %j and %j with %j', (a, b, attributes, expected) => {
    expect(run('FusedMatMul', [a, b], attributes).shape).toEqual(expected);
  });

  it('the factor of FusedMatMul costs one operation per output, unless it is 1', () => {
    const operands = [
      [N, 3, 4],
      [N, 4, 5],
    ];
    expect(run('FusedMatMul', operands).work.flops).toEqual(perItem(2 * 60));
    expect(run('FusedMatMul', operands, { alpha: 0.5 }).work.flops).toEqual(perItem(2 * 60 + 15));
  });

  it('MatMulNBits counts the product of the logical weight and its bias', () => {
    const { shape, work } = run('MatMulNBits', [TOKENS, bytes(32, 2, 16), [64], undefined, undefined, [32]], {
      K: 64,
      N: 32,
      bits: 4,
      block_size: 32,
    });
    expect(shape).toEqual([N, 10, 32]);
    expect(work.macs).toEqual(perItem(10 * 64 * 32));
    expect(work.flops).toEqual(perItem(2 * 10 * 64 * 32 + 320));
    expect(() => run('MatMulNBits', [TOKENS, bytes(32, 2, 16), [64]], { K: 60, N: 32 })).toThrow(/inner extents/);
  });

  it('QGemm hands out real numbers unless the output has a scale', () => {
    const operands = [bytes(N, 8), [], bytes(), bytes(8, 4), [], bytes()];
    const { outputs } = run('QGemm', operands);
    expect(outputs[0]).toEqual({ shape: [N, 4], dtype: 'fp32' });
    const { outputs: quantized } = run('QGemm', [...operands, undefined, [], { shape: [], dtype: 'int8' }]);
    expect(quantized[0]).toEqual({ shape: [N, 4], dtype: 'int8' });
  });

  it('a mixture of experts runs k of them for each token', () => {
    // Per token: 2 experts x (64 x 128 + 128 x 64) = 32,768 MACs.
    const { shape, work } = run('MoE', [TOKENS, [10, 8], [8, 128, 64], undefined, [8, 64, 128]], {
      k: 2,
      activation_type: 'relu',
    });
    expect(shape).toEqual(TOKENS);
    expect(work.macs).toEqual(perItem(10 * 32_768));
  });
});

describe('attention', () => {
  // Per item: 10 x 64 x 192 of the projection, and 2 x 10 x 10 x 64 of the two products.
  const MACS = 10 * 64 * 192 + 2 * 10 * 10 * 64;

  it('Attention holds the projection and the two products', () => {
    const { outputs, work } = run('Attention', [TOKENS, [64, 192], [192]], { num_heads: 4 }, 2);
    expect(outputs.map((type) => type?.shape)).toEqual([TOKENS, [2, N, 4, 10, 16]]);
    expect(work.macs).toEqual(perItem(MACS));
    // The one view has the multiply-accumulates of all products.
    const { groups, m, n, k } = work.view ?? { groups: 0, m: 0, n: 0, k: 0 };
    expect([groups, m, n, k].reduce(multiply)).toEqual(perItem(MACS));
  });

  it('a cache of open extent lengthens the keys', () => {
    const past = symbol('P');
    const { outputs, work } = run(
      'Attention',
      [[N, 1, 64], [64, 192], [192], undefined, [2, N, 4, past, 16]],
      { num_heads: 4 },
      2,
    );
    const keys = add(past, 1);
    expect(outputs[1]?.shape).toEqual([2, N, 4, keys, 16]);
    expect(work.macs).toEqual(multiply(add(64 * 192, multiply(keys, 2 * 64)), N));
  });

  it('qkv_hidden_sizes may differ', () => {
    const attributes = { num_heads: 4, qkv_hidden_sizes: [64, 64, 32] };
    expect(run('Attention', [TOKENS, [64, 160], [160]], attributes).shape).toEqual([N, 10, 32]);
    expect(() => run('Attention', [TOKENS, [64, 161], [161]], attributes)).toThrow(/161 and 160/);
    expect(() => run('Attention', [TOKENS, [64, 160], [160]], { num_heads: 4 })).toThrow(/160 do not divide by 3/);
  });

  it.each<[string, readonly OperandSample[]]>([
    ['apart', [TOKENS, TOKENS, TOKENS]],
    ['queries, keys and values in one', [[N, 10, 4, 3, 16]]],
    ['keys and values in one', [TOKENS, [N, 10, 4, 2, 16]]],
    ['keys and values of a cache', [TOKENS, [N, 4, 10, 16], [N, 4, 10, 16]]],
  ])('MultiHeadAttention with heads that come %s', (_, operands) => {
    const { shape, work } = run('MultiHeadAttention', operands, { num_heads: 4 });
    expect(shape).toEqual(TOKENS);
    expect(work.macs).toEqual(perItem(2 * 10 * 10 * 64));
  });

  it('GroupQueryAttention shares key heads, and counts keys up to the total length', () => {
    const operands = [
      [N, 1, 64],
      [N, 1, 32],
      [N, 1, 32],
      [N, 2, 6, 16],
      [N, 2, 6, 16],
      { shape: [N], dtype: 'int32' },
      scalar(7),
    ] as const;
    const attributes = { num_heads: 4, kv_num_heads: 2 };
    const { outputs, work } = run('GroupQueryAttention', operands, attributes, 3);
    expect(outputs.map((type) => type?.shape)).toEqual([
      [N, 1, 64],
      [N, 2, 7, 16],
      [N, 2, 7, 16],
    ]);
    expect(work.macs).toEqual(perItem(2 * 7 * 64));
    // A total that is not known: the cache is taken to be full.
    const unknown = [...operands.slice(0, 6), { shape: [1], dtype: 'int32' }] as const;
    expect(run('GroupQueryAttention', unknown, attributes).work.treatment.kind).toBe('approximated');
    // Queries, keys and values packed: (4 + 2 x 2) heads of 16.
    const packed = [[N, 1, 128], undefined, undefined, ...operands.slice(3)];
    expect(run('GroupQueryAttention', packed, attributes).shape).toEqual([N, 1, 64]);
  });

  it('RotaryEmbedding costs 3 operations per rotated element', () => {
    const operands = [TOKENS, scalar(0), [32, 4], [32, 4]];
    expect(run('RotaryEmbedding', operands).work.flops).toEqual(perItem(3 * 640));
    // Half of each head of 16.
    const half = { num_heads: 4, rotary_embedding_dim: 8 };
    expect(run('RotaryEmbedding', operands, half).work.flops).toEqual(perItem(3 * 320));
  });
});

describe('normalization', () => {
  it('SkipLayerNormalization: layer normalization and one sum for the residual, one for the bias', () => {
    const plain = runOperator('LayerNormalization', [TOKENS, [64], [64]]).work;
    const { outputs, work } = run('SkipLayerNormalization', [TOKENS, TOKENS, [64], [64], [64]], {}, 4);
    expect(outputs.map((type) => type?.shape)).toEqual([TOKENS, [N, 10, 1], [N, 10, 1], TOKENS]);
    expect(work.flops).toEqual(add(plain.flops, perItem(2 * 640)));
    expect(work.transcendentals).toEqual(plain.transcendentals);
  });

  it('EmbedLayerNormalization looks words up and adds positions and segments', () => {
    const ids: TensorType = { shape: [N, 10], dtype: 'int32' };
    const operands = [ids, ids, [99, 64], [20, 64], [2, 64], [64], [64]];
    const plain = runOperator('LayerNormalization', [TOKENS, [64], [64]]).work;
    const { outputs, work } = run('EmbedLayerNormalization', operands, {}, 3);
    expect(outputs.map((type) => type?.shape)).toEqual([TOKENS, [N], TOKENS]);
    expect(work.flops).toEqual(add(plain.flops, perItem(2 * 640)));
  });
});

describe('activations', () => {
  it.each([
    ['Gelu', [TOKENS], {}, 5],
    ['FastGelu', [TOKENS], {}, 9],
    ['FastGelu', [TOKENS, [64]], {}, 10],
    ['BiasGelu', [TOKENS, [64]], {}, 6],
    // A sigmoid is 4, a product 1, and alpha one more.
    ['QuickGelu', [TOKENS], {}, 6],
    ['QuickGelu', [TOKENS], { alpha: 1 }, 5],
    ['BiasAdd', [TOKENS, [64], TOKENS], {}, 2],
    ['BiasSoftmax', [TOKENS, TOKENS], { axis: 2 }, 6],
  ])('%s of %j with %j: %d operations per element', (type, operands, attributes, flops) => {
    const { shape, work } = run(type, operands, attributes);
    expect(shape).toEqual(TOKENS);
    expect(work.flops).toEqual(perItem(640 * flops));
  });

  it('BiasSplitGelu halves the channels', () => {
    expect(run('BiasSplitGelu', [TOKENS, [64]]).shape).toEqual([N, 10, 32]);
    expect(() => run('BiasSplitGelu', [[N, 10, 63], [63]])).toThrow(/63 do not divide by 2/);
  });
});

describe('quantized', () => {
  it('QLinearAdd dequantizes both, adds, and quantizes: 2 x 2 + 1 + 5 per element', () => {
    const operand = [bytes(...TOKENS), [], bytes()];
    const { outputs, work } = run('QLinearAdd', [...operand, ...operand, [], bytes()]);
    expect(outputs[0]).toEqual(bytes(...TOKENS));
    expect(work.flops).toEqual(perItem(640 * 10));
  });

  it('QLinearConcat joins operands that come with scales and zero points', () => {
    const part = (extent: number) => [bytes(N, extent, 3), [], bytes()];
    expect(run('QLinearConcat', [[], bytes(), ...part(2), ...part(5)], { axis: 1 }).shape).toEqual([N, 7, 3]);
  });

  it('QLinearAveragePool in either layout', () => {
    const window = { kernel_shape: [2, 2], strides: [2, 2] };
    const quantization = [[], bytes(), [], bytes()];
    expect(run('QLinearAveragePool', [bytes(N, 8, 6, 4), ...quantization], window).shape).toEqual([N, 8, 3, 2]);
    const last = { ...window, channels_last: 1 };
    expect(run('QLinearAveragePool', [bytes(N, 6, 4, 8), ...quantization], last).shape).toEqual([N, 3, 2, 8]);
  });

  it('GatherBlockQuantized unpacks the axis that is packed in bytes', () => {
    const operands = [bytes(10, 32), { shape: [3, N], dtype: 'int64' }, [10, 2]] as const;
    const { shape } = run('GatherBlockQuantized', operands, { bits: 4, quantize_axis: 1, gather_axis: 0 });
    expect(shape).toEqual([3, N, 64]);
  });
});

describe('layouts', () => {
  it.each(['com.microsoft:NhwcConv', 'com.ms.internal.nhwc:Conv'])('%s: channels last, weights as ever', (name) => {
    const [domain = '', type = ''] = name.split(':');
    const { shape, work } = run(
      type,
      [
        [N, 8, 8, 3],
        [16, 3, 3, 5],
      ],
      {},
      1,
      domain,
    );
    expect(shape).toEqual([N, 6, 4, 16]);
    expect(work.macs).toEqual(perItem(6 * 4 * 16 * 3 * 15));
  });

  it('blocks of channels are rounded up, to what the weights of the reader say', () => {
    const reorder = (channels: number) =>
      run('ReorderInput', [[N, channels, 8, 8]], {}, 1, 'com.microsoft.nchwc').shape[1];
    expect(reorder(32)).toBe(32);
    expect(reorder(10)).toEqual(symbol('the.node.channels'));
    const output = run('ReorderOutput', [[N, 16, 8, 8]], { channels: 10 }, 1, 'com.microsoft.nchwc');
    expect(output.shape).toEqual([N, 10, 8, 8]);
    const last = run('ReorderOutput', [[N, 16, 8, 8]], { channels: 10, channels_last: 1 }, 1, 'com.microsoft.nchwc');
    expect(last.shape).toEqual([N, 8, 8, 10]);
  });
});

describe('others', () => {
  it.each([
    ['Irfft', [[N, 8, 6, 2]], { signal_ndim: 1 }, [N, 8, 10]],
    ['Rfft', [[N, 8, 10]], { signal_ndim: 1 }, [N, 8, 6, 2]],
    ['UnfoldTensor', [[N, 8, 10]], { size: 3, step: 2, dim: 1 }, [N, 3, 10, 3]],
    [
      'CDist',
      [
        [N, 8],
        [5, 8],
      ],
      { metric: 'euclidean' },
      [N, 5],
    ],
  ])('%s of %j', (type, operands, attributes, expected) => {
    expect(run(type, operands, attributes).shape).toEqual(expected);
  });

  it('the words of a text depend on data, its axes do not', () => {
    const { shape } = run('Tokenizer', [{ shape: [N, 3], dtype: 'string' }]);
    expect(shape).toEqual([N, 3, symbol('the.node.tokens')]);
  });
});

describe('parameters of weights that stand packed', () => {
  const learned = (
    type: string,
    stored: readonly Pick<Initializer, 'dtype' | 'shape' | 'inline' | 'values'>[],
    attributes: Readonly<Record<string, AttributeValue>>,
    inputs: readonly number[] = stored.map((_, index) => index),
  ) => {
    const [node] = analyzeGraph({
      name: 'the graph',
      opset: 21,
      inputs: [{ name: 'x', dtype: 'fp32', shape: [N, 10, 64] }],
      outputs: ['y'],
      initializers: stored.map((initializer, index) => ({ name: `w${index}`, ...initializer })),
      nodes: [
        {
          name: 'the.node',
          type,
          domain: 'com.microsoft',
          inputs: ['x', ...inputs.map((index) => (index < 0 ? '' : `w${index}`))],
          outputs: ['y'],
          attributes,
        },
      ],
    }).nodes;
    return { parameters: node?.parameters, parameterBytes: node?.parameterBytes };
  };
  const uint8 = (...shape: readonly number[]) => ({ dtype: 'uint8', shape }) as const;
  const fp32 = (...shape: readonly number[]) => ({ dtype: 'fp32', shape }) as const;
  const SIZE = { K: 64, N: 32, block_size: 32 };

  it('MatMulNBits holds K x N of them in half a byte each, and a bias', () => {
    const stored = [uint8(32, 2, 16), fp32(64), fp32(32)];
    expect(learned('MatMulNBits', stored, { ...SIZE, bits: 4 }, [0, 1, -1, -1, 2])).toEqual({
      parameters: 64 * 32 + 32,
      parameterBytes: (64 * 32) / 2 + 32 * 4,
    });
  });

  it('what pads the last block is stored, but no parameter', () => {
    // 64 channels in one block of 128.
    expect(learned('MatMulNBits', [uint8(32, 1, 64), fp32(32)], { ...SIZE, block_size: 128 })).toEqual({
      parameters: 64 * 32,
      parameterBytes: 32 * 64,
    });
  });

  it('MatMulNBitsMlp: two matrices and a norm; scales are settings', () => {
    const stored = [fp32(64), uint8(32, 2, 16), fp32(32, 2), uint8(32, 2, 16), fp32(32, 2)];
    expect(learned('MatMulNBitsMlp', stored, { ...SIZE, activation: 'silu' }, [-1, 0, 1, 2, -1, 3, 4])).toEqual({
      parameters: 2 * 64 * 32 + 64,
      parameterBytes: 64 * 32 + 64 * 4,
    });
  });

  it('QMoE: all experts, two weights to a byte', () => {
    const stored = [fp32(10, 8), uint8(8, 128, 32), fp32(8, 128), uint8(8, 64, 64), fp32(8, 64)];
    expect(learned('QMoE', stored, { k: 2, activation_type: 'relu' }, [0, 1, 2, -1, 3, 4])).toEqual({
      parameters: 8 * 2 * 128 * 64 + 10 * 8,
      parameterBytes: 8 * 128 * 64 + 10 * 8 * 4,
    });
  });
});
