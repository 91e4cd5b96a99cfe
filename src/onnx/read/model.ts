/** ModelProto and FunctionProto. */
import type { AttributeRecord, FunctionRecord, GraphRecord, ModelRecord, NodeRecord, OpsetImport } from '../records.ts';
import { ATTRIBUTE, domainOf, GRAPH, NODE } from './graph.ts';
import { child, type Field, type MessageType, message, number, text } from './schema.ts';
import { entryType } from './tensor.ts';

const OPSET: MessageType<OpsetImport> = message<{ domain: string; version: number }, OpsetImport>({
  start: () => ({ domain: '', version: 0 }),
  fields: {
    1: text('domain', (draft, domain) => {
      draft.domain = domainOf(domain);
    }),
    2: number('version', 'int64', (draft, version) => {
      draft.version = version;
    }),
  },
  finish: (draft) => draft,
});

interface FunctionDraft {
  name: string;
  domain: string;
  overload: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly attributes: string[];
  readonly attributeDefaults: AttributeRecord[];
  readonly opsetImports: OpsetImport[];
  readonly nodes: NodeRecord[];
}

const FUNCTION: MessageType<FunctionRecord> = message<FunctionDraft, FunctionRecord>({
  cost: 400,
  start: () => ({
    name: '',
    domain: '',
    overload: '',
    inputs: [],
    outputs: [],
    attributes: [],
    attributeDefaults: [],
    opsetImports: [],
    nodes: [],
  }),
  fields: {
    1: text('name', (draft, name) => {
      draft.name = name;
    }),
    4: text('input', (draft, name) => {
      draft.inputs.push(name);
    }),
    5: text('output', (draft, name) => {
      draft.outputs.push(name);
    }),
    6: text('attribute', (draft, name) => {
      draft.attributes.push(name);
    }),
    7: child(
      'node',
      () => NODE,
      (draft, node) => {
        draft.nodes.push(node);
      },
    ),
    9: child(
      'opset_import',
      () => OPSET,
      (draft, opset) => {
        draft.opsetImports.push(opset);
      },
    ),
    10: text('domain', (draft, domain) => {
      draft.domain = domainOf(domain);
    }),
    11: child(
      'attribute_proto',
      () => ATTRIBUTE,
      (draft, attribute) => {
        draft.attributeDefaults.push(attribute);
      },
    ),
    13: text('overload', (draft, overload) => {
      draft.overload = overload;
    }),
  },
  finish: (draft) => draft,
});

interface ModelDraft {
  irVersion: number;
  readonly opsetImports: OpsetImport[];
  producerName: string;
  producerVersion: string;
  domain: string;
  modelVersion: number;
  graph: GraphRecord | undefined;
  readonly metadata: (readonly [string, string])[];
  readonly functions: FunctionRecord[];
}

/** Read only to see that it is a message: training is no part of what is analysed. */
const IGNORED: MessageType<undefined> = message({ start: () => undefined, fields: {}, finish: () => undefined });
const ignored = (name: string): Field<ModelDraft> =>
  child(
    name,
    () => IGNORED,
    () => {},
  );

export const MODEL: MessageType<ModelRecord> = message<ModelDraft, ModelRecord>({
  start: () => ({
    irVersion: 0,
    opsetImports: [],
    producerName: '',
    producerVersion: '',
    domain: '',
    modelVersion: 0,
    graph: undefined,
    metadata: [],
    functions: [],
  }),
  fields: {
    1: number('ir_version', 'int64', (draft, version) => {
      draft.irVersion = version;
    }),
    2: text('producer_name', (draft, name) => {
      draft.producerName = name;
    }),
    3: text('producer_version', (draft, version) => {
      draft.producerVersion = version;
    }),
    4: text('domain', (draft, domain) => {
      draft.domain = domain;
    }),
    5: number('model_version', 'int64', (draft, version) => {
      draft.modelVersion = version;
    }),
    6: { kind: 'extent', name: 'doc_string', set: () => {} },
    7: child(
      'graph',
      () => GRAPH,
      (draft, graph) => {
        draft.graph = graph;
      },
    ),
    8: child(
      'opset_import',
      () => OPSET,
      (draft, opset) => {
        draft.opsetImports.push(opset);
      },
    ),
    14: child('metadata_props', entryType, (draft, entry) => {
      draft.metadata.push(entry);
    }),
    20: ignored('training_info'),
    25: child(
      'functions',
      () => FUNCTION,
      (draft, record) => {
        draft.functions.push(record);
      },
    ),
    26: ignored('configuration'),
  },
  finish: (draft, context) => {
    const { graph } = draft;
    if (graph === undefined) return context.fail('not-onnx', 'a protobuf message without a graph');
    const isVersioned = draft.irVersion > 0 || draft.opsetImports.length > 0;
    const isEmpty = graph.nodes.length + graph.outputs.length + graph.initializers.length === 0;
    if (!isVersioned || isEmpty) {
      context.fail(
        'not-onnx',
        `a protobuf message whose graph ${isEmpty ? 'holds nothing' : 'has no version of ONNX'}`,
      );
    }
    return { ...draft, graph };
  },
});
