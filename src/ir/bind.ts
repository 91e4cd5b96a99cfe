/** Putting values to what a graph leaves open. */
import { type Integer, loneSymbol, substitute, symbolsOf } from '../units/integer.ts';
import type { DeclaredType, Dim, Graph, Shape } from './graph.ts';
import { BATCH } from './shape.ts';

export interface DimensionValues {
  /** Open dimensions by name. */
  readonly dims?: ReadonlyMap<string, Integer>;
  /** Whole shapes of inputs by name: what the file says of every other tensor is then stale. */
  readonly inputs?: ReadonlyMap<string, Shape>;
}

/** Names of the open dimensions of the inputs, in the order in which they first occur. */
export const openDimensions = (graph: Graph): readonly string[] => [
  ...new Set(graph.inputs.flatMap(({ shape = [] }) => shape.flatMap((dim) => symbolsOf(dim)))),
];

/**
 * The open dimension that counts the items of a batch: the first extent of the first input that
 * has an open one there, or `undefined`.
 */
export const batchDimension = (graph: Graph): string | undefined => {
  for (const { shape } of graph.inputs) {
    const name = shape?.[0] === undefined ? undefined : loneSymbol(shape[0]);
    if (name !== undefined) return name;
  }
  return undefined;
};

/** The first extent that all inputs with axes share, where it is fixed: what the file takes a batch to be. */
export const fixedBatch = (graph: Graph): number | undefined => {
  const first = graph.inputs.flatMap(({ shape = [] }) => shape.slice(0, 1));
  const [batch] = first;
  return typeof batch === 'number' && first.every((dim) => dim === batch) ? batch : undefined;
};

/** The graph with another first extent for all its inputs: a file written for one batch, asked for any. */
export const withBatch = (graph: Graph): Graph =>
  withDimensions(graph, {
    inputs: new Map(
      graph.inputs.flatMap(({ name, shape }) =>
        shape === undefined || shape.length === 0 ? [] : [[name, [BATCH, ...shape.slice(1)]] as const],
      ),
    ),
  });

/** The graph with values in place of open dimensions and other shapes for its inputs. */
export const withDimensions = (graph: Graph, { dims = new Map(), inputs = new Map() }: DimensionValues): Graph => {
  const values = new Map<string, Integer>(dims);
  for (const { name, shape = [] } of graph.inputs) {
    inputs.get(name)?.forEach((given: Dim, axis: number) => {
      const open = shape[axis] === undefined ? undefined : loneSymbol(shape[axis]);
      // The other tensors that carry the same dimension follow.
      if (open !== undefined && !values.has(open)) values.set(open, given);
    });
  }
  if (values.size === 0 && inputs.size === 0) return graph;
  const bound = <Type extends DeclaredType>(type: Type): Type =>
    type.shape === undefined ? type : { ...type, shape: type.shape.map((dim) => substitute(dim, values)) };
  const declared = new Map<string, DeclaredType>();
  for (const [name, type] of graph.declared ?? []) {
    if (inputs.size === 0) declared.set(name, bound(type));
    else declared.set(name, { dtype: type.dtype, container: type.container });
  }
  return {
    ...graph,
    inputs: graph.inputs.map((input) => {
      const shape = inputs.get(input.name);
      return shape === undefined ? bound(input) : { ...input, shape };
    }),
    ...(graph.declared !== undefined && { declared }),
    // Names that no input has may be extents that inference finds to depend on data.
    fixed: new Map([...(graph.fixed ?? []), ...values]),
  };
};
