import { openDimensions } from '../ir/bind.ts';
import type { DeclaredType, Dim, Graph, Node, Shape } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { type OperatorScope, operatorContext } from '../ops/context.ts';
import {
  type BodyRun,
  type ControlPlan,
  isSequence,
  MAX_AXES,
  MAX_FOLLOWED_VALUES,
  OperatorError,
  UnknownTypeError,
  type ValueType,
} from '../ops/definition.ts';
import { findOperator } from '../ops/lookup.ts';
import { formatInteger, sameInteger, symbol, symbolsOf } from '../units/integer.ts';
import { startingFrom, widenCarried } from './carried-types.ts';
import { DimensionBindings } from './dimension-bindings.ts';
import {
  type AnalysisWarning,
  InferenceLimitError,
  type InferredBody,
  type InferredGraph,
  type InferredNode,
} from './inferred.ts';
import { BodyPaths, BodyScope, type NameScope, TOP_LEVEL } from './name-scope.ts';
import { placed } from './placed-error.ts';

/** Visits of operators that were visited before: a loop inside loops is walked a few times each time that they are. */
const MAX_REVISITED_NODES = 100_000;
/** Elements of followed tensors that operators read in all; short ones, such as shapes, are not among them. */
const MAX_VALUES_READ = 500_000;
const ALWAYS_FOLLOWED = 64;
const MAX_WARNINGS = 1_000;
/** Each round replaces the open dimensions that the one before found to be something else. */
const MAX_ROUNDS = 6;
/** Rounds in which the extents that an iteration changes are opened one after the other. */
const MAX_BODY_ROUNDS = 4;

/** The bodies are analyzed by themselves; what is kept of the node is what it says. */
const withoutBodies = (node: Node): Node => {
  if (node.bodies === undefined) return node;
  const { bodies: _, ...record } = node;
  return record;
};

/** What one node sees of the inference. A class and not closures: one is made per node. */
class VisitScope implements OperatorScope {
  readonly opset: number;
  readonly #inference: Inference;
  readonly #bodies: readonly InferredBody[];

  constructor(inference: Inference, opset: number, bodies: readonly InferredBody[]) {
    this.#inference = inference;
    this.opset = opset;
    this.#bodies = bodies;
  }

  typeOf(tensor: string): ValueType | undefined {
    return this.#inference.typeOf(tensor);
  }

  bind(name: string, value: Dim): void {
    this.#inference.bind(name, value);
  }

  warn(code: string, path: string, message: string): void {
    this.#inference.warn(code, path, message);
  }

  dataDependent(name: string): Dim {
    return this.#inference.dataDependent(name);
  }

  canRun(body: string): boolean {
    return this.#bodies.some(({ name }) => name === body);
  }

  bodyOutputs(body: string): readonly (ValueType | undefined)[] | undefined {
    const outputs = this.#bodies.find(({ name }) => name === body)?.outputs;
    return outputs?.map((tensor) => this.#inference.types.get(tensor));
  }
}

class Inference {
  readonly types = new Map<string, ValueType>();
  readonly initializers = new Map<string, Graph['initializers'][number]>();
  readonly warnings = new Map<string, AnalysisWarning>();
  /** Graphs of control flow that never run on these inputs. */
  readonly unreached: Graph[] = [];
  readonly #bindings: DimensionBindings;
  readonly #dataDependent: Set<string>;
  /** What the inputs of a loop came to when it was last walked: inside another one it is walked again and again. */
  readonly #settledInputs = new Map<string, readonly (ValueType | undefined)[]>();
  readonly #walked = new Set<Graph>();
  readonly #paths: BodyPaths;
  #revisited = 0;
  #valuesRead = 0;

  constructor(bindings: DimensionBindings, dataDependent: Set<string>, paths: BodyPaths) {
    this.#bindings = bindings;
    this.#dataDependent = dataDependent;
    this.#paths = paths;
  }

  warn(code: string, path: string, message: string): void {
    if (this.warnings.size < MAX_WARNINGS) this.warnings.set(`${code} ${path}`, { code, path, message });
  }

  resolve(dim: Dim): Dim {
    return this.#bindings.resolve(dim);
  }

  bind(name: string, value: Dim): void {
    this.#bindings.bind(name, value);
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
      const { shape, dtype } = initializer;
      const values = (initializer.values?.length ?? 0) <= MAX_FOLLOWED_VALUES ? initializer.values : undefined;
      this.initializers.set(name, initializer);
      this.types.set(name, values === undefined ? { shape, dtype } : { shape, dtype, values });
    }
    this.#charge(graph);
    return graph.nodes.map((node) => this.#visit(node, graph, scope, path));
  }

  dataDependent(name: string): Dim {
    this.#dataDependent.add(name);
    return this.resolve(symbol(name));
  }

  /** The type as an operator may use it: in a file full of large tables not all of them can be followed. */
  typeOf(tensor: string): ValueType | undefined {
    const type = this.types.get(tensor);
    if (type === undefined || isSequence(type) || (type.values?.length ?? 0) <= ALWAYS_FOLLOWED) return type;
    this.#valuesRead += type.values?.length ?? 0;
    if (this.#valuesRead <= MAX_VALUES_READ) return type;
    const { shape, dtype } = type;
    return { shape, dtype };
  }

  #setOutput(node: Node, output: string, type: ValueType): void {
    if (!isSequence(type) && type.shape.length > MAX_AXES) {
      const message = `${node.type}: an output of ${type.shape.length} axes; at most ${MAX_AXES} are supported`;
      throw new OperatorError(node.name, message);
    }
    if (!isSequence(type) && type.shape.some((dim) => dim === undefined)) {
      throw new OperatorError(node.name, `${node.type}: its operands have fewer axes than it needs`);
    }
    this.types.set(output, type);
  }

  #charge(graph: Graph): void {
    if (this.#walked.has(graph)) this.#revisited += graph.nodes.length + 1;
    this.#walked.add(graph);
    if (this.#revisited > MAX_REVISITED_NODES) {
      const message = `its nested loops would have to be walked more than ${MAX_REVISITED_NODES} operators far to find what their iterations change`;
      throw new InferenceLimitError(message);
    }
  }

  #visit(written: Node, graph: Graph, scope: NameScope, path: string): InferredNode {
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
    const context = operatorContext(node, new VisitScope(this, node.opset ?? graph.opset, bodies));
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
        if (type !== undefined && output !== undefined && output !== '') this.#setOutput(node, output, type);
      });
    } catch (error) {
      if (!(error instanceof UnknownTypeError)) throw placed(error, node);
      unknown = error.message;
    }
    this.#fallBack(node, written, graph);
    return { node: withoutBodies(node), definition, context, bodies, exclusive, unknown };
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
    const path = this.#paths.of(node, run);
    const scope = new BodyScope(graph, path, outer);
    const outputs = graph.outputs.map((name) => scope.nameOf(name));
    const open = (part: string): Dim => this.resolve(symbol(`${node.name}.carried${part}`));
    let inputs = startingFrom(run.inputs, this.#settledInputs.get(path), plan, open);
    for (let round = 1; ; round++) {
      graph.inputs.forEach((input, index) => {
        const name = scope.nameOf(input.name);
        this.#setType(name, inputs[index] ?? this.declaredType(name, input));
      });
      const nodes = this.run(graph, scope, path);
      const afterwards = plan.carried?.map(({ output }) => this.types.get(outputs[output] ?? ''));
      const widened = widenCarried(inputs, plan, afterwards ?? [], round < MAX_BODY_ROUNDS ? open : undefined);
      if (widened === undefined || round > MAX_BODY_ROUNDS) {
        if (plan.carried !== undefined) this.#settledInputs.set(path, inputs);
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
 * Types of all tensors, by walking the nodes in execution order. Open dimensions that turn out
 * to be equal to others are replaced, and the walk repeated. Throws `OperatorError` where
 * operands contradict an operator, `CountOverflowError` where an extent is beyond 2^53,
 * `InferenceLimitError`.
 */
export const inferShapes = (graph: Graph): InferredGraph => {
  const bindings = new DimensionBindings(graph.fixed);
  const dataDependent = new Set<string>();
  const paths = new BodyPaths();
  for (let round = 1; ; round++) {
    const known = bindings.count;
    const inference = new Inference(bindings, dataDependent, paths);
    for (const input of graph.inputs) {
      const type = inference.declaredType(input.name, input);
      if (type !== undefined) inference.types.set(input.name, type);
      else {
        const what = input.shape === undefined ? 'shape (give one with --input)' : 'element type';
        inference.warn(
          'unknown-input',
          input.name,
          `the file states no ${what} for the input "${input.name}": what it reaches cannot be counted`,
        );
      }
    }
    const nodes = inference.run(graph, TOP_LEVEL, '');
    if (bindings.count > known && round < MAX_ROUNDS) continue;
    for (const name of openDimensions(graph)) {
      if (!bindings.has(name) || graph.fixed?.has(name)) continue;
      const value = inference.resolve(symbol(name));
      const must = `the open dimension "${name}" can only be ${formatInteger(value)}: an operator asks for it`;
      inference.warn('determined-dimension', name, must);
    }
    const { types, initializers, warnings, unreached } = inference;
    return { graph, nodes, types, initializers, warnings: [...warnings.values()], unreached };
  }
};
