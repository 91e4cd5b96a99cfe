import type { TensorType } from '../../src/ops/definition.ts';
import { N, type OperatorSample } from '../ops/one-operator.ts';

const uint8 = (...shape: TensorType['shape']): TensorType => ({ shape, dtype: 'uint8' });
const int8 = (...shape: TensorType['shape']): TensorType => ({ shape, dtype: 'int8' });
const scale: TensorType = { shape: [], dtype: 'fp32' };
const scalar = (value: number): TensorType => ({ shape: [], dtype: 'int64', values: [value] });

const RECURRENT = (gates: number): OperatorSample => ({
  operands: [
    [7, N, 3],
    [1, gates * 5, 3],
    [1, gates * 5, 5],
    [1, gates * 10],
  ],
  outputs: 2,
});

/** Contractions, recurrent layers, attention, transforms and quantization. */
export const CONTRACTION_SAMPLES: Readonly<Record<string, OperatorSample>> = {
  ':Attention': {
    operands: [
      [N, 4, 6, 8],
      [N, 2, 6, 8],
      [N, 2, 6, 8],
    ],
    outputs: 3,
  },
  ':CausalConvWithState': { operands: [[N, 4, 10], [4, 1, 3], [4]], outputs: 2 },
  ':ConvInteger': { operands: [uint8(N, 3, 6, 6), int8(4, 3, 3, 3), uint8()] },
  ':ConvTranspose': { operands: [[N, 3, 6, 6], [3, 4, 2, 2], [4]], attributes: { strides: [2, 2] } },
  ':DeformConv': { operands: [[N, 4, 6, 6], [8, 4, 3, 3], [N, 18, 4, 4], [8], [N, 9, 4, 4]] },
  ':Det': { operands: [[N, 3, 3]] },
  ':DFT': { operands: [[N, 16, 1], undefined, scalar(1)] },
  ':DynamicQuantizeLinear': { operands: [[N, 6]], outputs: 3 },
  ':Einsum': {
    operands: [
      [N, 4, 6],
      [N, 6, 5],
    ],
    attributes: { equation: 'bij,bjk->bik' },
  },
  ':GRU': RECURRENT(3),
  ':LSTM': { ...RECURRENT(4), outputs: 3 },
  ':LinearAttention': {
    operands: [[N, 5, 16], [N, 5, 8], [N, 5, 8], undefined, [N, 5, 2], [N, 5, 2]],
    attributes: { q_num_heads: 4, kv_num_heads: 2 },
    outputs: 2,
  },
  ':MatMulInteger': { operands: [uint8(N, 3, 6), int8(6, 4), uint8()] },
  ':QLinearConv': { operands: [uint8(N, 3, 6, 6), scale, uint8(), int8(4, 3, 3, 3), scale, int8(), scale, uint8()] },
  ':QLinearMatMul': { operands: [uint8(N, 3, 6), scale, uint8(), int8(6, 4), scale, int8(), scale, uint8()] },
  ':QuantizeLinear': { operands: [[N, 6], scale, uint8()] },
  ':DequantizeLinear': { operands: [uint8(N, 6), scale, uint8()] },
  ':RNN': RECURRENT(1),
  ':RotaryEmbedding': { operands: [[N, 4, 6, 8], [6, 4], [6, 4], { shape: [N, 6], dtype: 'int64' }] },
  ':STFT': { operands: [[N, 64, 1], scalar(8), [16], scalar(16)] },
  'ai.onnx.preview:FlexAttention': {
    operands: [
      [N, 4, 6, 8],
      [N, 2, 6, 8],
      [N, 2, 6, 8],
    ],
  },
};
