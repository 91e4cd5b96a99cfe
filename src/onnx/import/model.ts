/** The records of an ONNX file as a graph: https://github.com/onnx/onnx/blob/main/docs/IR.md. */
import type { DeclaredType, Graph, GraphInput, Initializer, Node } from '../../ir/graph.ts';
import { allOperators } from '../../ops/index.ts';
import { findOperator } from '../../ops/lookup.ts';
import type { GraphRecord, ModelRecord, NodeRecord, OpsetImport } from '../records.ts';
import { nodeAttributes } from './attributes.ts';
import { constantTensor, isConstant } from './constants.ts';
import { type CalledNode, Functions } from './functions.ts';
import { executionOrder } from './order.ts';
import { declaredType, initializerOf, sparseValue } from './types.ts';
import { ImportError, type ImportWarning, Warnings } from './warnings.ts';

export interface ImportedModel {
  readonly graph: Graph;
  readonly warnings: readonly ImportWarning[];
}

/** IR version of the newest ONNX release that this reader was written against (1.23). */
const NEWEST_IR = 14;

/** The newest opset in which a default-domain operator changed. */
const NEWEST_OPSET = allOperators.reduce(
  (newest, { domain, since }) => (domain === '' ? Math.max(newest, ...since) : newest),
  1,
);

const opsetOf = (opsets: readonly OpsetImport[], domain: string): number | undefined =>
  opsets.find((opset) => opset.domain === domain)?.version;

/** Where a graph stands: the functions that were called on the way to it, and the opsets that it was written for. */
type Call = Omit<CalledNode, 'node'>;

/** Tensors that a graph may read although it does not define them. */
type Surroundings = (tensor: string) => boolean;

class ModelImport {
  readonly warnings = new Warnings();
  readonly #functions: Functions;
  readonly #opsets: readonly OpsetImport[];
  readonly #opset: number;
  readonly #nodeNames = new Map<string, number>();

  constructor(record: ModelRecord) {
    this.#opsets = record.opsetImports;
    this.#functions = new Functions(record.functions, (domain, type) => findOperator(type, domain) !== undefined);
    this.#opset = this.#defaultOpset(record);
    if (record.irVersion > NEWEST_IR) {
      const message = `IR version ${record.irVersion} is newer than ${NEWEST_IR}, the newest one known: read as ${NEWEST_IR}`;
      this.warnings.add('newer-ir', 'ir_version', message);
    }
  }

  #defaultOpset({ opsetImports, irVersion, graph }: ModelRecord): number {
    const stated = opsetOf(opsetImports, '');
    if (stated === undefined) {
      // IR versions before 3 had no opsets; a model of other domains only needs none.
      const usesDefault = graph.nodes.some(({ domain }) => domain === '');
      if (usesDefault && irVersion >= 3) {
        this.warnings.add(
          'missing-opset',
          'opset_import',
          'the file states no opset for the default domain: read as opset 1',
        );
      }
      return 1;
    }
    if (!(stated >= 1)) {
      throw new ImportError(
        'invalid-opset',
        'opset_import',
        `opset ${stated} of the default domain: expected 1 or more`,
      );
    }
    if (stated > NEWEST_OPSET) {
      const message = `opset ${stated} is newer than ${NEWEST_OPSET}, the newest one known: read as ${NEWEST_OPSET}`;
      this.warnings.add('newer-opset', 'opset_import', message);
    }
    return stated;
  }

  main(record: GraphRecord): Graph {
    const path = record.name === '' ? 'the graph' : record.name;
    return this.graph(record, path, () => false, { opsets: this.#opsets, callers: [] });
  }

  graph(record: GraphRecord, path: string, outer: Surroundings, call: Call): Graph {
    const initializers = this.#initializers(record);
    const inputs = record.inputs
      // A stored tensor that is also an input is that input's default: it comes with the model.
      .filter(({ name }) => !initializers.has(name))
      .map(({ name, type }): GraphInput => ({ name, ...declaredType(type, name, this.warnings) }));
    const defined = new Set([...initializers.keys(), ...inputs.map(({ name }) => name)]);
    if (defined.size < initializers.size + inputs.length) {
      throw new ImportError('duplicate-input', path, `two inputs of ${path} have the same name`);
    }
    const called = this.#functions.expand(record.nodes, call.opsets, call.callers);
    for (const { node } of called) for (const output of node.outputs) this.#define(output, node, defined);

    const visible: Surroundings = (tensor) => defined.has(tensor) || outer(tensor);
    const written: Node[] = [];
    for (const { node, ...inside } of called) {
      const constant = isConstant(node) ? this.#constant(node) : undefined;
      if (constant !== undefined) initializers.set(constant.name, constant);
      else written.push(this.#node(node, inside, path, visible));
    }
    const known: Surroundings = (tensor) => initializers.has(tensor) || outer(tensor) || inputNames.has(tensor);
    const inputNames = new Set(inputs.map(({ name }) => name));
    const { nodes, moved } = executionOrder(written, known);
    if (moved !== undefined) {
      this.warnings.add('unsorted-nodes', moved.name, `node "${moved.name}" stands before one that it needs: sorted`);
    }
    for (const { name } of record.outputs) {
      if (!visible(name))
        throw new ImportError('undefined-output', name, `nothing defines the output "${name}" of ${path}`);
    }
    return {
      name: record.name,
      opset: this.#opset,
      inputs,
      outputs: record.outputs.map(({ name }) => name),
      initializers: [...initializers.values()],
      nodes,
      declared: this.#declared(record),
    };
  }

  #initializers(record: GraphRecord): Map<string, Initializer> {
    const found = new Map<string, Initializer>();
    const add = (initializer: Initializer): void => {
      if (initializer.name === '') {
        this.warnings.add(
          'unnamed-initializer',
          '',
          'a stored tensor without a name: no operator can read it, left out',
        );
        return;
      }
      if (found.has(initializer.name)) {
        this.warnings.add(
          'duplicate-initializer',
          initializer.name,
          `"${initializer.name}" is stored twice: the last one counts`,
        );
      }
      found.set(initializer.name, initializer);
    };
    for (const tensor of record.initializers) add(initializerOf(tensor));
    for (const sparse of record.sparseInitializers)
      add({ name: sparse.values.name, ...sparseValue(sparse, sparse.values.name) });
    return found;
  }

  #define(output: string, node: NodeRecord, defined: Set<string>): void {
    if (output === '') return;
    if (defined.has(output)) {
      const message = `"${output}", an output of node "${node.name}" (${node.opType}), is already defined`;
      throw new ImportError('duplicate-tensor', output, message);
    }
    defined.add(output);
  }

  #constant(node: NodeRecord): Initializer | undefined {
    const [name = ''] = node.outputs;
    return constantTensor(node.attributes, name);
  }

  #node(node: NodeRecord, call: Call, path: string, visible: Surroundings): Node {
    const name = this.#uniqueName(node);
    const opset = opsetOf(call.opsets, node.domain);
    const imported = nodeAttributes(node.attributes, name, (graph) =>
      this.graph(graph, `${path}/${name}`, visible, call),
    );
    return {
      name,
      type: node.opType,
      domain: node.domain,
      inputs: node.inputs,
      outputs: node.outputs,
      ...imported,
      ...(opset !== undefined && opset !== this.#opset && { opset }),
    };
  }

  /** Nodes need no name in ONNX and may share one; here every node has its own. */
  #uniqueName({ name, opType }: NodeRecord): string {
    const base = name === '' ? opType : name;
    const taken = this.#nodeNames.get(base);
    if (taken === undefined) {
      this.#nodeNames.set(base, 1);
      return base;
    }
    let count = taken;
    let candidate = `${base}_${count}`;
    for (; this.#nodeNames.has(candidate); count++) candidate = `${base}_${count}`;
    this.#nodeNames.set(base, count + 1);
    this.#nodeNames.set(candidate, 1);
    return candidate;
  }

  #declared(record: GraphRecord): ReadonlyMap<string, DeclaredType> {
    // Declarations are only hints: what is wrong with one is not worth a warning of its own.
    const quiet = new Warnings();
    return new Map(
      [...record.valueInfo, ...record.outputs]
        .filter(({ type }) => type !== undefined)
        .map(({ name, type }) => [name, declaredType(type, name, quiet)] as const),
    );
  }
}

/**
 * The graph that an ONNX file describes: nodes sorted and uniquely named, functions expanded,
 * `Constant` nodes as stored tensors. Throws `ImportError` where the file contradicts itself.
 */
export const importModel = (record: ModelRecord): ImportedModel => {
  const model = new ModelImport(record);
  const graph = model.main(record.graph);
  return { graph, warnings: model.warnings.list() };
};
