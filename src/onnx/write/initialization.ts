/**
 * Initial values for weights that a graph does not have, so that the network computes finite
 * numbers of a sensible size. Matrices and filters: uniform with the variance of He et al. 2015
 * (https://arxiv.org/abs/1502.01852), as PyTorch does it.
 */
import { isFloating } from '../../ir/dtype.ts';
import type { Graph, Initializer, Node } from '../../ir/graph.ts';
import type { OperatorDefinition } from '../../ops/definition.ts';
import { findOperator } from '../../ops/lookup.ts';
import type { Fill } from './contents.ts';

/** Where a weight is read. */
interface Use {
  readonly node: Node;
  readonly operand: number;
}

/** Who makes and who reads each tensor. */
interface Wiring {
  readonly consumers: ReadonlyMap<string, readonly Use[]>;
  readonly producers: ReadonlyMap<string, Node>;
}

const constant = (value: number): Fill => ({ kind: 'constant', value });
/** A uniform distribution's variance is bound^2 / 3. */
const ofVariance = (variance: number): Fill => ({ kind: 'uniform', bound: Math.sqrt(3 * variance) });

/** Standard deviation of embeddings and positions, as BERT and the vision transformer have it. */
const EMBEDDING = ofVariance(0.02 ** 2);
/** PReLU's slope as its paper starts it. */
const SLOPE = constant(0.25);

/**
 * Variance times fan-in, by the activation that follows: what it leaves of the mean square of a
 * standard normal signal is made up for (He's factor of 2 for ReLU; the others by integration).
 */
const ACTIVATION_GAIN: Readonly<Record<string, number>> = {
  Relu: 2,
  Clip: 2,
  LeakyRelu: 2,
  PRelu: 2,
  Gelu: 2.35,
  HardSwish: 3.02,
  Swish: 2.81,
};
/** A branch that is added to what came in: with less of it, depth does not multiply the signal. */
const SUM_GAIN = 0.1;
/** A gate that is half open leaves a quarter of the mean square. */
const GATED_GAIN = 4;

/** Normalizations read scale, shift, mean and variance, in this order after the input. */
const NORMALIZATION: readonly number[] = [0, 1, 0, 0, 1];

/** How many products one output sums, from the weight's shape. */
const fanIn = ({ type, attributes }: Node, shape: readonly number[]): number => {
  const elements = shape.reduce((product, extent) => product * extent, 1);
  const [first = 1, second = 1] = shape;
  switch (type) {
    case 'Gemm':
      return attributes.transB === 1 ? second : first;
    case 'ConvTranspose':
      return elements / second / (typeof attributes.group === 'number' ? attributes.group : 1);
    case 'MatMul':
      return shape.at(-2) ?? 1;
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return shape.at(-1) ?? 1;
    // Filters: output channels first.
    default:
      return elements / first;
  }
};

/** Recurrent operators are no plain contraction, but their matrices are. */
const isContraction = ({ fusion, class: kind }: OperatorDefinition): boolean =>
  fusion === 'contraction' || kind === 'recurrent';

/** By what happens to a node's output next, beyond the scales and shifts that fold into it. */
const gainAhead = (node: Node, { consumers }: Wiring): number => {
  const seen = new Set<Node>();
  const ahead = [node];
  for (const at of ahead) {
    for (const { node: next } of at.outputs.flatMap((output) => consumers.get(output) ?? [])) {
      if (seen.has(next)) continue;
      seen.add(next);
      const definition = findOperator(next.type, next.domain);
      if (definition?.class === 'activation') return ACTIVATION_GAIN[next.type] ?? 1;
      if (next.type === 'Add') return SUM_GAIN;
      if (definition?.foldable === true) ahead.push(next);
    }
  }
  return 1;
};

/** Whether a tensor is the product of a signal and a gate, as in squeeze-and-excitation. */
const isGated = (tensor: string, { producers }: Wiring): boolean => {
  const product = producers.get(tensor);
  return product?.type === 'Mul' && product.inputs.every((input) => producers.has(input));
};

const gainOf = (node: Node, wiring: Wiring): number =>
  gainAhead(node, wiring) * (isGated(node.inputs[0] ?? '', wiring) ? GATED_GAIN : 1);

const fillFor = (shape: readonly number[], { node, operand }: Use, wiring: Wiring): Fill => {
  const definition = findOperator(node.type, node.domain);
  if (definition?.class === 'normalization') return constant(NORMALIZATION[operand] ?? 0);
  if (definition !== undefined && isContraction(definition)) {
    return shape.length < 2 ? constant(0) : ofVariance(gainOf(node, wiring) / Math.max(fanIn(node, shape), 1));
  }
  if (node.type === 'PRelu') return SLOPE;
  // A learned scale of a branch.
  return node.type === 'Mul' ? constant(1) : EMBEDDING;
};

const wire = (graph: Graph, consumers: Map<string, Use[]>, producers: Map<string, Node>): void => {
  for (const node of graph.nodes) {
    node.inputs.forEach((input, operand) => {
      const uses = consumers.get(input);
      if (uses === undefined) consumers.set(input, [{ node, operand }]);
      else uses.push({ node, operand });
    });
    for (const output of node.outputs) producers.set(output, node);
    for (const body of Object.values(node.bodies ?? {})) wire(body, consumers, producers);
  }
};

/** Chooses what a weight of the graph, or of a graph inside it, is filled with. Weights that are no numbers with a fraction are 0. */
export const initialization = (graph: Graph): ((weight: Initializer) => Fill) => {
  const consumers = new Map<string, Use[]>();
  const producers = new Map<string, Node>();
  wire(graph, consumers, producers);
  return ({ name, shape, dtype }) => {
    const use = consumers.get(name)?.[0];
    if (use === undefined || !isFloating(dtype)) return constant(0);
    return fillFor(shape, use, { consumers, producers });
  };
};
