/** A model at one resolution with what memory it needs, planned once for all devices and batches. */
import { liveness } from '../../analysis/liveness.ts';
import { memoryFigures, weightBytes } from '../../analysis/memory.ts';
import type { AnalyzedGraph } from '../../analysis/nodes.ts';
import { storedTotals } from '../../analysis/totals.ts';
import { DTYPE_BYTES, type Precision } from '../../ir/dtype.ts';
import { atBatch, elementCount } from '../../ir/shape.ts';
import type { CompiledModel, ModelEntry } from '../compile.ts';
import type { Bank } from './constraints.ts';
import type { Target } from './scenario.ts';

export interface SearchedModel {
  readonly entry: ModelEntry;
  /** `undefined` where the input is no square image. */
  readonly resolution: number | undefined;
  compiled(): CompiledModel;
  /** Lets go of the graph and its kernels, of which a search of all models would fill gigabytes; made again when asked for. */
  release(): void;
  /** Null where it is not known. */
  readonly accuracy: number | null;
  weightBytes(precision: Precision): number;
  peakActivationBytes(precision: Precision, batch: number): number;
  /** Memories of the device that the model may not fit; one that it fits whatever the order of execution is left out. */
  banks(target: Target, precision: Precision, batch: number): readonly Bank[];
}

interface Elements {
  /** Of all activations together: no order of execution needs more. */
  readonly perItem: number;
  /** Every activation grows with the batch, so that memory is a multiple of that of one item. */
  readonly scales: boolean;
}

const elementsOf = ({ graph, nodes, types }: AnalyzedGraph): Elements => {
  const counts = [
    ...graph.inputs.map(({ name }) => types.get(name)),
    ...nodes.flatMap(({ outputs }) => outputs.map(({ type }) => type)),
  ].flatMap((type) => (type === undefined ? [] : [elementCount(type.shape)]));
  return {
    perItem: counts.reduce<number>((sum, count) => sum + atBatch(count, 1), 0),
    scales: counts.every((count) => atBatch(count, 2) === 2 * atBatch(count, 1)),
  };
};

/** The widest element of an activation: indices keep their 8 bytes at any precision. */
const WIDEST = 8;

const once = <Value>(make: () => Value): (() => Value) => {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: make() };
    return known.value;
  };
};

/** Compiles at once: what cannot be is thrown here. */
export const searchedModel = (
  entry: ModelEntry,
  compile: () => CompiledModel,
  accuracy: number | null,
): SearchedModel => {
  let held: CompiledModel | undefined = compile();
  const { resolution } = held;
  const compiled = (): CompiledModel => {
    held ??= compile();
    return held;
  };
  const elements = once(() => elementsOf(compiled().analyzed));
  const parameters = once(() => storedTotals(compiled().analyzed).params);
  const planned = new Map<string, number>();
  const planFor = (precision: Precision, batch: number): number => {
    const key = `${DTYPE_BYTES[precision]}/${batch}`;
    const known = planned.get(key);
    if (known !== undefined) return known;
    const made = liveness(compiled().analyzed, batch, precision).peakBytes;
    planned.set(key, made);
    return made;
  };
  const ownWeightBytes = (precision: Precision): number => weightBytes(parameters(), precision);
  const peakActivationBytes = (precision: Precision, batch: number): number =>
    // Half a byte is rounded up tensor by tensor, which is no multiple.
    elements().scales && DTYPE_BYTES[precision] >= 1 ? batch * planFor(precision, 1) : planFor(precision, batch);
  return {
    ...{ entry, resolution, compiled, accuracy, peakActivationBytes },
    release: () => {
      held = undefined;
    },
    weightBytes: ownWeightBytes,
    banks: ({ device: { memories, offChip } }, precision, batch) => {
      if (memories !== undefined) {
        const { analyzed, workload } = compiled();
        const { arenaBytes } = memoryFigures(analyzed, workload('epilogue'), { precision, batch });
        const [weights, activations] = [memories.weights, memories.activations];
        return [
          {
            constraint: 'device memory for weights',
            neededBytes: ownWeightBytes(precision),
            capacityBytes: weights.capacity.value,
          },
          {
            constraint: 'device memory for activations',
            neededBytes: arenaBytes,
            capacityBytes: activations.capacity.value,
          },
        ];
      }
      if (offChip.capacity === null) return [];
      const capacityBytes = offChip.capacity.value;
      const most = ownWeightBytes(precision) + batch * elements().perItem * WIDEST;
      if (most <= capacityBytes) return [];
      const neededBytes = ownWeightBytes(precision) + peakActivationBytes(precision, batch);
      return [{ constraint: 'device memory', neededBytes, capacityBytes }];
    },
  };
};
