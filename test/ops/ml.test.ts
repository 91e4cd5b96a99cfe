import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import type { AttributeValue, Graph, Node } from '../../src/ir/graph.ts';
import { nodeAttributes } from '../../src/onnx/import/attributes.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { symbol } from '../../src/units/integer.ts';
import { integers, N, type OperandSample, type OperatorResult, perItem, runOperator } from './one-operator.ts';

type Attributes = Readonly<Record<string, AttributeValue>>;

const TABLE = [N, 4];
const texts = (...shape: TensorType['shape']): TensorType => ({ shape, dtype: 'string' });
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

const run = (type: string, operands: readonly OperandSample[], attributes: Attributes = {}): OperatorResult =>
  runOperator(type, operands, attributes, { domain: 'ai.onnx.ml', outputs: 2 });

const graphOf = (node: Pick<Node, 'type' | 'attributes' | 'fullLengths'>, outputs: readonly string[]): Graph => ({
  name: 'the graph',
  opset: 21,
  inputs: [{ name: 'x', dtype: 'fp32', shape: TABLE }],
  outputs,
  initializers: [],
  nodes: [{ name: 'the.node', domain: 'ai.onnx.ml', inputs: ['x'], outputs, ...node }],
});

const learned = (type: string, attributes: Attributes, fullLengths: Readonly<Record<string, number>> = {}) => {
  const [node] = analyzeGraph(graphOf({ type, attributes, fullLengths }, ['y'])).nodes;
  return { parameters: node?.parameters, parameterBytes: node?.parameterBytes };
};

/** A root, a leaf on its left, and on its right a branch with two leaves. */
const TREE = {
  nodes_modes: ['BRANCH_LEQ', 'LEAF', 'BRANCH_LEQ', 'LEAF', 'LEAF'],
  nodes_treeids: [0, 0, 0, 0, 0],
  nodes_nodeids: [0, 1, 2, 3, 4],
  nodes_truenodeids: [1, 0, 3, 0, 0],
  nodes_falsenodeids: [2, 0, 4, 0, 0],
};
const TARGETS = { target_treeids: [0, 0, 0], target_nodeids: [1, 3, 4], target_weights: [1, 2, 3] };

describe('linear models', () => {
  const three = {
    coefficients: upTo(12),
    intercepts: [1, 2, 3],
    classlabels_ints: [0, 1, 2],
    post_transform: 'SOFTMAX',
  };

  it('LinearClassifier: 3 sets of 4 coefficients, softmax', () => {
    const { outputs, work, class: kind } = run('LinearClassifier', [TABLE], three);
    expect(outputs).toEqual([
      { shape: [N], dtype: 'int64' },
      { shape: [N, 3], dtype: 'fp32' },
    ]);
    // 2 x 12 products, 3 intercepts, 3 x 5 for the softmax and 2 comparisons.
    expect(work.macs).toEqual(perItem(12));
    expect(work.flops).toEqual(perItem(24 + 3 + 15 + 2));
    expect(work.transcendentals).toEqual(perItem(6));
    expect(kind).toBe('linear');
  });

  it('two classes with one set of coefficients have two scores', () => {
    const attributes = { coefficients: [1, 2, 3, 4], intercepts: [1], classlabels_strings: ['no', 'yes'] };
    const { outputs, work } = run('LinearClassifier', [TABLE], attributes);
    expect(outputs[0]).toEqual({ shape: [N], dtype: 'string' });
    expect(outputs[1]?.shape).toEqual([N, 2]);
    expect(work.macs).toEqual(perItem(4));
  });

  it('LinearRegressor: two targets; learns how many features there are', () => {
    const attributes = { coefficients: upTo(8), targets: 2 };
    expect(run('LinearRegressor', [TABLE], attributes).work.flops).toEqual(perItem(16));
    expect(run('LinearRegressor', [[N, symbol('F')]], attributes).work.macs).toEqual(perItem(8));
  });

  it('refuses coefficients that do not fit the features', () => {
    expect(() => run('LinearRegressor', [TABLE], { coefficients: upTo(5) })).toThrow(/features/);
    expect(() => run('LinearRegressor', [TABLE], { coefficients: upTo(5), targets: 2 })).toThrow(/2 sets/);
  });

  it('counts what stands in its attributes as parameters, in 32 bits each', () => {
    expect(learned('LinearClassifier', three)).toEqual({ parameters: 15, parameterBytes: 60 });
  });
});

describe('support vector machines', () => {
  const machine = { classlabels_ints: [0, 1], vectors_per_class: [2, 3], kernel_type: 'RBF' };

  it('SVMClassifier: 5 support vectors of 4 features', () => {
    const { outputs, work } = run('SVMClassifier', [TABLE], machine);
    expect(outputs[1]?.shape).toEqual([N, 2]);
    expect(work.macs).toEqual(perItem(20));
    // 40 + 20 differences, 5 x 2 of the kernel, 5 x 2 weighted, 1 addition; a duel and a choice.
    expect(work.flops).toEqual(perItem(40 + 20 + 10 + 10 + 1 + 2));
    expect(work.transcendentals).toEqual(perItem(5));
    expect(work.treatment.kind).toBe('costed');
  });

  it('hands out the scores of all duels, or the probabilities of all classes', () => {
    const four = { ...machine, classlabels_ints: [0, 1, 2, 3], vectors_per_class: [1, 1, 1, 2] };
    expect(run('SVMClassifier', [TABLE], four).outputs[1]?.shape).toEqual([N, 6]);
    const fitted = run('SVMClassifier', [TABLE], { ...four, prob_a: upTo(6), prob_b: upTo(6) });
    expect(fitted.outputs[1]?.shape).toEqual([N, 4]);
    expect(fitted.work.treatment.kind).toBe('approximated');
  });

  it('SVMRegressor: one score; its parameters are vectors, coefficients and offset', () => {
    const attributes = { n_supports: 2, support_vectors: upTo(8), coefficients: [1, 2], rho: [3] };
    expect(run('SVMRegressor', [TABLE], attributes).shape).toEqual([N, 1]);
    expect(learned('SVMRegressor', attributes).parameters).toBe(11);
  });
});

describe('trees', () => {
  it('compares along the longest path and adds up the leaf', () => {
    const { shape, work } = run('TreeEnsembleRegressor', [TABLE], { ...TREE, ...TARGETS });
    expect(shape).toEqual([N, 1]);
    expect(work.flops).toEqual(perItem(2 + 1));
    expect(work.treatment.kind).toBe('approximated');
  });

  it('chooses a class', () => {
    const attributes = { ...TREE, class_weights: [1, 1, 1], classlabels_strings: ['a', 'b', 'c'] };
    const { outputs, work } = run('TreeEnsembleClassifier', [TABLE], attributes);
    expect(outputs.map((output) => output?.dtype)).toEqual(['string', 'fp32']);
    expect(outputs[1]?.shape).toEqual([N, 3]);
    expect(work.flops).toEqual(perItem(2 + 1 + 2));
  });

  it('ends where nodes lead back to one another', () => {
    const circle = { ...TREE, nodes_truenodeids: [0, 0, 0, 0, 0], nodes_falsenodeids: [2, 0, 0, 0, 0] };
    expect(run('TreeEnsembleRegressor', [TABLE], { ...circle, ...TARGETS }).work.flops).toEqual(perItem(3));
  });

  it('TreeEnsemble of opset 5: the leaves stand apart', () => {
    const attributes: Attributes = {
      tree_roots: [0],
      nodes_truenodeids: [0, 1],
      nodes_trueleafs: [1, 1],
      nodes_falsenodeids: [1, 2],
      nodes_falseleafs: [0, 1],
      nodes_splits: { shape: [2], dtype: 'fp32' },
      leaf_weights: { shape: [3], dtype: 'fp32' },
      aggregate_function: 1,
    };
    expect(run('TreeEnsemble', [TABLE], attributes).work.flops).toEqual(perItem(2 + 1));
    expect(learned('TreeEnsemble', attributes).parameters).toBe(2 + 3);
  });

  it('takes no longer than its lists, whatever they say', () => {
    const count = 2 ** 16;
    const nodes = upTo(count);
    const chain = nodes.map((node) => node + 1);
    const attributes: Attributes = {
      tree_roots: nodes.toReversed(),
      nodes_truenodeids: chain,
      nodes_trueleafs: nodes.map(() => 0),
      nodes_falsenodeids: chain,
      nodes_falseleafs: nodes.map(() => 0),
    };
    expect(run('TreeEnsemble', [TABLE], { ...attributes, tree_roots: nodes.map(() => 0) }).shape).toEqual([N, 1]);
    expect(run('TreeEnsemble', [TABLE], { ...attributes, tree_roots: nodes }).shape).toEqual([N, 1]);
    expect(run('TreeEnsemble', [TABLE], attributes).shape).toEqual([N, 1]);
  });

  it('thresholds and weights are parameters', () => {
    expect(learned('TreeEnsembleRegressor', { ...TREE, ...TARGETS }).parameters).toBe(2 + 3);
  });

  it('of a list that is cut short the file says how long it was', () => {
    // 100 such trees: 500 nodes, of which 300 are leaves.
    const fullLengths = {
      nodes_modes: 500,
      target_treeids: 300,
      target_nodeids: 300,
      target_weights: 300,
    };
    expect(learned('TreeEnsembleRegressor', { ...TREE, ...TARGETS }, fullLengths).parameters).toBe(200 + 300);
    const node = { type: 'TreeEnsembleRegressor', attributes: { ...TREE, ...TARGETS }, fullLengths };
    const [analyzed] = analyzeGraph(graphOf(node, ['y'])).nodes;
    expect(analyzed?.flops).toEqual(perItem(100 * (2 + 1)));
    expect(analyzed?.treatment).toMatchObject({ reason: expect.stringContaining('first 5') });
  });

  it('the importer keeps how long the list was, and of texts nothing', () => {
    const refuse = (): never => {
      throw new Error('no graph');
    };
    const { fullLengths } = nodeAttributes(
      [
        { name: 'nodes_modes', kind: 'strings', value: ['LEAF'], fullLength: 70_000 },
        { name: 'text', kind: 'string', value: 'LEAF', fullLength: 70_000 },
        { name: 'whole', kind: 'ints', value: [1] },
      ],
      'the.node',
      refuse,
    );
    expect({ ...fullLengths }).toEqual({ nodes_modes: 70_000 });
    expect(nodeAttributes([{ name: 'whole', kind: 'ints', value: [1] }], 'the.node', refuse)).not.toHaveProperty(
      'fullLengths',
    );
  });
});

describe('features', () => {
  it('Scaler, Imputer and Binarizer: 2 per element', () => {
    for (const type of ['Scaler', 'Imputer', 'Binarizer']) expect(run(type, [TABLE]).work.flops).toEqual(perItem(8));
    expect(run('Scaler', [{ shape: TABLE, dtype: 'int64' }]).outputs[0]?.dtype).toBe('fp32');
  });

  it('Normalizer: 3 per element, and for L2 a root per row', () => {
    expect(run('Normalizer', [TABLE], { norm: 'L2' }).work.flops).toEqual(perItem(13));
    expect(run('Normalizer', [TABLE], { norm: 'L1' }).work.flops).toEqual(perItem(12));
    expect(() => run('Normalizer', [TABLE], { norm: 'L3' })).toThrow(/L3/);
  });

  it('OneHotEncoder, FeatureVectorizer and ArrayFeatureExtractor only change the shape', () => {
    expect(run('OneHotEncoder', [texts(N, 1)], { cats_strings: ['a', 'b'] }).shape).toEqual([N, 1, 2]);
    expect(run('FeatureVectorizer', [TABLE, [N, 3]]).shape).toEqual([N, 7]);
    expect(run('ArrayFeatureExtractor', [TABLE, integers(0, 3)]).shape).toEqual([N, 2]);
    expect(run('ArrayFeatureExtractor', [[6], integers(0, 3)]).shape).toEqual([1, 2]);
    expect(run('OneHotEncoder', [texts(N, 1)], { cats_strings: ['a', 'b'] }).work.flops).toBe(0);
  });
});

describe('labels and maps', () => {
  it('LabelEncoder: the type follows from the values, with tensors (opset 4) or without', () => {
    const dtype = (attributes: Attributes): string | undefined =>
      run('LabelEncoder', [texts(N)], attributes).outputs[0]?.dtype;
    expect(dtype({ keys_strings: ['a'], values_floats: [1] })).toBe('fp32');
    expect(dtype({ keys_strings: ['a'], values_int64s: [1] })).toBe('int64');
    expect(dtype({ values_tensor: { shape: [1], dtype: 'int16' } })).toBe('int16');
    expect(dtype({ classes_strings: ['a'] })).toBe('int64');
  });

  it('ZipMap hands out as many maps as there are rows', () => {
    const { types } = run('ZipMap', [[N, 3]], { classlabels_int64s: [0, 1, 2] });
    expect(types).toEqual([{ kind: 'sequence', length: N }]);
  });

  it('CategoryMapper turns texts into numbers and numbers into texts', () => {
    expect(run('CategoryMapper', [texts(N)]).outputs[0]?.dtype).toBe('int64');
    expect(run('CategoryMapper', [{ shape: [N], dtype: 'int64' }]).outputs[0]?.dtype).toBe('string');
  });
});
