/** A graph from elsewhere, such as a file, as a model that is analyzed, estimated and studied like those of the zoo. */
import { inferShapes } from '../analysis/infer.ts';
import { batchDimension, fixedBatch, openDimensions, withBatch, withDimensions } from '../ir/bind.ts';
import type { DeclaredType, Dim, Graph, Shape } from '../ir/graph.ts';
import { BATCH, formatShape } from '../ir/shape.ts';
import { OperatorError } from '../ops/definition.ts';
import { loneSymbol, substitute, symbol, symbolsOf } from '../units/integer.ts';
import type { BuildOptions, ModelFamily } from '../zoo/family.ts';
import type { ModelEntry, ModelSource } from './compile.ts';

export type GraphModelErrorCode = 'no-image-input' | 'fixed-batch' | 'unknown-dimension' | 'unknown-input';

/** What is asked of the graph does not fit it. `path` is the dimension, input or operator that does not. */
export class GraphModelError extends Error {
  readonly code: GraphModelErrorCode;
  readonly path: string;

  constructor(code: GraphModelErrorCode, path: string, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

export interface GraphModelOptions {
  readonly name: string;
  readonly title?: string;
  /** Values for open dimensions by name; also for extents that otherwise only data decides. */
  readonly dims?: ReadonlyMap<string, number>;
  /** Shapes of inputs by name; an extent may stay open. */
  readonly inputs?: ReadonlyMap<string, Shape>;
  /**
   * The batches that will be asked for: the graph is then counted per item, in `BATCH`. Without them it stays as
   * it is, with its own batch or its own open dimension.
   */
  readonly batches?: readonly number[];
}

export interface GraphModel extends ModelEntry {
  /** Items of one run: `undefined` where the graph takes any number, as its open dimension `batchSymbol` says. */
  readonly ownBatch: number | undefined;
  readonly batchSymbol: string | undefined;
  /** Counts are per item: any batch can be estimated. */
  readonly perItem: boolean;
}

const FAMILY: ModelFamily = { id: 'file', title: 'Model file', paper: '', notes: [], variants: [] };

// Images

/** Grey, colour, and colour with transparency or infrared. */
const IMAGE_CHANNELS: readonly Dim[] = [1, 3, 4];

interface ImageInput {
  readonly name: string;
  readonly shape: Shape;
  /** Axis of the height; the width follows. */
  readonly height: 1 | 2;
}

const imageInputs = ({ inputs }: Graph): readonly ImageInput[] =>
  inputs.flatMap(({ name, shape }): readonly ImageInput[] => {
    if (shape?.length !== 4) return [];
    const [, second, , last] = shape;
    if (second !== undefined && IMAGE_CHANNELS.includes(second)) return [{ name, shape, height: 2 }];
    if (last !== undefined && IMAGE_CHANNELS.includes(last)) return [{ name, shape, height: 1 }];
    return [];
  });

const nativeResolution = (graph: Graph): number | undefined => {
  const [image] = imageInputs(graph);
  const height = image?.shape[image.height];
  const width = image?.shape[image.height + 1];
  return typeof height === 'number' && height === width ? height : undefined;
};

const describeInputs = ({ inputs }: Graph): string =>
  inputs.map(({ name, shape }) => `${name} ${shape === undefined ? 'of any shape' : formatShape(shape)}`).join(', ');

const atResolution = (graph: Graph, resolution: number): Graph => {
  const images = imageInputs(graph);
  if (images.length === 0) {
    const expected = 'expected one of four axes with 1, 3 or 4 channels';
    const message = `no input is an image, so there is no resolution to set: ${expected}, the inputs are ${describeInputs(graph)}`;
    throw new GraphModelError('no-image-input', 'resolution', message);
  }
  const fits = images.every(({ shape, height }) => shape[height] === resolution && shape[height + 1] === resolution);
  if (fits) return graph;
  const inputs = images.map(({ name, shape, height }) => {
    const sized = shape.map((dim, axis) => (axis === height || axis === height + 1 ? resolution : dim));
    return [name, sized] as const;
  });
  return withDimensions(graph, { inputs: new Map(inputs) });
};

// Dimensions

/** Names that inference gives to extents which only data decides, and all others that tensors carry. */
const allSymbols = (graph: Graph): ReadonlySet<string> => {
  const found = new Set<string>(openDimensions(graph));
  for (const type of inferShapes(graph).types.values()) {
    if ('shape' in type) for (const dim of type.shape) for (const name of symbolsOf(dim)) found.add(name);
  }
  return found;
};

const listed = (names: readonly string[]): string => {
  const MAX_LISTED = 12;
  const shown = names.slice(0, MAX_LISTED).join(', ');
  if (names.length === 0) return 'none';
  return names.length > MAX_LISTED ? `${shown} and ${names.length - MAX_LISTED} more` : shown;
};

/** Whether a value can be given for the name: an open dimension, or an extent that otherwise only data decides. */
export const hasDimension = (graph: Graph, name: string): boolean =>
  openDimensions(graph).includes(name) || allSymbols(graph).has(name);

const checkInputs = (graph: Graph, inputs: ReadonlyMap<string, Shape>): void => {
  const names = graph.inputs.map(({ name }) => name);
  for (const name of inputs.keys()) {
    if (names.includes(name)) continue;
    throw new GraphModelError('unknown-input', name, `no input is called "${name}": the inputs are ${listed(names)}`);
  }
};

const checkDimensions = (graph: Graph, dims: ReadonlyMap<string, number>): void => {
  const open = openDimensions(graph);
  const others = [...dims.keys()].filter((name) => !open.includes(name));
  if (others.length === 0) return;
  const inside = allSymbols(graph);
  const unknown = others.find((name) => !inside.has(name));
  if (unknown === undefined) return;
  const message = `no open dimension is called "${unknown}": ${inside.size === 0 ? 'all are fixed' : `open are ${listed([...inside])}`}`;
  throw new GraphModelError('unknown-dimension', unknown, message);
};

// Batch

const [BATCH_NAME = ''] = symbolsOf(BATCH);
/** What another dimension of the graph that happens to be called as `BATCH` is called beside it. */
const OTHER_N = `${BATCH_NAME} (another)`;

/** The same graph with one name in place of another, in the graphs of control flow too. */
const renamed = (graph: Graph, names: ReadonlyMap<string, Dim>): Graph => {
  const shaped = <Type extends DeclaredType>(type: Type): Type =>
    type.shape === undefined ? type : { ...type, shape: type.shape.map((dim) => substitute(dim, names)) };
  return {
    ...graph,
    inputs: graph.inputs.map(shaped),
    ...(graph.declared && { declared: new Map([...graph.declared].map(([name, type]) => [name, shaped(type)])) }),
    ...(graph.fixed && { fixed: new Map([...graph.fixed].map(([name, dim]) => [name, substitute(dim, names)])) }),
    nodes: graph.nodes.map(({ bodies, ...node }) =>
      bodies === undefined
        ? node
        : {
            ...node,
            bodies: Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, renamed(body, names)])),
          },
    ),
  };
};

const uses = ({ inputs, declared }: Graph, name: string): boolean =>
  [...inputs, ...(declared?.values() ?? [])].some(({ shape }) => shape?.some((dim) => symbolsOf(dim).includes(name)));

/** The same graph with its batch dimension, open or not, as `BATCH`. */
const opened = (graph: Graph, batchSymbol: string | undefined): Graph => {
  if (batchSymbol === BATCH_NAME) return graph;
  const free = uses(graph, BATCH_NAME) ? renamed(graph, new Map([[BATCH_NAME, symbol(OTHER_N)]])) : graph;
  return batchSymbol === undefined ? withBatch(free) : withDimensions(free, { dims: new Map([[batchSymbol, BATCH]]) });
};

const atBatchOf = (graph: Graph, batch: number): Graph =>
  withDimensions(graph, { dims: new Map([[BATCH_NAME, batch]]) });

/** Why a graph cannot be run at a batch: the operator that contradicts it. */
const misfit = (graph: Graph): OperatorError | undefined => {
  try {
    inferShapes(graph);
    return undefined;
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
};

/** Whether the batch is still open after everything that the operators say about it. */
const staysOpen = (graph: Graph): boolean => {
  const { types } = inferShapes(graph);
  return graph.inputs.every(({ name, shape }) => {
    const type = types.get(name);
    if (shape?.[0] === undefined || loneSymbol(shape[0]) !== BATCH_NAME) return true;
    return (
      type !== undefined && 'shape' in type && type.shape[0] !== undefined && loneSymbol(type.shape[0]) === BATCH_NAME
    );
  });
};

/** The graph per item. Throws `GraphModelError` where it is made for one batch only. */
const perItem = (graph: Graph, batchSymbol: string | undefined, own: number, batches: readonly number[]): Graph => {
  if (batchSymbol === undefined && fixedBatch(graph) === undefined) {
    const message = `the inputs share no first extent that could be the batch, so only 1 can be asked for: ${describeInputs(graph)}`;
    throw new GraphModelError('fixed-batch', 'batch', message);
  }
  const any = opened(graph, batchSymbol);
  const others = batchSymbol === undefined ? batches.filter((batch) => batch !== own) : batches;
  const other = Math.max(...others);
  // With a number for the batch every contradiction shows; with a symbol some are only assumed not to be there.
  const contradiction = misfit(atBatchOf(any, other));
  if (contradiction === undefined) {
    if (staysOpen(any)) return any;
    if (batches.every((batch) => batch === other)) return atBatchOf(any, other);
  }
  // The graph is wrong at its own batch too: that says more than that it is wrong at another.
  const itself = misfit(batchSymbol === undefined ? graph : atBatchOf(any, own));
  if (itself !== undefined) throw itself;
  const where = contradiction === undefined ? 'its operators agree on no other' : contradiction.message;
  const message = `the file fixes its batch at ${own}, so a batch of ${other} does not fit: ${where}; expected ${own}, or a file with an open batch`;
  throw new GraphModelError('fixed-batch', contradiction?.path ?? 'batch', message);
};

/**
 * Presents a graph as an entry beside those of the zoo. Throws `GraphModelError` for names that the graph does not
 * have; `build` throws it where a resolution or a batch does not fit, and `OperatorError`.
 */
export const graphModel = (graph: Graph, options: GraphModelOptions): GraphModel => {
  const { name, title = name, dims = new Map<string, number>(), inputs = new Map<string, Shape>(), batches } = options;
  checkInputs(graph, inputs);
  const shaped = withDimensions(graph, { inputs });
  checkDimensions(shaped, dims);
  const fixed = withDimensions(shaped, { dims });
  const batchSymbol = batchDimension(fixed);
  const ownBatch = batchSymbol === undefined ? (fixedBatch(fixed) ?? 1) : undefined;
  const asWritten = batches === undefined || (ownBatch !== undefined && batches.every((batch) => batch === ownBatch));
  const build = ({ resolution }: BuildOptions = {}): Graph => {
    const sized = resolution === undefined ? fixed : atResolution(fixed, resolution);
    return asWritten ? sized : perItem(sized, batchSymbol, ownBatch ?? 1, batches);
  };
  const variant: ModelSource = {
    name,
    title,
    nativeResolution: nativeResolution(fixed),
    published: [],
    build,
    ...(imageInputs(fixed).length === 0 && { withoutResolution: true as const }),
  };
  return { family: FAMILY, variant, ownBatch, batchSymbol, perItem: !asWritten };
};
