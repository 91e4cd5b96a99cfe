/** Operators to kernels: what a runtime launches. One algorithm; a runtime's rules are data. */

import { atBatch, elementCount } from '../ir/shape.ts';
import type { FusionRole } from '../ops/definition.ts';
import { sameInteger } from '../units/integer.ts';
import { attentionChains } from './fused-attention.ts';
import { KernelDependences } from './kernel-dependences.ts';
import type { AnalyzedGraph, NodeAnalysis } from './nodes.ts';

export interface FusionRules {
  readonly id: string;
  readonly title: string;
  /** Fold a per-channel scale and shift (BatchNorm) into the contraction before it. */
  readonly foldAffine: boolean;
  /** Tensors have strides, so that transposing and splitting launch nothing. */
  readonly stridedTensors: boolean;
  /** A small pointwise result with one reader is recomputed inside the kernel that broadcasts it. */
  readonly inlineBroadcast: boolean;
  /** Producers write straight into the parts of a concatenation. */
  readonly joinsInPlace: boolean;
  /** softmax(q k') v in one kernel, whose scores never leave the chip. */
  readonly fuseAttention: boolean;
  /** The library's convolution takes no bias: another kernel adds it afterwards. */
  readonly separateBias: boolean;
  /** The library's convolution pads evenly only: another kernel pads its input otherwise. */
  readonly separatePadding: boolean;
  /** After which rearrangements strides do not do, and the next kernel needs its operand copied. */
  readonly copies: 'never' | 'between products' | 'as strides ask';
  /** Where strides ask for copies: how the network's images come. */
  readonly images?: 'nchw' | 'nhwc';
  /** Mixed precision: what is not in the type that an operator computes in is converted before it. */
  readonly mixesTypes: boolean;
  /** Roles that the kernel of a producer may hold for an operator of the given role to join it. */
  readonly joins: Readonly<Partial<Record<FusionRole, readonly FusionRole[]>>>;
}

/** Kernels of a library, one after the other: what eager execution and executors of graphs have in common. */
const LIBRARY_KERNELS = {
  foldAffine: false,
  stridedTensors: true,
  inlineBroadcast: false,
  joinsInPlace: false,
  fuseAttention: true,
  separateBias: true,
  separatePadding: true,
  copies: 'as strides ask',
  mixesTypes: false,
} as const;

/** What a compiler makes of a network that it sees whole. */
const FOLDED_EPILOGUE = {
  foldAffine: true,
  stridedTensors: false,
  inlineBroadcast: false,
  fuseAttention: false,
  separateBias: false,
  separatePadding: false,
  copies: 'never',
  mixesTypes: false,
  joins: { pointwise: ['contraction', 'pointwise'] },
} as const;

export const FUSION_RULES = {
  none: {
    ...LIBRARY_KERNELS,
    id: 'none',
    title:
      'one kernel per operator, and one more for the bias or the uneven padding of a convolution; attention is one (eager execution)',
    images: 'nchw',
    joins: {},
  },
  'none-nhwc': {
    ...LIBRARY_KERNELS,
    id: 'none-nhwc',
    title: 'as none, with images and the weights of convolutions channels last in memory (eager execution)',
    images: 'nhwc',
    joins: {},
  },
  autocast: {
    ...LIBRARY_KERNELS,
    id: 'autocast',
    title:
      'as none, in mixed precision: parameters and some operators stay in 32 bits, and one more kernel converts every operand that comes in the other type (eager execution under autocast)',
    mixesTypes: true,
    images: 'nchw',
    joins: {},
  },
  'autocast-nhwc': {
    ...LIBRARY_KERNELS,
    id: 'autocast-nhwc',
    title:
      'as autocast, with images and the weights of convolutions channels last in memory (eager execution under autocast)',
    mixesTypes: true,
    images: 'nhwc',
    joins: {},
  },
  graph: {
    ...LIBRARY_KERNELS,
    id: 'graph',
    title:
      'as eager, with a normalization and the element-wise operators after it in one kernel (graph executors of TensorFlow, MXNet and PaddlePaddle)',
    images: 'nhwc',
    joins: { pointwise: ['pointwise'] },
  },
  inductor: {
    id: 'inductor',
    title:
      'pointwise, normalization and pooling joined along data flow; convolutions are library calls (TorchInductor)',
    foldAffine: false,
    stridedTensors: true,
    inlineBroadcast: true,
    joinsInPlace: true,
    fuseAttention: true,
    separateBias: false,
    separatePadding: false,
    copies: 'between products',
    mixesTypes: false,
    joins: { pointwise: ['pointwise', 'reduction', 'window'], reduction: ['pointwise'] },
  },
  epilogue: {
    ...FOLDED_EPILOGUE,
    id: 'epilogue',
    title:
      'BatchNorm folded, activations and residual additions in the epilogue of the convolution (TensorRT, ONNX Runtime, XLA)',
    joinsInPlace: false,
  },
  placed: {
    ...FOLDED_EPILOGUE,
    id: 'placed',
    title: 'as epilogue, with producers writing straight into concatenations (compilers of neural engines)',
    joinsInPlace: true,
  },
} as const satisfies Readonly<Record<string, FusionRules>>;

export type FusionRulesId = keyof typeof FUSION_RULES;

const CHANNELS_LAST: Readonly<Partial<Record<FusionRulesId, FusionRulesId>>> = {
  none: 'none-nhwc',
  autocast: 'autocast-nhwc',
};

/** The rules for images that come channels last; the same ones where a runtime lays images out as it likes. */
export const withChannelsLast = (id: FusionRulesId): FusionRulesId => CHANNELS_LAST[id] ?? id;

export interface KernelGroup {
  /** Indexes into the analyzed nodes, in execution order. */
  readonly nodes: readonly number[];
  /** Nodes that were folded away: their weights stay, their arithmetic is gone. */
  readonly folded: ReadonlySet<number>;
}

/** Whether an operator is no kernel at all under the rules: a view, or a rearrangement that strides express. */
export const launchesNothing = (node: Pick<NodeAnalysis, 'fusion'>, rules: FusionRules): boolean =>
  node.fusion === 'view' ||
  (rules.stridedTensors && node.fusion === 'layout') ||
  (rules.joinsInPlace && node.fusion === 'join');

interface OpenGroup {
  readonly nodes: number[];
  readonly folded: Set<number>;
  readonly id: number;
  /** Fusion roles of the members, and the numbers of positions they run over. */
  readonly roles: FusionRole[];
  readonly positions: number[];
}

/** Lists of a few different items each: a set for every kernel would be most of what fusing allocates. */
const addNew = <Item>(list: Item[], item: Item): void => {
  if (!list.includes(item)) list.push(item);
};

const NO_CHAINS: ReadonlyMap<number, readonly number[]> = new Map();

/** A node with thousands of producers (a sum of all) is not tried with every one of them. */
const MAX_HOSTS = 16;

/**
 * Groups operators greedily in execution order. A node joins the kernel of a producer when the
 * rules allow the roles, both run over the same number of positions, and no path leaves the
 * kernel and comes back into the node.
 */
export const fuse = ({ nodes, types, graph }: AnalyzedGraph, rules: FusionRules): readonly KernelGroup[] => {
  const producer = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const { tensor } of node.outputs) producer.set(tensor, index);
  });
  const consumers = new Int32Array(nodes.length);
  for (const node of nodes) {
    for (const { tensor } of node.inputs) {
      const from = producer.get(tensor);
      if (from !== undefined) consumers[from] = (consumers[from] ?? 0) + 1;
    }
  }
  // Whoever reads the network's outputs is one more consumer.
  for (const output of graph.outputs) {
    const from = producer.get(output);
    if (from !== undefined) consumers[from] = (consumers[from] ?? 0) + 1;
  }
  const groupOf: (OpenGroup | undefined)[] = nodes.map(() => undefined);
  const groups: OpenGroup[] = [];

  const positions = Float64Array.from(nodes, (node) => {
    // A reduction runs over what it reads; everything else over what it writes.
    const tensor = node.fusion === 'reduction' ? node.inputs[0]?.tensor : node.outputs[0]?.tensor;
    const type = tensor === undefined ? undefined : types.get(tensor);
    if (type === undefined) return Number.NaN;
    return atBatch(elementCount(type.shape), 1);
  });
  /** Producers of each node's operands, looking through views, which launch nothing. */
  const producersOf: (readonly number[])[] = [];
  nodes.forEach(({ inputs }) => {
    const found: number[] = [];
    for (const { tensor } of inputs) {
      const from = producer.get(tensor);
      if (from === undefined) continue;
      if (!launchesNothing(nodes[from] as NodeAnalysis, rules)) found.push(from);
      else for (const source of producersOf[from] ?? []) found.push(source);
    }
    producersOf.push(found.length < 2 ? found : [...new Set(found)]);
  });
  const dependences = new KernelDependences();
  const groupsOf = (members: readonly number[]): readonly OpenGroup[] => {
    const found = members.map((member) => groupOf[member]).filter((group) => group !== undefined);
    return found.length < 2 ? found : [...new Set(found)];
  };
  const join = (group: OpenGroup, index: number): void => {
    group.nodes.push(index);
    addNew(group.roles, (nodes[index] as NodeAnalysis).fusion);
    // An unknown number of positions is equal to no other.
    if (!Number.isNaN(positions[index])) addNew(group.positions, positions[index] as number);
    groupOf[index] = group;
    dependences.addNode(group.id, index);
  };

  const chains = rules.fuseAttention ? attentionChains(nodes, producer, consumers) : NO_CHAINS;
  const inChain = new Set([...chains.values()].flat());
  const joinChain = (members: readonly number[]): void => {
    const group: OpenGroup = { nodes: [], folded: new Set(), id: groups.length, roles: [], positions: [] };
    groups.push(group);
    // Views as well: what passes through them stays inside.
    for (const member of members) join(group, member);
    for (const member of members) {
      for (const other of groupsOf(producersOf[member] ?? [])) if (other !== group) dependences.add(group.id, other.id);
    }
  };

  nodes.forEach((node, index) => {
    if (inChain.has(index)) {
      const members = chains.get(index);
      if (members !== undefined) joinChain(members);
      return;
    }
    if (launchesNothing(node, rules)) return;
    const producers = producersOf[index] as readonly number[];
    // Folding needs the scale to be per channel of the contraction itself, so no view may stand between.
    const foldInto = rules.foldAffine && node.foldable ? producer.get(node.inputs[0]?.tensor ?? '') : undefined;
    if (
      foldInto !== undefined &&
      nodes[foldInto]?.fusion === 'contraction' &&
      consumers[foldInto] === 1 &&
      sameInteger(nodes[foldInto].times, node.times) &&
      groupOf[foldInto] !== undefined
    ) {
      const group = groupOf[foldInto] as OpenGroup;
      group.folded.add(index);
      join(group, index);
      return;
    }
    const producerGroups = groupsOf(producers);
    const allowed = rules.joins[node.fusion] ?? [];
    const canJoin = (group: OpenGroup): boolean => {
      for (const role of group.roles) if (!allowed.includes(role)) return false;
      const inlined =
        rules.inlineBroadcast &&
        group.roles.length === 1 &&
        group.roles[0] === 'pointwise' &&
        consumers[group.nodes.at(-1) as number] === 1;
      if (!group.positions.includes(positions[index] as number) && !inlined) return false;
      // What a loop repeats cannot share a launch with what runs once.
      if (!sameInteger((nodes[group.nodes[0] as number] as NodeAnalysis).times, node.times)) return false;
      return !producerGroups.some((other) => other !== group && dependences.waitsFor(other.id, group.id));
    };
    const host = producerGroups.slice(0, MAX_HOSTS).find(canJoin);
    const group = host ?? { nodes: [], folded: new Set(), id: groups.length, roles: [], positions: [] };
    if (host === undefined) groups.push(group);
    join(group, index);
    for (const other of producerGroups) if (other !== group) dependences.add(group.id, other.id);
  });
  return groups;
};
