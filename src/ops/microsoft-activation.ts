/**
 * Activations with the sums around them. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (Gelu, FastGelu,
 * QuickGelu, BiasGelu, BiasSplitGelu, BiasAdd, BiasSoftmax, BiasDropout, BitmaskDropout,
 * BitmaskBiasDropout, ScaledSiLU, SwiGLU, GatedAdd), one version. Per element:
 *   QuickGelu, ScaledSiLU   x sigmoid(alpha x): sigmoid and 1, and 1 where alpha is not 1
 *   SwiGLU                  3 clamps, QuickGelu, a sum where beta is not 0, a product
 * and else the plain operators that they are made of. Dropout drops nothing at inference.
 * Known gap: dropout asked to run in training mode.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { ceilDivide, product } from '../units/integer.ts';
import { shareOf } from './attention-heads.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { contrib, reshapedTo, type WrittenOut } from './microsoft.ts';
import { plain } from './plain.ts';
import type { PlainSteps } from './plain-steps.ts';
import { BROADCAST, MOVES_DATA, SAME_SHAPE } from './table-texts.ts';

const POINTWISE = { class: 'activation', fusion: 'pointwise', inPlace: true, inputRoles: ['activation'] } as const;
const BIASED = { ...POINTWISE, inputRoles: ['activation', 'weight'] } as const;
const SUM = { class: 'elementwise', fusion: 'pointwise', inPlace: true } as const;

/** `x sigmoid(alpha x)`: three operations of the sigmoid are its own, two of them transcendental. */
export const scaledSilu = (steps: PlainSteps, input: TensorType, alpha: number): TensorType => {
  if (alpha !== 1) steps.perElement(input.shape, 1);
  const gate = steps.apply(plain('Sigmoid'), [input]);
  return steps.apply(plain('Mul'), [input, gate]);
};

const plus = (steps: PlainSteps, input: TensorType, addend: TensorType | undefined): TensorType =>
  addend === undefined ? input : steps.apply(plain('Add'), [input, addend]);

const halved = (context: OperatorContext, { shape }: TensorType): Shape => [
  ...shape.slice(0, -1),
  shareOf(context, shape.at(-1) ?? context.fail('a scalar has no halves'), 2, 'channels'),
];

/** One bit for each element, in words of 32. */
const bitmask = (shape: Shape): TensorType => ({ shape: [ceilDivide(product(shape), 32)], dtype: 'uint32' });

const dropout =
  (biased: boolean, mask: (shape: Shape) => TensorType): WrittenOut =>
  (context, steps) => {
    const data = context.input(0);
    const sum = biased ? plus(steps, data, context.input(1)) : data;
    return [plus(steps, sum, biased ? context.optionalInput(2) : undefined), mask(data.shape)];
  };

const TRAINING = 'training mode, which drops, is not counted';
const DROPPED = 'as Add of the bias, and of the residual where there is one';
const BITMASK = 'same as the input; a mask of one bit per element, 32 to a word';

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'Gelu',
    {
      ...POINTWISE,
      summary: 'x times the normal distribution function of x',
      table: { shape: SAME_SHAPE, work: 'as the plain Gelu' },
    },
    (context, steps) => [steps.apply(plain('Gelu'), [context.input(0)])],
  ),
  contrib(
    'FastGelu',
    {
      ...BIASED,
      summary: 'The tanh form of GELU, of a sum with a bias',
      table: { shape: SAME_SHAPE, work: 'as Gelu in its tanh form, after Add where there is a bias' },
    },
    (context, steps) => [
      steps.apply(plain('Gelu'), [plus(steps, context.input(0), context.optionalInput(1))], { approximate: 'tanh' }),
    ],
  ),
  contrib(
    'QuickGelu',
    {
      ...POINTWISE,
      summary: 'x sigmoid(1.702 x)',
      table: { shape: SAME_SHAPE, work: 'as Sigmoid and Mul; 1 per element more where alpha is not 1' },
    },
    (context, steps) => [scaledSilu(steps, context.input(0), context.integer('alpha', 1.702))],
  ),
  contrib(
    'ScaledSiLU',
    {
      ...POINTWISE,
      summary: 'z sigmoid(z) with z = scale x',
      table: { shape: SAME_SHAPE, work: 'as Sigmoid and Mul; 1 per element more unless the scale is 1' },
      inputRoles: ['activation', 'setting'],
    },
    (context, steps) => [scaledSilu(steps, context.input(0), context.hasInput(1) ? 0 : context.integer('alpha', 1))],
  ),
  contrib(
    'BiasGelu',
    { ...BIASED, summary: 'GELU of a sum with a bias', table: { shape: SAME_SHAPE, work: 'as Add, then Gelu' } },
    (context, steps) => [steps.apply(plain('Gelu'), [plus(steps, context.input(0), context.input(1))])],
  ),
  contrib(
    'BiasSplitGelu',
    {
      class: 'activation',
      fusion: 'pointwise',
      summary: 'The left half of the channels times the GELU of the right half, after a bias',
      table: { shape: 'the last axis halved', work: 'as Add, then Gelu and Mul on half of the channels' },
      inputRoles: ['activation', 'weight'],
    },
    (context, steps) => {
      const sum = plus(steps, context.input(0), context.input(1));
      const half = reshapedTo(halved(context, sum), sum);
      return [steps.apply(plain('Mul'), [half, steps.apply(plain('Gelu'), [half])])];
    },
  ),
  contrib(
    'BiasAdd',
    {
      ...SUM,
      summary: 'Sum with a bias and a residual',
      table: { shape: BROADCAST, work: 'as Add, twice' },
      inputRoles: ['activation', 'weight', 'activation'],
    },
    (context, steps) => [plus(steps, plus(steps, context.input(0), context.input(1)), context.input(2))],
  ),
  contrib(
    'BiasSoftmax',
    {
      ...POINTWISE,
      fusion: 'reduction',
      summary: 'Softmax of a sum with a mask',
      table: { shape: SAME_SHAPE, work: '1 per element for the mask, then as Softmax' },
      inputRoles: ['activation', 'activation'],
    },
    (context, steps) => {
      const data = context.input(0);
      // The mask broadcasts along axes that its own shape does not always show.
      steps.perElement(data.shape, 1);
      return [steps.apply(plain('Softmax'), [reshapedTo(data.shape, data)], { axis: context.integer('axis', 1) })];
    },
  ),
  contrib(
    'BiasDropout',
    {
      ...SUM,
      summary: 'Sum with a bias, dropout and a residual',
      table: { shape: 'same as the input; a mask of one bool per element', work: DROPPED, notes: TRAINING },
      inputRoles: ['activation', 'weight', 'activation', 'setting'],
    },
    dropout(true, (shape) => ({ shape, dtype: 'bool' })),
  ),
  contrib(
    'BitmaskBiasDropout',
    {
      ...SUM,
      summary: 'BiasDropout with a mask of bits',
      table: { shape: BITMASK, work: DROPPED, notes: TRAINING },
      inputRoles: ['activation', 'weight', 'activation', 'setting'],
    },
    dropout(true, bitmask),
  ),
  contrib(
    'BitmaskDropout',
    {
      ...SUM,
      summary: 'Dropout with a mask of bits; moves its input at inference',
      table: { shape: BITMASK, work: MOVES_DATA, notes: TRAINING },
      inputRoles: ['activation', 'setting'],
    },
    dropout(false, bitmask),
  ),
  contrib(
    'SwiGLU',
    {
      ...POINTWISE,
      summary: 'A gate through a SiLU times a linear half',
      table: {
        shape: 'the last axis halved; of two inputs, as the first',
        work: 'as Sigmoid and 2 Mul; 3 more with a limit, 1 each for alpha, beta',
      },
      inputRoles: ['activation', 'activation'],
    },
    (context, steps) => {
      const gate = context.input(0);
      const half = reshapedTo(context.hasInput(1) ? gate.shape : halved(context, gate), gate);
      if (context.integer('limit', 0) > 0) steps.perElement(half.shape, 3);
      if (context.integer('activation_beta', 0) !== 0) steps.perElement(half.shape, 1);
      const activated = scaledSilu(steps, half, context.integer('activation_alpha', 1));
      return [steps.apply(plain('Mul'), [activated, half])];
    },
  ),
  contrib(
    'GatedAdd',
    {
      ...SUM,
      summary: 'Adds a tensor times a gate for each row',
      table: { shape: BROADCAST, work: 'as Mul and Add; MatMul and Sigmoid too where the gate has a weight' },
      inputRoles: ['activation', 'activation', 'activation', 'weight'],
    },
    (context, steps) => {
      const gate = context.input(2);
      const rows: readonly Dim[] = [...gate.shape.slice(0, -1), 1];
      const weight = context.optionalInput(3);
      if (weight !== undefined) steps.apply(plain('Sigmoid'), [steps.apply(plain('MatMul'), [gate, weight])]);
      const scaled = steps.apply(plain('Mul'), [context.input(1), reshapedTo(rows, gate)]);
      return [steps.apply(plain('Add'), [context.input(0), scaled])];
    },
  ),
];
