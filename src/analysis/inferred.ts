/** What inference says of a graph. */
import type { Graph, Node } from '../ir/graph.ts';
import type { OperatorContext, OperatorDefinition, ValueType } from '../ops/definition.ts';
import type { Integer } from '../units/integer.ts';

export interface AnalysisWarning {
  readonly code: string;
  /** Node or tensor. */
  readonly path: string;
  readonly message: string;
}

/** One graph of a control-flow operator, as it runs. */
export interface InferredBody {
  readonly name: string;
  readonly times: Integer;
  readonly graph: Graph;
  readonly nodes: readonly InferredNode[];
  /** Tensors that the graph hands out, under their unique names. */
  readonly outputs: readonly string[];
}

export interface InferredNode {
  /** Tensor and node names are unique in the whole model: those of a body carry its path. */
  readonly node: Node;
  /** `undefined` for an operator that Assay does not know. */
  readonly definition: OperatorDefinition | undefined;
  readonly context: OperatorContext;
  readonly bodies: readonly InferredBody[];
  /** Only one of the bodies runs. */
  readonly exclusive: boolean;
  /** Why the types of the outputs cannot be told. */
  readonly unknown: string | undefined;
}

export interface InferredGraph {
  readonly graph: Graph;
  readonly nodes: readonly InferredNode[];
  /** Type of every tensor whose shape is known. */
  readonly types: ReadonlyMap<string, ValueType>;
  /** All tensors stored with the model, those of bodies included. */
  readonly initializers: ReadonlyMap<string, Graph['initializers'][number]>;
  readonly warnings: readonly AnalysisWarning[];
  /** Graphs of control flow that never run on these inputs; what they store is stored all the same. */
  readonly unreached: readonly Graph[];
}

/** Thrown where nested loops would have to be walked more often than any real model needs. */
export class InferenceLimitError extends Error {
  readonly code = 'inference-limit';
}
