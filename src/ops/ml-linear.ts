/**
 * Linear models whose coefficients are attributes. Specs: https://onnx.ai/onnx/operators/ (LinearClassifier,
 * LinearRegressor of ai.onnx.ml), opset 1. Rows times coefficients is a matrix product; an addition per sum where there
 * are intercepts, the transform of every score, and for the class the comparisons for the largest score.
 * A classifier of two classes may have the coefficients of one of them: it hands out the scores of both.
 */
import type { Dim } from '../ir/graph.ts';
import { add, multiply, sum } from '../units/integer.ts';
import { contractionWork } from './contraction.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';
import { classical, itemsOf, labelsOf, tableOf, transformed } from './ml.ts';
import type { LoopNest } from './nest.ts';

/** Rows of the table times sets of coefficients. */
export const tableNest = (rows: Dim, sets: Dim, features: Dim): LoopNest => {
  const row = [{ dim: 'N', step: 1 }];
  const set = [{ dim: 'K', step: 1 }];
  const feature = [{ dim: 'C', step: 1 }];
  return {
    dims: [
      { name: 'N', extent: rows },
      { name: 'K', extent: sets },
      { name: 'C', extent: features },
    ],
    input: [row, feature],
    weight: [set, feature],
    output: [row, set],
  };
};

interface LinearModel {
  readonly rows: Dim;
  readonly features: number;
  /** Sets of coefficients, each of which gives a sum. */
  readonly sets: number;
}

const linearModel = (context: OperatorContext, stated: number): LinearModel => {
  const { rows, features } = tableOf(context);
  const coefficients = itemsOf(context, 'coefficients');
  const sets = stated > 0 ? stated : typeof features === 'number' ? coefficients / features : 1;
  if (!Number.isInteger(sets) || coefficients % sets !== 0) {
    context.fail(`${coefficients} coefficients do not divide into ${sets} sets`);
  }
  context.agree(features, coefficients / sets, 'features and their coefficients');
  return { rows, sets, features: coefficients / sets };
};

const linearWork = (context: OperatorContext, { rows, sets, features }: LinearModel, scores: number): OperatorWork => {
  const products = contractionWork(context, tableNest(rows, sets, features), false);
  const after = transformed(context, rows, scores);
  const intercepts = itemsOf(context, 'intercepts') > 0 ? multiply(rows, sets) : 0;
  return {
    ...products,
    flops: sum([products.flops, intercepts, after.flops]),
    transcendentals: after.transcendentals,
  };
};

const parametersOf = (context: OperatorContext, { sets, features }: LinearModel): number =>
  sets * features + itemsOf(context, 'intercepts');

const classifier = (context: OperatorContext): LinearModel & { readonly scores: number } => {
  const intercepts = itemsOf(context, 'intercepts');
  const model = linearModel(context, intercepts);
  const labels = labelsOf(context, 'classlabels_ints').count;
  return { ...model, scores: model.sets === 1 && labels === 2 ? 2 : model.sets };
};

const regressor = (context: OperatorContext): LinearModel => linearModel(context, context.integer('targets', 1));

const SUMS = 'MACs: rows × sets × features; intercepts, transform of scores';

export const operators: readonly OperatorDefinition[] = [
  classical('LinearClassifier', [1], 'Class with the largest weighted sum of features', {
    table: { shape: 'labels of the rows, and scores rows×classes', work: `${SUMS}, and the largest` },
    class: 'linear',
    fusion: 'contraction',
    factors: [0],
    infer: (context) => {
      const { rows, scores } = classifier(context);
      const { dtype } = labelsOf(context, 'classlabels_ints');
      return [
        { shape: [rows], dtype },
        { shape: [rows, scores], dtype: 'fp32' },
      ];
    },
    work: (context) => {
      const model = classifier(context);
      const work = linearWork(context, model, model.scores);
      return { ...work, flops: add(work.flops, multiply(model.rows, model.scores - 1)) };
    },
    parameters: (context) => parametersOf(context, classifier(context)),
  }),
  classical('LinearRegressor', [1], 'Weighted sums of features', {
    table: { shape: 'rows×targets', work: SUMS },
    class: 'linear',
    fusion: 'contraction',
    factors: [0],
    infer: (context) => {
      const { rows, sets } = regressor(context);
      return [{ shape: [rows, sets], dtype: 'fp32' }];
    },
    work: (context) => {
      const model = regressor(context);
      return linearWork(context, model, model.sets);
    },
    parameters: (context) => parametersOf(context, regressor(context)),
  }),
];
