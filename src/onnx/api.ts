/** ONNX files as graphs, in Node and in a page: `importModel(await readModel(blobSource(file)))`. */

export { type ImportedModel, importModel } from './import/model.ts';
export { ImportError, type ImportWarning } from './import/warnings.ts';
export { OnnxReadError, type OnnxReadErrorCode } from './read/error.ts';
export type { ReadLimits, ReadOptions } from './read/limits.ts';
export { readModel, readModelSync } from './read/read-model.ts';
export type { GraphRecord, ModelRecord, NodeRecord, ReadWarning, TensorRecord } from './records.ts';
export { type BlobLike, type ByteSource, blobSource, bytesSource, type SyncByteSource } from './source.ts';
