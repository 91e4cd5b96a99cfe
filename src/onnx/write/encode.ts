/** Records of an ONNX file to protobuf. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3. */
import type {
  AttributeRecord,
  DimRecord,
  FunctionRecord,
  GraphRecord,
  ModelRecord,
  NodeRecord,
  OpsetImport,
  SparseTensorRecord,
  TensorRecord,
  TypeRecord,
  ValueInfoRecord,
} from '../records.ts';
import { encodeValues } from './element-types.ts';
import {
  type ByteStream,
  bytesField,
  type Encoded,
  floatField,
  integerField,
  lengthField,
  message,
  optionalTextField,
  textField,
} from './wire.ts';

/** Contents of tensors that are not in their records; `undefined` for the others. */
export type ContentsOf = (tensor: TensorRecord) => ByteStream | undefined;

/** TensorProto.DataLocation.EXTERNAL */
const EXTERNAL = 1;

/** AttributeProto.AttributeType */
const ATTRIBUTE_TYPE: Readonly<Record<Exclude<AttributeRecord['kind'], 'reference'>, number>> = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
  sparseTensor: 11,
  sparseTensors: 12,
  type: 13,
  types: 14,
};

const entry = (field: number, key: string, value: string): Encoded =>
  lengthField(field, message([textField(1, key), textField(2, value)]));

const opset = (field: number, { domain, version }: OpsetImport): Encoded =>
  lengthField(field, message([textField(1, domain), integerField(2, version)]));

const dimension = (dim: DimRecord): Encoded =>
  lengthField(
    1,
    message(dim === undefined ? [] : [typeof dim === 'number' ? integerField(1, dim) : textField(2, dim)]),
  );

const shaped = (elementType: number, shape: readonly DimRecord[] | undefined): Encoded =>
  message([
    integerField(1, elementType),
    ...(shape === undefined ? [] : [lengthField(2, message(shape.map(dimension)))]),
  ]);

const optionalType = (field: number, type: TypeRecord | undefined): readonly Encoded[] =>
  type === undefined ? [] : [lengthField(field, encodeType(type))];

const encodeType = (type: TypeRecord): Encoded => {
  switch (type.kind) {
    case 'tensor':
      return lengthField(1, shaped(type.elementType, type.shape));
    case 'sparse-tensor':
      return lengthField(8, shaped(type.elementType, type.shape));
    case 'sequence':
      return lengthField(4, message(optionalType(1, type.element)));
    case 'optional':
      return lengthField(9, message(optionalType(1, type.element)));
    case 'map':
      return lengthField(5, message([integerField(1, type.keyType), ...optionalType(2, type.value)]));
    case 'opaque':
      return lengthField(7, message([textField(1, type.domain), textField(2, type.name)]));
  }
};

const valueInfo = (field: number, { name, type }: ValueInfoRecord): Encoded =>
  lengthField(field, message([textField(1, name), ...optionalType(2, type)]));

const contentFields = (tensor: TensorRecord, contentsOf: ContentsOf): readonly Encoded[] => {
  const contents = contentsOf(tensor);
  if (contents !== undefined) return [bytesField(9, contents)];
  if (tensor.strings !== undefined) return tensor.strings.map((value) => textField(6, value));
  if (tensor.values !== undefined) return [bytesField(9, encodeValues(tensor.dataType, tensor.values))];
  if (tensor.payload.kind !== 'external') return [];
  const { location, offset, byteLength } = tensor.payload;
  return [
    entry(13, 'location', location),
    entry(13, 'offset', String(offset)),
    ...(byteLength === undefined ? [] : [entry(13, 'length', String(byteLength))]),
    integerField(14, EXTERNAL),
  ];
};

const encodeTensor = (tensor: TensorRecord, contentsOf: ContentsOf): Encoded =>
  message([
    ...tensor.dims.map((dim) => integerField(1, dim)),
    integerField(2, tensor.dataType),
    ...optionalTextField(8, tensor.name),
    ...contentFields(tensor, contentsOf),
  ]);

const encodeSparseTensor = ({ values, indices, dims }: SparseTensorRecord, contentsOf: ContentsOf): Encoded =>
  message([
    lengthField(1, encodeTensor(values, contentsOf)),
    lengthField(2, encodeTensor(indices, contentsOf)),
    ...dims.map((dim) => integerField(3, dim)),
  ]);

const attributeValue = (attribute: AttributeRecord, contentsOf: ContentsOf): readonly Encoded[] => {
  switch (attribute.kind) {
    case 'float':
      return [floatField(2, attribute.value)];
    case 'int':
      return [integerField(3, attribute.value)];
    case 'string':
      return [textField(4, attribute.value)];
    case 'tensor':
      return [lengthField(5, encodeTensor(attribute.value, contentsOf))];
    case 'graph':
      return [lengthField(6, encodeGraph(attribute.value, contentsOf))];
    case 'floats':
      return attribute.value.map((value) => floatField(7, value));
    case 'ints':
      return attribute.value.map((value) => integerField(8, value));
    case 'strings':
      return attribute.value.map((value) => textField(9, value));
    case 'tensors':
      return attribute.value.map((value) => lengthField(10, encodeTensor(value, contentsOf)));
    case 'graphs':
      return attribute.value.map((value) => lengthField(11, encodeGraph(value, contentsOf)));
    case 'type':
      return [lengthField(14, encodeType(attribute.value))];
    case 'types':
      return attribute.value.map((value) => lengthField(15, encodeType(value)));
    case 'sparseTensor':
      return [lengthField(22, encodeSparseTensor(attribute.value, contentsOf))];
    case 'sparseTensors':
      return attribute.value.map((value) => lengthField(23, encodeSparseTensor(value, contentsOf)));
    case 'reference':
      return [textField(21, attribute.value)];
  }
};

const encodeAttribute = (attribute: AttributeRecord, contentsOf: ContentsOf): Encoded =>
  message([
    textField(1, attribute.name),
    ...attributeValue(attribute, contentsOf),
    ...(attribute.kind === 'reference' ? [] : [integerField(20, ATTRIBUTE_TYPE[attribute.kind])]),
  ]);

const encodeNode = (node: NodeRecord, contentsOf: ContentsOf): Encoded =>
  message([
    ...node.inputs.map((name) => textField(1, name)),
    ...node.outputs.map((name) => textField(2, name)),
    ...optionalTextField(3, node.name),
    textField(4, node.opType),
    ...node.attributes.map((attribute) => lengthField(5, encodeAttribute(attribute, contentsOf))),
    ...optionalTextField(7, node.domain),
    ...optionalTextField(8, node.overload),
  ]);

const encodeGraph = (graph: GraphRecord, contentsOf: ContentsOf): Encoded =>
  message([
    ...graph.nodes.map((node) => lengthField(1, encodeNode(node, contentsOf))),
    textField(2, graph.name),
    ...graph.initializers.map((tensor) => lengthField(5, encodeTensor(tensor, contentsOf))),
    ...graph.inputs.map((info) => valueInfo(11, info)),
    ...graph.outputs.map((info) => valueInfo(12, info)),
    ...graph.valueInfo.map((info) => valueInfo(13, info)),
    ...graph.sparseInitializers.map((tensor) => lengthField(15, encodeSparseTensor(tensor, contentsOf))),
  ]);

const encodeFunction = (record: FunctionRecord, contentsOf: ContentsOf): Encoded =>
  message([
    textField(1, record.name),
    ...record.inputs.map((name) => textField(4, name)),
    ...record.outputs.map((name) => textField(5, name)),
    ...record.attributes.map((name) => textField(6, name)),
    ...record.nodes.map((node) => lengthField(7, encodeNode(node, contentsOf))),
    ...record.opsetImports.map((imported) => opset(9, imported)),
    textField(10, record.domain),
    ...record.attributeDefaults.map((attribute) => lengthField(11, encodeAttribute(attribute, contentsOf))),
    ...optionalTextField(13, record.overload),
  ]);

/** ModelProto. Tensors whose contents lie elsewhere in a source are written from `contentsOf`, or without contents. */
export const encodeModel = (model: ModelRecord, contentsOf: ContentsOf = () => undefined): Encoded =>
  message([
    integerField(1, model.irVersion),
    ...optionalTextField(2, model.producerName),
    ...optionalTextField(3, model.producerVersion),
    ...optionalTextField(4, model.domain),
    ...(model.modelVersion === 0 ? [] : [integerField(5, model.modelVersion)]),
    lengthField(7, encodeGraph(model.graph, contentsOf)),
    ...model.opsetImports.map((imported) => opset(8, imported)),
    ...model.metadata.map(([key, value]) => entry(14, key, value)),
    ...model.functions.map((record) => lengthField(25, encodeFunction(record, contentsOf))),
  ]);
