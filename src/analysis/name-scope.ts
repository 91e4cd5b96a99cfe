import type { Graph } from '../ir/graph.ts';

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
