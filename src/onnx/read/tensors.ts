/** All tensors of a model, wherever they stand. */
import type {
  AttributeRecord,
  GraphRecord,
  ModelRecord,
  NodeRecord,
  SparseTensorRecord,
  TensorRecord,
} from '../records.ts';

const sparseTensors = ({ values, indices }: SparseTensorRecord): readonly TensorRecord[] => [values, indices];

function* attributeTensors(attribute: AttributeRecord): Generator<TensorRecord> {
  switch (attribute.kind) {
    case 'tensor':
      yield attribute.value;
      break;
    case 'tensors':
      yield* attribute.value;
      break;
    case 'sparseTensor':
      yield* sparseTensors(attribute.value);
      break;
    case 'sparseTensors':
      yield* attribute.value.flatMap(sparseTensors);
      break;
    case 'graph':
      yield* graphTensors(attribute.value);
      break;
    case 'graphs':
      for (const graph of attribute.value) yield* graphTensors(graph);
      break;
    default:
  }
}

function* nodeTensors(nodes: readonly NodeRecord[]): Generator<TensorRecord> {
  for (const { attributes } of nodes) for (const attribute of attributes) yield* attributeTensors(attribute);
}

function* graphTensors(graph: GraphRecord): Generator<TensorRecord> {
  yield* graph.initializers;
  yield* graph.sparseInitializers.flatMap(sparseTensors);
  yield* nodeTensors(graph.nodes);
}

/** Initializers and constants in attributes, in subgraphs and functions too. */
export function* modelTensors({ graph, functions }: ModelRecord): Generator<TensorRecord> {
  yield* graphTensors(graph);
  for (const { nodes, attributeDefaults } of functions) {
    yield* nodeTensors(nodes);
    for (const attribute of attributeDefaults) yield* attributeTensors(attribute);
  }
}
