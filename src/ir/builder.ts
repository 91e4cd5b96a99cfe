import type { DType } from './dtype.ts';
import type { AttributeValue, Graph, GraphInput, Initializer, Node, Shape } from './graph.ts';

/** Name of a tensor inside the graph being built. */
export type TensorName = string;

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly domain?: string;
  /** Number of outputs; one unless stated. */
  readonly outputs?: number;
  /** Of a product of attention: see `Node`. */
  readonly writtenOut?: boolean;
}

/**
 * Builds a graph in execution order. Names are paths (`features.0.conv`): a scope adds one
 * step, and a name that is already taken gets a number, as exporters do.
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #opset: number;
  readonly #dtype: DType;
  readonly #inputs: GraphInput[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #nodes: Node[] = [];
  readonly #taken = new Set<string>();
  #path: readonly string[] = [];

  constructor(name: string, options: { readonly opset?: number; readonly dtype?: DType } = {}) {
    this.#name = name;
    this.#opset = options.opset ?? 24;
    this.#dtype = options.dtype ?? 'fp32';
  }

  input(name: string, shape: Shape, dtype: DType = this.#dtype): TensorName {
    const full = this.#unique(name);
    this.#inputs.push({ name: full, shape, dtype });
    return full;
  }

  /** Runs `build` with `name` added to the path of every node and tensor made inside it. */
  scope<Result>(name: string, build: () => Result): Result {
    const outer = this.#path;
    this.#path = [...outer, name];
    try {
      return build();
    } finally {
      this.#path = outer;
    }
  }

  weight(name: string, shape: readonly number[], dtype: DType = this.#dtype): TensorName {
    const full = this.#unique(this.#qualify(name));
    this.#initializers.push({ name: full, shape, dtype });
    return full;
  }

  /** A stored tensor whose values matter: a number makes a scalar, a list a vector unless its shape is stated. */
  constant(
    name: string,
    values: number | readonly number[],
    dtype: DType = this.#dtype,
    shape: readonly number[] = typeof values === 'number' ? [] : [values.length],
  ): TensorName {
    const full = this.#unique(this.#qualify(name));
    const stated = typeof values === 'number' ? [values] : values;
    // As a file will store them.
    const list = dtype === 'fp32' ? stated.map(Math.fround) : stated;
    this.#initializers.push({ name: full, shape, dtype, values: list });
    return full;
  }

  node(type: string, name: string, inputs: readonly TensorName[], options: NodeOptions = {}): TensorName {
    return this.nodeWithOutputs(type, name, inputs, options)[0] as TensorName;
  }

  nodeWithOutputs(
    type: string,
    name: string,
    inputs: readonly TensorName[],
    { attributes = {}, domain = '', outputs = 1, writtenOut = false }: NodeOptions = {},
  ): readonly TensorName[] {
    const full = this.#unique(this.#qualify(name));
    const names = Array.from({ length: outputs }, (_, index) =>
      outputs === 1 ? `${full}:out` : `${full}:out${index}`,
    );
    const node = { name: full, type, domain, inputs, outputs: names, attributes };
    this.#nodes.push(writtenOut ? { ...node, writtenOut } : node);
    return names;
  }

  finish(outputs: readonly TensorName[]): Graph {
    return {
      name: this.#name,
      opset: this.#opset,
      inputs: this.#inputs,
      outputs,
      initializers: this.#initializers,
      nodes: this.#nodes,
    };
  }

  #qualify(name: string): string {
    return [...this.#path, name].join('.');
  }

  #unique(name: string): string {
    let candidate = name;
    for (let copy = 1; this.#taken.has(candidate); copy++) candidate = `${name}_${copy}`;
    this.#taken.add(candidate);
    return candidate;
  }
}
