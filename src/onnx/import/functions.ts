/** Model-local functions: a node that calls one becomes the nodes of its body. */
import type { AttributeRecord, FunctionRecord, GraphRecord, NodeRecord, OpsetImport } from '../records.ts';
import { ImportError } from './warnings.ts';

/** Calls and nodes. Beyond any real model; functions that each call another twice reach it in 16 steps. */
const MAX_EXPANDED_NODES = 100_000;
/** Operands beyond these are as much work as one more node. */
const OPERANDS_PER_NODE = 16;
/** Calls inside calls; what PyTorch writes is some 5 deep. */
const MAX_CALLS_DEEP = 64;
/** A path is in the name of every node and tensor of a call: a longer one is cut and numbered. */
const MAX_PATH = 300;
const KEPT_OF_LONG_PATH = 200;

const keyOf = (domain: string, name: string, overload: string): string => `${domain}\0${name}\0${overload}`;

/** A node of the file or of a function's body, with the opsets that it was written for. */
export interface CalledNode {
  readonly node: NodeRecord;
  readonly opsets: readonly OpsetImport[];
  /** The functions that it stands in, outermost first: its graphs may call others, but none of these. */
  readonly callers: readonly FunctionRecord[];
}

export class Functions {
  readonly #byKey: ReadonlyMap<string, FunctionRecord>;
  readonly #isOperator: (domain: string, type: string) => boolean;
  #expanded = 0;
  #cut = 0;

  /** `isOperator` tells operators with a definition of their own, which are not taken apart. */
  constructor(functions: readonly FunctionRecord[], isOperator: (domain: string, type: string) => boolean) {
    this.#byKey = new Map(functions.map((record) => [keyOf(record.domain, record.name, record.overload), record]));
    this.#isOperator = isOperator;
  }

  /** The nodes with every call replaced. Throws `ImportError` 'recursive-function' and 'function-limit'. */
  expand(
    nodes: readonly NodeRecord[],
    opsets: readonly OpsetImport[],
    callers: readonly FunctionRecord[],
  ): readonly CalledNode[] {
    if (this.#byKey.size === 0) return nodes.map((node) => ({ node, opsets, callers }));
    return nodes.flatMap((node, index) => this.#call(node, opsets, index, callers));
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
    if (called === undefined) return [{ node, opsets, callers }];
    if (callers.includes(called)) {
      throw new ImportError('recursive-function', called.name, `the function "${called.name}" calls itself`);
    }
    if (callers.length >= MAX_CALLS_DEEP) {
      const message = `the function "${called.name}" is called by functions inside each other, more than ${MAX_CALLS_DEEP} deep`;
      throw new ImportError('function-limit', called.name, message);
    }
    const path = this.#path(`${node.name === '' ? `${called.name}_${index}` : node.name}/`);
    const charge = (count: number): void => {
      this.#expanded += count;
      if (this.#expanded <= MAX_EXPANDED_NODES) return;
      const message = `the functions of the file expand to more than ${MAX_EXPANDED_NODES} nodes`;
      throw new ImportError('function-limit', (callers[0] ?? called).name, message);
    };
    const inside = bodyOf(called, node, path, charge);
    const own = called.opsetImports.length === 0 ? opsets : called.opsetImports;
    return inside.flatMap((inner, position) => this.#call(inner, own, position, [...callers, called]));
  }

  #path(path: string): string {
    if (path.length <= MAX_PATH) return path;
    this.#cut += 1;
    return `${path.slice(0, KEPT_OF_LONG_PATH)}…${this.#cut}/`;
  }
}

/** The function's nodes as this call runs them: its operands in place of the formal ones, all other names under its path. */
const bodyOf = (
  called: FunctionRecord,
  call: NodeRecord,
  path: string,
  charge: (count: number) => void,
): readonly NodeRecord[] => {
  // A call is work too: functions without a node can call one another without end.
  charge(1 + called.outputs.length);
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
    renamed(node, `${path}${node.name || `${node.opType}_${index}`}`, tensor, stated, charge),
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
  charge: (count: number) => void,
): NodeRecord => {
  charge(1 + (node.inputs.length + node.outputs.length) / OPERANDS_PER_NODE);
  return {
    ...node,
    name,
    inputs: node.inputs.map(tensor),
    outputs: node.outputs.map(tensor),
    attributes: node.attributes.flatMap((attribute): readonly AttributeRecord[] => {
      if (attribute.kind === 'reference') {
        const given = stated.get(attribute.value);
        if (given?.kind === 'graph') charge(nodesIn(given.value));
        return given === undefined ? [] : [{ ...given, name: attribute.name }];
      }
      if (attribute.kind !== 'graph') return [attribute];
      return [{ ...attribute, value: renamedGraph(attribute.value, tensor, stated, charge) }];
    }),
  };
};

/** Nodes of a graph, those of graphs inside it included. */
const nodesIn = ({ nodes }: GraphRecord): number =>
  nodes.reduce((count, { attributes }) => {
    const inside = attributes.map((attribute) => (attribute.kind === 'graph' ? nodesIn(attribute.value) : 0));
    return inside.reduce((sum, own) => sum + own, count + 1);
  }, 0);

/** A graph inside a function: names that it defines itself stay, those around it are the call's. */
const renamedGraph = (
  graph: GraphRecord,
  outer: (name: string) => string,
  stated: ReadonlyMap<string, AttributeRecord>,
  charge: (count: number) => void,
): GraphRecord => {
  const own = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const tensor = (name: string): string => (name === '' || own.has(name) ? name : outer(name));
  return {
    ...graph,
    nodes: graph.nodes.map((node) => renamed(node, node.name, tensor, stated, charge)),
    outputs: graph.outputs.map((output) => ({ ...output, name: tensor(output.name) })),
  };
};
