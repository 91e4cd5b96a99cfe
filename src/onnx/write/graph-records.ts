/** A graph as records of an ONNX file. */
import type { DType } from '../../ir/dtype.ts';
import type { DeclaredType, Dim, Graph, Initializer, Node, TensorValue } from '../../ir/graph.ts';
import type { ValueType } from '../../ops/definition.ts';
import { formatInteger } from '../../units/integer.ts';
import type {
  AttributeRecord,
  GraphRecord,
  NodeRecord,
  Payload,
  SparseTensorRecord,
  TensorRecord,
  TypeRecord,
  ValueInfoRecord,
} from '../records.ts';
import { attributeRecord } from './attributes.ts';
import { dataTypeOf } from './element-types.ts';
import { WriteError } from './error.ts';

/** How a tensor without values is stored: as such, or as a sparse one without entries. */
export type StoredWeight =
  | { readonly kind: 'dense'; readonly tensor: TensorRecord }
  | { readonly kind: 'sparse'; readonly tensor: SparseTensorRecord };

export interface GraphWriting {
  readonly opset: number;
  /** Types of tensors where known: they become the file's value_info. */
  readonly types: ReadonlyMap<string, ValueType>;
  storeWeight(weight: Initializer): StoredWeight;
}

const NO_PAYLOAD: Payload = { kind: 'none' };

/** A tensor whose contents the graph holds, or whose contents are found elsewhere. */
export const tensorRecord = (name: string, { shape, dtype, values, strings }: TensorValue): TensorRecord => ({
  name,
  dataType: dataTypeOf(dtype),
  dims: shape,
  payload: NO_PAYLOAD,
  ...(values !== undefined && { values }),
  ...(strings !== undefined && { strings }),
});

const hasContents = ({ shape, values, strings }: TensorValue): boolean =>
  values !== undefined || strings !== undefined || shape.includes(0);

const tensorType = (dtype: DType, shape: readonly Dim[] | undefined): TypeRecord => ({
  kind: 'tensor',
  elementType: dataTypeOf(dtype),
  shape: shape?.map((dim) => (typeof dim === 'number' ? dim : formatInteger(dim))),
});

const inferredType = (type: ValueType): TypeRecord | undefined => {
  if (!('kind' in type)) return tensorType(type.dtype, type.shape);
  const [element = type.element] = type.members ?? [];
  // What the members do not have in common is left open.
  const shape = (type.members?.length ?? 0) > 1 ? undefined : element?.shape;
  return element === undefined ? undefined : { kind: type.kind, element: tensorType(element.dtype, shape) };
};

const declaredType = ({ dtype, shape, container }: DeclaredType): TypeRecord | undefined => {
  if (dtype === undefined || container === 'map') return undefined;
  const type = tensorType(dtype, shape);
  return container === undefined ? type : { kind: container, element: type };
};

const valueInfo = (name: string, graph: Graph, types: GraphWriting['types']): ValueInfoRecord => {
  const inferred = types.get(name);
  const declared = graph.declared?.get(name);
  const type = inferred === undefined ? undefined : inferredType(inferred);
  return { name, type: type ?? (declared === undefined ? undefined : declaredType(declared)) };
};

const nodeRecord = (node: Node, writing: GraphWriting): NodeRecord => {
  const operator = { operator: node.type, opset: node.opset ?? writing.opset };
  const tensor = (value: TensorValue): TensorRecord => {
    if (hasContents(value)) return tensorRecord('', value);
    const stored = writing.storeWeight({ name: node.outputs[0] ?? node.name, ...value });
    // An attribute holds no sparse tensor where ONNX expects a dense one.
    return stored.kind === 'dense' ? { ...stored.tensor, name: '' } : tensorRecord('', value);
  };
  const values = Object.entries(node.attributes).map(([name, value]) =>
    attributeRecord(name, value, { ...operator, tensor }),
  );
  const bodies = Object.entries(node.bodies ?? {}).map(
    // The types of inner tensors are known under other names, if at all: what the file declares stays.
    ([name, body]): AttributeRecord => ({
      name,
      kind: 'graph',
      value: graphRecord(body, { ...writing, types: new Map() }),
    }),
  );
  return {
    name: node.name,
    opType: node.type,
    domain: node.domain,
    overload: '',
    inputs: node.inputs,
    outputs: node.outputs,
    attributes: [...values, ...bodies],
  };
};

/** A constant of the program, which stands before whatever reads it. */
const constantNode = (value: Initializer): NodeRecord => ({
  name: `Constant_${value.name}`,
  opType: 'Constant',
  domain: '',
  overload: '',
  inputs: [],
  outputs: [value.name],
  attributes: [{ name: 'value', kind: 'tensor', value: tensorRecord('', value) }],
});

const isInline = (initializer: Initializer): boolean => initializer.inline === true && hasContents(initializer);

/** Records of a graph and of the graphs inside it. */
export const graphRecord = (graph: Graph, writing: GraphWriting): GraphRecord => {
  const stored = graph.initializers
    .filter((initializer) => !isInline(initializer))
    .map(
      (initializer): StoredWeight =>
        hasContents(initializer)
          ? { kind: 'dense', tensor: tensorRecord(initializer.name, initializer) }
          : writing.storeWeight(initializer),
    );
  const outputs = new Set(graph.outputs);
  const between = graph.nodes
    .flatMap((node) => node.outputs)
    .filter((name) => name !== '' && !outputs.has(name))
    .map((name) => valueInfo(name, graph, writing.types))
    .filter(({ type }) => type !== undefined);
  return {
    name: graph.name === '' ? 'graph' : graph.name,
    nodes: [
      ...graph.initializers.filter(isInline).map(constantNode),
      ...graph.nodes.map((node) => nodeRecord(node, writing)),
    ],
    initializers: stored.flatMap((weight) => (weight.kind === 'dense' ? [weight.tensor] : [])),
    sparseInitializers: stored.flatMap((weight) => (weight.kind === 'sparse' ? [weight.tensor] : [])),
    inputs: graph.inputs.map((input) => ({ name: input.name, type: declaredType(input) })),
    outputs: graph.outputs.map((name) => valueInfo(name, graph, writing.types)),
    valueInfo: between,
  };
};

/** ONNX wants the types of what goes into and comes out of the whole model. Throws `WriteError`. */
export const checkSignature = ({ inputs, outputs }: GraphRecord): void => {
  for (const { name, type } of [...inputs, ...outputs]) {
    if (type === undefined) {
      throw new WriteError(
        'missing-type',
        name,
        `the type of "${name}", an input or output of the model, is not known`,
      );
    }
  }
};
