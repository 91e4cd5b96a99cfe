/**
 * Ensembles of decision trees. Specs: https://onnx.ai/onnx/operators/ (TreeEnsembleClassifier, TreeEnsembleRegressor:
 * opsets 1, 3, deprecated with 5; TreeEnsemble: 5; of ai.onnx.ml). Per row the comparisons on a path through every tree;
 * the weights of its leaf (as many as a leaf has on average, rounded up) are added to the scores, the base values too;
 * AVERAGE divides every score; then comes the transform of every score and, for a class, the comparisons for the largest.
 * Approximated: every row is taken to follow the longest path of every tree; of more nodes than are read, the rest is
 * taken to be like what is read, so that their thresholds and comparisons follow in proportion.
 * Parameters are the thresholds, the weights of the leaves and the base values.
 */
import type { Dim } from '../ir/graph.ts';
import { add, multiply, sum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';
import { classical, itemsOf, labelsOf, tableOf, transformed } from './ml.ts';
import { depthsWithLeaves, depthsWithoutLeaves } from './tree-depth.ts';

const LONGEST_PATHS = 'every row is taken to follow the longest path of every tree';

interface Ensemble {
  readonly rows: Dim;
  readonly scores: number;
  readonly trees: number;
  /** Sum of the longest paths of all trees. */
  readonly comparisons: number;
  readonly thresholds: number;
  readonly leaves: number;
  readonly weights: number;
  /** Nodes that are known, of the last ones of a long list not. */
  readonly kept: number;
  readonly nodes: number;
}

/** Of what is left of a long list, the count in all of it: the rest of a forest is taken to be like its beginning. */
const inAll = (count: number, { kept, nodes }: Pick<Ensemble, 'kept' | 'nodes'>): number =>
  kept < nodes ? Math.round((count * nodes) / kept) : count;

const total = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** Branches in the first nodes of a longer list, and how many weights a leaf has, say how many there are in all. */
const branchesOf = (context: OperatorContext, modes: readonly string[], nodes: number, kind: string): number => {
  const leaves = modes.filter((mode) => mode === 'LEAF').length;
  if (modes.length === nodes) return nodes - leaves;
  const trees = context.integers(`${kind}_treeids`, []);
  const weighted = new Set(context.integers(`${kind}_nodeids`, []).map((node, at) => `${trees[at]},${node}`)).size;
  const perLeaf = Math.max(1, Math.ceil(trees.length / Math.max(1, weighted)));
  const estimate = inAll(modes.length - leaves, { kept: modes.length, nodes });
  // The last leaf may have lost some of its weights.
  const all = itemsOf(context, `${kind}_treeids`) / perLeaf;
  const isEven = Math.ceil(trees.length / perLeaf) === weighted && Number.isInteger(all);
  return isEven && all < nodes ? nodes - all : estimate;
};

const withLeaves = (context: OperatorContext, kind: 'class' | 'target', scores: number): Ensemble => {
  const modes = context.texts('nodes_modes', []);
  const size = { kept: modes.length, nodes: itemsOf(context, 'nodes_modes') };
  const thresholds = branchesOf(context, modes, size.nodes, kind);
  const depths = depthsWithLeaves(context);
  return {
    ...size,
    rows: tableOf(context).rows,
    scores,
    trees: inAll(depths.length, size),
    comparisons: inAll(total(depths), size),
    thresholds,
    leaves: size.nodes - thresholds,
    weights: itemsOf(context, `${kind}_weights`, `${kind}_weights_as_tensor`),
  };
};

const classifier = (context: OperatorContext): Ensemble =>
  withLeaves(context, 'class', labelsOf(context, 'classlabels_int64s').count);

const regressor = (context: OperatorContext): Ensemble =>
  withLeaves(context, 'target', context.integer('n_targets', 1));

const ensemble = (context: OperatorContext): Ensemble => {
  const weights = itemsOf(context, 'leaf_weights');
  const size = { kept: context.integers('nodes_truenodeids').length, nodes: itemsOf(context, 'nodes_truenodeids') };
  return {
    ...size,
    rows: tableOf(context).rows,
    scores: context.integer('n_targets', 1),
    trees: itemsOf(context, 'tree_roots'),
    comparisons: inAll(total(depthsWithoutLeaves(context)), size),
    thresholds: itemsOf(context, 'nodes_splits'),
    leaves: weights,
    weights,
  };
};

const isAverage = (context: OperatorContext): boolean => {
  const stated = context.attribute('aggregate_function');
  return stated === 'AVERAGE' || stated === 0;
};

const ensembleWork = (context: OperatorContext, found: Ensemble): OperatorWork => {
  const { rows, scores, trees, comparisons, leaves, weights, kept, nodes } = found;
  const perLeaf = leaves === 0 ? 0 : Math.ceil(weights / leaves);
  const bases = itemsOf(context, 'base_values', 'base_values_as_tensor');
  const divisions = isAverage(context) ? scores : 0;
  const after = transformed(context, rows, scores);
  const rest = `the ${nodes} nodes are taken to be like the first ${kept}, which are read`;
  return {
    macs: 0,
    flops: add(multiply(rows, comparisons + trees * perLeaf + bases + divisions), after.flops),
    transcendentals: add(multiply(rows, divisions), after.transcendentals),
    treatment: { kind: 'approximated', reason: kept < nodes ? `${LONGEST_PATHS}, and ${rest}` : LONGEST_PATHS },
  };
};

const definition = (
  type: string,
  since: readonly number[],
  summary: string,
  shape: string,
  find: (context: OperatorContext) => Ensemble,
  facts: Pick<OperatorDefinition, 'infer' | 'work'>,
): OperatorDefinition =>
  classical(type, since, summary, {
    table: {
      shape,
      work: 'per row the comparisons down every tree, its leaf, transform of scores',
      notes: 'every row follows the longest paths; of large forests part is read',
    },
    class: 'other',
    fusion: 'opaque',
    ...facts,
    parameters: (context) => {
      const { thresholds, weights } = find(context);
      return thresholds + weights + itemsOf(context, 'base_values', 'base_values_as_tensor');
    },
  });

const TARGETS = 'rows×targets';

export const operators: readonly OperatorDefinition[] = [
  definition('TreeEnsemble', [5], 'Sums of the leaves of decision trees', TARGETS, ensemble, {
    infer: (context) => {
      const { rows, scores } = ensemble(context);
      return [{ shape: [rows, scores], dtype: context.input(0).dtype }];
    },
    work: (context) => ensembleWork(context, ensemble(context)),
  }),
  definition(
    'TreeEnsembleClassifier',
    [1, 3, 5],
    'Class that the decision trees vote for',
    'labels of the rows, and scores rows×classes',
    classifier,
    {
      infer: (context) => {
        const { rows, scores } = classifier(context);
        const { dtype } = labelsOf(context, 'classlabels_int64s');
        return [
          { shape: [rows], dtype },
          { shape: [rows, scores], dtype: 'fp32' },
        ];
      },
      work: (context) => {
        const found = classifier(context);
        const work = ensembleWork(context, found);
        return { ...work, flops: sum([work.flops, multiply(found.rows, Math.max(0, found.scores - 1))]) };
      },
    },
  ),
  definition('TreeEnsembleRegressor', [1, 3, 5], 'Sums of the leaves of decision trees', TARGETS, regressor, {
    infer: (context) => {
      const { rows, scores } = regressor(context);
      return [{ shape: [rows, scores], dtype: 'fp32' }];
    },
    work: (context) => ensembleWork(context, regressor(context)),
  }),
];
