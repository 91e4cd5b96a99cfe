/** Operands for the operators of ONNX Runtime's own domains. */
import type { DType } from '../../src/ir/dtype.ts';
import type { Shape } from '../../src/ir/graph.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { integers, N, type OperandSample, type OperatorSample, perItem } from '../ops/one-operator.ts';

const typed = (dtype: DType, ...shape: Shape): TensorType => ({ shape, dtype });
const bytes = (...shape: Shape): TensorType => typed('uint8', ...shape);
const words = (...shape: Shape): TensorType => typed('int32', ...shape);
const scalar = (value: number, dtype: DType = 'int64'): TensorType => ({ shape: [], dtype, values: [value] });

const FEATURE = [N, 8, 6, 6];
const LAST = [N, 6, 6, 8];
const TOKENS = [N, 10, 16];
const SCALE: OperandSample = [];
const ZERO = bytes();
/** A quantized operand with its scale and zero point. */
const quantized = (...shape: Shape): readonly OperandSample[] => [bytes(...shape), SCALE, ZERO];
const OUT: readonly OperandSample[] = [SCALE, ZERO];

const FUSED_CONV: OperatorSample = {
  operands: [FEATURE, [16, 8, 3, 3], [16], [N, 16, 4, 4]],
  attributes: { activation: 'Relu' },
};
const LAST_CONV: OperatorSample = { operands: [LAST, [16, 8, 3, 3], [16]] };
const PRODUCT: OperatorSample = {
  operands: [
    [N, 10, 16],
    [16, 12],
  ],
};
const POOL = { kernel_shape: [2, 2], strides: [2, 2] };
const UNARY: OperatorSample = { operands: [...quantized(...TOKENS), ...OUT] };
const BINARY: OperatorSample = { operands: [...quantized(...TOKENS), ...quantized(...TOKENS), ...OUT] };
const MERGED: readonly OperandSample[] = [TOKENS, [16, 48], [48]];
const HEADS = { num_heads: 4 };
const CACHE: Shape = [N, 2, 6, 4];
const GROUPED = { num_heads: 4, kv_num_heads: 2, do_rotary: 1 };
const NARROW = { N: 12, K: 16, block_size: 16, bits: 4 };
const EXPERTS = { k: 2, activation_type: 'silu' };

const CONTRIB: Readonly<Record<string, OperatorSample>> = {
  FusedConv: FUSED_CONV,
  FusedGemm: {
    operands: [[N, 16], [16, 12], [12]],
    attributes: { activation: 'LeakyRelu', activation_alpha: 0.1 },
  },
  FusedMatMul: { ...PRODUCT, attributes: { alpha: 0.125 } },
  TransposeMatMul: { operands: [TOKENS, [12, 16]], attributes: { transB: 1 } },
  FusedMatMulActivation: { ...PRODUCT, attributes: { activation: 'Tanh' } },
  GemmFastGelu: { operands: [TOKENS, [16, 12], [12]] },
  MatMulInteger16: { operands: [typed('int16', ...TOKENS), typed('int16', 16, 12)] },
  ConvTransposeWithDynamicPads: { operands: [FEATURE, [8, 4, 3, 3], integers(1, 1, 1, 1), [4]] },
  QLinearConv: {
    operands: [...quantized(...LAST), ...quantized(16, 8, 3, 3), ...OUT, words(16)],
    attributes: { channels_last: 1 },
  },
  QGemm: { operands: [...quantized(N, 16), ...quantized(12, 16), words(12), ...OUT], attributes: { transB: 1 } },
  MatMulIntegerToFloat: { operands: [bytes(...TOKENS), bytes(16, 12), SCALE, SCALE, ZERO, ZERO, [12]] },
  DynamicQuantizeMatMul: { operands: [TOKENS, bytes(16, 12), SCALE] },
  QOrderedMatMul: { operands: [typed('int8', ...TOKENS), SCALE, typed('int8', 16, 12), SCALE, SCALE] },
  DynamicQuantizeLSTM: {
    operands: [
      [5, N, 8],
      bytes(1, 8, 16),
      bytes(1, 4, 16),
      [1, 32],
      undefined,
      undefined,
      undefined,
      undefined,
      [1],
      bytes(1),
      [1],
      bytes(1),
    ],
    attributes: { hidden_size: 4 },
    outputs: 3,
  },
  BiasGelu: { operands: [TOKENS, [16]] },
  BiasSplitGelu: { operands: [TOKENS, [16]] },
  BiasAdd: { operands: [TOKENS, [16], TOKENS] },
  BiasSoftmax: { operands: [TOKENS, TOKENS], attributes: { axis: 2, is_inner_broadcast: 0 } },
  BiasDropout: { operands: [TOKENS, [16], TOKENS] },
  BitmaskBiasDropout: { operands: [TOKENS, [16], TOKENS], outputs: 2 },
  SwiGLU: { operands: [TOKENS], attributes: { limit: 7, activation_beta: 1, activation_alpha: 1.7 } },
  GatedAdd: { operands: [TOKENS, TOKENS, [N, 10, 1]] },
  SkipLayerNormalization: { operands: [TOKENS, TOKENS, [16], [16], [16]], outputs: 4 },
  SkipSimplifiedLayerNormalization: { operands: [TOKENS, TOKENS, [16]], outputs: 4 },
  EmbedLayerNormalization: {
    operands: [words(N, 10), words(N, 10), [50, 16], [20, 16], [2, 16], [16], [16]],
    outputs: 3,
  },
  QEmbedLayerNormalization: {
    operands: [words(N, 10), words(N, 10), bytes(50, 16), bytes(20, 16), bytes(2, 16), bytes(16), bytes(16)],
    outputs: 2,
  },
  GroupNorm: { operands: [LAST, [8], [8]], attributes: { groups: 2, activation: 1 } },
  SkipGroupNorm: { operands: [LAST, [8], [8], [N, 8], [8]], attributes: { groups: 2, activation: 1 }, outputs: 2 },
  GatedRMSNorm: { operands: [TOKENS, [4], TOKENS] },
  BranchwiseRMSNorm: { operands: [TOKENS, [16]], attributes: { num_branches: 4 } },
  Attention: { operands: [...MERGED, words(N, 10)], attributes: HEADS, outputs: 2 },
  QAttention: {
    operands: [bytes(...TOKENS), bytes(16, 48), [48], SCALE, SCALE, words(N), ZERO, ZERO],
    attributes: HEADS,
  },
  DecoderMaskedSelfAttention: {
    operands: [[N, 1, 16], [16, 48], [48], undefined, [2, N, 4, 6, 4]],
    attributes: HEADS,
    outputs: 2,
  },
  PackedAttention: { operands: [[perItem(7), 16], [16, 48], [48], words(N, 10), words(2)], attributes: HEADS },
  MultiHeadAttention: { operands: [TOKENS, TOKENS, TOKENS, undefined, words(N, 10)], attributes: HEADS, outputs: 4 },
  DecoderMaskedMultiHeadAttention: {
    operands: [[N, 1, 16], [N, 1, 16], [N, 1, 16], undefined, undefined, [N, 4, 6, 4], [N, 4, 6, 4]],
    attributes: HEADS,
    outputs: 3,
  },
  PackedMultiHeadAttention: {
    operands: [[perItem(7), 16], [perItem(7), 16], [perItem(7), 16], undefined, words(N, 10), words(2)],
    attributes: HEADS,
  },
  LongformerAttention: {
    operands: [TOKENS, [16, 48], [48], [N, 10], [16, 48], [48], words(N, 10)],
    attributes: { ...HEADS, window: 2 },
  },
  DecoderAttention: {
    operands: [[10, N, 16], [12, N, 16], [16, 16], [16, 32], [48]],
    attributes: HEADS,
  },
  GroupQueryAttention: {
    operands: [TOKENS, [N, 10, 8], [N, 10, 8], CACHE, CACHE, words(N), words(1)],
    attributes: GROUPED,
    outputs: 3,
  },
  SparseAttention: {
    operands: [TOKENS, [N, 10, 8], [N, 10, 8], CACHE, CACHE, words(1, 3), words(1, 3), words(1), words(N)],
    attributes: GROUPED,
    outputs: 3,
  },
  PagedAttention: {
    operands: [[N, 16], [N, 8], [N, 8], [20, 16, 2, 4], [20, 16, 2, 4], words(3), words(2), words(2, 5)],
    attributes: GROUPED,
    outputs: 3,
  },
  RotaryEmbedding: {
    operands: [TOKENS, words(1), [32, 2], [32, 2]],
    attributes: { num_heads: 4, rotary_embedding_dim: 4 },
  },
  MRotaryEmbedding: { operands: [TOKENS, words(3, N, 10), [32, 2], [32, 2]], attributes: { mrope_section: [1, 1, 0] } },
  GemmaRotaryEmbedding: {
    operands: [TOKENS, [N, 4, 10, 16], [N, 4, 10, 16], [N, 4, 10, 16], [N, 4, 10, 16]],
    outputs: 2,
  },
  RelativePositionBias: {
    operands: [[32, N], scalar(0), scalar(0)],
    attributes: { max_distance: 20 },
  },
  GatedRelativePositionBias: {
    operands: [TOKENS, [16], [1, 4, 10, 10], [4, 8], [8], [1, 4, 1, 1]],
    attributes: HEADS,
  },
  RemovePadding: { operands: [TOKENS, words(N)], outputs: 4 },
  RestorePadding: { operands: [[perItem(7), 16], words(N, 10)] },
  QLinearAdd: BINARY,
  QLinearMul: BINARY,
  QLinearSigmoid: UNARY,
  QLinearLeakyRelu: UNARY,
  QLinearSoftmax: { ...UNARY, attributes: { axis: -1, opset: 13 } },
  QLinearAveragePool: { operands: [...quantized(...LAST), ...OUT], attributes: { ...POOL, channels_last: 1 } },
  QLinearGlobalAveragePool: { operands: [...quantized(...FEATURE), ...OUT] },
  QLinearReduceMean: { ...UNARY, attributes: { axes: [1], keepdims: 1 } },
  QLinearConcat: {
    operands: [...OUT, ...quantized(N, 3, 6), ...quantized(N, 5, 6)],
    attributes: { axis: 1 },
  },
  QLinearWhere: { operands: [typed('bool', N, 1, 16), ...quantized(...TOKENS), ...quantized(...TOKENS), ...OUT] },
  QuantizeLinear: { operands: [TOKENS, SCALE, ZERO] },
  DequantizeLinear: { operands: [bytes(...TOKENS), SCALE, ZERO] },
  MulInteger: { operands: [bytes(...TOKENS), ZERO, bytes(...TOKENS), ZERO] },
  ReduceSumInteger: { operands: [bytes(...TOKENS)], attributes: { axes: [1], keepdims: 0 } },
  QOrderedGelu: { operands: [typed('int8', ...TOKENS), SCALE, SCALE] },
  QOrderedLayerNormalization: { operands: [typed('int8', ...TOKENS), SCALE, [16], [16], SCALE] },
  QuantizeWithOrder: { operands: [TOKENS, SCALE] },
  DequantizeWithOrder: { operands: [typed('int8', ...TOKENS), SCALE], attributes: { to: 1 } },
  QuantizeBFP: { operands: [TOKENS], outputs: 3 },
  DequantizeBFP: { operands: [bytes(perItem(9)), integers(4, 16), integers(16, 1)] },
  MatMulNBits: { operands: [TOKENS, bytes(12, 1, 8), [12]], attributes: NARROW },
  MatMulBnb4: { operands: [TOKENS, bytes(96), [12]], attributes: { ...NARROW, quant_type: 1 } },
  MatMulFpQ4: { operands: [TOKENS, bytes(240), integers(16, 12)] },
  MatMulBlockQuantizedFp8Weight: { operands: [TOKENS, typed('fp8e4m3fn', 12, 16), [12, 1]] },
  MatMulBlockQuantizedFp4Weight: { operands: [TOKENS, bytes(12, 8), bytes(12, 1), [1]] },
  MatMulPacked: {
    operands: [TOKENS, bytes(12, 8)],
    attributes: { N: 12, K: 16, packed_type: 1, activation_type: 'relu2' },
  },
  MatMulNBitsQkv: {
    operands: [
      TOKENS,
      TOKENS,
      [16],
      bytes(16, 1, 8),
      [16],
      undefined,
      bytes(8, 1, 8),
      [8],
      undefined,
      bytes(8, 1, 8),
      [8],
    ],
    attributes: { ...NARROW, Nq: 16, Nkv: 8 },
    outputs: 4,
  },
  MatMulNBitsMlp: {
    operands: [TOKENS, undefined, [16], bytes(12, 1, 8), [12], undefined, bytes(12, 1, 8), [12]],
    attributes: { ...NARROW, activation: 'silu' },
  },
  MatMulNBitsQLoRA: {
    operands: [TOKENS, bytes(12, 1, 8), [12, 1], bytes(4, 1, 8), [4, 1], bytes(12, 1, 8), [12, 1]],
    attributes: NARROW,
  },
  RouterGateUpProj: { operands: [TOKENS, [16, 28]], attributes: { router_size: 4 }, outputs: 2 },
  GatherBlockQuantized: { operands: [bytes(50, 16), typed('int64', N, 10), [50, 1]], attributes: { bits: 4 } },
  MoE: {
    operands: [TOKENS, [perItem(10), 6], [6, 32, 16], undefined, [6, 16, 32]],
    attributes: EXPERTS,
  },
  QMoE: {
    operands: [TOKENS, [perItem(10), 6], bytes(6, 32, 8), [6, 32], undefined, bytes(6, 16, 8), [6, 16]],
    attributes: { ...EXPERTS, activation_type: 'swiglu', swiglu_fusion: 1 },
  },
  NhwcConv: LAST_CONV,
  NhwcFusedConv: { operands: [...LAST_CONV.operands, [N, 4, 4, 16]], attributes: { activation: 'Relu' } },
  NhwcMaxPool: { operands: [bytes(...LAST)], attributes: POOL },
  Rfft: { operands: [TOKENS], attributes: { signal_ndim: 1 } },
  Irfft: { operands: [[N, 10, 9, 2]], attributes: { signal_ndim: 1 } },
  Inverse: { operands: [[N, 4, 4]] },
  Trilu: { operands: [[N, 4, 4]] },
  Range: { operands: [scalar(0), { shape: [], dtype: 'int64', values: [N] }] },
  GatherND: { operands: [TOKENS, typed('int64', N, 2)] },
  Pad: { operands: [FEATURE, integers(0, 0, 1, 1, 0, 0, 1, 1)] },
  GridSample: { operands: [FEATURE, [N, 4, 4, 2]] },
  Unique: { operands: [[N]], outputs: 3 },
  ExpandDims: { operands: [TOKENS, scalar(1, 'int32')] },
  CDist: {
    operands: [
      [N, 8],
      [5, 8],
    ],
    attributes: { metric: 'euclidean' },
  },
  CropAndResize: { operands: [FEATURE, [N, 4], words(N), { shape: [2], dtype: 'int32', values: [5, 6] }] },
  MaxpoolWithMask: { operands: [FEATURE, words(N, 1, 6, 6)], attributes: POOL },
  TorchEmbedding: { operands: [[50, 16], typed('int64', N, 10)] },
  UnfoldTensor: { operands: [TOKENS], attributes: { size: 3, step: 2, dim: 1 } },
  DynamicTimeWarping: { operands: [[N, 10]] },
  NGramRepeatBlock: { operands: [typed('int64', N, 10), [N, 50]], attributes: { ngram_size: 3 } },
  BifurcationDetector: { operands: [typed('int64', N), typed('int64', N), typed('int64')], outputs: 2 },
  Tokenizer: { operands: [typed('string', N, 3)] },
  WordConvEmbedding: { operands: [words(N, 7), [16, 1, 3, 4], [16], [50, 4]] },
  GreedySearch: { operands: [words(N, 5), { shape: [1], dtype: 'int32', values: [20] }] },
  Sampling: { operands: [words(N, 5), { shape: [1], dtype: 'int32', values: [20] }] },
  BeamSearch: { operands: [words(N, 5), words(1), undefined, words(1), words(1)] },
  WhisperBeamSearch: { operands: [words(N, 5), words(1), undefined, words(1), words(1)] },
};

const CHANNELS_LAST: Readonly<Record<string, OperatorSample>> = {
  AveragePool: { operands: [LAST], attributes: POOL },
  BatchNormalization: { operands: [LAST, [8], [8], [8], [8]] },
  Conv: LAST_CONV,
  ConvTranspose: { operands: [LAST, [8, 4, 3, 3], [4]] },
  DepthToSpace: { operands: [LAST], attributes: { blocksize: 2 } },
  GlobalLpPool: { operands: [LAST] },
  GlobalMaxPool: { operands: [LAST] },
  GridSample: { operands: [LAST, [N, 4, 4, 2]] },
  InstanceNormalization: { operands: [LAST, [8], [8]] },
  Resize: {
    operands: [LAST, undefined, { shape: [4], dtype: 'fp32', values: [1, 2, 2, 1] }],
    attributes: { mode: 'linear' },
  },
  LRN: { operands: [LAST], attributes: { size: 3 } },
  LpPool: { operands: [LAST], attributes: POOL },
  MaxPool: { operands: [LAST], attributes: POOL },
  MaxUnpool: { operands: [LAST, typed('int64', ...LAST)], attributes: POOL },
  QLinearConv: { operands: [...quantized(...LAST), ...quantized(16, 8, 3, 3), ...OUT] },
  SpaceToDepth: { operands: [LAST], attributes: { blocksize: 2 } },
};

const BLOCKED: Readonly<Record<string, OperatorSample>> = {
  AveragePool: { operands: [FEATURE], attributes: POOL },
  Conv: { ...FUSED_CONV },
  MaxPool: { operands: [FEATURE], attributes: POOL },
  ReorderOutput: { operands: [[N, 16, 6, 6]], attributes: { channels: 10 } },
  Upsample: { operands: [FEATURE], attributes: { scales: [1, 1, 2, 2], mode: 'nearest' } },
};

const inDomain = (
  domain: string,
  samples: Readonly<Record<string, OperatorSample>>,
): Readonly<Record<string, OperatorSample>> =>
  Object.fromEntries(Object.entries(samples).map(([type, sample]) => [`${domain}:${type}`, sample]));

export const MICROSOFT_SAMPLES: Readonly<Record<string, OperatorSample>> = {
  ...inDomain('com.microsoft', CONTRIB),
  ...inDomain('com.ms.internal.nhwc', CHANNELS_LAST),
  ...inDomain('com.microsoft.nchwc', BLOCKED),
  ':SimplifiedLayerNormalization': { operands: [TOKENS, [16]] },
};
