/** The same records from protobuf-es, which decodes the whole file by the published schema. */
import { fromBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  type TypeProto,
  type ValueInfoProto,
} from 'onnx-buf';
import type {
  AttributeRecord,
  DimRecord,
  FunctionRecord,
  GraphRecord,
  ModelRecord,
  NodeRecord,
  TypeRecord,
  ValueInfoRecord,
} from '../../src/onnx/records.ts';

/** What of a tensor needs no decoding of types: its contents have tests with values worked out by hand. */
export interface PlainTensor {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  readonly rawBytes: number | undefined;
}

const domain = (name: string): string => (name === 'ai.onnx' ? '' : name);
const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const integer = (value: bigint): number => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : number < 0 ? -Infinity : Infinity;
};

const tensor = (proto: TensorProto): PlainTensor => ({
  name: proto.name,
  dataType: proto.dataType,
  dims: proto.dims.map(integer),
  rawBytes: proto.rawData.length > 0 ? proto.rawData.length : undefined,
});

const dims = (shape: { dim: readonly { value: { case?: string | undefined; value?: unknown } }[] }): DimRecord[] =>
  shape.dim.map(({ value: { case: kind, value } }) => {
    if (kind === 'dimValue') return integer(value as bigint);
    return kind === 'dimParam' && value !== '' ? (value as string) : undefined;
  });

const type = (proto: TypeProto | undefined): TypeRecord | undefined => {
  switch (proto?.value.case) {
    case 'tensorType':
    case 'sparseTensorType': {
      const { elemType, shape } = proto.value.value;
      const kind = proto.value.case === 'tensorType' ? 'tensor' : 'sparse-tensor';
      return { kind, elementType: elemType, shape: shape === undefined ? undefined : dims(shape) };
    }
    case 'sequenceType':
      return { kind: 'sequence', element: type(proto.value.value.elemType) };
    case 'optionalType':
      return { kind: 'optional', element: type(proto.value.value.elemType) };
    case 'mapType':
      return { kind: 'map', keyType: proto.value.value.keyType, value: type(proto.value.value.valueType) };
    default:
      return undefined;
  }
};

const attribute = (proto: AttributeProto): unknown => {
  const { name } = proto;
  if (proto.refAttrName !== '') return { name, kind: 'reference', value: proto.refAttrName };
  switch (proto.type) {
    case 1:
      return { name, kind: 'float', value: proto.f };
    case 2:
      return { name, kind: 'int', value: integer(proto.i) };
    case 3:
      return { name, kind: 'string', value: utf8(proto.s) };
    case 4:
      return { name, kind: 'tensor', value: proto.t && tensor(proto.t) };
    case 5:
      return { name, kind: 'graph', value: proto.g && graph(proto.g) };
    case 6:
      return { name, kind: 'floats', value: proto.floats };
    case 7:
      return { name, kind: 'ints', value: proto.ints.map(integer) };
    case 8:
      return { name, kind: 'strings', value: proto.strings.map(utf8) };
    default:
      throw new Error(`the oracle has no attribute type ${proto.type}`);
  }
};

const node = (proto: NodeProto) => ({
  name: proto.name,
  opType: proto.opType,
  domain: domain(proto.domain),
  overload: proto.overload,
  inputs: proto.input,
  outputs: proto.output,
  attributes: proto.attribute.map(attribute),
});

const valueInfo = (proto: ValueInfoProto): ValueInfoRecord => ({ name: proto.name, type: type(proto.type) });

const graph = (proto: GraphProto): unknown => ({
  name: proto.name,
  nodes: proto.node.map(node),
  initializers: proto.initializer.map(tensor),
  sparseInitializers: proto.sparseInitializer.length,
  inputs: proto.input.map(valueInfo),
  outputs: proto.output.map(valueInfo),
  valueInfo: proto.valueInfo.map(valueInfo),
});

const functionOf = (proto: FunctionProto) => ({
  name: proto.name,
  domain: domain(proto.domain),
  nodes: proto.node.map(node),
});

export const oracle = (bytes: Uint8Array): unknown => {
  const proto = fromBinary(ModelProtoSchema, bytes);
  return {
    irVersion: integer(proto.irVersion),
    opsetImports: proto.opsetImport.map((each) => ({ domain: domain(each.domain), version: integer(each.version) })),
    producerName: proto.producerName,
    producerVersion: proto.producerVersion,
    domain: proto.domain,
    modelVersion: integer(proto.modelVersion),
    graph: proto.graph && graph(proto.graph),
    metadata: proto.metadataProps.map(({ key, value }) => [key, value]),
    functions: proto.functions.map(functionOf),
  };
};

// ---- Our record, reduced to what the oracle says. ----

const plainTensor = ({ name, dataType, dims, payload }: GraphRecord['initializers'][number]): PlainTensor => ({
  name,
  dataType,
  dims,
  rawBytes: payload.kind === 'raw' && payload.byteLength > 0 ? payload.byteLength : undefined,
});

const plainAttribute = (record: AttributeRecord): unknown => {
  if (record.kind === 'tensor') return { ...record, value: plainTensor(record.value) };
  return record.kind === 'graph' ? { ...record, value: plainGraph(record.value) } : record;
};

const plainNode = (record: NodeRecord) => ({ ...record, attributes: record.attributes.map(plainAttribute) });

const plainGraph = (record: GraphRecord): unknown => ({
  ...record,
  nodes: record.nodes.map(plainNode),
  initializers: record.initializers.map(plainTensor),
  sparseInitializers: record.sparseInitializers.length,
});

const plainFunction = ({ name, domain: of, nodes }: FunctionRecord) => ({
  name,
  domain: of,
  nodes: nodes.map(plainNode),
});

export const plain = (record: ModelRecord): unknown => ({
  ...record,
  graph: plainGraph(record.graph),
  functions: record.functions.map(plainFunction),
});
