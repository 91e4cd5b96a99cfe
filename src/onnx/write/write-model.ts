/** Graph to an ONNX file, as bytes that are made while they are written. */
import type { DType } from '../../ir/dtype.ts';
import type { Graph, Initializer } from '../../ir/graph.ts';
import type { ValueType } from '../../ops/definition.ts';
import type { ModelRecord, TensorRecord } from '../records.ts';
import { type Fill, filled } from './contents.ts';
import { dataTypeOf, IR_VERSION_OF } from './element-types.ts';
import { encodeModel } from './encode.ts';
import { WriteError } from './error.ts';
import { checkSignature, graphRecord, type StoredWeight, tensorRecord } from './graph-records.ts';
import { initialization } from './initialization.ts';
import { opsetImports } from './opsets.ts';
import { type ByteStream, chunksOf, type Encoded, gathered } from './wire.ts';

/**
 * What stands in for weights that a graph does not have. `random`: initialized as for training.
 * `zeros`: as large as the real ones. `none`: each is a sparse tensor of full shape without an
 * entry, a few bytes; runtimes read it as zeros, so the file still loads and runs.
 */
export const WEIGHT_KINDS = ['random', 'zeros', 'none'] as const;
export type WeightKind = (typeof WEIGHT_KINDS)[number];

export interface WriteOptions {
  readonly weights: WeightKind;
  /** A whole number: the same one gives the same bytes, on every machine. */
  readonly seed?: number;
  /** Version of this package. */
  readonly producerVersion: string;
  /** Types of tensors, as inference finds them; those of the outputs must be known from here or from the graph. */
  readonly types: ReadonlyMap<string, ValueType>;
  /** The graph's own unless stated; never a conversion. */
  readonly opset?: number;
  /** Name of the file beside the model for weights that do not fit into it. */
  readonly externalLocation?: string;
  /** Bytes from which weights no longer go into the model itself: protobuf's limit unless stated. */
  readonly maxModelBytes?: number;
}

export interface WrittenModel {
  readonly model: ByteStream;
  /** The weights' own file, where the model would be too large for one. */
  readonly external: (ByteStream & { readonly location: string }) | undefined;
  readonly opset: number;
  readonly irVersion: number;
}

/** Readers of protobuf refuse messages of 2 GiB. */
const MAX_MESSAGE_BYTES = 2 ** 31 - 1;

/** The oldest version of the format that says all we write: 10 is also what runtimes of opset 21 and later read. */
const IR_VERSION = 10;

/** Offsets in the weights' file are multiples of a page, so that a runtime may map them into memory. */
const PAGE_BYTES = 4096;
/** Smaller tensors stay in the model. */
const MIN_EXTERNAL_BYTES = 1024;

const ZERO: Fill = { kind: 'constant', value: 0 };

const elementsOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** A tensor of full shape that stores not one element. */
const emptySparse = (weight: Initializer): StoredWeight => {
  const nothing = (name: string, dtype: DType): TensorRecord => tensorRecord(name, { shape: [0], dtype, values: [] });
  const tensor = { values: nothing(weight.name, weight.dtype), indices: nothing('', 'int64'), dims: weight.shape };
  return { kind: 'sparse', tensor };
};

interface External {
  readonly location: string;
  byteLength: number;
  readonly pieces: { readonly offset: number; readonly bytes: ByteStream }[];
}

/** Moves contents into the weights' file and says where they are. */
const moveOut = (tensor: TensorRecord, bytes: ByteStream, external: External): TensorRecord => {
  const offset = Math.ceil(external.byteLength / PAGE_BYTES) * PAGE_BYTES;
  external.pieces.push({ offset, bytes });
  external.byteLength = offset + bytes.byteLength;
  const { location } = external;
  return { ...tensor, payload: { kind: 'external', location, offset, byteLength: bytes.byteLength } };
};

function* externalChunks({ pieces }: External): Generator<Uint8Array> {
  let written = 0;
  for (const { offset, bytes } of pieces) {
    if (offset > written) yield new Uint8Array(offset - written);
    yield* bytes.chunks();
    written = offset + bytes.byteLength;
  }
}

const usedTypes = (graph: Graph): readonly DType[] => [
  ...graph.initializers.map(({ dtype }) => dtype),
  ...graph.nodes.flatMap(({ bodies = {} }) => Object.values(bodies).flatMap(usedTypes)),
];

const irVersionFor = (graph: Graph): number =>
  Math.max(IR_VERSION, ...new Set(usedTypes(graph).map((dtype) => IR_VERSION_OF[dtype] ?? 0)));

const encode = (
  graph: Graph,
  options: WriteOptions,
  external: External | undefined,
): { encoded: Encoded; record: ModelRecord } => {
  const { weights, seed = 0, producerVersion, types, opset = graph.opset } = options;
  const fillOf = weights === 'random' ? initialization(graph) : () => ZERO;
  const contents = new Map<TensorRecord, ByteStream>();
  const storeWeight = (weight: Initializer): StoredWeight => {
    const { name, shape } = weight;
    // A scalar cannot be sparse.
    if (weights === 'none' && shape.length > 0) return emptySparse(weight);
    const tensor = tensorRecord(name, weight);
    const dataType = dataTypeOf(weight.dtype);
    const bytes = filled({ dataType, elements: elementsOf(shape), fill: fillOf(weight), seed, name });
    if (external !== undefined && bytes.byteLength >= MIN_EXTERNAL_BYTES) {
      return { kind: 'dense', tensor: moveOut(tensor, bytes, external) };
    }
    contents.set(tensor, bytes);
    return { kind: 'dense', tensor };
  };
  const record: ModelRecord = {
    irVersion: irVersionFor(graph),
    opsetImports: opsetImports(graph, opset),
    producerName: 'assay',
    producerVersion,
    domain: '',
    modelVersion: 0,
    graph: graphRecord(graph, { opset, types, storeWeight }),
    metadata: [['assay.weights', weights], ...(weights === 'random' ? [['assay.seed', String(seed)] as const] : [])],
    functions: [],
  };
  checkSignature(record.graph);
  return { encoded: encodeModel(record, (tensor) => contents.get(tensor)), record };
};

const streamOf = (byteLength: number, chunks: () => Iterable<Uint8Array>): ByteStream => ({
  byteLength,
  chunks: () => gathered(chunks()),
});

/**
 * An ONNX file of a graph. Sizes are exact before the first byte is made; contents of weights
 * are made chunk by chunk (at most about 2 MB at once), so memory does not grow with the model.
 * Tensors whose values the graph holds are written with them. Throws `WriteError`.
 */
export const writeModel = (graph: Graph, options: WriteOptions): WrittenModel => {
  const { opset = graph.opset, externalLocation, maxModelBytes = MAX_MESSAGE_BYTES } = options;
  const whole = encode(graph, options, undefined);
  const { irVersion } = whole.record;
  if (whole.encoded.byteLength <= maxModelBytes) {
    const { encoded } = whole;
    const model = streamOf(encoded.byteLength, () => chunksOf(encoded));
    return { model, external: undefined, opset, irVersion };
  }
  if (externalLocation === undefined) {
    const message = `the model takes ${whole.encoded.byteLength} bytes, and a protobuf file holds ${maxModelBytes}: its weights need a file of their own`;
    throw new WriteError('too-large', graph.name, message);
  }
  const external: External = { location: externalLocation, byteLength: 0, pieces: [] };
  const { encoded } = encode(graph, options, external);
  return {
    model: streamOf(encoded.byteLength, () => chunksOf(encoded)),
    external: { location: externalLocation, ...streamOf(external.byteLength, () => externalChunks(external)) },
    opset,
    irVersion,
  };
};
