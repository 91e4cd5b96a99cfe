/** Model-local functions: a node that calls one becomes the nodes of its body. */
import type { AttributeRecord, FunctionRecord, GraphRecord, NodeRecord, OpsetImport } from '../records.ts';
import { ImportError } from './warnings.ts';

/** Far beyond any real model; functions that each call another twice reach it in 20 steps. */
const MAX_EXPANDED_NODES = 500_000;

const keyOf = (domain: string, name: string, overload: string): string => `${domain}\0${name}\0${overload}`;

/** A node of the file or of a function's body, with the opsets that it was written for. */
export interface CalledNode {
  readonly node: NodeRecord;
  readonly opsets: readonly OpsetImport[];
}

export class Functions {
  readonly #byKey: ReadonlyMap<string, FunctionRecord>;
  readonly #isOperator: (domain: string, type: string) => boolean;
  #expanded = 0;

  /** `isOperator` tells operators with a definition of their own, which are not taken apart. */
  constructor(functions: readonly FunctionRecord[], isOperator: (domain: string, type: string) => boolean) {
    this.#byKey = new Map(functions.map((record) => [keyOf(record.domain, record.name, record.overload), record]));
    this.#isOperator = isOperator;
  }

  /** The nodes with every call replaced. Throws `ImportError` 'recursive-function' and 'function-limit'. */
  expand(nodes: readonly NodeRecord[], opsets: readonly OpsetImport[]): readonly CalledNode[] {
    if (this.#byKey.size === 0) return nodes.map((node) => ({ node, opsets }));
    return nodes.flatMap((node, index) => this.#call(node, opsets, index, []));
  }

  #called({ domain, opType, overload }: NodeRecord): FunctionRecord | undefined {
    const found = this.#byKey.get(keyOf(domain, opType, overload)) ?? this.#byKey.get(keyOf(domain, opType, ''));
    return found !== undefined && this.#isOperator(domain, opType) ? undefined : found;
  }

  #call(
    node: NodeRecord,
    opsets: readonly OpsetImport[],
    index: number,
    callers: readonly FunctionRecord[],
  ): readonly CalledNode[] {
    const called = this.#called(node);
    if (called === undefined) {
      this.#expanded += 1;
      if (this.#expanded > MAX_EXPANDED_NODES) {
        throw new ImportError(
          'function-limit',
          node.name,
          `the functions of the file expand to more than ${MAX_EXPANDED_NODES} nodes`,
        );
      }
      return [{ node, opsets }];
    }
    if (callers.includes(called)) {
      throw new ImportError('recursive-function', called.name, `the function "${called.name}" calls itself`);
    }
    const path = `${node.name === '' ? `${called.name}_${index}` : node.name}/`;
    const inside = bodyOf(called, node, path);
    const own = called.opsetImports.length === 0 ? opsets : called.opsetImports;
    return inside.flatMap((inner, position) => this.#call(inner, own, position, [...callers, called]));
  }
}

/** The function's nodes as this call runs them: its operands in place of the formal ones, all other names under its path. */
const bodyOf = (called: FunctionRecord, call: NodeRecord, path: string): readonly NodeRecord[] => {
  const actual = new Map<string, string>();
  called.inputs.forEach((formal, index) => {
    actual.set(formal, call.inputs[index] ?? '');
  });
  called.outputs.forEach((formal, index) => {
    // An output that hands on an input keeps the input's name inside; the caller then gets it by Identity.
    const given = call.outputs[index] ?? '';
    if (!actual.has(formal) && given !== '') actual.set(formal, given);
  });
  const tensor = (name: string): string => (name === '' ? '' : (actual.get(name) ?? `${path}${name}`));
  const stated = new Map(called.attributeDefaults.map((attribute) => [attribute.name, attribute]));
  for (const attribute of call.attributes) stated.set(attribute.name, attribute);
  const nodes = called.nodes.map((node, index) =>
    renamed(node, `${path}${node.name || `${node.opType}_${index}`}`, tensor, stated),
  );
  const handedOn = called.outputs.flatMap((formal, index): readonly NodeRecord[] => {
    const given = call.outputs[index] ?? '';
    if (given === '' || tensor(formal) === given) return [];
    return [
      {
        name: `${path}${formal}`,
        opType: 'Identity',
        domain: '',
        overload: '',
        inputs: [tensor(formal)],
        outputs: [given],
        attributes: [],
      },
    ];
  });
  return [...nodes, ...handedOn];
};

const renamed = (
  node: NodeRecord,
  name: string,
  tensor: (name: string) => string,
  stated: ReadonlyMap<string, AttributeRecord>,
): NodeRecord => ({
  ...node,
  name,
  inputs: node.inputs.map(tensor),
  outputs: node.outputs.map(tensor),
  attributes: node.attributes.flatMap((attribute): readonly AttributeRecord[] => {
    if (attribute.kind === 'reference') {
      const given = stated.get(attribute.value);
      return given === undefined ? [] : [{ ...given, name: attribute.name }];
    }
    if (attribute.kind !== 'graph') return [attribute];
    return [{ ...attribute, value: renamedGraph(attribute.value, tensor, stated) }];
  }),
});

/** A graph inside a function: names that it defines itself stay, those around it are the call's. */
const renamedGraph = (
  graph: GraphRecord,
  outer: (name: string) => string,
  stated: ReadonlyMap<string, AttributeRecord>,
): GraphRecord => {
  const own = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const tensor = (name: string): string => (name === '' || own.has(name) ? name : outer(name));
  return {
    ...graph,
    nodes: graph.nodes.map((node) => renamed(node, node.name, tensor, stated)),
    outputs: graph.outputs.map((output) => ({ ...output, name: tensor(output.name) })),
  };
};
