/** Operators to kernels: what a runtime launches. One algorithm; a runtime's rules are data. */

import { atBatch, elementCount } from '../ir/shape.ts';
import type { FusionRole } from '../ops/definition.ts';
import { sameInteger } from '../units/integer.ts';
import { KernelAncestors } from './kernel-ancestors.ts';
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
  /** Roles that the kernel of a producer may hold for an operator of the given role to join it. */
  readonly joins: Readonly<Partial<Record<FusionRole, readonly FusionRole[]>>>;
}

export const FUSION_RULES = {
  none: {
    id: 'none',
    title: 'no fusion: one kernel per operator (eager execution)',
    foldAffine: false,
    stridedTensors: true,
    inlineBroadcast: false,
    joins: {},
  },
  inductor: {
    id: 'inductor',
    title:
      'pointwise, normalization and pooling joined along data flow; convolutions are library calls (TorchInductor)',
    foldAffine: false,
    stridedTensors: true,
    inlineBroadcast: true,
    joins: { pointwise: ['pointwise', 'reduction', 'window'], reduction: ['pointwise'] },
  },
  epilogue: {
    id: 'epilogue',
    title:
      'BatchNorm folded, activations and residual additions in the epilogue of the convolution (TensorRT, ONNX Runtime, XLA)',
    foldAffine: true,
    stridedTensors: false,
    inlineBroadcast: false,
    joins: { pointwise: ['contraction', 'pointwise'] },
  },
} as const satisfies Readonly<Record<string, FusionRules>>;

export type FusionRulesId = keyof typeof FUSION_RULES;

export interface KernelGroup {
  /** Indexes into the analyzed nodes, in execution order. */
  readonly nodes: readonly number[];
  /** Nodes that were folded away: their weights stay, their arithmetic is gone. */
  readonly folded: ReadonlySet<number>;
}

/** Whether an operator is no kernel at all under the rules: a view, or a rearrangement that strides express. */
export const launchesNothing = (node: Pick<NodeAnalysis, 'fusion'>, rules: FusionRules): boolean =>
  node.fusion === 'view' || (rules.stridedTensors && node.fusion === 'layout');

/**
 * Groups operators greedily in execution order. A node joins the kernel of a producer when the
 * rules allow the roles, both run over the same number of positions, and no path leaves the
 * kernel and comes back into the node.
 */
export const fuse = ({ nodes, types, graph }: AnalyzedGraph, rules: FusionRules): readonly KernelGroup[] => {
  interface OpenGroup {
    readonly nodes: number[];
    readonly folded: Set<number>;
    readonly id: number;
  }
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
  /** Producers of a node's operands, looking through views, which launch nothing. */
  const producersOf = (index: number): readonly number[] => {
    const found: number[] = [];
    for (const { tensor } of nodes[index]?.inputs ?? []) {
      const from = producer.get(tensor);
      if (from === undefined) continue;
      if (launchesNothing(nodes[from] as NodeAnalysis, rules)) found.push(...producersOf(from));
      else found.push(from);
    }
    return found;
  };
  // Which kernels each kernel waits for, directly or not, one bit per kernel.
  const ancestors = new KernelAncestors(nodes.length);

  nodes.forEach((node, index) => {
    if (launchesNothing(node, rules)) return;
    const producers = producersOf(index);
    // Folding needs the scale to be per channel of the contraction itself, so no view may stand between.
    const foldInto = rules.foldAffine && node.foldable ? producer.get(node.inputs[0]?.tensor ?? '') : undefined;
    if (
      foldInto !== undefined &&
      nodes[foldInto]?.fusion === 'contraction' &&
      consumers[foldInto] === 1 &&
      groupOf[foldInto] !== undefined
    ) {
      const group = groupOf[foldInto] as OpenGroup;
      group.nodes.push(index);
      group.folded.add(index);
      groupOf[index] = group;
      return;
    }
    const producerGroups = producers.map((from) => groupOf[from]).filter((group) => group !== undefined);
    const allowed = rules.joins[node.fusion] ?? [];
    const canJoin = (group: OpenGroup): boolean => {
      const roleOf = (member: number) => (nodes[member] as NodeAnalysis).fusion;
      if (!group.nodes.every((member) => allowed.includes(roleOf(member)))) return false;
      const sameSpace = group.nodes.some((member) => positions[member] === positions[index]);
      const inlined =
        rules.inlineBroadcast &&
        group.nodes.every((member) => roleOf(member) === 'pointwise') &&
        consumers[group.nodes.at(-1) as number] === 1;
      if (!sameSpace && !inlined) return false;
      // What a loop repeats cannot share a launch with what runs once.
      if (!sameInteger((nodes[group.nodes[0] as number] as NodeAnalysis).times, node.times)) return false;
      return !producerGroups.some((other) => other !== group && ancestors.has(other.id, group.id));
    };
    const host = producerGroups.find(canJoin);
    const group = host ?? { nodes: [], folded: new Set<number>(), id: groups.length };
    if (host === undefined) groups.push(group);
    group.nodes.push(index);
    groupOf[index] = group;
    for (const other of producerGroups) if (other !== group) ancestors.add(group.id, other.id);
  });
  return groups;
};
