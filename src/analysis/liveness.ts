/** Which tensors are alive when: the basis of peak memory and of the arena. */
import { DTYPE_BYTES, type DType } from '../ir/dtype.ts';
import { atBatch, elementCount } from '../ir/shape.ts';
import { keepsItsSize } from './arithmetic-types.ts';
import type { AnalyzedGraph } from './nodes.ts';

/** A piece of memory that holds one or, where a tensor is overwritten in place, several tensors in turn. */
export interface Buffer {
  readonly tensors: readonly string[];
  readonly bytes: number;
  /** First and last step during which the contents are needed, inclusive. */
  readonly firstStep: number;
  readonly lastStep: number;
}

export interface Liveness {
  readonly order: 'as written';
  readonly steps: readonly { readonly name: string; readonly liveBytes: number }[];
  readonly buffers: readonly Buffer[];
  /** Max over steps of the live bytes; network inputs and outputs included, weights not. */
  readonly peakBytes: number;
  readonly peakStep: number;
}

/** Floating-point activations take the size of the precision asked for; quantized ones, indices and masks keep their own. */
export const activationBytes = (dtype: DType, precision: DType): number => {
  return DTYPE_BYTES[keepsItsSize(dtype) ? dtype : precision];
};

/**
 * Live tensors per step in the order in which the graph is written. An operator may write over
 * an input of the same size that nothing needs afterwards (never over a network input), and a
 * view shares its input's memory.
 */
export const liveness = (graph: AnalyzedGraph, batch = 1, precision: DType = 'fp32'): Liveness => {
  const { nodes, types, initializers } = graph;
  const lastUse = new Map<string, number>();
  nodes.forEach((node, step) => {
    for (const { tensor } of node.inputs) lastUse.set(tensor, step);
  });
  for (const output of graph.graph.outputs) lastUse.set(output, Number.POSITIVE_INFINITY);

  const sizeOf = (tensor: string): number => {
    const type = types.get(tensor);
    if (type === undefined) return 0;
    return Math.ceil(atBatch(elementCount(type.shape), batch) * activationBytes(type.dtype, precision));
  };
  interface OpenBuffer {
    tensors: string[];
    bytes: number;
    firstStep: number;
    lastStep: number;
    /** The network's own inputs and outputs, which nothing may write over. */
    readonly external: boolean;
    /** Holds an output of the network. */
    handedOut: boolean;
  }
  const open: OpenBuffer[] = [];
  const bufferOf = new Map<string, OpenBuffer>();
  const end = nodes.length - 1;
  const outputs = new Set(graph.graph.outputs);
  const allocate = (tensor: string, step: number, external: boolean): void => {
    const bytes = sizeOf(tensor);
    const lastStep = Math.min(end, lastUse.get(tensor) ?? step);
    const handedOut = outputs.has(tensor);
    const buffer: OpenBuffer = { tensors: [tensor], bytes, firstStep: step, lastStep, external, handedOut };
    open.push(buffer);
    bufferOf.set(tensor, buffer);
  };
  for (const input of graph.graph.inputs) allocate(input.name, 0, true);

  nodes.forEach((node, step) => {
    const isView = node.fusion === 'view';
    for (const { tensor } of node.outputs) {
      const bytes = sizeOf(tensor);
      const host = node.inputs
        .filter((input) => input.role === 'activation' && !initializers.has(input.tensor))
        .map((input) => bufferOf.get(input.tensor))
        .find((buffer) => {
          if (buffer === undefined || buffer.bytes !== bytes) return false;
          return isView || (node.inPlace && !buffer.external && !buffer.handedOut && buffer.lastStep <= step);
        });
      if (host === undefined) {
        allocate(tensor, step, false);
        continue;
      }
      host.tensors.push(tensor);
      host.handedOut ||= outputs.has(tensor);
      host.lastStep = Math.max(host.lastStep, Math.min(end, lastUse.get(tensor) ?? step));
      bufferOf.set(tensor, host);
    }
  });

  const change = new Float64Array(nodes.length + 1);
  for (const { bytes, firstStep, lastStep } of open) {
    change[firstStep] = (change[firstStep] ?? 0) + bytes;
    change[lastStep + 1] = (change[lastStep + 1] ?? 0) - bytes;
  }
  let live = 0;
  let peakBytes = 0;
  let peakStep = 0;
  const steps = nodes.map(({ name }, step) => {
    live += change[step] ?? 0;
    if (live > peakBytes) {
      peakBytes = live;
      peakStep = step;
    }
    return { name, liveBytes: live };
  });
  const buffers = open.map(({ tensors, bytes, firstStep, lastStep }) => ({ tensors, bytes, firstStep, lastStep }));
  return { order: 'as written', steps, buffers, peakBytes, peakStep };
};
