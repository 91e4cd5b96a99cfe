/** ONNX Runtime as a witness: what shapes all tensors of a file have when it runs. */
import { InferenceSession, Tensor, type TypedTensor } from 'onnxruntime-node';

/** One length-delimited protobuf field. */
const field = (number: number, body: Uint8Array): Uint8Array => {
  const head = [(number << 3) | 2];
  let length = body.length;
  for (; length > 127; length = Math.floor(length / 128)) head.push((length % 128) | 128);
  head.push(length);
  return Uint8Array.from([...head, ...body]);
};

const MODEL_GRAPH = 7;
const GRAPH_OUTPUT = 12;
const VALUE_INFO_NAME = 1;

/**
 * The file with more tensors among the graph's outputs. Protobuf merges a message that stands
 * twice, so a second `graph` with only outputs, appended, adds them to the first.
 */
export const withOutputs = (file: Uint8Array, tensors: readonly string[]): Uint8Array => {
  const encoder = new TextEncoder();
  const outputs = tensors.map((name) => field(GRAPH_OUTPUT, field(VALUE_INFO_NAME, encoder.encode(name))));
  const graph = field(MODEL_GRAPH, Buffer.concat(outputs));
  return Buffer.concat([file, graph]);
};

export interface Feed {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Contents where they matter (lengths, sampling rates); otherwise small numbers. */
  readonly values?: readonly number[];
}

const tensorOf = ({ shape, dtype, values }: Feed): Tensor => {
  const length = shape.reduce((product, extent) => product * extent, 1);
  const at = (index: number): number => values?.[index] ?? 0;
  switch (dtype) {
    case 'fp32':
      return new Tensor(
        'float32',
        Float32Array.from({ length }, (_, index) => values?.[index] ?? Math.sin(index)),
        shape,
      );
    case 'fp64':
      return new Tensor(
        'float64',
        Float64Array.from({ length }, (_, index) => at(index)),
        shape,
      );
    case 'int64':
      return new Tensor(
        'int64',
        BigInt64Array.from({ length }, (_, index) => BigInt(at(index))),
        shape,
      );
    case 'int32':
      return new Tensor(
        'int32',
        Int32Array.from({ length }, (_, index) => at(index)),
        shape,
      );
    case 'bool':
      return new Tensor(
        'bool',
        Uint8Array.from({ length }, (_, index) => at(index)),
        shape,
      );
    case 'uint8':
      return new Tensor(
        'uint8',
        Uint8Array.from({ length }, (_, index) => at(index)),
        shape,
      );
    case 'int8':
      return new Tensor(
        'int8',
        Int8Array.from({ length }, (_, index) => at(index)),
        shape,
      );
    default:
      throw new Error(`no way to feed a tensor of ${dtype}`);
  }
};

/** Runs a file with the given tensors handed out, and says their shapes. */
export const shapesInRuntime = async (
  file: Uint8Array,
  feeds: Readonly<Record<string, Feed>>,
  tensors: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> => {
  const session = await InferenceSession.create(withOutputs(file, tensors), {
    logSeverityLevel: 3,
    graphOptimizationLevel: 'disabled',
  });
  try {
    const inputs = Object.entries(feeds).map(([name, feed]) => [name, tensorOf(feed)] as const);
    const results = await session.run(Object.fromEntries(inputs));
    return new Map(Object.entries(results).map(([name, result]) => [name, (result as TypedTensor<'float32'>).dims]));
  } finally {
    await session.release();
  }
};
