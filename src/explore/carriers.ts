/** Which layers carry a figure: the ones with the most of what it counts, with their share of the whole. */
import type { Liveness } from '../analysis/liveness.ts';
import type { AnalyzedGraph, NodeAnalysis } from '../analysis/nodes.ts';
import type { Workload } from '../analysis/workload.ts';
import { dynamicEnergy } from '../estimate/energy.ts';
import type { Estimate } from '../estimate/estimate.ts';
import { type Machine, machineAt } from '../estimate/machine.ts';
import { DTYPE_BYTES, type DType } from '../ir/dtype.ts';
import { atBatch } from '../ir/shape.ts';
import { countAt } from '../units/count.ts';

export interface Carrier {
  /** Of a layer or, where layers are fused or share memory, of the kernel or the tensor's producer. */
  readonly name: string;
  /** Operator type, or the class of a kernel. */
  readonly type: string;
  readonly value: number;
  /** Of the figure; `null` where that is 0. */
  readonly share: number | null;
}

export const MAX_CARRIERS = 5;

type Part = Omit<Carrier, 'share'>;

/** The largest parts; of equal ones the first in order of execution. */
export const largest = (parts: readonly Part[], whole: number): readonly Carrier[] =>
  parts
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => b.value - a.value)
    .slice(0, MAX_CARRIERS)
    .map((part) => ({ ...part, share: whole === 0 ? null : part.value / whole }));

const typeName = ({ type, domain }: Pick<NodeAnalysis, 'type' | 'domain'>): string =>
  domain === '' ? type : `${domain}.${type}`;

const nodeParts = (nodes: readonly NodeAnalysis[], amountOf: (node: NodeAnalysis) => number): readonly Part[] =>
  nodes.map((node) => ({ name: node.name, type: typeName(node), value: amountOf(node) }));

export const parameterParts = ({ nodes, alternatives }: AnalyzedGraph): readonly Part[] =>
  nodeParts([...nodes, ...alternatives], ({ parameters }) => parameters);

/** At a precision, or as the file stores them. */
export const weightParts = ({ nodes, alternatives }: AnalyzedGraph, precision: DType | undefined): readonly Part[] =>
  nodeParts([...nodes, ...alternatives], ({ parameters, parameterBytes }) =>
    precision === undefined ? parameterBytes : parameters * DTYPE_BYTES[precision],
  );

export const workParts = ({ nodes }: AnalyzedGraph, kind: 'macs' | 'flops', batch: number): readonly Part[] =>
  nodeParts(nodes, (node) => atBatch(node[kind], batch));

export const unknownParts = ({ nodes }: AnalyzedGraph): readonly Part[] =>
  nodeParts(nodes, ({ treatment }) => (treatment.kind === 'unknown' ? 1 : 0));

/** The buffers that are alive at the step with the most live bytes, by the layers that fill them. */
export const liveParts = (
  { nodes, graph }: AnalyzedGraph,
  { buffers, peakStep }: Pick<Liveness, 'buffers' | 'peakStep'>,
): readonly Part[] => {
  const producers = new Map<string, NodeAnalysis>();
  for (const node of nodes) for (const { tensor } of node.outputs) producers.set(tensor, node);
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  return buffers
    .filter(({ firstStep, lastStep }) => firstStep <= peakStep && peakStep <= lastStep)
    .map(({ tensors, bytes }) => {
      const tensor = tensors[0] ?? '';
      const producer = producers.get(tensor);
      return {
        name: producer?.name ?? tensor,
        type: producer === undefined ? (inputs.has(tensor) ? 'input' : 'tensor') : typeName(producer),
        value: bytes,
      };
    });
};

export const trafficParts = ({ kernels }: Workload, batch: number, precision: DType): readonly Part[] =>
  kernels.map(({ name, class: type, launches, readElements, writeElements, weightElements, ...kernel }) => {
    const elements = weightElements + countAt(readElements, batch) + countAt(writeElements, batch);
    const bytes = elements * DTYPE_BYTES[kernel.precision ?? precision] + kernel.narrowWeightBytes;
    return { name, type, value: bytes * launches };
  });

export interface KernelCost {
  readonly name: string;
  readonly class: string;
  /** Of all launches, for the whole batch. Without the constant of an inference and what a power cap adds. */
  readonly seconds: number;
  /** Arithmetic and movement, and static power over the kernel's share of the latency. */
  readonly joules: number;
}

/** Time and energy of every kernel; the energies and that of the constant of an inference add up to the total. */
export const kernelCosts = (workload: Workload, machine: Machine, estimate: Estimate): readonly KernelCost[] => {
  const times = estimate.kernelTimes();
  const staticPerSecond = estimate.energy.static / estimate.unstretchedSeconds;
  return workload.kernels.map(({ name, class: kind, launches, macs, otherFlops, precision }, index) => {
    const seconds = (times.totalSeconds[index] as number) * launches;
    const dynamic = dynamicEnergy(machineAt(machine, precision), {
      macs: countAt(macs, estimate.batch),
      vectorOperations: countAt(otherFlops, estimate.batch),
      onChipBytes: times.onChipBytes[index] as number,
      offChipBytes: times.offChipBytes[index] as number,
    });
    const joules =
      (dynamic.compute + dynamic.onChipMemory + dynamic.offChipMemory) * launches + staticPerSecond * seconds;
    return { name, class: kind, seconds, joules };
  });
};
