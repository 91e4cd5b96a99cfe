import type { Graph } from './graph.ts';

export interface GraphIssue {
  readonly code:
    | 'duplicate-tensor'
    | 'duplicate-node'
    | 'undefined-input'
    | 'undefined-output'
    | 'bad-extent'
    | 'no-inputs'
    | 'no-outputs';
  readonly path: string;
  readonly message: string;
}

/** What a well-formed graph is: single assignment, producers before consumers, whole extents. */
export const verifyGraph = (graph: Graph): readonly GraphIssue[] => {
  const issues: GraphIssue[] = [];
  const report = (code: GraphIssue['code'], path: string, message: string): void => {
    issues.push({ code, path, message });
  };
  const defined = new Set<string>();
  const define = (name: string, path: string): void => {
    if (defined.has(name)) report('duplicate-tensor', path, `tensor "${name}" is defined twice`);
    defined.add(name);
  };
  const checkExtents = (path: string, extents: readonly number[]): void => {
    for (const extent of extents) {
      if (!Number.isSafeInteger(extent) || extent < 0) {
        report('bad-extent', path, `extent ${extent} is not a whole number`);
      }
    }
  };

  if (graph.inputs.length === 0) report('no-inputs', graph.name, 'the graph has no input');
  if (graph.outputs.length === 0) report('no-outputs', graph.name, 'the graph has no output');
  for (const input of graph.inputs) {
    define(input.name, input.name);
    checkExtents(
      input.name,
      (input.shape ?? []).filter((dim) => typeof dim === 'number'),
    );
  }
  for (const initializer of graph.initializers) {
    define(initializer.name, initializer.name);
    checkExtents(initializer.name, initializer.shape);
  }
  const nodeNames = new Set<string>();
  for (const node of graph.nodes) {
    if (nodeNames.has(node.name)) report('duplicate-node', node.name, `two nodes are called "${node.name}"`);
    nodeNames.add(node.name);
    for (const input of node.inputs) {
      if (input !== '' && !defined.has(input)) {
        report('undefined-input', node.name, `node "${node.name}" reads "${input}", which nothing before it defines`);
      }
    }
    for (const output of node.outputs) if (output !== '') define(output, node.name);
  }
  for (const output of graph.outputs) {
    if (!defined.has(output)) report('undefined-output', output, `nothing defines the output "${output}"`);
  }
  return issues;
};
