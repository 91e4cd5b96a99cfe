/**
 * An ONNX file as records: the messages of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3)
 * under their own names in camel case. Weights are extents of a source and never bytes.
 */

export interface OpsetImport {
  /** '' is the default domain ('ai.onnx' is read as ''). */
  readonly domain: string;
  readonly version: number;
}

export interface ModelRecord {
  readonly irVersion: number;
  readonly opsetImports: readonly OpsetImport[];
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: number;
  readonly graph: GraphRecord;
  readonly metadata: readonly (readonly [key: string, value: string])[];
  readonly functions: readonly FunctionRecord[];
  /** What the reader found odd; none where a record was not read from a file. */
  readonly warnings?: readonly ReadWarning[];
}

/** The file contradicts itself where counts do not need it to agree. */
export interface ReadWarning {
  readonly code: 'size-mismatch' | 'too-many-warnings';
  /** As in an error: `graph / tensor "w"`. */
  readonly path: string;
  readonly message: string;
}

export interface GraphRecord {
  readonly name: string;
  readonly nodes: readonly NodeRecord[];
  readonly initializers: readonly TensorRecord[];
  readonly sparseInitializers: readonly SparseTensorRecord[];
  readonly inputs: readonly ValueInfoRecord[];
  readonly outputs: readonly ValueInfoRecord[];
  readonly valueInfo: readonly ValueInfoRecord[];
}

export interface NodeRecord {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  /** Which of several functions of one name; '' for all others. */
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly AttributeRecord[];
}

/** Exactly one of the kinds of AttributeProto; `reference` names an attribute of the enclosing function. */
export type AttributeRecord = {
  readonly name: string;
  /** Items of a list, or bytes of a text, in the file: only there where `value` is cut at the reader's limit. */
  readonly fullLength?: number;
} & (
  | { readonly kind: 'float' | 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: TensorRecord }
  | { readonly kind: 'sparseTensor'; readonly value: SparseTensorRecord }
  | { readonly kind: 'graph'; readonly value: GraphRecord }
  | { readonly kind: 'type'; readonly value: TypeRecord }
  | { readonly kind: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensors'; readonly value: readonly TensorRecord[] }
  | { readonly kind: 'sparseTensors'; readonly value: readonly SparseTensorRecord[] }
  | { readonly kind: 'graphs'; readonly value: readonly GraphRecord[] }
  | { readonly kind: 'types'; readonly value: readonly TypeRecord[] }
  | { readonly kind: 'reference'; readonly value: string }
);

/** Where a tensor's contents lie. They stay there: only a small tensor has its `values` read. */
export type Payload =
  | { readonly kind: 'none' }
  /** `raw_data`: bytes in the file itself. */
  | { readonly kind: 'raw'; readonly offset: number; readonly byteLength: number }
  /** `float_data` and its like: from the first element on, and bytes on the wire without tags. */
  | { readonly kind: 'typed'; readonly offset: number; readonly byteLength: number }
  | {
      readonly kind: 'external';
      readonly location: string;
      readonly offset: number;
      /** `undefined` where the file leaves it out: up to the end of the external file. */
      readonly byteLength: number | undefined;
    };

export interface TensorRecord {
  readonly name: string;
  /** TensorProto.DataType: 1 float, 7 int64, ... */
  readonly dataType: number;
  readonly dims: readonly number[];
  readonly payload: Payload;
  /**
   * Contents of a small tensor of numbers, in row-major order. Integers beyond 2^53 in size
   * become +-Infinity: they only occur as "to the end".
   */
  readonly values?: readonly number[];
  /** Contents of a small tensor of text. */
  readonly strings?: readonly string[];
}

export interface SparseTensorRecord {
  readonly values: TensorRecord;
  readonly indices: TensorRecord;
  readonly dims: readonly number[];
}

export interface ValueInfoRecord {
  readonly name: string;
  readonly type: TypeRecord | undefined;
}

/** An extent: a number, the text of `dim_param`, or `undefined` where neither stands. */
export type DimRecord = number | string | undefined;

export type TypeRecord =
  | {
      readonly kind: 'tensor' | 'sparse-tensor';
      readonly elementType: number;
      /** `undefined` where even the rank is open. */
      readonly shape: readonly DimRecord[] | undefined;
    }
  | { readonly kind: 'sequence' | 'optional'; readonly element: TypeRecord | undefined }
  | { readonly kind: 'map'; readonly keyType: number; readonly value: TypeRecord | undefined }
  | { readonly kind: 'opaque'; readonly domain: string; readonly name: string };

export interface FunctionRecord {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes without a default. */
  readonly attributes: readonly string[];
  readonly attributeDefaults: readonly AttributeRecord[];
  readonly opsetImports: readonly OpsetImport[];
  readonly nodes: readonly NodeRecord[];
}
