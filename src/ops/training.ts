/**
 * Steps of training. Specs: https://onnx.ai/onnx/operators/ (Adagrad, Adam, Momentum, Gradient of
 * ai.onnx.preview.training), opset 1. The inputs are a rate, a count of updates, and then several lists of as many tensors:
 * the values, their gradients and what was accumulated; the outputs are the new values and accumulations. Operations per
 * element of the values; what depends on the rate and the count alone is computed once and not counted:
 *   Adagrad    G^2 added (2), root and epsilon (2), step (3)                           7, two of them transcendental
 *   Adam       two running means (3 and 4), root and epsilon (2), step (3)            12, two of them transcendental
 *   Momentum   running mean (3), step (2, or 4 after Nesterov)                         5 or 7
 *   and 2 for a penalty on the norm (`norm_coefficient`), 1 for one after the step, where they are not 0
 * Known gap: the backward pass that Gradient runs is not counted.
 */
import { elementCount } from '../ir/shape.ts';
import { multiply, sum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import type { Cost } from './pointwise.ts';
import { countText, MOVES_DATA } from './table-texts.ts';
import { DATA_MOVEMENT } from './work.ts';

const SCALARS = 2;

const isSet = (context: OperatorContext, name: string): boolean => context.integer(name, 0) !== 0;

const page = (type: string): Pick<OperatorDefinition, 'type' | 'domain' | 'since' | 'specification'> => ({
  type,
  domain: 'ai.onnx.preview.training',
  since: [1],
  specification: `https://onnx.ai/onnx/operators/onnx_aionnxpreviewtraining_${type}.html`,
});

/** The optimized tensors, which come first of `lists` lists of as many. */
const optimizedOf = (context: OperatorContext, lists: number): readonly TensorType[] => {
  const given = context.node.inputs.length - SCALARS;
  if (given < lists || given % lists !== 0) {
    context.fail(`${Math.max(0, given)} tensors beside the rate and the count, expected a multiple of ${lists}`);
  }
  const count = given / lists;
  const values = Array.from({ length: count }, (_, index) => context.input(SCALARS + index));
  for (const [index, { shape }] of values.entries()) {
    const gradient = context.input(SCALARS + count + index).shape;
    context.agree(elementCount(shape), elementCount(gradient), 'elements of the values and of their gradients');
  }
  return values;
};

/** `lists` counts the values, the gradients and what is accumulated; gradients are not handed out. */
const optimizer = (
  type: string,
  summary: string,
  work: string,
  lists: number,
  cost: (context: OperatorContext) => Cost,
): OperatorDefinition => ({
  ...page(type),
  summary,
  table: { shape: 'new values and what is accumulated, as they come', work },
  class: 'elementwise',
  fusion: 'opaque',
  inPlace: true,
  inputRoles: ['setting', 'setting', 'activation'],
  infer: (context) => {
    context.input(0);
    const values = optimizedOf(context, lists).map(({ shape, dtype }) => ({ shape, dtype }));
    return Array.from({ length: lists - 1 }, () => values).flat();
  },
  work: (context) => {
    const [flops, transcendentals] = cost(context);
    const elements = sum(optimizedOf(context, lists).map(({ shape }) => elementCount(shape)));
    const penalty = (isSet(context, 'norm_coefficient') ? 2 : 0) + (isSet(context, 'norm_coefficient_post') ? 1 : 0);
    return {
      macs: 0,
      flops: multiply(elements, flops + penalty),
      transcendentals: multiply(elements, transcendentals),
      treatment: { kind: 'costed' },
    };
  },
});

const ADAGRAD: Cost = [7, 2];
const ADAM: Cost = [12, 2];
const PENALTY = '2 for a norm, 1 for one after the step';

export const operators: readonly OperatorDefinition[] = [
  optimizer('Adagrad', 'A step of Adagrad', `${countText(ADAGRAD, 'value')}; ${PENALTY}`, 3, () => ADAGRAD),
  optimizer('Adam', 'A step of Adam', `${countText(ADAM, 'value')}; ${PENALTY}`, 4, () => ADAM),
  optimizer(
    'Momentum',
    'A step of gradient descent with momentum',
    `5 per value, 7 after Nesterov; ${PENALTY}`,
    3,
    (context) => (context.text('mode', 'standard') === 'nesterov' ? [7, 0] : [5, 0]),
  ),
  {
    ...page('Gradient'),
    summary: 'Derivatives of a tensor with respect to others',
    table: { shape: 'as the tensors xs', work: MOVES_DATA, notes: 'the backward pass is not counted' },
    class: 'other',
    fusion: 'opaque',
    inputRoles: ['activation'],
    infer: (context) => {
      context.input(0);
      return context.texts('xs').map((_, index) => {
        const { shape, dtype } = context.input(index);
        return { shape, dtype };
      });
    },
    work: () => ({
      ...DATA_MOVEMENT,
      treatment: { kind: 'approximated', reason: 'the backward pass of the graph around it is not counted' },
    }),
  },
];
