/** The kernels of a model under one runtime's fusion, as records for people and as columns for hot loops. */
import type { Precision } from '../ir/dtype.ts';
import { elementCount } from '../ir/shape.ts';
import { type Count, scaleCount, sumCounts, ZERO_COUNT } from '../units/count.ts';
import { UnboundSymbolError } from '../units/integer.ts';
import { companionKernels } from './copies.ts';
import {
  FUSION_RULES,
  type FusionRules,
  type FusionRulesId,
  fuse,
  type KernelGroup,
  launchesNothing,
} from './fusion.ts';
import { groupKernel, type Kernel } from './kernel.ts';
import { columnsOf, type KernelColumns } from './kernel-columns.ts';
import { inBatch } from './kernel-view.ts';
import { mixedTypes } from './mixed-types.ts';
import type { AnalyzedGraph, NodeAnalysis } from './nodes.ts';
import { stridedTensors } from './strided-tensors.ts';
import { storedTotals } from './totals.ts';

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
  /** Each once, however often a loop launches it. */
  readonly kernels: readonly Kernel[];
  readonly columns: KernelColumns;
  /** The kernels apart by precision, where some fix their own; empty where all run in the one asked for. */
  readonly parts: readonly WorkloadPart[];
  /** Sums over all launches of the kernels, so that a roof of the whole network needs no loop. */
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

const partsOf = (kernels: readonly Kernel[]): readonly WorkloadPart[] => {
  if (kernels.every(({ precision }) => precision === undefined)) return [];
  const precisions = [...new Set(kernels.map(({ precision }) => precision))];
  return precisions.map((precision) => {
    const rows = [...kernels.keys()].filter((row) => kernels[row]?.precision === precision);
    const own = rows.map((row) => kernels[row] as Kernel);
    return { precision, rows, columns: columnsOf(own), ...totalsOf(own) };
  });
};

const totalsOf = (kernels: readonly Kernel[]) => ({
  macs: sumCounts(kernels.map(({ macs, launches }) => (launches === 1 ? macs : scaleCount(macs, launches)))),
  vectorOperations: sumCounts(
    kernels.map(({ otherFlops, launches }) => (launches === 1 ? otherFlops : scaleCount(otherFlops, launches))),
  ),
  weightElements: kernels.reduce((sum, { weightElements, launches }) => sum + weightElements * launches, 0),
});

/** A view of a network input is still the input, and what a view hands out as an output is the output. */
const boundaryTensors = ({ graph, nodes }: AnalyzedGraph, fusion: FusionRulesId): ReadonlySet<string> => {
  const boundary = new Set([...graph.inputs.map(({ name }) => name), ...graph.outputs]);
  const views = nodes.filter((node) => launchesNothing(node, FUSION_RULES[fusion]));
  // What is put together in place is all of its parts; beside the tensor that is seen otherwise a view names a shape.
  const sourcesOf = ({ fusion: role, inputs }: NodeAnalysis) => (role === 'join' ? inputs : inputs.slice(0, 1));
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  for (const view of views) {
    if (!sourcesOf(view).some(({ tensor }) => inputs.has(tensor))) continue;
    for (const { tensor } of view.outputs) {
      inputs.add(tensor);
      boundary.add(tensor);
    }
  }
  for (const view of views.toReversed()) {
    if (!view.outputs.some(({ tensor }) => boundary.has(tensor))) continue;
    for (const { tensor } of sourcesOf(view)) boundary.add(tensor);
  }
  return boundary;
};

/** How often a runtime launches the kernels of a loop. Throws `UnboundSymbolError` where that depends on data. */
const iterations = (node: NodeAnalysis): number => {
  const { fixed, perItem } = inBatch(node.times);
  if (perItem !== 0) throw new UnboundSymbolError(['N']);
  return fixed;
};

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
  const rules: FusionRules = FUSION_RULES[fusion];
  const mixed = rules.mixesTypes ? mixedTypes(graph) : undefined;
  const strided = rules.images === undefined ? undefined : stridedTensors(graph, groups, rules.images);
  const places = { external, boundary: boundaryTensors(graph, fusion), mixed, strided };
  const launched = groups.flatMap((group) => {
    const launches = iterations(graph.nodes[group.nodes[0] as number] as NodeAnalysis);
    return launches === 0 ? [] : [{ group, launches }];
  });
  const kernels = [
    ...launched.map(({ group, launches }) => groupKernel(graph, group, launches, places)),
    ...companionKernels(graph, launched, rules, places),
  ];
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
    narrowWeightBytes: kernels.reduce((sum, { narrowWeightBytes, launches }) => sum + narrowWeightBytes * launches, 0),
    parameters: storedTotals(graph).params,
    inputElements: total(graph.graph.inputs.map(({ name }) => name)),
    outputElements: total(graph.graph.outputs),
    unknownOperators: graph.nodes.filter((node) => node.treatment.kind === 'unknown').length,
  };
};
