import type { AttributeValue, Graph } from '../../ir/graph.ts';
import type { AttributeRecord, GraphRecord, TypeRecord } from '../records.ts';
import { sparseValue, tensorValue } from './types.ts';

export interface NodeAttributes {
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly bodies?: Readonly<Record<string, Graph>>;
  readonly fullLengths?: Readonly<Record<string, number>>;
}

/** A type as the text that ONNX writes for it: `tensor(1)`, `seq(tensor(7))`. */
const typeText = (type: TypeRecord | undefined): string => {
  switch (type?.kind) {
    case 'tensor':
    case 'sparse-tensor':
      return `tensor(${type.elementType})`;
    case 'sequence':
      return `seq(${typeText(type.element)})`;
    case 'optional':
      return `optional(${typeText(type.element)})`;
    case 'map':
      return `map(${type.keyType},${typeText(type.value)})`;
    case 'opaque':
      return `opaque(${type.domain},${type.name})`;
    case undefined:
      return '';
  }
};

/**
 * All attributes of a node; graphs among them become bodies, a list of graphs `name[0]`, `name[1]`.
 * A reference to an attribute of a function that was called without it is left out, as if it did not stand there.
 */
export const nodeAttributes = (
  records: readonly AttributeRecord[],
  path: string,
  importGraph: (graph: GraphRecord, path: string) => Graph,
): NodeAttributes => {
  // No prototype: a hostile name (`__proto__`) is a name like any other.
  const attributes: Record<string, AttributeValue> = Object.create(null);
  const bodies: Record<string, Graph> = Object.create(null);
  const fullLengths: Record<string, number> = Object.create(null);
  for (const attribute of records) {
    const { name, fullLength } = attribute;
    // Of a text it counts bytes, which nothing asks for.
    if (fullLength !== undefined && attribute.kind !== 'string') fullLengths[name] = fullLength;
    switch (attribute.kind) {
      case 'float':
      case 'int':
      case 'string':
      case 'floats':
      case 'ints':
      case 'strings':
        attributes[name] = attribute.value;
        break;
      case 'tensor':
        attributes[name] = tensorValue(attribute.value, `${path}.${name}`);
        break;
      case 'tensors':
        attributes[name] = attribute.value.map((tensor) => tensorValue(tensor, `${path}.${name}`));
        break;
      case 'sparseTensor':
        attributes[name] = sparseValue(attribute.value, `${path}.${name}`);
        break;
      case 'sparseTensors':
        attributes[name] = attribute.value.map((tensor) => sparseValue(tensor, `${path}.${name}`));
        break;
      case 'type':
        attributes[name] = typeText(attribute.value);
        break;
      case 'types':
        attributes[name] = attribute.value.map(typeText);
        break;
      case 'graph':
        bodies[name] = importGraph(attribute.value, `${path}.${name}`);
        break;
      case 'graphs':
        attribute.value.forEach((graph, index) => {
          bodies[`${name}[${index}]`] = importGraph(graph, `${path}.${name}[${index}]`);
        });
        break;
      case 'reference':
        break;
    }
  }
  return {
    attributes,
    ...(Object.keys(bodies).length > 0 && { bodies }),
    ...(Object.keys(fullLengths).length > 0 && { fullLengths }),
  };
};
