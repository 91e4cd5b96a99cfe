/** A graph as an ONNX file on disk. */
import { basename } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { analyzeGraph } from '../analysis/nodes.ts';
import { storedTotals } from '../analysis/totals.ts';
import type { Graph, Shape } from '../ir/graph.ts';
import { WEIGHT_KINDS, type WeightKind, writeModel } from '../onnx/write/write-model.ts';
import type { TensorType } from '../ops/definition.ts';
import { substitute } from '../units/integer.ts';
import { checkOutputFile, type FileOperations, fileSystem, writeFilesAtomic } from './files.ts';

export { WEIGHT_KINDS, type WeightKind };

export interface ExportOptions {
  readonly weights: WeightKind;
  /** A whole number from 0; 0 unless stated. */
  readonly seed?: number;
  /** Inputs at once, where the file is for one batch only; open (`N`) unless stated. */
  readonly batch?: number;
  /** Bytes from which weights go into a file of their own: protobuf's limit of 2 GiB unless stated. */
  readonly maxModelBytes?: number;
  readonly files?: FileOperations;
}

export interface ExportedFile {
  readonly path: string;
  readonly bytes: number;
}

export interface ExportedTensor {
  readonly name: string;
  readonly type: TensorType | undefined;
}

export interface ExportedModel extends ExportedFile {
  /** The weights' own file, where the model has more than fits into one of 2 GiB. */
  readonly external: ExportedFile | undefined;
  readonly parameters: number;
  readonly opset: number;
  readonly irVersion: number;
  readonly inputs: readonly ExportedTensor[];
  readonly outputs: readonly ExportedTensor[];
}

const fixBatch = (graph: Graph, batch: number): Graph => {
  const bound = new Map([['N', batch]]);
  const fixed = (shape: Shape): Shape => shape.map((dim) => substitute(dim, bound));
  const inputs = graph.inputs.map(({ shape, ...input }) => ({
    ...input,
    ...(shape !== undefined && { shape: fixed(shape) }),
  }));
  return { ...graph, inputs };
};

/**
 * Writes a graph to `path`, and weights beyond 2 GiB to `path` + ".data" beside it; whole or
 * not at all. Throws `FileError`, `OperatorError` where the graph contradicts itself, `WriteError`.
 */
export const exportModel = async (
  graph: Graph,
  path: string,
  { weights, seed = 0, batch, maxModelBytes, files = fileSystem }: ExportOptions,
): Promise<ExportedModel> => {
  await checkOutputFile(path, files);
  const analyzed = analyzeGraph(batch === undefined ? graph : fixBatch(graph, batch));
  const { types } = analyzed;
  const { model, external, opset, irVersion } = writeModel(analyzed.graph, {
    weights,
    seed,
    types,
    producerVersion: packageJson.version,
    externalLocation: `${basename(path)}.data`,
    ...(maxModelBytes !== undefined && { maxModelBytes }),
  });
  const own = external === undefined ? undefined : { path: `${path}.data`, bytes: external.byteLength };
  await writeFilesAtomic(
    [
      // A model never stands without its weights: they are renamed first.
      ...(own === undefined || external === undefined ? [] : [{ path: own.path, contents: external.chunks() }]),
      { path, contents: model.chunks() },
    ],
    files,
  );
  const tensor = (name: string): ExportedTensor => ({ name, type: types.get(name) });
  return {
    path,
    bytes: model.byteLength,
    external: own,
    parameters: storedTotals(analyzed).params,
    opset,
    irVersion,
    inputs: analyzed.graph.inputs.map(({ name }) => tensor(name)),
    outputs: analyzed.graph.outputs.map(tensor),
  };
};
