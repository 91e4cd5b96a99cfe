/**
 * Mixtures of experts. Specs: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 * (MoE, QMoE), one version. Every token runs through k experts, and costs the softmax over all
 * experts, the products and the activation of k of them, and k products and sums per output.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { divideExactly, type Integer, multiply, product } from '../units/integer.ts';
import { shareOf } from './attention-heads.ts';
import type { OperandRole, OperatorContext, OperatorDefinition } from './definition.ts';
import { contrib, extentAt, isSet, reshapedTo, type WrittenOut } from './microsoft.ts';
import { activated, projection } from './microsoft-weights.ts';
import { plain } from './plain.ts';
import { SAME_SHAPE } from './table-texts.ts';

const EXPERTS = { class: 'linear', fusion: 'contraction' } as const;

const weights = (count: number): readonly OperandRole[] => Array.from({ length: count }, () => 'weight' as const);

interface ExpertPlaces {
  readonly first: number;
  readonly second: number;
  readonly third: number;
  readonly biases: readonly [number, number, number];
}

/** Outputs of one expert's first product: its weights hold them per input channel, in either order. */
const expertColumns = (context: OperatorContext, index: number, hidden: Dim): Dim => {
  const [, rows, columns] = context.input(index).shape;
  if (rows === undefined || columns === undefined) return context.fail(`input ${index}: expected weights of 3 axes`);
  // Packed weights stand by output; plain ones in either order.
  return divideExactly(product([rows, columns]), hidden) ?? rows;
};

const experts =
  (places: ExpertPlaces, isPacked: boolean): WrittenOut =>
  (context, steps) => {
    const input = context.input(0);
    const hidden = input.shape.at(-1) ?? context.fail('a scalar has no channels');
    const chosen = context.integer('k', 1);
    const name = context.text('activation_type', 'relu').toLowerCase();
    const tokens = product(input.shape.slice(0, -1));
    const wide = isPacked
      ? extentAt(context, context.input(places.first), 1)
      : expertColumns(context, places.first, hidden);
    const gated = name === 'swiglu' || name === 'geglu';
    const fused = gated && !context.hasInput(places.third);
    const inner = fused ? shareOf(context, wide, 2, 'columns of the first product') : wide;
    const rows = multiply(tokens, chosen);
    const routed = reshapedTo([rows, hidden], input);
    steps.apply(plain('Softmax'), [context.input(1)]);
    if (isSet(context, 'normalize_routing_weights')) steps.perElement([rows], 2, 1);
    const [firstBias, secondBias, thirdBias] = places.biases;
    const first = projection(context, steps, routed, { depth: hidden, columns: wide, bias: firstBias });
    const half = reshapedTo([rows, inner], first);
    let middle = activated(steps, name, half, context.integer('activation_alpha', 1));
    if (context.hasInput(places.third)) {
      const linear = projection(context, steps, routed, { depth: hidden, columns: inner, bias: thirdBias });
      middle = steps.apply(plain('Mul'), [middle, linear]);
    } else if (fused) middle = steps.apply(plain('Mul'), [middle, half]);
    projection(context, steps, middle, { depth: inner, columns: hidden, bias: secondBias });
    steps.perElement([rows, hidden], 2);
    return [reshapedTo(input.shape, input)];
  };

/** Narrow weights, their scales and a bias. */
const NARROW: readonly OperandRole[] = ['weight', 'setting', 'weight'];

/** In a byte stand 8 / bits weights. */
const packedExperts = (context: OperatorContext): readonly (Integer | undefined)[] =>
  context.node.inputs.map((_, index) => {
    const type = [2, 5, 8].includes(index) ? context.optionalInput(index) : undefined;
    if (type?.dtype !== 'uint8') return undefined;
    return multiply(elementCount(type.shape), 8 / context.integer('expert_weight_bits', 4));
  });

const EXPERT_NOTE = 'the choice of the k is not counted, nor an activation that is not known';

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'MoE',
    {
      factors: [0, 2],
      ...EXPERTS,
      summary: 'Mixture of experts: each token runs through k of them',
      table: {
        shape: SAME_SHAPE,
        work: 'per token Softmax of the router, products and activation of k experts',
        notes: EXPERT_NOTE,
      },
      inputRoles: ['activation', 'activation', ...weights(1)],
    },
    experts({ first: 2, second: 4, third: 6, biases: [3, 5, 7] }, false),
  ),
  contrib(
    'QMoE',
    {
      factors: [0],
      ...EXPERTS,
      summary: 'Mixture of experts with narrow weights',
      table: {
        shape: SAME_SHAPE,
        work: 'per token Softmax of the router, products and activation of k experts',
        notes: EXPERT_NOTE,
      },
      inputRoles: ['activation', 'activation', ...NARROW, ...NARROW, ...NARROW, 'setting'],
      packedElements: packedExperts,
    },
    experts({ first: 2, second: 5, third: 8, biases: [4, 7, 10] }, true),
  ),
];
