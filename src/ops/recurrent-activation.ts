/**
 * The functions that recurrent operators apply, with their operations per element: the arithmetic
 * of the definition, a comparison and a choice counting as one, as for the operators of these names.
 */
interface Cost {
  readonly flops: number;
  readonly transcendentals: number;
}

const cost = (flops: number, transcendentals = 0): Cost => ({ flops, transcendentals });

/** By lower-case name: the specification leaves case open. */
const COSTS: Readonly<Record<string, Cost>> = {
  relu: cost(1),
  tanh: cost(1, 1),
  sigmoid: cost(4, 2),
  affine: cost(2),
  leakyrelu: cost(3),
  thresholdedrelu: cost(2),
  scaledtanh: cost(3, 1),
  hardsigmoid: cost(4),
  elu: cost(5, 1),
  softsign: cost(3, 1),
  softplus: cost(3, 2),
};

export const recurrentActivation = (name: string): Cost | undefined => COSTS[name.toLowerCase()];
