/** The kernels of a model under one runtime's fusion, as records for people and as columns for hot loops. */
import { DTYPE_BYTES, type Precision } from '../ir/dtype.ts';
import { elementCount } from '../ir/shape.ts';
import type { OperatorClass } from '../ops/classes.ts';
import { isDepthwise, type MatrixView } from '../ops/nest.ts';
import { addCounts, type Count, scaleCount, sumCounts, ZERO_COUNT } from '../units/count.ts';
import { affineIn, divideExactly, type Integer, sum, symbolsOf, UnboundSymbolError } from '../units/integer.ts';
import { fixedPrecision, keepsItsSize, narrowKernel } from './arithmetic-types.ts';
import { FUSION_RULES, type FusionRulesId, fuse, type KernelGroup, launchesNothing } from './fusion.ts';
import type { AnalyzedGraph, NodeAnalysis } from './nodes.ts';
import { storedTotals } from './totals.ts';

/** The matrix products of a kernel; the batch only ever multiplies the rows. */
export interface KernelView {
  readonly groups: number;
  readonly m: Count;
  readonly n: number;
  readonly k: number;
  readonly window: number;
  readonly spatial: boolean;
}

export interface Kernel {
  readonly name: string;
  readonly class: OperatorClass;
  readonly nodes: readonly string[];
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
}

/**
 * One row per kernel. Every quantity that depends on the batch has a fixed and a per-item
 * column, so that a loop evaluates any batch without touching an object.
 */
export interface KernelColumns {
  readonly length: number;
  /** 1 where the multiply-accumulates are depthwise. */
  readonly depthwise: Uint8Array;
  readonly macsFixed: Float64Array;
  readonly macsPerItem: Float64Array;
  readonly flopsFixed: Float64Array;
  readonly flopsPerItem: Float64Array;
  readonly weightElements: Float64Array;
  readonly narrowWeightBytes: Float64Array;
  readonly activationFixed: Float64Array;
  readonly activationPerItem: Float64Array;
  readonly boundaryFixed: Float64Array;
  readonly boundaryPerItem: Float64Array;
  /** Matrix view; groups is 0 for a kernel without multiply-accumulates. */
  readonly groups: Float64Array;
  readonly mFixed: Float64Array;
  readonly mPerItem: Float64Array;
  readonly n: Float64Array;
  readonly k: Float64Array;
  readonly window: Float64Array;
}

/** The kernels that run in one precision. */
export interface WorkloadPart {
  readonly precision: Precision | undefined;
  /** Places of the kernels in the workload's. */
  readonly rows: readonly number[];
  readonly columns: KernelColumns;
  readonly macs: Count;
  readonly vectorOperations: Count;
  readonly weightElements: number;
}

export interface Workload {
  readonly model: string;
  readonly fusion: FusionRulesId;
  readonly kernels: readonly Kernel[];
  readonly columns: KernelColumns;
  /** The kernels apart by precision, where some fix their own; empty where all run in the one asked for. */
  readonly parts: readonly WorkloadPart[];
  /** Sums over the kernels, so that a roof of the whole network needs no loop. */
  readonly macs: Count;
  readonly vectorOperations: Count;
  readonly weightElements: number;
  readonly narrowWeightBytes: number;
  readonly parameters: number;
  readonly inputElements: Count;
  readonly outputElements: Count;
  /** Operators whose work is unknown: an estimate of this workload is a lower bound. */
  readonly unknownOperators: number;
}

/** A count as it depends on the batch. Throws `UnboundSymbolError` while another dimension is open. */
const inBatch = (value: Integer): Count => {
  if (typeof value === 'number') return { fixed: value, perItem: 0 };
  const count = affineIn(value, 'N');
  if (count === undefined) throw new UnboundSymbolError(symbolsOf(value).filter((name) => name !== 'N'));
  return count;
};

/** One item's part of a loop that the batch may multiply. */
const perBatch = (value: Integer): { readonly size: number; readonly batched: boolean } => {
  const { fixed, perItem } = inBatch(value);
  if (fixed !== 0 && perItem !== 0) throw new UnboundSymbolError(['N']);
  return perItem === 0 ? { size: fixed, batched: false } : { size: perItem, batched: true };
};

/** Products that only the batch tells apart are more rows of one: hardware models take groups, n and k as numbers. */
const kernelView = ({ groups, m, n, k, window, spatial }: MatrixView): KernelView => {
  const rows = inBatch(m);
  const [group, column, depth, slide] = [perBatch(groups), perBatch(n), perBatch(k), perBatch(window)];
  const elsewhere = group.batched || column.batched || depth.batched;
  return {
    groups: group.size,
    m: elsewhere ? { fixed: 0, perItem: rows.fixed + rows.perItem } : rows,
    n: column.size,
    k: depth.size,
    window: slide.size,
    spatial,
  };
};

interface TensorPlaces {
  /** Tensors that leave the kernel that makes them. */
  readonly external: ReadonlySet<string>;
  /** The network's inputs and outputs, and what views make of them. */
  readonly boundary: ReadonlySet<string>;
}

/** Adds a tensor's size once: the same tensor read by two members of a kernel is read once. */
class SizeSum {
  readonly #seen = new Set<string>();
  total: Count = ZERO_COUNT;

  add(tensor: string, size: Count): boolean {
    if (this.#seen.has(tensor)) return false;
    this.#seen.add(tensor);
    this.total = addCounts(this.total, size);
    return true;
  }
}

const groupKernel = (graph: AnalyzedGraph, group: KernelGroup, { external, boundary }: TensorPlaces): Kernel => {
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
  const written = new Set(members.flatMap((node) => node.outputs.map(({ tensor }) => tensor)));

  const hasBias = (contraction?.inputs.filter(({ role }) => role === 'weight').length ?? 0) > 1;
  const weights = new SizeSum();
  const narrowWeights = new Map<string, number>();
  const reads = new SizeSum();
  const writes = new SizeSum();
  const onBoundary = new SizeSum();
  members.forEach((node, position) => {
    // Folding turns the four vectors of a BatchNorm into one bias, or into the one that is there.
    const kept = isFolded(position) ? (hasBias ? 1 : 2) : node.inputs.length;
    node.inputs.forEach(({ tensor, role, reads: part }, index) => {
      if (role === 'weight' && part !== undefined) {
        // Of a table the rows that the data names, which may be more with a larger batch.
        reads.add(tensor, inBatch(part));
      } else if (role === 'weight' || role === 'statistic') {
        if (index >= kept) return;
        const dtype = graph.types.get(tensor)?.dtype;
        if (dtype === undefined || !keepsItsSize(dtype)) weights.add(tensor, size(tensor));
        else narrowWeights.set(tensor, storedBytes(graph, tensor));
      } else if (role === 'activation' && !written.has(tensor)) {
        const moved = part === undefined ? size(tensor) : inBatch(part);
        if (reads.add(tensor, moved) && boundary.has(tensor)) onBoundary.add(tensor, moved);
      }
    });
    for (const { tensor } of node.outputs) {
      if (external.has(tensor) && writes.add(tensor, size(tensor)) && boundary.has(tensor)) {
        onBoundary.add(tensor, size(tensor));
      }
    }
  });
  const leading = contraction ?? live.find((node) => node.fusion !== 'pointwise') ?? (live[0] as NodeAnalysis);
  /** A kernel of a loop stands once for every iteration, so it holds the counts of one. */
  const once = (pick: (node: NodeAnalysis) => Integer): Count =>
    inBatch(sum(live.map((node) => (node.times === 0 ? 0 : (divideExactly(pick(node), node.times) ?? pick(node))))));
  const macs = once((node) => node.macs);
  const flops = once((node) => node.flops);
  return {
    name: leading.name,
    class: leading.class,
    nodes: members.map(({ name }) => name),
    macs,
    otherFlops: addCounts(flops, scaleCount(macs, -2)),
    transcendentals: once((node) => node.transcendentals),
    weightElements: weights.total.fixed,
    narrowWeightBytes: [...narrowWeights.values()].reduce((sum, size) => sum + size, 0),
    precision,
    readElements: reads.total,
    writeElements: writes.total,
    boundaryElements: onBoundary.total,
    view: contraction?.view === undefined ? undefined : kernelView(contraction.view),
  };
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
  const operands = live.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
  return fixedPrecision(
    narrowKernel(operands.filter(({ role }) => role === 'activation').map(({ type }) => type?.dtype)),
  );
};

const NUMBER_COLUMNS = 16;

/** All columns in one block: a study compiles hundreds of workloads, and small arrays are what its time goes into. */
const columnsOf = (kernels: readonly Kernel[]): KernelColumns => {
  const { length } = kernels;
  const block = new Float64Array(NUMBER_COLUMNS * length);
  let next = 0;
  const column = (pick: (kernel: Kernel) => number): Float64Array => {
    const values = block.subarray(next, next + length);
    next += length;
    for (let i = 0; i < length; i++) values[i] = pick(kernels[i] as Kernel);
    return values;
  };
  return {
    length,
    depthwise: Uint8Array.from(kernels, ({ view }) => (view !== undefined && isDepthwise(view) ? 1 : 0)),
    macsFixed: column((kernel) => kernel.macs.fixed),
    macsPerItem: column((kernel) => kernel.macs.perItem),
    flopsFixed: column((kernel) => kernel.otherFlops.fixed),
    flopsPerItem: column((kernel) => kernel.otherFlops.perItem),
    weightElements: column((kernel) => kernel.weightElements),
    narrowWeightBytes: column((kernel) => kernel.narrowWeightBytes),
    activationFixed: column((kernel) => kernel.readElements.fixed + kernel.writeElements.fixed),
    activationPerItem: column((kernel) => kernel.readElements.perItem + kernel.writeElements.perItem),
    boundaryFixed: column((kernel) => kernel.boundaryElements.fixed),
    boundaryPerItem: column((kernel) => kernel.boundaryElements.perItem),
    groups: column((kernel) => kernel.view?.groups ?? 0),
    mFixed: column((kernel) => kernel.view?.m.fixed ?? 0),
    mPerItem: column((kernel) => kernel.view?.m.perItem ?? 0),
    n: column((kernel) => kernel.view?.n ?? 0),
    k: column((kernel) => kernel.view?.k ?? 0),
    window: column((kernel) => kernel.view?.window ?? 0),
  };
};

const partsOf = (kernels: readonly Kernel[]): readonly WorkloadPart[] => {
  const precisions = [...new Set(kernels.map(({ precision }) => precision))];
  if (precisions.every((precision) => precision === undefined)) return [];
  return precisions.map((precision) => {
    const rows = [...kernels.keys()].filter((row) => kernels[row]?.precision === precision);
    const own = rows.map((row) => kernels[row] as Kernel);
    return { precision, rows, columns: columnsOf(own), ...totalsOf(own) };
  });
};

const totalsOf = (kernels: readonly Kernel[]) => ({
  macs: sumCounts(kernels.map((kernel) => kernel.macs)),
  vectorOperations: sumCounts(kernels.map((kernel) => kernel.otherFlops)),
  weightElements: kernels.reduce((sum, kernel) => sum + kernel.weightElements, 0),
});

/** A view of a network input is still the input, and what a view hands out as an output is the output. */
const boundaryTensors = ({ graph, nodes }: AnalyzedGraph, fusion: FusionRulesId): ReadonlySet<string> => {
  const boundary = new Set([...graph.inputs.map(({ name }) => name), ...graph.outputs]);
  const views = nodes.filter((node) => launchesNothing(node, FUSION_RULES[fusion]));
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  for (const {
    inputs: [source],
    outputs,
  } of views) {
    if (source === undefined || !inputs.has(source.tensor)) continue;
    for (const { tensor } of outputs) {
      inputs.add(tensor);
      boundary.add(tensor);
    }
  }
  for (const {
    inputs: [source],
    outputs,
  } of views.toReversed()) {
    if (source !== undefined && outputs.some(({ tensor }) => boundary.has(tensor))) boundary.add(source.tensor);
  }
  return boundary;
};

/** How often a runtime launches the kernels of a loop. Throws `UnboundSymbolError` where that depends on data. */
const iterations = (node: NodeAnalysis): number => {
  const { fixed, perItem } = inBatch(node.times);
  if (perItem !== 0) throw new UnboundSymbolError(['N']);
  return fixed;
};

/** Thrown where the loops of a model would launch more kernels than a list of them can hold. */
export class WorkloadLimitError extends Error {
  readonly code = 'too-many-kernels';
}

const MAX_KERNELS = 200_000;

/** Compiles an analyzed graph into the kernels that a runtime with the given fusion rules launches. */
export const compileWorkload = (graph: AnalyzedGraph, fusion: FusionRulesId): Workload => {
  const groups = fuse(graph, FUSION_RULES[fusion]);
  const groupOf = new Map<number, KernelGroup>();
  for (const group of groups) for (const node of group.nodes) groupOf.set(node, group);
  const producer = new Map<string, number>();
  graph.nodes.forEach((node, index) => {
    for (const { tensor } of node.outputs) producer.set(tensor, index);
  });
  /** Tensors that leave the kernel that makes them: read by another kernel, by a view, or a network output. */
  const external = new Set<string>(graph.graph.outputs);
  graph.nodes.forEach((node, index) => {
    for (const { tensor } of node.inputs) {
      const from = producer.get(tensor);
      const home = from === undefined ? undefined : groupOf.get(from);
      if (home === undefined || home !== groupOf.get(index)) external.add(tensor);
    }
  });
  const places = { external, boundary: boundaryTensors(graph, fusion) };
  const kernels: Kernel[] = [];
  for (const group of groups) {
    const first = graph.nodes[group.nodes[0] as number] as NodeAnalysis;
    const times = iterations(first);
    if (times > 1 && kernels.length + times > MAX_KERNELS) {
      const message = `"${first.name}" is inside loops that run it ${times} times: expected at most ${MAX_KERNELS} launches in all`;
      throw new WorkloadLimitError(message);
    }
    const kernel = groupKernel(graph, group, places);
    for (let count = 0; count < times; count++) kernels.push(kernel);
  }
  const total = (names: readonly string[]): Count =>
    sumCounts(
      names.map((name) => {
        const type = graph.types.get(name);
        return type === undefined ? ZERO_COUNT : inBatch(elementCount(type.shape));
      }),
    );
  return {
    model: graph.graph.name,
    fusion,
    kernels,
    columns: columnsOf(kernels),
    parts: partsOf(kernels),
    ...totalsOf(kernels),
    narrowWeightBytes: kernels.reduce((sum, kernel) => sum + kernel.narrowWeightBytes, 0),
    parameters: storedTotals(graph).params,
    inputElements: total(graph.graph.inputs.map(({ name }) => name)),
    outputElements: total(graph.graph.outputs),
    unknownOperators: graph.nodes.filter((node) => node.treatment.kind === 'unknown').length,
  };
};
