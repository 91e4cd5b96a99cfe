import type { Shape } from '../../src/ir/graph.ts';
import type { SequenceType, TensorType } from '../../src/ops/definition.ts';
import { integers, N, type OperatorSample } from '../ops/one-operator.ts';

const FEATURE = [N, 8, 6, 6];
const TOKENS = [N, 10, 16];

const TEXTS: TensorType = { shape: [N, 10], dtype: 'string' };
const LIST: SequenceType = {
  kind: 'sequence',
  members: [
    { shape: TOKENS, dtype: 'fp32' },
    { shape: TOKENS, dtype: 'fp32' },
  ],
};

const scalar = (value: number, dtype: TensorType['dtype'] = 'int64'): TensorType => ({
  shape: [],
  dtype,
  values: [value],
});

const indices = (...shape: Shape): TensorType => ({ shape, dtype: 'int64' });

const TRUE = scalar(1, 'bool');

/** Shape arithmetic, data movement, lists, texts and control flow. */
export const DATA_MOVEMENT_SAMPLES: Readonly<Record<string, OperatorSample>> = {
  ':Compress': { operands: [TOKENS, { shape: [10], dtype: 'bool' }], attributes: { axis: 1 } },
  ':Concat': { operands: [FEATURE, FEATURE, [N, 3, 6, 6]], attributes: { axis: 1 } },
  ':ConcatFromSequence': { operands: [LIST], attributes: { axis: 1 } },
  ':Constant': { operands: [], attributes: { value_ints: [1, 2, 3] } },
  ':ConstantOfShape': { operands: [{ shape: [2], dtype: 'int64', values: [N, 16] }] },
  ':DepthToSpace': { operands: [FEATURE], attributes: { blocksize: 2 } },
  ':Expand': { operands: [[1, 10, 16], { shape: [3], dtype: 'int64', values: [N, 1, 1] }] },
  ':Gather': { operands: [TOKENS, scalar(0)], attributes: { axis: 1 } },
  ':GatherElements': { operands: [TOKENS, indices(N, 4, 16)], attributes: { axis: 1 } },
  ':GatherND': { operands: [TOKENS, indices(N, 3, 1)], attributes: { batch_dims: 1 } },
  ':If': {
    operands: [{ shape: [], dtype: 'bool' }],
    bodies: {
      then_branch: [{ shape: TOKENS, dtype: 'fp32' }],
      else_branch: [{ shape: TOKENS, dtype: 'fp32' }],
    },
  },
  ':Loop': {
    operands: [scalar(5), TRUE, TOKENS],
    outputs: 2,
    bodies: {
      body: [TRUE, { shape: TOKENS, dtype: 'fp32' }, { shape: [N, 16], dtype: 'fp32' }],
    },
  },
  ':OneHot': { operands: [indices(N, 10), scalar(7), { shape: [2], dtype: 'fp32' }] },
  ':Optional': { operands: [] },
  ':OptionalHasElement': { operands: [] },
  ':OptionalGetElement': { operands: [{ kind: 'optional', members: [{ shape: TOKENS, dtype: 'fp32' }] }] },
  ':Pad': { operands: [FEATURE, integers(0, 0, 1, 1, 0, 0, 1, 1)] },
  ':Range': { operands: [scalar(0), { shape: [], dtype: 'int64', values: [N] }, scalar(1)] },
  ':Reshape': { operands: [FEATURE, integers(0, 8, -1)] },
  ':ReverseSequence': { operands: [[10, N, 16], indices(N)] },
  ':Scan': {
    operands: [
      [N, 16],
      [12, N, 16],
    ],
    outputs: 2,
    attributes: { num_scan_inputs: 1 },
    bodies: {
      body: [
        { shape: [N, 16], dtype: 'fp32' },
        { shape: [N, 4], dtype: 'fp32' },
      ],
    },
  },
  ':Scatter': { operands: [TOKENS, indices(N, 4, 16), [N, 4, 16]], attributes: { axis: 1 } },
  ':ScatterElements': {
    operands: [TOKENS, indices(N, 4, 16), [N, 4, 16]],
    attributes: { axis: 1, reduction: 'add' },
  },
  ':ScatterND': { operands: [TOKENS, indices(N, 3, 2), [N, 3, 16]], attributes: { reduction: 'max' } },
  ':SequenceAt': { operands: [LIST, scalar(-1)] },
  ':SequenceConstruct': { operands: [TOKENS, TOKENS] },
  ':SequenceEmpty': { operands: [], attributes: { dtype: 1 } },
  ':SequenceErase': { operands: [LIST] },
  ':SequenceInsert': { operands: [LIST, TOKENS] },
  ':SequenceLength': { operands: [LIST] },
  ':SequenceMap': { operands: [LIST], bodies: { body: [{ shape: TOKENS, dtype: 'fp32' }] } },
  ':Slice': { operands: [TOKENS, integers(1), integers(-1), integers(1)] },
  ':SpaceToDepth': { operands: [FEATURE], attributes: { blocksize: 2 } },
  ':Split': { operands: [FEATURE], attributes: { axis: 1 }, outputs: 2 },
  ':SplitToSequence': { operands: [TOKENS], attributes: { axis: 1 } },
  ':Squeeze': { operands: [[N, 1, 16], integers(1)] },
  ':StringConcat': { operands: [TEXTS, TEXTS] },
  ':StringNormalizer': { operands: [TEXTS], attributes: { case_change_action: 'LOWER' } },
  ':StringSplit': { operands: [TEXTS], outputs: 2, attributes: { delimiter: ' ' } },
  ':RegexFullMatch': { operands: [TEXTS], attributes: { pattern: 'a.*' } },
  ':TensorScatter': {
    operands: [
      [N, 2, 32, 8],
      [N, 2, 1, 8],
    ],
  },
  ':TfIdfVectorizer': {
    operands: [TEXTS],
    attributes: {
      mode: 'TFIDF',
      min_gram_length: 1,
      max_gram_length: 2,
      max_skip_count: 1,
      ngram_indexes: [0, 1, 2],
      weights: [1, 2, 1],
    },
  },
  ':Tile': { operands: [TOKENS, integers(1, 2, 1)] },
  ':TopK': { operands: [TOKENS, integers(5)], outputs: 2 },
  ':Transpose': { operands: [TOKENS], attributes: { perm: [0, 2, 1] } },
  ':Trilu': { operands: [[N, 10, 10]] },
  ':Unique': { operands: [TOKENS], outputs: 4, attributes: { axis: 1 } },
  ':Unsqueeze': { operands: [TOKENS, integers(1)] },
};
