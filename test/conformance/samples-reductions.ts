import { integers, N, type OperatorSample } from '../ops/one-operator.ts';

const FEATURE = [N, 8, 6, 6];
const TOKENS = [N, 10, 16];

/** Over height and width. */
const REDUCED: OperatorSample = { operands: [FEATURE, integers(2, 3)] };
const SCANNED: OperatorSample = { operands: [TOKENS, { shape: [], dtype: 'int64', values: [1] }] };
/** The batch is not summed over. */
const LOSS: OperatorSample = {
  operands: [[N, 5, 4], { shape: [N, 4], dtype: 'int64' }, [5]],
  attributes: { reduction: 'none' },
};

/** Reductions, normalizations, softmax and pooling. */
export const REDUCTION_SAMPLES: Readonly<Record<string, OperatorSample>> = {
  ':ReduceL1': REDUCED,
  ':ReduceL2': REDUCED,
  ':ReduceLogSum': REDUCED,
  ':ReduceLogSumExp': REDUCED,
  ':ReduceMax': REDUCED,
  ':ReduceMean': REDUCED,
  ':ReduceMin': REDUCED,
  ':ReduceProd': REDUCED,
  ':ReduceSum': REDUCED,
  ':ReduceSumSquare': REDUCED,
  ':ArgMax': { operands: [FEATURE], attributes: { axis: 1 } },
  ':ArgMin': { operands: [FEATURE], attributes: { axis: 1, keepdims: 0 } },
  ':CumSum': SCANNED,
  ':CumProd': SCANNED,
  ':LogSoftmax': { operands: [TOKENS] },
  ':Hardmax': { operands: [TOKENS] },
  ':NegativeLogLikelihoodLoss': LOSS,
  ':SoftmaxCrossEntropyLoss': { ...LOSS, outputs: 2 },
  ':BatchNormalization': { operands: [FEATURE, [8], [8], [8], [8]] },
  ':InstanceNormalization': { operands: [FEATURE, [8], [8]] },
  ':GroupNormalization': { operands: [FEATURE, [8], [8]], attributes: { num_groups: 4 } },
  ':LayerNormalization': { operands: [TOKENS, [16], [16]] },
  ':RMSNormalization': { operands: [TOKENS, [16]] },
  ':LRN': { operands: [FEATURE], attributes: { size: 5 } },
  ':LpNormalization': { operands: [TOKENS] },
  ':MeanVarianceNormalization': { operands: [FEATURE], attributes: { axes: [2, 3] } },
  ':AveragePool': { operands: [FEATURE], attributes: { kernel_shape: [2, 2] } },
  ':MaxPool': { operands: [FEATURE], attributes: { kernel_shape: [3, 3], strides: [2, 2] }, outputs: 2 },
  ':LpPool': { operands: [FEATURE], attributes: { kernel_shape: [2, 2] } },
  ':GlobalAveragePool': { operands: [FEATURE] },
  ':GlobalMaxPool': { operands: [FEATURE] },
  ':GlobalLpPool': { operands: [FEATURE] },
  ':MaxUnpool': {
    operands: [FEATURE, { shape: FEATURE, dtype: 'int64' }],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  },
  ':RoiAlign': {
    operands: [[1, 8, 6, 6], [N, 4], { shape: [N], dtype: 'int64' }],
    attributes: { output_height: 2, output_width: 2, sampling_ratio: 2 },
  },
  ':MaxRoiPool': {
    operands: [
      [1, 8, 6, 6],
      [N, 5],
    ],
    attributes: { pooled_shape: [2, 2] },
  },
};
