/** Execution order. Files must be sorted; some are not, and some cannot be. */
import type { Graph, Node } from '../../ir/graph.ts';
import { ImportError } from './warnings.ts';

/** Tensors that a graph reads and does not define: what it sees of the graphs around it. */
const capturedCache = new WeakMap<Graph, ReadonlySet<string>>();

const capturedBy = (graph: Graph): ReadonlySet<string> => {
  const known = capturedCache.get(graph);
  if (known !== undefined) return known;
  const defined = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const captured = new Set<string>();
  const read = (name: string): void => {
    if (name !== '' && !defined.has(name)) captured.add(name);
  };
  for (const node of graph.nodes) {
    for (const name of node.inputs) read(name);
    for (const body of Object.values(node.bodies ?? {})) for (const name of capturedBy(body)) read(name);
  }
  for (const name of graph.outputs) read(name);
  capturedCache.set(graph, captured);
  return captured;
};

/** All tensors that a node needs, those that its bodies see included. */
const readsOf = (node: Node): readonly string[] =>
  node.bodies === undefined
    ? node.inputs
    : [...node.inputs, ...Object.values(node.bodies).flatMap((body) => [...capturedBy(body)])];

export interface ExecutionOrder {
  readonly nodes: readonly Node[];
  /** The first node that stood before one that it needs. */
  readonly moved: Node | undefined;
}

/**
 * The nodes with every producer before its readers, otherwise in the order given. `isKnown`
 * tells tensors that exist before any node runs. Throws `ImportError` 'undefined-input' on a
 * tensor that nothing defines, 'cycle' where nodes wait for each other.
 */
export const executionOrder = (nodes: readonly Node[], isKnown: (tensor: string) => boolean): ExecutionOrder => {
  const producer = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const output of node.outputs) if (output !== '') producer.set(output, index);
  });
  let moved: Node | undefined;
  const waitingFor = nodes.map((node, index) => {
    const needed = new Set<number>();
    for (const tensor of readsOf(node)) {
      if (tensor === '') continue;
      const from = producer.get(tensor);
      if (from === undefined) {
        if (isKnown(tensor)) continue;
        throw new ImportError(
          'undefined-input',
          node.name,
          `node "${node.name}" (${node.type}) reads "${tensor}", which is no input, no stored tensor and no node's output`,
        );
      }
      if (from >= index) moved ??= node;
      needed.add(from);
    }
    return needed;
  });
  if (moved === undefined) return { nodes, moved };

  const readers: number[][] = nodes.map(() => []);
  const missing = Int32Array.from(waitingFor, (needed, index) => {
    for (const from of needed) readers[from]?.push(index);
    return needed.size;
  });
  const sorted: Node[] = [];
  // Ready nodes in file order: a heap would keep it exactly; rounds keep it nearly and cost nothing.
  let ready = [...nodes.keys()].filter((index) => missing[index] === 0);
  while (ready.length > 0) {
    const next: number[] = [];
    for (const index of ready) {
      sorted.push(nodes[index] as Node);
      for (const reader of readers[index] as readonly number[]) {
        missing[reader] = (missing[reader] as number) - 1;
        if (missing[reader] === 0) next.push(reader);
      }
    }
    ready = next.sort((a, b) => a - b);
  }
  if (sorted.length < nodes.length) {
    const stuck = nodes.find((_, index) => (missing[index] as number) > 0) as Node;
    throw new ImportError(
      'cycle',
      stuck.name,
      `node "${stuck.name}" (${stuck.type}) waits for its own output: the graph has a cycle`,
    );
  }
  return { nodes: sorted, moved };
};
