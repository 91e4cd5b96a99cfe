/**
 * Rewrites of a graph that trade depthwise-separable convolutions for standard ones and back, so that
 * what the factorization saves is computed and not quoted. Weights are described, not converted: the
 * result is another network of the same shape of feature maps, which would have to be trained.
 */
import type { Graph, Initializer, Node } from '../ir/graph.ts';
import { findOperator } from '../ops/lookup.ts';

export interface Rewritten {
  readonly graph: Graph;
  /** Names of the convolutions that were replaced. */
  readonly replaced: readonly string[];
}

interface Parts {
  readonly initializers: ReadonlyMap<string, Initializer>;
  readonly producers: ReadonlyMap<string, Node>;
  readonly consumers: ReadonlyMap<string, readonly Node[]>;
  readonly outputs: ReadonlySet<string>;
}

const partsOf = ({ nodes, initializers, outputs }: Graph): Parts => {
  const consumers = new Map<string, Node[]>();
  const producers = new Map<string, Node>();
  for (const node of nodes) {
    for (const output of node.outputs) producers.set(output, node);
    for (const input of new Set(node.inputs)) {
      const known = consumers.get(input);
      if (known === undefined) consumers.set(input, [node]);
      else known.push(node);
    }
  }
  return {
    initializers: new Map(initializers.map((initializer) => [initializer.name, initializer])),
    producers,
    consumers,
    outputs: new Set(outputs),
  };
};

interface Convolution {
  readonly node: Node;
  /** Output channels x input channels of a group x kernel. */
  readonly weight: Initializer;
  readonly groups: number;
  readonly strided: boolean;
}

const numberOf = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);

const convolutionOf = ({ initializers }: Parts, node: Node): Convolution | undefined => {
  const weight = initializers.get(node.inputs[1] ?? '');
  if (node.type !== 'Conv' || node.domain !== '' || weight === undefined || weight.shape.length < 3) return undefined;
  const { group, strides } = node.attributes;
  const strided = Array.isArray(strides) && strides.some((stride) => stride !== 1);
  return { node, weight, groups: numberOf(group, 1), strided };
};

const extents = ({ weight }: Convolution): readonly number[] => weight.shape.slice(2);
const isPointwise = (conv: Convolution): boolean =>
  conv.groups === 1 && !conv.strided && extents(conv).every((extent) => extent === 1);
/** One filter to a channel. */
const isDepthwise = ({ weight, groups }: Convolution): boolean =>
  groups > 1 && weight.shape[0] === groups && weight.shape[1] === 1;

const outputOf = ({ outputs }: Node): string => outputs[0] ?? '';

/** Operators that read the same positions of one tensor that is computed: normalization, activation. */
const isUnary = ({ initializers }: Parts, node: Node): boolean =>
  findOperator(node.type, node.domain)?.fusion === 'pointwise' &&
  node.outputs.length === 1 &&
  node.inputs.filter((input) => input !== '' && !initializers.has(input)).length === 1;

/** Whether all that a tensor is made of comes from `source` or is stored. */
const derivesFrom = (parts: Parts, tensor: string, source: string, seen = new Set<string>()): boolean => {
  if (tensor === source || tensor === '' || parts.initializers.has(tensor) || seen.has(tensor)) return true;
  seen.add(tensor);
  const producer = parts.producers.get(tensor);
  return producer?.inputs.every((input) => derivesFrom(parts, input, source, seen)) ?? false;
};

/** The product of a tensor with what was pooled from it: squeeze-and-excitation. */
const gateOf = (parts: Parts, tensor: string): Node | undefined =>
  parts.consumers
    .get(tensor)
    ?.find(
      (node) =>
        node.type === 'Mul' &&
        node.inputs.includes(tensor) &&
        node.inputs.every((input) => input === tensor || derivesFrom(parts, input, tensor)),
    );

interface Pair {
  readonly depthwise: Convolution;
  /** Normalization and activation right after it, which go with it. */
  readonly between: readonly Node[];
  readonly pointwise: Convolution;
}

/** The pointwise convolution that mixes what a depthwise one filtered, with at most unary operators and gates between. */
const pairOf = (parts: Parts, depthwise: Convolution): Pair | undefined => {
  const between: Node[] = [];
  let tensor = outputOf(depthwise.node);
  let gated = false;
  for (;;) {
    if (parts.outputs.has(tensor)) return undefined;
    const readers = parts.consumers.get(tensor) ?? [];
    const [reader] = readers;
    if (readers.length === 1 && reader !== undefined) {
      const pointwise = reader.inputs[0] === tensor ? convolutionOf(parts, reader) : undefined;
      if (pointwise !== undefined) return isPointwise(pointwise) ? { depthwise, between, pointwise } : undefined;
      if (!isUnary(parts, reader)) return undefined;
      if (!gated) between.push(reader);
      tensor = outputOf(reader);
      continue;
    }
    const gate = gateOf(parts, tensor);
    if (gate === undefined) return undefined;
    gated = true;
    tensor = outputOf(gate);
  }
};

/** Where a kernel reaches and how it moves: what a convolution takes over from another. */
const WINDOW = ['kernel_shape', 'strides', 'pads', 'auto_pad', 'dilations'] as const;

const windowOf = ({ attributes }: Node): Node['attributes'] =>
  Object.fromEntries(WINDOW.flatMap((name) => (attributes[name] === undefined ? [] : [[name, attributes[name]]])));

interface Edits {
  readonly nodes: Map<Node, readonly Node[]>;
  readonly weights: Map<string, Initializer>;
  readonly renamed: Map<string, string>;
}

/** The graph with its edits made: stored tensors that nothing reads any more are gone. */
const edited = (graph: Graph, { nodes, weights, renamed }: Edits, added: readonly Initializer[] = []): Graph => {
  const final = (tensor: string): string => {
    let name = tensor;
    for (let next = renamed.get(name); next !== undefined; next = renamed.get(name)) name = next;
    return name;
  };
  const kept = graph.nodes
    .flatMap((node) => nodes.get(node) ?? [node])
    .map((node) =>
      node.inputs.some((input) => renamed.has(input)) ? { ...node, inputs: node.inputs.map(final) } : node,
    );
  const read = new Set([...kept.flatMap(({ inputs }) => inputs), ...graph.outputs]);
  const wasRead = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  // What a file states of tensors in between no longer holds.
  const { declared: _declared, ...rest } = graph;
  return {
    ...rest,
    initializers: [...graph.initializers.map((stored) => weights.get(stored.name) ?? stored), ...added].filter(
      ({ name }) => read.has(name) || !wasRead.has(name),
    ),
    nodes: kept,
  };
};

/**
 * Every depthwise convolution and the pointwise one that mixes its channels as one standard convolution of the same
 * kernel, stride and padding, from the channels that were filtered to those that came out; normalization and activation
 * between the two go, squeeze-and-excitation stays and gates what is now convolved. A depthwise convolution that no
 * pointwise one follows becomes a standard one from its channels to as many.
 */
export const withStandardConvolutions = (graph: Graph): Rewritten => {
  const parts = partsOf(graph);
  const edits: Edits = { nodes: new Map(), weights: new Map(), renamed: new Map() };
  const replaced: string[] = [];
  const widened = (node: Node, weight: Initializer, shape: readonly number[], window: Node): void => {
    edits.weights.set(weight.name, { name: weight.name, dtype: weight.dtype, shape });
    const { attributes } = node;
    edits.nodes.set(node, [{ ...node, attributes: { ...attributes, ...windowOf(window), group: 1 } }]);
  };
  const taken = new Set<Node>();
  for (const node of graph.nodes) {
    const depthwise = convolutionOf(parts, node);
    if (depthwise === undefined || !isDepthwise(depthwise)) continue;
    const { groups: channels } = depthwise;
    replaced.push(node.name);
    const pair = pairOf(parts, depthwise);
    if (pair === undefined || taken.has(pair.pointwise.node)) {
      widened(node, depthwise.weight, [channels, channels, ...extents(depthwise)], node);
      continue;
    }
    const { pointwise, between } = pair;
    taken.add(pointwise.node);
    const outputs = pointwise.weight.shape[0] ?? 0;
    widened(pointwise.node, pointwise.weight, [outputs, channels, ...extents(depthwise)], node);
    for (const gone of [node, ...between]) {
      edits.nodes.set(gone, []);
      edits.renamed.set(outputOf(gone), gone.inputs[0] ?? '');
    }
  }
  return { graph: edited(graph, edits), replaced };
};

/** Normalization and activation that follow a convolution and that nothing else reads. */
const epilogueOf = (parts: Parts, node: Node): readonly Node[] => {
  const found: Node[] = [];
  for (let last = node; ; ) {
    const tensor = outputOf(last);
    const readers = parts.consumers.get(tensor) ?? [];
    const [reader] = readers;
    if (readers.length !== 1 || reader === undefined || parts.outputs.has(tensor) || !isUnary(parts, reader))
      return found;
    found.push(reader);
    last = reader;
  }
};

/**
 * Every standard convolution wider than one position as a depthwise one of the same kernel, stride and padding and a
 * pointwise one; the normalization and activation that follow the convolution follow the depthwise one too, as in
 * MobileNet. Convolutions of the input image stay: it has too few channels to gain by it.
 */
export const withSeparableConvolutions = (graph: Graph): Rewritten => {
  const parts = partsOf(graph);
  const edits: Edits = { nodes: new Map(), weights: new Map(), renamed: new Map() };
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const added: Initializer[] = [];
  const replaced: string[] = [];
  for (const node of graph.nodes) {
    const conv = convolutionOf(parts, node);
    const data = node.inputs[0] ?? '';
    if (conv === undefined || conv.groups !== 1 || inputs.has(data) || extents(conv).every((extent) => extent === 1))
      continue;
    const { weight } = conv;
    const [outputs = 0, channels = 0] = weight.shape;
    replaced.push(node.name);
    const own = (name: string): string => `${node.name}.depthwise.${name}`;
    const store = (name: string, shape: readonly number[]): string => {
      added.push({ name: own(name), dtype: weight.dtype, shape });
      return own(name);
    };
    const filter: Node = {
      ...node,
      name: own('conv'),
      inputs: [data, store('weight', [channels, 1, ...extents(conv)])],
      outputs: [own('conv:out')],
      attributes: { ...node.attributes, group: channels },
    };
    const copies = epilogueOf(parts, node).map(
      (source, index): Node => ({
        ...source,
        name: own(`${index}`),
        inputs: source.inputs.map((input, operand) => {
          if (operand === 0) return '';
          // A vector for every output channel becomes one for every input channel; settings are shared.
          const stored = parts.initializers.get(input);
          const [first, ...rest] = stored?.shape ?? [];
          const isPerChannel = first === outputs && rest.every((extent) => extent === 1);
          return isPerChannel ? store(`${index}.${operand}`, [channels, ...rest]) : input;
        }),
        outputs: [own(`${index}:out`)],
      }),
    );
    const chain: Node[] = [filter];
    for (const copy of copies) {
      chain.push({ ...copy, inputs: [outputOf(chain.at(-1) ?? filter), ...copy.inputs.slice(1)] });
    }
    const ones = extents(conv).map(() => 1);
    edits.weights.set(weight.name, { name: weight.name, dtype: weight.dtype, shape: [outputs, channels, ...ones] });
    const { auto_pad: _pad, pads: _pads, dilations: _dilations, ...attributes } = node.attributes;
    const mix: Node = {
      ...node,
      inputs: [outputOf(chain.at(-1) ?? filter), ...node.inputs.slice(1)],
      attributes: { ...attributes, kernel_shape: ones, strides: ones },
    };
    edits.nodes.set(node, [...chain, mix]);
  }
  return { graph: edited(graph, edits, added), replaced };
};
