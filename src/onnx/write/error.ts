export type WriteErrorCode =
  /** Contents of a type that has no number form here: texts without values, complex numbers. */
  | 'unwritable-type'
  /** ONNX wants a type that neither the graph nor inference states. */
  | 'missing-type'
  /** The operators mean something else in the opset asked for. */
  | 'unsuitable-opset'
  /** More than protobuf holds in one file, and no place named for the weights. */
  | 'too-large';

/** A graph that cannot be said in ONNX as asked. `path` is the node or tensor. */
export class WriteError extends Error {
  readonly code: WriteErrorCode;
  readonly path: string;

  constructor(code: WriteErrorCode, path: string, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}
