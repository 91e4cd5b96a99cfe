/**
 * Random numbers. Specs: https://onnx.ai/onnx/operators/ (RandomNormal, RandomNormalLike, RandomUniform,
 * RandomUniformLike: opsets 1, 22; Multinomial 7, 22; Bernoulli 15, 22). What a generator computes to draw uniform
 * numbers is the runtime's own and not counted; what is made of them is:
 *   uniform      scale and shift: 2 operations per element
 *   normal       sqrt(-2 ln u) cos(2 pi v), scale and shift: 8, three of them transcendental
 *   Bernoulli    1 comparison
 *   Multinomial  subtract the maximum, exp and running sum: 3 per class, one of them transcendental; and for each
 *                sample 1 product and a comparison with each class
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { add, multiply, product } from '../units/integer.ts';
import { statedDtype } from './data-types.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork, TensorType } from './definition.ts';
import { type Cost, pointwiseWork } from './pointwise.ts';

const APPROXIMATED = {
  kind: 'approximated',
  reason: "what the generator computes to draw numbers is the runtime's own and not counted",
} as const;

const UNIFORM: Cost = [2, 0];
const NORMAL: Cost = [8, 3];

const drawn =
  (cost: Cost) =>
  (context: OperatorContext): OperatorWork => ({ ...pointwiseWork(context, cost), treatment: APPROXIMATED });

const random = (
  type: string,
  since: readonly number[],
  summary: string,
  infer: (context: OperatorContext) => TensorType,
  work: (context: OperatorContext) => OperatorWork,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  class: 'other',
  fusion: 'opaque',
  random: true,
  inputRoles: ['activation'],
  infer: (context) => [infer(context)],
  work,
});

/** Of the shape that an attribute states. */
const stated = (context: OperatorContext): TensorType => {
  const shape = context.integers('shape');
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    context.fail(`shape [${shape.join(', ')}]: expected whole numbers of 0 or more`);
  }
  return { shape, dtype: statedDtype(context, 'dtype', 'fp32') };
};

/** Of the shape of the input. */
const likeInput = (context: OperatorContext): TensorType => {
  const { shape, dtype } = context.input(0);
  return { shape, dtype: statedDtype(context, 'dtype', dtype) };
};

const classScores = (context: OperatorContext): Shape => {
  const { shape } = context.input(0);
  return shape.length === 2
    ? shape
    : context.fail(`an input of ${shape.length} axes, expected a batch of class scores`);
};

const sampled = (context: OperatorContext): TensorType => {
  const samples = context.integer('sample_size', 1);
  if (!Number.isSafeInteger(samples) || samples < 1) context.fail(`sample_size is ${samples}, expected 1 or more`);
  return { shape: [classScores(context)[0] as Dim, samples], dtype: statedDtype(context, 'dtype', 'int32') };
};

const samplingWork = (context: OperatorContext): OperatorWork => {
  const [batch, classes] = classScores(context) as [Dim, Dim];
  const scores = multiply(batch, classes);
  const samples = context.integer('sample_size', 1);
  const comparisons = product([batch, samples, add(classes, 1)]);
  return { macs: 0, flops: add(multiply(scores, 3), comparisons), transcendentals: scores, treatment: APPROXIMATED };
};

export const operators: readonly OperatorDefinition[] = [
  random('RandomUniform', [1, 22], 'Uniform random numbers in a stated shape', stated, drawn(UNIFORM)),
  random('RandomUniformLike', [1, 22], 'Uniform random numbers in the shape of a tensor', likeInput, drawn(UNIFORM)),
  random('RandomNormal', [1, 22], 'Normal random numbers in a stated shape', stated, drawn(NORMAL)),
  random('RandomNormalLike', [1, 22], 'Normal random numbers in the shape of a tensor', likeInput, drawn(NORMAL)),
  random('Bernoulli', [15, 22], 'Zeros and ones drawn with stated probabilities', likeInput, drawn([1, 0])),
  random('Multinomial', [7, 22], 'Classes drawn by their scores', sampled, samplingWork),
];
