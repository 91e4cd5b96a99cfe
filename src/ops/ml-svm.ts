/**
 * Support vector machines. Specs: https://onnx.ai/onnx/operators/ (SVMClassifier, SVMRegressor of ai.onnx.ml), opset 1.
 * Every row meets every support vector in a kernel, whose products are a matrix product: one multiply-accumulate per
 * feature, and a subtraction more for RBF. Then per row and vector: POLY a product, an addition and a power; RBF a
 * product and an exponential; SIGMOID a product, an addition and a tanh. The kernels are weighted and summed (2 per
 * vector; for k classes in k - 1 of the duels of two), with an addition and a comparison per duel. Without support
 * vectors the coefficients are weights of the features: a linear model.
 * Approximated: probabilities (prob_a, prob_b) fit the duels to one another in rounds until they agree; only the logistic
 * of each duel is counted (6).
 */
import type { Dim } from '../ir/graph.ts';
import { add, type Integer, multiply, product, sum } from '../units/integer.ts';
import { contractionWork } from './contraction.ts';
import type { CostTreatment, OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';
import { classical, itemsOf, labelsOf, tableOf, transformed } from './ml.ts';
import { tableNest } from './ml-linear.ts';
import type { Cost } from './pointwise.ts';

/** Operations per row and support vector, beside one multiply-accumulate per feature. */
const KERNELS: Readonly<Record<string, Cost>> = { LINEAR: [0, 0], POLY: [3, 1], RBF: [2, 1], SIGMOID: [3, 1] };
const LOGISTIC: Cost = [6, 2];

interface Machine {
  readonly rows: Dim;
  readonly features: Dim;
  /** Support vectors, or with none the sets of coefficients. */
  readonly vectors: number;
  readonly isLinear: boolean;
  /** Classes; 1 for a regressor. */
  readonly classes: number;
  /** Weighted sums of kernels. */
  readonly sums: number;
}

const kernelOf = (context: OperatorContext): string => {
  const kernel = context.text('kernel_type', 'LINEAR');
  return KERNELS[kernel] === undefined ? context.fail(`kernel_type is "${kernel}", which is none`) : kernel;
};

const machineWork = (context: OperatorContext, machine: Machine): OperatorWork => {
  const { rows, features, vectors, isLinear, sums } = machine;
  const products = contractionWork(context, tableNest(rows, vectors, features), false);
  if (isLinear) return { ...products, flops: add(products.flops, multiply(rows, vectors)) };
  const pairs = multiply(rows, vectors);
  const kernel = kernelOf(context);
  const [flops, transcendentals] = KERNELS[kernel] as Cost;
  const differences: Integer = kernel === 'RBF' ? product([pairs, features]) : 0;
  const weights = multiply(pairs, 2 * Math.max(1, machine.classes - 1));
  return {
    ...products,
    flops: sum([products.flops, differences, multiply(pairs, flops), weights, multiply(rows, sums)]),
    transcendentals: multiply(pairs, transcendentals),
  };
};

const vectorsPerClass = (context: OperatorContext): number =>
  context.integers('vectors_per_class', []).reduce((total, count) => total + count, 0);

const duelsOf = (classes: number): number => (classes * (classes - 1)) / 2;

const classifierMachine = (context: OperatorContext): Machine => {
  const { rows, features } = tableOf(context);
  const classes = labelsOf(context, 'classlabels_ints').count;
  const vectors = vectorsPerClass(context);
  if (classes === 0) context.fail('names no classes');
  return {
    rows,
    features,
    vectors: vectors > 0 ? vectors : classes,
    isLinear: vectors === 0,
    classes,
    sums: duelsOf(classes),
  };
};

const isProbabilistic = (context: OperatorContext): boolean => itemsOf(context, 'prob_a') > 0;

/** Columns of the scores: of all classes, or of all duels where there are no probabilities. */
const scoresOf = (context: OperatorContext, { classes, isLinear }: Machine): number => {
  if (isLinear || isProbabilistic(context)) return classes;
  return classes > 2 ? duelsOf(classes) : 2;
};

const classifierWork = (context: OperatorContext): OperatorWork => {
  const machine = classifierMachine(context);
  const { rows, sums, classes, isLinear } = machine;
  const work = machineWork(context, machine);
  const after = transformed(context, rows, scoresOf(context, machine));
  const probabilistic = isProbabilistic(context) && !isLinear;
  const logistic = multiply(rows, probabilistic ? sums : 0);
  const choice = multiply(rows, (isLinear ? 0 : sums) + classes - 1);
  const treatment: CostTreatment = probabilistic
    ? { kind: 'approximated', reason: 'the rounds that fit the probabilities to one another are not counted' }
    : work.treatment;
  return {
    ...work,
    flops: sum([work.flops, after.flops, choice, multiply(logistic, LOGISTIC[0])]),
    transcendentals: sum([work.transcendentals, after.transcendentals, multiply(logistic, LOGISTIC[1])]),
    treatment,
  };
};

const regressorMachine = (context: OperatorContext): Machine => {
  const { rows, features } = tableOf(context);
  const vectors = context.integer('n_supports', 0);
  return { rows, features, vectors: Math.max(1, vectors), isLinear: vectors === 0, classes: 1, sums: 1 };
};

const parametersOf = (context: OperatorContext): number =>
  itemsOf(context, 'support_vectors', 'coefficients', 'rho', 'prob_a', 'prob_b');

const MACHINE = 'MACs: rows × vectors × features; the kernel per pair, 2 per weighted pair';

export const operators: readonly OperatorDefinition[] = [
  classical('SVMClassifier', [1], 'Support vector classifier', {
    table: {
      shape: 'labels of the rows, and scores rows×classes or rows×duels',
      work: MACHINE,
      notes: 'fitting probabilities to one another is not counted; no vectors: linear',
    },
    class: 'linear',
    fusion: 'contraction',
    factors: [0],
    infer: (context) => {
      const machine = classifierMachine(context);
      const { dtype } = labelsOf(context, 'classlabels_ints');
      return [
        { shape: [machine.rows], dtype },
        { shape: [machine.rows, scoresOf(context, machine)], dtype: 'fp32' },
      ];
    },
    work: classifierWork,
    parameters: parametersOf,
  }),
  classical('SVMRegressor', [1], 'Support vector regression and detection of outliers', {
    table: { shape: 'rows×1', work: MACHINE, notes: 'without support vectors a linear model' },
    class: 'linear',
    fusion: 'contraction',
    factors: [0],
    infer: (context) => [{ shape: [regressorMachine(context).rows, 1], dtype: 'fp32' }],
    work: (context) => {
      const machine = regressorMachine(context);
      const work = machineWork(context, machine);
      const after = transformed(context, machine.rows, 1);
      const sign = context.integer('one_class', 0) === 1 ? machine.rows : 0;
      return {
        ...work,
        flops: sum([work.flops, after.flops, sign]),
        transcendentals: add(work.transcendentals, after.transcendentals),
      };
    },
    parameters: parametersOf,
  }),
];
