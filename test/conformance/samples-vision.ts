import type { TensorType } from '../../src/ops/definition.ts';
import { integers, N, type OperatorSample } from '../ops/one-operator.ts';

const FEATURE = [N, 8, 6, 6];
const TABLE = [N, 4];

const scalar = (value: number): TensorType => ({ shape: [], dtype: 'int64', values: [value] });
const floats = (...values: readonly number[]): TensorType => ({ shape: [values.length], dtype: 'fp32', values });
const labels = (...shape: TensorType['shape']): TensorType => ({ shape, dtype: 'int64' });

/** The rate and the count of updates stand for nothing per item. */
const optimizer = (tensors: number): OperatorSample => ({
  operands: [[], scalar(1), ...Array.from({ length: tensors }, () => TABLE)],
  outputs: tensors - 1,
});
/** A tree of one comparison. */
const TREE = {
  nodes_modes: ['BRANCH_LEQ', 'LEAF', 'LEAF'],
  nodes_treeids: [0, 0, 0],
  nodes_nodeids: [0, 1, 2],
  nodes_truenodeids: [1, 0, 0],
  nodes_falsenodeids: [2, 0, 0],
};

/** Sampling of images, classical machine learning and training. */
export const VISION_SAMPLES: Readonly<Record<string, OperatorSample>> = {
  ':AffineGrid': { operands: [[N, 2, 3], { shape: [4], dtype: 'int64', values: [N, 3, 5, 7] }] },
  ':CenterCropPad': { operands: [FEATURE, integers(4, 8)], attributes: { axes: [2, 3] } },
  ':Col2Im': { operands: [[N, 36, 16], integers(5, 5), integers(2, 2)] },
  ':GridSample': { operands: [FEATURE, [N, 4, 5, 2]] },
  ':ImageDecoder': { operands: [{ shape: [N], dtype: 'uint8' }] },
  ':NonMaxSuppression': { operands: [[N, 20, 4], [N, 3, 20], scalar(5)] },
  ':Resize': { operands: [FEATURE, undefined, floats(1, 1, 1.5, 2)], attributes: { mode: 'linear' } },
  ':Upsample': { operands: [FEATURE, floats(1, 1, 2, 2)] },
  'ai.onnx.ml:ArrayFeatureExtractor': { operands: [TABLE, integers(0, 2)] },
  'ai.onnx.ml:CastMap': { operands: [[N]], attributes: { map_form: 'SPARSE', max_map: 4 } },
  'ai.onnx.ml:CategoryMapper': { operands: [labels(N, 2)] },
  'ai.onnx.ml:DictVectorizer': { operands: [[N]], attributes: { string_vocabulary: ['a', 'b'] } },
  'ai.onnx.ml:FeatureVectorizer': { operands: [TABLE, [N, 2]] },
  'ai.onnx.ml:LabelEncoder': { operands: [labels(N)], attributes: { keys_int64s: [1], values_strings: ['a'] } },
  'ai.onnx.ml:LinearClassifier': {
    operands: [TABLE],
    attributes: {
      coefficients: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      intercepts: [1, 2, 3],
      classlabels_ints: [0, 1, 2],
      post_transform: 'SOFTMAX',
    },
    outputs: 2,
  },
  'ai.onnx.ml:LinearRegressor': { operands: [TABLE], attributes: { coefficients: [1, 2, 3, 4], intercepts: [5] } },
  'ai.onnx.ml:Normalizer': { operands: [TABLE], attributes: { norm: 'L2' } },
  'ai.onnx.ml:OneHotEncoder': { operands: [labels(N, 2)], attributes: { cats_int64s: [1, 2, 3] } },
  'ai.onnx.ml:SVMClassifier': {
    operands: [TABLE],
    attributes: { classlabels_ints: [0, 1], vectors_per_class: [2, 3], kernel_type: 'RBF', prob_a: [1], prob_b: [1] },
    outputs: 2,
  },
  'ai.onnx.ml:SVMRegressor': { operands: [TABLE], attributes: { n_supports: 5, kernel_type: 'POLY' } },
  'ai.onnx.ml:TreeEnsemble': {
    operands: [TABLE],
    attributes: {
      nodes_truenodeids: [0],
      nodes_trueleafs: [1],
      nodes_falsenodeids: [1],
      nodes_falseleafs: [1],
      tree_roots: [0],
      nodes_splits: { shape: [1], dtype: 'fp32' },
      leaf_weights: { shape: [2], dtype: 'fp32' },
    },
  },
  'ai.onnx.ml:TreeEnsembleClassifier': {
    operands: [TABLE],
    attributes: { ...TREE, classlabels_int64s: [0, 1], class_weights: [1, 1] },
    outputs: 2,
  },
  'ai.onnx.ml:TreeEnsembleRegressor': { operands: [TABLE], attributes: { ...TREE, target_weights: [1, 1] } },
  'ai.onnx.ml:ZipMap': { operands: [TABLE] },
  'ai.onnx.preview.training:Adagrad': optimizer(3),
  'ai.onnx.preview.training:Adam': optimizer(4),
  'ai.onnx.preview.training:Gradient': { operands: [TABLE], attributes: { xs: ['x'], y: 'y' } },
  'ai.onnx.preview.training:Momentum': { ...optimizer(3), attributes: { mode: 'nesterov' } },
};
