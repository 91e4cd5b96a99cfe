/**
 * Kernels that a runtime launches beside those of the operators, because its libraries cannot take a tensor as it is:
 * a bias added after a convolution, an input padded, copied or converted before one. They compute nothing that is counted.
 */
import { atBatch, elementCount } from '../ir/shape.ts';
import { type Count, ZERO_COUNT } from '../units/count.ts';
import type { FusionRules, KernelGroup } from './fusion.ts';
import { launchesNothing } from './fusion.ts';
import type { Kernel, TensorPlaces } from './kernel.ts';
import { inBatch } from './kernel-view.ts';
import { inWide } from './mixed-types.ts';
import type { AnalyzedGraph, NodeAnalysis, Operand } from './nodes.ts';
import type { StridedTensors } from './strided-tensors.ts';
import { denseStrides, stridesSeenAs, withOneBatch } from './strides.ts';

const sizeOf = ({ types }: AnalyzedGraph, tensor: string | undefined): Count => {
  const type = tensor === undefined ? undefined : types.get(tensor);
  return type === undefined ? ZERO_COUNT : inBatch(elementCount(type.shape));
};

const moving = (name: string, node: NodeAnalysis, read: Count, written: Count, launches: number): Kernel => ({
  name: `${node.name}.${name}`,
  class: 'data-movement',
  // No operator of the graph: every node is in one kernel, and this is beside it.
  nodes: [],
  launches,
  macs: ZERO_COUNT,
  otherFlops: ZERO_COUNT,
  transcendentals: ZERO_COUNT,
  weightElements: 0,
  narrowWeightBytes: 0,
  precision: undefined,
  readElements: read,
  writeElements: written,
  boundaryElements: ZERO_COUNT,
  view: undefined,
});

const hasBias = ({ inputs }: NodeAnalysis): boolean => inputs.filter(({ role }) => role === 'weight').length > 1;

/** What stands before and after the kernel of a group. */
const besideGroup = (
  graph: AnalyzedGraph,
  group: KernelGroup,
  rules: FusionRules,
  launches: number,
): readonly Kernel[] =>
  group.nodes.flatMap((index) => {
    const node = graph.nodes[index] as NodeAnalysis;
    const found: Kernel[] = [];
    if (rules.separatePadding && node.unevenlyPadded !== undefined) {
      const input = sizeOf(graph, node.inputs[0]?.tensor);
      found.push(moving('pad', node, input, inBatch(node.unevenlyPadded), launches));
    }
    if (rules.separateBias && node.view?.spatial === true && hasBias(node)) {
      const output = sizeOf(graph, node.outputs[0]?.tensor);
      found.push(moving('bias', node, output, output, launches));
    }
    return found;
  });

/** Of two items, since axes of one step over anything; `undefined` where an extent is open. */
const extentsOf = ({ types }: AnalyzedGraph, tensor: string | undefined): readonly number[] | undefined => {
  const extents = tensor === undefined ? undefined : types.get(tensor)?.shape.map((extent) => atBatch(extent, 2));
  return extents?.some(Number.isNaN) ? undefined : extents;
};

/** Between two products a compiler cannot write a rearrangement into either, and copies. */
const copiedBetweenProducts = (graph: AnalyzedGraph, rules: FusionRules): readonly Kernel[] => {
  const { nodes } = graph;
  const producer = new Map<string, NodeAnalysis>();
  const readers = new Map<string, NodeAnalysis[]>();
  for (const node of nodes) {
    for (const { tensor } of node.outputs) producer.set(tensor, node);
    for (const { tensor } of node.inputs) {
      const list = readers.get(tensor);
      if (list === undefined) readers.set(tensor, [node]);
      else list.push(node);
    }
  }
  /** Whoever reads a tensor, looking through what launches nothing. */
  const readersOf = (tensor: string, depth = 0): readonly NodeAnalysis[] =>
    (readers.get(tensor) ?? []).flatMap((node) =>
      launchesNothing(node, rules) && depth < MAX_VIEWS
        ? node.outputs.flatMap((output) => readersOf(output.tensor, depth + 1))
        : [node],
    );
  const makerOf = (tensor: string | undefined, depth = 0): NodeAnalysis | undefined => {
    const node = tensor === undefined ? undefined : producer.get(tensor);
    if (node === undefined || !launchesNothing(node, rules) || depth >= MAX_VIEWS) return node;
    return makerOf(node.inputs[0]?.tensor, depth + 1);
  };
  /** One call for attention takes its operands in any order of axes. */
  const takesAnyOrder = (node: NodeAnalysis | undefined): boolean =>
    node?.fusion === 'contraction' &&
    node.writtenOut !== true &&
    node.inputs.every(({ role }) => role === 'activation');
  /** Whether somebody asks for a rearranged tensor under a shape that it cannot take as it lies. */
  const isAskedOtherwise = (input: string, output: string, order: readonly number[]): boolean => {
    const [dense, shape] = [extentsOf(graph, input), extentsOf(graph, output)];
    if (dense === undefined || shape === undefined) return false;
    const strides = denseStrides(dense);
    const seen = order.map((axis) => strides[axis] as number);
    const asked = (readers.get(output) ?? []).map((node) => {
      if (node.writtenOut === true) return shape.length < 3 ? undefined : withOneBatch(shape);
      return node.fusion === 'view' ? extentsOf(graph, node.outputs[0]?.tensor) : undefined;
    });
    return asked.some((target) => target !== undefined && stridesSeenAs(shape, seen, target) === undefined);
  };
  return nodes.flatMap((node): readonly Kernel[] => {
    const { axisOrder } = node;
    if (node.fusion !== 'layout' || axisOrder === undefined) return [];
    const [output] = node.outputs;
    const input = node.inputs[0]?.tensor;
    if (output === undefined || input === undefined) return [];
    const maker = makerOf(input);
    if (maker?.fusion !== 'contraction' || takesAnyOrder(maker)) return [];
    if (axisOrder.at(-1) === axisOrder.length - 1 && !isAskedOtherwise(input, output.tensor, axisOrder)) return [];
    const isProduct = (user: NodeAnalysis): boolean => user.fusion === 'contraction' && !takesAnyOrder(user);
    if (!readersOf(output.tensor).some(isProduct)) return [];
    const { fixed } = inBatch(node.times);
    // In a loop that never runs.
    if (fixed === 0) return [];
    const size = sizeOf(graph, output.tensor);
    return [moving('copy', node, size, size, fixed)];
  });
};

/** What a library copies that reads tensors as they lie, and the biases that it then adds by themselves. */
const copiedStrides = (
  graph: AnalyzedGraph,
  { copies, unbiased }: StridedTensors,
  mixed: TensorPlaces['mixed'],
): readonly Kernel[] => {
  const beside = (node: NodeAnalysis, name: string, tensor: string | undefined): readonly Kernel[] => {
    const { fixed } = inBatch(node.times);
    if (fixed === 0 || tensor === undefined) return [];
    const elements = sizeOf(graph, tensor);
    const size = mixed?.writtenAs(tensor, elements) ?? elements;
    return [moving(name, node, size, size, fixed)];
  };
  return [
    ...copies.flatMap(({ node, tensor }) => {
      const operands = node.inputs.filter(({ role }) => role === 'activation');
      const which = operands.length > 1 ? operands.findIndex((operand) => operand.tensor === tensor) : '';
      return beside(node, `copy${which}`, tensor);
    }),
    ...unbiased.flatMap((node) => beside(node, 'bias', node.outputs[0]?.tensor)),
  ];
};

/** Reshapes and rearrangements in a row; generated graphs could have thousands. */
const MAX_VIEWS = 8;

export interface LaunchedGroup {
  readonly group: KernelGroup;
  readonly launches: number;
}

/** What comes to a group in another type than its nodes compute in; between two of its own nodes nothing is stored. */
const convertedOperands = (
  graph: AnalyzedGraph,
  { group, launches }: LaunchedGroup,
  { external, mixed }: TensorPlaces,
): readonly Kernel[] => {
  if (mixed === undefined) return [];
  const written = new Set(group.nodes.flatMap((index) => graph.nodes[index]?.outputs.map(({ tensor }) => tensor)));
  return group.nodes.flatMap((index) => {
    const node = graph.nodes[index] as NodeAnalysis;
    const comes = ({ tensor }: Operand): boolean => external.has(tensor) || !written.has(tensor);
    const operands = mixed.converted(node).filter(comes);
    return operands.map((operand) => {
      const size = sizeOf(graph, operand.tensor);
      const wide = inWide(size);
      const [read, made] = node.computesWide === 'converted' ? [size, wide] : [wide, size];
      return moving(`convert${node.inputs.indexOf(operand)}`, node, read, made, launches);
    });
  });
};

/** Kernels beside those of the groups, under the rules of the runtime. */
export const companionKernels = (
  graph: AnalyzedGraph,
  groups: readonly LaunchedGroup[],
  rules: FusionRules,
  places: TensorPlaces,
): readonly Kernel[] => [
  ...groups.flatMap((launched) => convertedOperands(graph, launched, places)),
  ...(rules.separateBias || rules.separatePadding
    ? groups.flatMap(({ group, launches }) => besideGroup(graph, group, rules, launches))
    : []),
  ...(rules.copies === 'between products' ? copiedBetweenProducts(graph, rules) : []),
  ...(places.strided === undefined ? [] : copiedStrides(graph, places.strided, places.mixed)),
];
