import { DTYPE_BYTES, type DType } from '../ir/dtype.ts';
import { atBatch, elementCount } from '../ir/shape.ts';
import { type Bytes, bytes } from '../units/quantity.ts';
import { type Arena, planArena } from './arena.ts';
import { activationBytes, type Liveness, liveness } from './liveness.ts';
import type { AnalyzedGraph } from './nodes.ts';
import type { Workload } from './workload.ts';

/** Five figures that are all called "memory" and are not the same; see docs/conventions.md. */
export interface MemoryFigures {
  /** Learned parameters at their stored precision. */
  readonly weightBytes: Bytes;
  /** Read and written per inference of the whole batch, after fusion: weights once, activations per kernel. */
  readonly trafficBytes: Bytes;
  /** Max over steps of the live activations, in the order as written. */
  readonly peakActivationBytes: Bytes;
  /** What a static planner needs for the same activations, offsets and alignment included. */
  readonly arenaBytes: Bytes;
  /** Outputs of all operators added up: no machine ever needs this. */
  readonly sumOfOutputsBytes: Bytes;
}

export interface MemoryAnalysis extends MemoryFigures {
  readonly liveness: Liveness;
  readonly arena: Arena;
}

export interface MemoryOptions {
  readonly batch?: number;
  readonly precision?: DType;
}

/** Weights once and activations of every kernel once per read and write, in bytes for the whole batch. */
export const trafficBytes = (workload: Workload, batch: number, precision: DType): Bytes => {
  const { columns, parts, narrowWeightBytes } = workload;
  const every = parts.length === 0 ? [{ precision: undefined, columns }] : parts;
  let moved = narrowWeightBytes;
  for (const part of every) {
    let elements = 0;
    const { length, launches, weightElements, activationFixed, activationPerItem } = part.columns;
    for (let kernel = 0; kernel < length; kernel++) {
      const once =
        (weightElements[kernel] as number) +
        (activationFixed[kernel] as number) +
        (activationPerItem[kernel] as number) * batch;
      elements += once * (launches[kernel] as number);
    }
    moved += elements * DTYPE_BYTES[part.precision ?? precision];
  }
  return bytes(moved);
};

export const weightBytes = (parameters: number, precision: DType): Bytes =>
  bytes(Math.ceil(parameters * DTYPE_BYTES[precision]));

export const memoryFigures = (
  graph: AnalyzedGraph,
  workload: Workload,
  { batch = 1, precision = 'fp32' }: MemoryOptions = {},
): MemoryAnalysis => {
  const live = liveness(graph, batch, precision);
  const arena = planArena(live.buffers);
  const sumOfOutputs = graph.nodes.reduce(
    (sum, node) =>
      node.outputs.reduce((inner, { type }) => {
        if (type === undefined) return inner;
        return inner + atBatch(elementCount(type.shape), batch) * activationBytes(type.dtype, precision);
      }, sum),
    0,
  );
  return {
    weightBytes: weightBytes(workload.parameters, precision),
    trafficBytes: trafficBytes(workload, batch, precision),
    peakActivationBytes: bytes(live.peakBytes),
    arenaBytes: bytes(arena.bytes),
    sumOfOutputsBytes: bytes(sumOfOutputs),
    liveness: live,
    arena,
  };
};
