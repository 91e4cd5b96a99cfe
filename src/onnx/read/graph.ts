/** GraphProto, NodeProto and the fields of AttributeProto, in one file because each holds the next in a circle. */
import type {
  AttributeRecord,
  GraphRecord,
  NodeRecord,
  SparseTensorRecord,
  TensorRecord,
  ValueInfoRecord,
} from '../records.ts';
import { type AttributeDraft, attributeDraft, finishAttribute, floatsOf, intsOf } from './attribute.ts';
import { child, type Field, longText, type MessageType, message, number, numbers, text } from './schema.ts';
import { SPARSE_TENSOR, TENSOR } from './tensor.ts';
import { typeType, VALUE_INFO } from './type.ts';

/** 'ai.onnx' is another way to write the default domain. */
export const domainOf = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

export const ATTRIBUTE: MessageType<AttributeRecord> = message<AttributeDraft, AttributeRecord>({
  cost: 160,
  start: attributeDraft,
  fields: {
    1: text('name', (draft, name) => {
      draft.name = name;
    }),
    2: number('f', 'float', (draft, value) => {
      draft.float = value;
    }),
    3: number('i', 'int64', (draft, value) => {
      draft.int = value;
    }),
    4: longText('s', (draft, value, byteLength) => {
      draft.text = value;
      draft.textBytes = byteLength;
    }),
    5: child(
      't',
      () => TENSOR,
      (draft, tensor) => {
        draft.tensor = tensor;
      },
    ),
    6: child(
      'graph',
      () => GRAPH,
      (draft, graph) => {
        draft.graph = graph;
      },
    ),
    7: numbers('floats', 'float', floatsOf),
    8: numbers('ints', 'int64', intsOf),
    9: longText('strings', (draft, value) => {
      draft.stringCount += 1;
      draft.strings ??= [];
      return draft.strings.length < draft.maxListItems ? draft.strings.push(value) : false;
    }),
    10: child(
      'tensors',
      () => TENSOR,
      (draft, tensor) => {
        draft.tensors ??= [];
        draft.tensors.push(tensor);
      },
    ),
    11: child(
      'graphs',
      () => GRAPH,
      (draft, graph) => {
        draft.graphs ??= [];
        draft.graphs.push(graph);
      },
    ),
    14: child('tp', typeType, (draft, type) => {
      draft.typeRecord = type;
    }),
    15: child('type_protos', typeType, (draft, type) => {
      if (type === undefined) return;
      draft.types ??= [];
      draft.types.push(type);
    }),
    20: number('type', 'int32', (draft, value) => {
      draft.type = value;
    }),
    21: text('ref_attr_name', (draft, name) => {
      draft.reference = name;
    }),
    22: child(
      'sparse_tensor',
      () => SPARSE_TENSOR,
      (draft, tensor) => {
        draft.sparseTensor = tensor;
      },
    ),
    23: child(
      'sparse_tensors',
      () => SPARSE_TENSOR,
      (draft, tensor) => {
        draft.sparseTensors ??= [];
        draft.sparseTensors.push(tensor);
      },
    ),
  },
  finish: finishAttribute,
});

interface NodeDraft {
  name: string;
  opType: string;
  domain: string;
  overload: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly attributes: AttributeRecord[];
}

export const NODE: MessageType<NodeRecord> = message<NodeDraft, NodeRecord>({
  cost: 280,
  start: () => ({ name: '', opType: '', domain: '', overload: '', inputs: [], outputs: [], attributes: [] }),
  fields: {
    1: text('input', (draft, name) => {
      draft.inputs.push(name);
    }),
    2: text('output', (draft, name) => {
      draft.outputs.push(name);
    }),
    3: text('name', (draft, name) => {
      draft.name = name;
    }),
    4: text('op_type', (draft, name) => {
      draft.opType = name;
    }),
    5: child(
      'attribute',
      () => ATTRIBUTE,
      (draft, attribute) => {
        draft.attributes.push(attribute);
      },
    ),
    7: text('domain', (draft, domain) => {
      draft.domain = domainOf(domain);
    }),
    8: text('overload', (draft, overload) => {
      draft.overload = overload;
    }),
  },
  finish: (draft, context) => {
    if (draft.opType === '') context.fail('missing-op-type', 'a node without an operator');
    return draft;
  },
});

interface GraphDraft {
  name: string;
  readonly nodes: NodeRecord[];
  readonly initializers: TensorRecord[];
  readonly sparseInitializers: SparseTensorRecord[];
  readonly inputs: ValueInfoRecord[];
  readonly outputs: ValueInfoRecord[];
  readonly valueInfo: ValueInfoRecord[];
}

const value = (name: string, list: (draft: GraphDraft) => ValueInfoRecord[]): Field<GraphDraft> =>
  child(
    name,
    () => VALUE_INFO,
    (draft, record) => {
      list(draft).push(record);
    },
  );

export const GRAPH: MessageType<GraphRecord> = message<GraphDraft, GraphRecord>({
  cost: 400,
  start: () => ({
    name: '',
    nodes: [],
    initializers: [],
    sparseInitializers: [],
    inputs: [],
    outputs: [],
    valueInfo: [],
  }),
  fields: {
    1: child(
      'node',
      () => NODE,
      (draft, node) => {
        draft.nodes.push(node);
      },
    ),
    2: text('name', (draft, name) => {
      draft.name = name;
    }),
    5: child(
      'initializer',
      () => TENSOR,
      (draft, tensor) => {
        draft.initializers.push(tensor);
      },
    ),
    11: value('input', (draft) => draft.inputs),
    12: value('output', (draft) => draft.outputs),
    13: value('value_info', (draft) => draft.valueInfo),
    15: child(
      'sparse_initializer',
      () => SPARSE_TENSOR,
      (draft, tensor) => {
        draft.sparseInitializers.push(tensor);
      },
    ),
  },
  finish: (draft) => draft,
});
