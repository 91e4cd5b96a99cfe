import type { DeclaredType, Dim, Graph, Node, Shape } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { operatorContext } from '../ops/context.ts';
import {
  type BodyRun,
  type ControlPlan,
  isSequence,
  type OperatorContext,
  type OperatorDefinition,
  OperatorError,
  UnknownTypeError,
  type ValueType,
} from '../ops/definition.ts';
import { joinTypes, sameType } from '../ops/join-types.ts';
import { findOperator } from '../ops/lookup.ts';
import { type Integer, sameInteger, substitute, symbol, symbolsOf } from '../units/integer.ts';
import { BodyScope, type NameScope, TOP_LEVEL } from './name-scope.ts';

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

const MAX_VISITED_NODES = 2_000_000;
const MAX_WARNINGS = 1_000;
/** Each round replaces the open dimensions that the one before found to be something else. */
const MAX_ROUNDS = 6;
/** Rounds in which the extents that an iteration changes are opened one after the other. */
const MAX_BODY_ROUNDS = 4;

class Inference {
  readonly types = new Map<string, ValueType>();
  readonly initializers = new Map<string, Graph['initializers'][number]>();
  readonly warnings = new Map<string, AnalysisWarning>();
  /** Graphs of control flow that never run on these inputs. */
  readonly unreached: Graph[] = [];
  /** What open dimensions were found to be, from this round and those before. */
  readonly bindings: Map<string, Dim>;
  readonly #dataDependent: Set<string>;
  #visited = 0;
  #learned = false;

  constructor(bindings: Map<string, Dim>, dataDependent: Set<string>) {
    this.bindings = bindings;
    this.#dataDependent = dataDependent;
  }

  get learned(): boolean {
    return this.#learned;
  }

  warn(code: string, path: string, message: string): void {
    if (this.warnings.size < MAX_WARNINGS) this.warnings.set(`${code} ${path}`, { code, path, message });
  }

  resolve(dim: Dim): Dim {
    return typeof dim === 'number' || this.bindings.size === 0 ? dim : substitute(dim, this.bindings);
  }

  bind(name: string, value: Dim): void {
    const known = this.resolve(value);
    if (this.bindings.has(name) || symbolsOf(known).includes(name)) return;
    const alone = new Map([[name, known]]);
    for (const [other, bound] of this.bindings) this.bindings.set(other, substitute(bound, alone));
    this.bindings.set(name, known);
    this.#learned = true;
  }

  /** What the file says of a tensor, as a type; extents it leaves open are named after the tensor. */
  declaredType(tensor: string, declared: DeclaredType | undefined): ValueType | undefined {
    if (declared?.container === 'sequence' || declared?.container === 'optional') {
      const { dtype, shape } = declared;
      const element = dtype === undefined || shape === undefined ? undefined : { dtype, shape };
      return { kind: declared.container, element, length: symbol(`${tensor}.length`) };
    }
    if (declared?.shape === undefined || declared.dtype === undefined) return undefined;
    return { shape: declared.shape.map((dim) => this.resolve(dim)), dtype: declared.dtype };
  }

  run(graph: Graph, scope: NameScope, path: string): readonly InferredNode[] {
    for (const initializer of graph.initializers) {
      const name = scope.nameOf(initializer.name);
      const { shape, dtype, values } = initializer;
      this.initializers.set(name, initializer);
      this.types.set(name, values === undefined ? { shape, dtype } : { shape, dtype, values });
    }
    return graph.nodes.map((node) => this.#visit(node, graph, scope, path));
  }

  #visit(written: Node, graph: Graph, scope: NameScope, path: string): InferredNode {
    this.#visited += 1;
    if (this.#visited > MAX_VISITED_NODES) {
      throw new InferenceLimitError(`more than ${MAX_VISITED_NODES} operators to walk, counting those of nested loops`);
    }
    const node = scope.isTop
      ? written
      : {
          ...written,
          name: `${path}${written.name}`,
          inputs: written.inputs.map((name) => (name === '' ? '' : scope.nameOf(name))),
          outputs: written.outputs.map((name) => (name === '' ? '' : scope.nameOf(name))),
        };
    const definition = findOperator(node.type, node.domain);
    const bodies: InferredBody[] = [];
    const context = operatorContext(node, {
      typeOf: (tensor) => this.types.get(tensor),
      opset: node.opset ?? graph.opset,
      bind: (name, value) => this.bind(name, value),
      warn: (code, place, message) => this.warn(code, place, message),
      dataDependent: (name) => {
        this.#dataDependent.add(name);
        return this.resolve(symbol(name));
      },
      canRun: (name) => bodies.some((body) => body.name === name),
      bodyOutputs: (name) => bodies.find((body) => body.name === name)?.outputs.map((tensor) => this.types.get(tensor)),
    });
    // A loop is walked again with other types; what is not found this time is not known.
    if (!scope.isTop) for (const output of node.outputs) this.types.delete(output);
    let unknown: string | undefined;
    let exclusive = false;
    try {
      const plan = definition?.control?.(context);
      if (plan !== undefined) {
        exclusive = plan.exclusive;
        this.#runBodies(node, written, plan, scope, bodies);
      }
      definition?.infer(context).forEach((type, index) => {
        const output = node.outputs[index];
        if (type !== undefined && output !== undefined && output !== '') this.types.set(output, type);
      });
    } catch (error) {
      if (!(error instanceof UnknownTypeError)) throw error;
      unknown = error.message;
    }
    this.#fallBack(node, written, graph);
    const { bodies: _, ...record } = node;
    return { node: node.bodies === undefined ? node : record, definition, context, bodies, exclusive, unknown };
  }

  /** Of branches that data chooses among, one whose operands contradict it cannot be the one: it is left out. */
  #runBodies(node: Node, written: Node, plan: ControlPlan, scope: NameScope, bodies: InferredBody[]): void {
    let refusal: OperatorError | undefined;
    for (const run of plan.runs) {
      try {
        bodies.push(this.#runBody(node, written, run, plan, scope));
      } catch (error) {
        if (!(error instanceof OperatorError) || !plan.exclusive || plan.runs.length < 2) throw error;
        refusal = error;
        const reason = `${run.body} cannot run on these inputs and is left out (${error.message})`;
        this.warn('impossible-branch', node.name, `${node.type}: ${reason}`);
      }
    }
    if (bodies.length === 0 && refusal !== undefined) throw refusal;
    for (const [name, graph] of Object.entries(written.bodies ?? {})) {
      if (!bodies.some((body) => body.name === name)) this.unreached.push(graph);
    }
  }

  /** Holds what was inferred to what the file declares, and takes the declaration where nothing was inferred. */
  #fallBack(node: Node, written: Node, graph: Graph): void {
    if (graph.declared === undefined) return;
    node.outputs.forEach((output, index) => {
      const declared = graph.declared?.get(written.outputs[index] as string);
      if (output === '' || declared === undefined) return;
      const type = this.types.get(output);
      if (type === undefined) {
        const stated = this.declaredType(output, declared);
        if (stated !== undefined) this.types.set(output, stated);
      } else if (!isSequence(type) && declared.shape !== undefined) this.#compare(output, type.shape, declared.shape);
    });
  }

  #compare(tensor: string, inferred: Shape, declared: Shape): void {
    const conflict = (): void =>
      this.warn(
        'shape-conflict',
        tensor,
        `the file declares ${formatShape(declared)} for "${tensor}", inference gives ${formatShape(inferred)}, which is used`,
      );
    if (inferred.length !== declared.length) {
      conflict();
      return;
    }
    inferred.forEach((dim, axis) => {
      const stated = declared[axis] as Dim;
      if (typeof dim === 'number') {
        if (typeof stated === 'number' && stated !== dim) conflict();
        return;
      }
      // What only data decides, the file may know.
      const [name, ...others] = symbolsOf(dim);
      if (name === undefined || others.length > 0 || !this.#dataDependent.has(name)) return;
      if (sameInteger(dim, symbol(name)) && !symbolsOf(stated).includes(name)) this.bind(name, stated);
    });
  }

  #runBody(node: Node, written: Node, run: BodyRun, plan: ControlPlan, outer: NameScope): InferredBody {
    const graph = written.bodies?.[run.body];
    if (graph === undefined) throw new UnknownTypeError(node.name, `${node.type}: the graph "${run.body}" is missing`);
    const path = `${node.name}.${run.body}/`;
    const scope = new BodyScope(graph, path, outer);
    const outputs = graph.outputs.map((name) => scope.nameOf(name));
    let inputs = run.inputs;
    for (let round = 1; ; round++) {
      graph.inputs.forEach((input, index) => {
        const name = scope.nameOf(input.name);
        this.#setType(name, inputs[index] ?? this.declaredType(name, input));
      });
      const nodes = this.run(graph, scope, path);
      const afterwards = plan.carried?.map(({ output }) => this.types.get(outputs[output] ?? ''));
      const open = (part: string): Dim => this.resolve(symbol(`${node.name}.carried${part}`));
      const widened = widenCarried(inputs, plan, afterwards ?? [], round < MAX_BODY_ROUNDS ? open : undefined);
      if (widened === undefined || round > MAX_BODY_ROUNDS) {
        return { name: run.body, times: run.times, graph, nodes, outputs };
      }
      inputs = widened;
    }
  }

  /** Takes back what an earlier round found, where this one finds nothing. */
  #setType(tensor: string, type: ValueType | undefined): void {
    if (type === undefined) this.types.delete(tensor);
    else this.types.set(tensor, type);
  }
}

/**
 * The inputs of a loop with all opened that an iteration changes; `undefined` when none does. Without `open`, what
 * changes is not known at all.
 */
const widenCarried = (
  inputs: readonly (ValueType | undefined)[],
  plan: ControlPlan,
  afterwards: readonly (ValueType | undefined)[],
  open: ((part: string) => Dim) | undefined,
): readonly (ValueType | undefined)[] | undefined => {
  let changed = false;
  const widened = [...inputs];
  plan.carried?.forEach(({ input }, index) => {
    const before = inputs[input];
    const after = afterwards[index];
    if (before === undefined) return;
    const both =
      open === undefined || after === undefined
        ? undefined
        : joinTypes(before, after, (part) => open(`${input}${part}`));
    if (both !== undefined && sameType(before, both)) return;
    // Of what the iteration hands out nothing may be known although nothing changes.
    if (after === undefined && open !== undefined) return;
    widened[input] = both;
    changed = true;
  });
  return changed ? widened : undefined;
};

/**
 * Types of all tensors, by walking the nodes in execution order. Open dimensions that turn out
 * to be equal to others are replaced, and the walk repeated. Throws `OperatorError` where
 * operands contradict an operator, `CountOverflowError` where an extent is beyond 2^53,
 * `InferenceLimitError`.
 */
export const inferShapes = (graph: Graph): InferredGraph => {
  const bindings = new Map<string, Dim>(graph.fixed);
  const dataDependent = new Set<string>();
  for (let round = 1; ; round++) {
    const inference = new Inference(bindings, dataDependent);
    for (const input of graph.inputs) {
      const type = inference.declaredType(input.name, input);
      if (type !== undefined) inference.types.set(input.name, type);
    }
    const nodes = inference.run(graph, TOP_LEVEL, '');
    if (inference.learned && round < MAX_ROUNDS) continue;
    const { types, initializers, warnings, unreached } = inference;
    return { graph, nodes, types, initializers, warnings: [...warnings.values()], unreached };
  }
};
