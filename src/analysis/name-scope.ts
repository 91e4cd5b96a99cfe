import type { Graph, Node } from '../ir/graph.ts';
import type { BodyRun } from '../ops/definition.ts';

/** Which tensor of the whole model a name means: the graphs of control flow see the tensors around them. */
export interface NameScope {
  readonly isTop: boolean;
  nameOf(tensor: string): string;
}

export const TOP_LEVEL: NameScope = { isTop: true, nameOf: (tensor) => tensor };

/** Names defined in a body get its path in front; all others are looked up around it. */
export class BodyScope implements NameScope {
  readonly isTop = false;
  readonly #own: ReadonlySet<string>;
  readonly #path: string;
  readonly #outer: NameScope;

  constructor(graph: Graph, path: string, outer: NameScope) {
    this.#own = new Set([
      ...graph.inputs.map(({ name }) => name),
      ...graph.initializers.map(({ name }) => name),
      ...graph.nodes.flatMap(({ outputs }) => outputs),
    ]);
    this.#path = path;
    this.#outer = outer;
  }

  nameOf(tensor: string): string {
    return this.#own.has(tensor) ? `${this.#path}${tensor}` : this.#outer.nameOf(tensor);
  }
}

const MAX_PATH = 300;
const KEPT_OF_LONG_PATH = 200;

/**
 * The paths of graphs of control flow. Every name inside carries its path, so a long one in a file would be there as
 * often as the graph has tensors: what is long is cut and numbered.
 */
export class BodyPaths {
  readonly #numbers = new Map<string, number>();

  of(node: Node, { body }: BodyRun): string {
    const path = `${node.name}.${body}/`;
    if (path.length <= MAX_PATH) return path;
    const number = this.#numbers.get(path) ?? this.#numbers.size + 1;
    this.#numbers.set(path, number);
    return `${path.slice(0, KEPT_OF_LONG_PATH)}…${number}/`;
  }
}
