/**
 * A graph with another number of channels in one place: everything that has to agree with it follows, forwards and
 * backwards, through whatever the operators themselves ask for. No operator is known by name: each is inferred with the
 * changed types, and what it refuses is put right in its other operands and attributes of the old extent.
 */
import type { DType } from '../ir/dtype.ts';
import type { Graph, Initializer, Node } from '../ir/graph.ts';
import { isSequence, type TensorType, type ValueType } from '../ops/definition.ts';
import type { MatrixView } from '../ops/nest.ts';
import { sameInteger } from '../units/integer.ts';
import type { InferredGraph, InferredNode } from './inferred.ts';
import {
  type Attributes,
  type ExtentChange,
  type Outcome,
  outcomeOf,
  repairOf,
  sameExtents,
  sameType,
  viewOf,
} from './resize-node.ts';

export interface ResizedProduct {
  readonly node: string;
  readonly before: MatrixView;
  readonly after: MatrixView;
}

export interface Resized {
  readonly graph: Graph;
  /** Stored tensors of another shape than before. */
  readonly stored: readonly string[];
  /** Layers whose channels changed by the same factor: any of them asked for it makes the same graph. */
  readonly tied: readonly string[];
  /** Operators that read or make a tensor that changed, in execution order. */
  readonly nodes: readonly string[];
  /** Those of them that multiply, as products before and after. */
  readonly products: readonly ResizedProduct[];
}

/** Why the extent cannot be another one: the node or tensor that holds it, and the reason. */
export interface ResizeRefusal {
  readonly path: string;
  readonly reason: string;
  /** Layers that would have had to take as many channels, as far as was seen: they are refused with it. */
  readonly tied: readonly string[];
}

export const isResized = (result: Resized | ResizeRefusal): result is Resized => 'graph' in result;

/** An axis of a layer's output that counts its own channels. */
export interface ChannelAxis {
  readonly axis: number;
  readonly extent: number;
}

export interface Resizer {
  /** The channels that a layer makes with weights of its own; `undefined` where it has none that can be counted otherwise. */
  channelsOf(node: string): ChannelAxis | undefined;
  resize(node: string, to: number): Resized | ResizeRefusal;
}

/** Operators looked at for one change: a change that reaches further is refused. */
const MAX_VISITS = 1_500;

/** Types of lists of axes, extents and places, which count no channels. */
const SETTING_TYPES: readonly DType[] = ['int64', 'int32', 'bool', 'string'];

class Refused extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(reason);
    this.path = path;
  }
}

interface Index {
  readonly inferred: InferredGraph;
  readonly places: ReadonlyMap<string, number>;
  readonly producers: ReadonlyMap<string, number>;
  readonly readers: ReadonlyMap<string, readonly number[]>;
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
  /** Read by a graph of control flow, which is not followed. */
  readonly inside: ReadonlySet<string>;
}

const readInside = (graph: Graph, found: Set<string>): void => {
  for (const output of graph.outputs) found.add(output);
  for (const { inputs, bodies = {} } of graph.nodes) {
    for (const input of inputs) found.add(input);
    for (const body of Object.values(bodies)) readInside(body, found);
  }
};

const indexOf = (inferred: InferredGraph): Index => {
  const { graph, nodes } = inferred;
  const producers = new Map<string, number>();
  const readers = new Map<string, number[]>();
  const inside = new Set<string>();
  nodes.forEach(({ node }, index) => {
    for (const output of node.outputs) producers.set(output, index);
    for (const input of new Set(node.inputs)) {
      const known = readers.get(input);
      if (known === undefined) readers.set(input, [index]);
      else known.push(index);
    }
  });
  for (const { bodies = {} } of graph.nodes) for (const body of Object.values(bodies)) readInside(body, inside);
  return {
    ...{ inferred, producers, readers, inside },
    places: new Map(nodes.map(({ node }, index) => [node.name, index])),
    inputs: new Set(graph.inputs.map(({ name }) => name)),
    outputs: new Set(graph.outputs),
  };
};

/** One change on its way through the graph. */
class Propagation {
  readonly types = new Map<string, TensorType>();
  readonly attributes = new Map<number, Attributes>();
  readonly views = new Map<number, MatrixView>();
  readonly #index: Index;
  readonly #queue: number[] = [];
  readonly #queued = new Set<number>();

  constructor(index: Index) {
    this.#index = index;
  }

  readonly typeOf = (tensor: string): ValueType | undefined =>
    this.types.get(tensor) ?? this.#index.inferred.types.get(tensor);

  /** Gives a tensor another type; whoever makes or reads it is looked at again. */
  change(tensor: string, type: TensorType): void {
    const { inputs, outputs, inside, producers, readers } = this.#index;
    const original = this.#index.inferred.types.get(tensor);
    if (original !== undefined && !isSequence(original) && !this.#isFree(original, type)) {
      throw new Refused(tensor, 'its axes are cut to fixed numbers there');
    }
    if (inputs.has(tensor)) throw new Refused(tensor, 'it is an input of the network');
    if (outputs.has(tensor)) throw new Refused(tensor, 'it is an output of the network');
    if (inside.has(tensor)) throw new Refused(tensor, 'a loop or a branch reads it');
    this.types.set(tensor, type);
    const producer = producers.get(tensor);
    if (producer !== undefined) this.#enqueue(producer);
    for (const reader of readers.get(tensor) ?? []) this.#enqueue(reader);
  }

  #isFree(original: TensorType, type: TensorType): boolean {
    return (
      original.shape.length === type.shape.length &&
      original.shape.every((dim, axis) => {
        const own = type.shape[axis];
        return own !== undefined && (sameInteger(dim, own) || (typeof dim === 'number' && typeof own === 'number'));
      })
    );
  }

  #enqueue(index: number): void {
    if (this.#queued.has(index)) return;
    this.#queued.add(index);
    this.#queue.push(index);
  }

  run(): void {
    for (let visits = 0; this.#queue.length > 0; visits++) {
      if (visits >= MAX_VISITS) throw new Refused('', `it reaches more than ${MAX_VISITS} operators`);
      const index = this.#queue.shift() as number;
      this.#queued.delete(index);
      this.#visit(index);
    }
  }

  #visit(index: number): void {
    const inferred = this.#index.inferred.nodes[index] as InferredNode;
    const { node, bodies, definition } = inferred;
    if (definition === undefined) throw new Refused(node.name, `what ${node.type} asks for is not known`);
    if (bodies.length > 0) throw new Refused(node.name, 'a loop or a branch reads it');
    const attributes = this.attributes.get(index) ?? node.attributes;
    const plain = outcomeOf(inferred, this.typeOf, attributes);
    if (plain !== undefined && this.#agrees(node, plain)) {
      this.#adopt(index, node, plain);
      this.#takeVectorsAlong(inferred, attributes);
      return;
    }
    const { initializers } = this.#index.inferred;
    const repair = repairOf(inferred, this.typeOf, attributes, viewOf(inferred), {
      changes: this.#changesAround(node),
      mayChange: () => true,
      isStored: (tensor) => initializers.has(tensor),
      accepts: (outcome) => this.#agrees(node, outcome),
    });
    if (repair === undefined) throw new Refused(node.name, `${node.type} takes no other number there`);
    if (repair.attributes !== attributes) this.attributes.set(index, repair.attributes);
    for (const [tensor, type] of repair.types) this.change(tensor, type);
    this.#adopt(index, node, repair.outcome);
    this.#takeVectorsAlong(inferred, repair.attributes);
  }

  /** Stored numbers for each channel, such as the scales of a quantized tensor, whose extent inference does not hold to it. */
  #takeVectorsAlong(inferred: InferredNode, attributes: Attributes): void {
    const { node, definition } = inferred;
    const { initializers } = this.#index.inferred;
    if (definition?.fusion === 'contraction') return;
    const changes = this.#changesAround(node);
    for (const tensor of new Set(node.inputs)) {
      const type = this.typeOf(tensor);
      if (type === undefined || isSequence(type) || this.types.has(tensor) || !initializers.has(tensor)) continue;
      const change = changes.find(({ from }) => type.shape.length === 1 && type.shape[0] === from);
      if (change === undefined || SETTING_TYPES.includes(type.dtype)) continue;
      const longer: TensorType = { dtype: type.dtype, shape: [change.to] };
      const outcome = outcomeOf(inferred, (name) => (name === tensor ? longer : this.typeOf(name)), attributes);
      if (outcome !== undefined && this.#agrees(node, outcome)) this.change(tensor, longer);
    }
  }

  /** Whether what the operator makes is what was already settled for its outputs. */
  #agrees(node: Node, { outputs }: Outcome): boolean {
    return node.outputs.every((tensor, at) => {
      const settled = this.types.get(tensor);
      const made = outputs[at];
      return (
        settled === undefined || (made !== undefined && !isSequence(made) && sameExtents(settled.shape, made.shape))
      );
    });
  }

  #adopt(index: number, node: Node, { outputs, view }: Outcome): void {
    if (view !== undefined) this.views.set(index, view);
    node.outputs.forEach((tensor, at) => {
      const made = outputs[at];
      if (tensor === '' || made === undefined || sameType(made, this.typeOf(tensor))) return;
      if (isSequence(made)) throw new Refused(tensor, 'it is a list of tensors');
      this.change(tensor, made);
    });
  }

  /** Extents of the node's operands and results that are no longer what they were. */
  #changesAround(node: Node): readonly ExtentChange[] {
    const found = new Map<string, ExtentChange>();
    for (const tensor of [...node.inputs, ...node.outputs]) {
      const now = this.types.get(tensor);
      const before = this.#index.inferred.types.get(tensor);
      if (now === undefined || before === undefined || isSequence(before)) continue;
      before.shape.forEach((from, axis) => {
        const to = now.shape[axis];
        if (typeof from === 'number' && typeof to === 'number' && from !== to) found.set(`${from} ${to}`, { from, to });
      });
    }
    return [...found.values()];
  }
}

const storedAs = (initializer: Initializer, { shape, values }: TensorType): Initializer => {
  const { values: _values, strings: _strings, ...rest } = initializer;
  const numbers = values?.filter((value) => typeof value === 'number');
  return {
    ...rest,
    shape: shape.map(Number),
    ...(numbers !== undefined && numbers.length === values?.length && { values: numbers }),
  };
};

const rewritten = ({ inferred }: Index, { types, attributes }: Propagation): Graph => {
  const { graph } = inferred;
  const { declared } = graph;
  return {
    ...graph,
    initializers: graph.initializers.map((initializer) => {
      const type = types.get(initializer.name);
      return type === undefined ? initializer : storedAs(initializer, type);
    }),
    nodes: graph.nodes.map((node, index) => {
      const own = attributes.get(index);
      return own === undefined ? node : { ...node, attributes: own };
    }),
    // What a file states of tensors that changed no longer holds.
    ...(declared && { declared: new Map([...declared].filter(([tensor]) => !types.has(tensor))) }),
  };
};

/** Layers of which the columns, and nothing else that they are told by, changed as the channels did. */
const tiedIn = ({ inferred }: Index, { views }: Propagation, from: number, to: number): readonly string[] =>
  [...views].flatMap(([at, after]) => {
    const own = inferred.nodes[at] as InferredNode;
    const before = viewOf(own);
    if (before === undefined || typeof before.n !== 'number' || typeof after.n !== 'number') return [];
    return sameInteger(before.groups, after.groups) && before.n * to === after.n * from ? [own.node.name] : [];
  });

const resized = (index: Index, propagation: Propagation, tied: readonly string[]): Resized => {
  const { inferred, producers, readers } = index;
  const touched = new Set<number>();
  for (const tensor of propagation.types.keys()) {
    const producer = producers.get(tensor);
    if (producer !== undefined) touched.add(producer);
    for (const reader of readers.get(tensor) ?? []) touched.add(reader);
  }
  const order = [...touched].toSorted((a, b) => a - b);
  return {
    tied,
    graph: rewritten(index, propagation),
    stored: [...propagation.types.keys()].filter((tensor) => inferred.initializers.has(tensor)),
    nodes: order.map((at) => (inferred.nodes[at] as InferredNode).node.name),
    products: order.flatMap((at) => {
      const own = inferred.nodes[at] as InferredNode;
      const before = viewOf(own);
      const after = propagation.views.get(at);
      return before === undefined || after === undefined ? [] : [{ node: own.node.name, before, after }];
    }),
  };
};

/** Only the columns of the product may be others: rows and depth are those of what the layer reads. */
const onlyColumnsChanged = (before: MatrixView, after: MatrixView | undefined): boolean =>
  after !== undefined &&
  !sameInteger(before.n, after.n) &&
  (['groups', 'm', 'k'] as const).every((part) => sameInteger(before[part], after[part]));

export const resizer = (inferred: InferredGraph): Resizer => {
  const index = indexOf(inferred);
  const channels = new Map<string, ChannelAxis | undefined>();

  /** The output axis that doubles when only stored operands do. */
  const find = (name: string): ChannelAxis | undefined => {
    const place = index.places.get(name);
    const own = place === undefined ? undefined : inferred.nodes[place];
    const before = own === undefined || own.bodies.length > 0 ? undefined : viewOf(own);
    const [output = ''] = own?.node.outputs ?? [];
    const type = inferred.types.get(output);
    if (own === undefined || before === undefined || type === undefined || isSequence(type)) return undefined;
    for (const [axis, extent] of type.shape.entries()) {
      if (typeof extent !== 'number' || extent < 2) continue;
      const wanted = type.shape.map((dim, at) => (at === axis ? 2 * extent : dim));
      const repair = repairOf(own, (tensor) => inferred.types.get(tensor), own.node.attributes, before, {
        changes: [{ from: extent, to: 2 * extent }],
        mayChange: (tensor) => !dependsOnData(index, tensor),
        isStored: (tensor) => inferred.initializers.has(tensor),
        accepts: ({ outputs: [made], view }) =>
          made !== undefined &&
          sameType(made, { dtype: type.dtype, shape: wanted }) &&
          onlyColumnsChanged(before, view),
      });
      if (repair !== undefined) return { axis, extent };
    }
    return undefined;
  };

  const channelsOf = (name: string): ChannelAxis | undefined => {
    if (!channels.has(name)) channels.set(name, find(name));
    return channels.get(name);
  };

  return {
    channelsOf,
    resize: (name, to) => {
      const found = channelsOf(name);
      const own = inferred.nodes[index.places.get(name) ?? -1];
      const [output = ''] = own?.node.outputs ?? [];
      const type = inferred.types.get(output);
      if (found === undefined || type === undefined || isSequence(type)) {
        return { path: name, reason: 'it makes no channels with weights of its own', tied: [] };
      }
      const propagation = new Propagation(index);
      try {
        propagation.change(output, {
          dtype: type.dtype,
          shape: type.shape.map((dim, axis) => (axis === found.axis ? to : dim)),
        });
        propagation.run();
        return resized(index, propagation, tiedIn(index, propagation, found.extent, to));
      } catch (error) {
        if (error instanceof Refused) {
          return { path: error.path, reason: error.message, tied: tiedIn(index, propagation, found.extent, to) };
        }
        throw error;
      }
    },
  };
};

/** Steps back to what a tensor is made of: weights that are stored narrow are a few operators away. */
const MAX_STEPS = 16;

/** Whether a tensor is computed from an input of the network. */
const dependsOnData = ({ inferred, producers }: Index, tensor: string): boolean => {
  const open = [tensor];
  for (let steps = 0; open.length > 0; steps++) {
    if (steps >= MAX_STEPS) return true;
    const name = open.pop() as string;
    if (name === '' || inferred.initializers.has(name)) continue;
    const producer = producers.get(name);
    const inputs = producer === undefined ? [] : (inferred.nodes[producer]?.node.inputs ?? []);
    if (inputs.length === 0) return true;
    open.push(...inputs);
  }
  return false;
};
