/** One kernel: what its nodes compute, read and write together. */
import { DTYPE_BYTES, type Precision } from '../ir/dtype.ts';
import { elementCount } from '../ir/shape.ts';
import type { OperatorClass } from '../ops/classes.ts';
import { addCounts, type Count, scaleCount, ZERO_COUNT } from '../units/count.ts';
import { divideExactly, type Integer, sum } from '../units/integer.ts';
import { fixedPrecision, isNarrow, keepsItsSize, narrowKernel } from './arithmetic-types.ts';
import type { KernelGroup } from './fusion.ts';
import { inBatch, type KernelView, kernelView } from './kernel-view.ts';
import type { MixedTypes } from './mixed-types.ts';
import type { AnalyzedGraph, NodeAnalysis, Operand } from './nodes.ts';
import type { StridedTensors } from './strided-tensors.ts';

export interface Kernel {
  readonly name: string;
  readonly class: OperatorClass;
  readonly nodes: readonly string[];
  /** How often one run of the model launches it: the iterations of the loops around it. All counts are of one launch. */
  readonly launches: number;
  readonly macs: Count;
  /** Arithmetic beside the multiply-accumulates, after folding. */
  readonly otherFlops: Count;
  readonly transcendentals: Count;
  /** Weights in the precision asked for; those that are stored narrow stand beside it, in bytes. */
  readonly weightElements: number;
  readonly narrowWeightBytes: number;
  /** What the kernel's own tensors fix (a quantized model's int8); `undefined` where it runs in the precision asked for. */
  readonly precision: Precision | undefined;
  /**
   * Activations read from and written to memory outside the kernel; intermediate tensors are not
   * among them. Where the kernel fixes a precision, in elements of it.
   */
  readonly readElements: Count;
  readonly writeElements: Count;
  /** The part of the two that is the network's own input and output. */
  readonly boundaryElements: Count;
  readonly view: KernelView | undefined;
  /** A convolution whose images come channels first, where that can be told. */
  readonly channelsFirst?: true;
}

export interface TensorPlaces {
  /** Tensors that leave the kernel that makes them. */
  readonly external: ReadonlySet<string>;
  /** The network's inputs and outputs, and what views make of them. */
  readonly boundary: ReadonlySet<string>;
  /** Where the runtime mixes types. */
  readonly mixed: MixedTypes | undefined;
  /** Where it runs one operator after the other, on tensors as they lie. */
  readonly strided: StridedTensors | undefined;
}

const MAX_LISTED = 16;

/** Adds a tensor's size once: the same tensor read by two members of a kernel is read once. */
class SizeSum {
  /** Most kernels have a few operands, and a set for each of these sums is most of what a study allocates. */
  readonly #few: string[] = [];
  #many: Set<string> | undefined;
  total: Count = ZERO_COUNT;

  add(tensor: string, size: Count): boolean {
    if (this.#many?.has(tensor) ?? this.#few.includes(tensor)) return false;
    if (this.#many !== undefined) this.#many.add(tensor);
    else if (this.#few.push(tensor) > MAX_LISTED) this.#many = new Set(this.#few);
    this.total = addCounts(this.total, size);
    return true;
  }
}

/** One launch of the kernel that a group of nodes becomes. */
export const groupKernel = (
  graph: AnalyzedGraph,
  group: KernelGroup,
  launches: number,
  { external, boundary, mixed, strided }: TensorPlaces,
): Kernel => {
  const members = group.nodes.map((index) => graph.nodes[index] as NodeAnalysis);
  const isFolded = (position: number): boolean => group.folded.has(group.nodes[position] as number);
  const live = group.folded.size === 0 ? members : members.filter((_, position) => !isFolded(position));
  const contraction = live.find((node) => node.view !== undefined);
  const precision = kernelPrecision(contraction, live);
  const size = (tensor: string): Count => {
    const type = graph.types.get(tensor);
    if (type === undefined) return ZERO_COUNT;
    const elements = inBatch(elementCount(type.shape));
    // Beside the kernel's own type, sums in 32 bits are as many more elements of it.
    return precision === undefined ? elements : scaleCount(elements, DTYPE_BYTES[type.dtype] / DTYPE_BYTES[precision]);
  };
  const written = writtenIn(members);

  const hasBias = (contraction?.inputs.filter(({ role }) => role === 'weight').length ?? 0) > 1;
  const weights = new SizeSum();
  let narrowWeights: Map<string, number> | undefined;
  const reads = new SizeSum();
  const writes = new SizeSum();
  const onBoundary = new SizeSum();
  members.forEach((node, position) => {
    // Folding turns the four vectors of a BatchNorm into one bias, or into the one that is there.
    const kept = isFolded(position) ? (hasBias ? 1 : 2) : node.inputs.length;
    node.inputs.forEach(({ tensor, role, reads: part }, index) => {
      if (role === 'weight' && part !== undefined) {
        // Of a table the rows that the data names, which may be more with a larger batch.
        reads.add(tensor, mixed?.readAs(node, tensor, inBatch(part)) ?? inBatch(part));
      } else if (role === 'weight' || role === 'statistic') {
        if (index >= kept) return;
        const dtype = graph.types.get(tensor)?.dtype;
        if (dtype === undefined || !keepsItsSize(dtype)) weights.add(tensor, size(tensor));
        else {
          narrowWeights ??= new Map();
          narrowWeights.set(tensor, storedBytes(graph, tensor));
        }
      } else if (role === 'activation' && !written.has(tensor)) {
        const whole = part === undefined ? size(tensor) : inBatch(part);
        const moved = mixed?.readAs(node, tensor, whole) ?? whole;
        if (reads.add(tensor, moved) && boundary.has(tensor)) onBoundary.add(tensor, moved);
      }
    });
    for (const { tensor } of node.outputs) {
      if (!external.has(tensor)) continue;
      const moved = mixed?.writtenAs(tensor, size(tensor)) ?? size(tensor);
      if (writes.add(tensor, moved) && boundary.has(tensor)) onBoundary.add(tensor, moved);
    }
  });
  const leading = contraction ?? live.find((node) => node.fusion !== 'pointwise') ?? (live[0] as NodeAnalysis);
  /** The counts of a node in a loop are those of all its iterations. */
  const once = (pick: (node: NodeAnalysis) => Integer): Count =>
    inBatch(
      live.length === 1 ? iteration(live[0] as NodeAnalysis, pick) : sum(live.map((node) => iteration(node, pick))),
    );
  const macs = once((node) => node.macs);
  const flops = once((node) => node.flops);
  return {
    name: leading.name,
    class: leading.class,
    nodes: members.map(({ name }) => name),
    launches,
    macs,
    otherFlops: addCounts(flops, scaleCount(macs, -2)),
    transcendentals: once((node) => node.transcendentals),
    weightElements: weights.total.fixed,
    narrowWeightBytes:
      narrowWeights === undefined ? 0 : [...narrowWeights.values()].reduce((all, part) => all + part, 0),
    precision,
    readElements: reads.total,
    writeElements: writes.total,
    boundaryElements: onBoundary.total,
    view: viewOf(live.filter((node) => node.view !== undefined)),
    ...(contraction !== undefined && strided?.channelsFirst.has(contraction) && { channelsFirst: true }),
  };
};

/** Products of one kernel over the same rows and columns are one that is as deep as all of them together. */
const viewOf = ([first, ...others]: readonly NodeAnalysis[]): KernelView | undefined => {
  if (first?.view === undefined) return undefined;
  const view = kernelView(first.view);
  const depth = others.reduce((sum, node) => sum + depthAs(view, node), 0);
  return depth === 0 ? view : { ...view, k: view.k + depth };
};

/** Multiply-accumulates of another product for every output of `view`. */
const depthAs = ({ groups, m, n }: KernelView, { view }: NodeAnalysis): number => {
  if (view === undefined) return 0;
  const own = kernelView(view);
  const outputs = groups * n * (m.fixed + m.perItem);
  return outputs === 0 ? 0 : (own.groups * own.n * own.k * (own.m.fixed + own.m.perItem)) / outputs;
};

const iteration = (node: NodeAnalysis, pick: (node: NodeAnalysis) => Integer): Integer => {
  const { times } = node;
  if (times === 1) return pick(node);
  return times === 0 ? 0 : (divideExactly(pick(node), times) ?? pick(node));
};

const NONE: ReadonlySet<string> = new Set();

/** Tensors that one member hands to another; a single one reads nothing that it writes. */
const writtenIn = (members: readonly NodeAnalysis[]): ReadonlySet<string> => {
  if (members.length === 1) return NONE;
  const written = new Set<string>();
  for (const { outputs } of members) for (const { tensor } of outputs) written.add(tensor);
  return written;
};

const storedBytes = ({ types }: AnalyzedGraph, tensor: string): number => {
  const type = types.get(tensor);
  return type === undefined ? 0 : inBatch(elementCount(type.shape)).fixed * DTYPE_BYTES[type.dtype];
};

/** What a kernel's own tensors fix: the type in which it multiplies, or in which all that it reads and writes is. */
const kernelPrecision = (
  contraction: NodeAnalysis | undefined,
  live: readonly NodeAnalysis[],
): Precision | undefined => {
  if (contraction !== undefined) return fixedPrecision(contraction.arithmetic);
  // Most kernels are floating, and one operand tells.
  const isOther = ({ role, type }: Operand): boolean => role === 'activation' && !isNarrow(type?.dtype);
  if (live.some(({ inputs, outputs }) => inputs.some(isOther) || outputs.some(isOther))) return undefined;
  const operands = live.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
  return fixedPrecision(
    narrowKernel(operands.filter(({ role }) => role === 'activation').map(({ type }) => type?.dtype)),
  );
};
