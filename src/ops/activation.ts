/**
 * Activations of one operand. Specs: https://onnx.ai/onnx/operators/ (opsets in the list below). Operations per
 * element are the arithmetic of the definition, a comparison and a choice counting as one each; what is constant
 * (1 / alpha) is not computed:
 *   Relu             max                                              1
 *   Tanh             tanh                                             1, transcendental
 *   ThresholdedRelu  compare, choose                                  2
 *   LeakyRelu        compare, multiply, choose                        3
 *   Softsign         abs, add, divide                                 3, one of them transcendental
 *   Softplus         exp, add, log                                    3, two of them transcendental
 *   Sigmoid          negate, exp, add, divide                         4, two of them transcendental
 *   HardSigmoid      multiply, add, max, min                          4
 *   HardSwish        HardSigmoid and one multiply                     5
 *   Swish (SiLU)     Sigmoid and one multiply                         5, two of them transcendental;
 *                    with alpha other than 1 one multiply more
 *   Elu              compare, exp, subtract, multiply, choose         5, one of them transcendental
 *   Mish             Softplus, tanh, multiply                         5, three of them transcendental
 *   Selu             compare, exp, 2 multiplies, subtract, choose     6, one of them transcendental
 *   Shrink           2 compares, add, subtract, 2 choices             6
 *   Celu             max, multiply, exp, subtract, multiply, min, add 7, one of them transcendental
 * Opset 1 to 5 had `consumed_inputs`, which named what may be overwritten.
 */
import { type Integer, isExpression, maximum } from '../units/integer.ts';
import type { OperatorDefinition } from './definition.ts';
import { type Cost, unary, type VaryingCost } from './pointwise.ts';
import { countText } from './table-texts.ts';

const SWISH: Cost = [5, 2];

const swishCost: VaryingCost = {
  of: (context) => (context.integer('alpha', 1) === 1 ? SWISH : [SWISH[0] + 1, SWISH[1]]),
  text: `${countText(SWISH)}; 1 more with an alpha`,
};

const activation = (
  type: string,
  since: readonly number[],
  summary: string,
  cost: Cost | VaryingCost,
): OperatorDefinition => unary(type, since, summary, cost, { class: 'activation' });

const positivePart = (a: Integer): Integer => (isExpression(a) ? maximum(a, 0) : Math.max(a, 0));

export const operators: readonly OperatorDefinition[] = [
  unary('Relu', [1, 6, 13, 14], 'max(0, x)', [1, 0], { class: 'activation', follow: () => positivePart }),
  activation('Tanh', [1, 6, 13], 'Hyperbolic tangent', [1, 1]),
  activation('Sigmoid', [1, 6, 13], '1 / (1 + exp(-x))', [4, 2]),
  activation('HardSigmoid', [1, 6, 22], 'max(0, min(1, alpha x + beta))', [4, 0]),
  activation('HardSwish', [14, 22], 'x times its hard sigmoid', [5, 0]),
  activation('Swish', [24], 'x times the sigmoid of alpha x; SiLU', swishCost),
  activation('LeakyRelu', [1, 6, 16], 'x, or alpha x where it is negative', [3, 0]),
  activation('ThresholdedRelu', [10, 22], 'x where it is above alpha, else 0', [2, 0]),
  activation('Elu', [1, 6, 22], 'x, or alpha (exp(x) - 1) where it is negative', [5, 1]),
  activation('Selu', [1, 6, 22], 'gamma times the Elu of x', [6, 1]),
  activation('Celu', [12, 28], 'max(0, x) + min(0, alpha (exp(x / alpha) - 1))', [7, 1]),
  activation('Softplus', [1, 22], 'ln(exp(x) + 1)', [3, 2]),
  activation('Softsign', [1, 22], 'x / (1 + |x|)', [3, 1]),
  activation('Mish', [18, 22], 'x times the tanh of its softplus', [5, 3]),
  activation('Shrink', [9], 'x moved towards 0 by a bias, and 0 near it', [6, 0]),
];
