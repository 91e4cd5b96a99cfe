import type { Graph, Node } from '../ir/graph.ts';
import { operatorContext } from '../ops/context.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from '../ops/definition.ts';
import { findOperator } from '../ops/lookup.ts';

export interface InferredNode {
  readonly node: Node;
  /** `undefined` for an operator that Assay does not know. */
  readonly definition: OperatorDefinition | undefined;
  readonly context: OperatorContext;
}

export interface InferredGraph {
  readonly graph: Graph;
  readonly nodes: readonly InferredNode[];
  /** Type of every tensor whose shape is known. */
  readonly types: ReadonlyMap<string, TensorType>;
}

/** Shapes of all tensors, by one walk in execution order. Throws `OperatorError` where operands do not fit. */
export const inferShapes = (graph: Graph): InferredGraph => {
  const types = new Map<string, TensorType>();
  for (const { name, shape, dtype } of graph.inputs) types.set(name, { shape, dtype });
  for (const { name, shape, dtype, values } of graph.initializers) {
    types.set(name, values === undefined ? { shape, dtype } : { shape, dtype, values });
  }
  const typeOf = (tensor: string) => types.get(tensor);
  const nodes = graph.nodes.map((node): InferredNode => {
    const definition = findOperator(node.type, node.domain);
    const context = operatorContext(node, typeOf);
    const known = node.inputs.every((input) => input === '' || types.has(input));
    if (definition !== undefined && known) {
      definition.infer(context).forEach((type, index) => {
        const output = node.outputs[index];
        if (output !== undefined && output !== '') types.set(output, type);
      });
    }
    return { node, definition, context };
  });
  return { graph, nodes, types };
};
