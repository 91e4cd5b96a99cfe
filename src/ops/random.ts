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
import { countText, SAME_SHAPE } from './table-texts.ts';

const APPROXIMATED = {
  kind: 'approximated',
  reason: "what the generator computes to draw numbers is the runtime's own and not counted",
} as const;

const NOTES = 'what the generator computes to draw numbers is not counted';

const UNIFORM: Cost = [2, 0];
const NORMAL: Cost = [8, 3];
const BERNOULLI: Cost = [1, 0];
const MULTINOMIAL_PER_CLASS: Cost = [3, 1];

interface Drawing {
  readonly text: string;
  readonly work: (context: OperatorContext) => OperatorWork;
}

const drawn = (cost: Cost): Drawing => ({
  text: countText(cost),
  work: (context) => ({ ...pointwiseWork(context, cost), treatment: APPROXIMATED }),
});

const random = (
  type: string,
  since: readonly number[],
  summary: string,
  infer: (context: OperatorContext) => TensorType,
  shape: string,
  { text, work }: Drawing,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape, work: text, notes: NOTES },
  class: 'other',
  fusion: 'opaque',
  random: true,
  inputRoles: ['activation'],
  infer: (context) => [infer(context)],
  work,
});

const STATED = 'extents as the attribute says';

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
  return {
    macs: 0,
    flops: add(multiply(scores, MULTINOMIAL_PER_CLASS[0]), comparisons),
    transcendentals: multiply(scores, MULTINOMIAL_PER_CLASS[1]),
    treatment: APPROXIMATED,
  };
};

export const operators: readonly OperatorDefinition[] = [
  random('RandomUniform', [1, 22], 'Uniform random numbers in a stated shape', stated, STATED, drawn(UNIFORM)),
  random(
    'RandomUniformLike',
    [1, 22],
    'Uniform random numbers in the shape of a tensor',
    likeInput,
    SAME_SHAPE,
    drawn(UNIFORM),
  ),
  random('RandomNormal', [1, 22], 'Normal random numbers in a stated shape', stated, STATED, drawn(NORMAL)),
  random(
    'RandomNormalLike',
    [1, 22],
    'Normal random numbers in the shape of a tensor',
    likeInput,
    SAME_SHAPE,
    drawn(NORMAL),
  ),
  random(
    'Bernoulli',
    [15, 22],
    'Zeros and ones drawn with stated probabilities',
    likeInput,
    SAME_SHAPE,
    drawn(BERNOULLI),
  ),
  random('Multinomial', [7, 22], 'Classes drawn by their scores', sampled, 'N×C to N×samples', {
    text: `${countText(MULTINOMIAL_PER_CLASS, 'score')}; C + 1 per sample`,
    work: samplingWork,
  }),
];
