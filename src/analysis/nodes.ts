import { DTYPE_BYTES, type DType } from '../ir/dtype.ts';
import type { Graph, Initializer } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import type { OperatorClass } from '../ops/classes.ts';
import {
  type CostTreatment,
  type FusionRole,
  isSequence,
  type OperandRole,
  type OperatorContext,
  type OperatorDefinition,
  type OperatorWork,
  type TensorType,
  UnknownTypeError,
  type ValueType,
} from '../ops/definition.ts';
import { computesWide, readsNarrow } from '../ops/mixed-precision.ts';
import { classOfNest, type MatrixView } from '../ops/nest.ts';
import { evaluate, type Integer, multiply, sum, symbolsOf } from '../units/integer.ts';
import { inferShapes } from './infer.ts';
import type { AnalysisWarning, InferredNode } from './inferred.ts';
import { placed } from './placed-error.ts';
import { recogniseQuantization } from './quantization.ts';
import { addStored, NOTHING_STORED, type StoredCounts, StoredTensors, storedIn } from './stored.ts';

export interface Operand {
  readonly tensor: string;
  readonly role: OperandRole;
  readonly type: TensorType | undefined;
  /** Elements of it that one run reads, where that is not the whole tensor. */
  readonly reads?: Integer;
}

/** Everything later passes need to know about one operator: they never look at its name. */
export interface NodeAnalysis {
  readonly name: string;
  readonly type: string;
  readonly domain: string;
  readonly class: OperatorClass;
  readonly fusion: FusionRole;
  readonly foldable: boolean;
  readonly inPlace: boolean;
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  /** Learned parameters that this node is the first to read (shared tensors count once). */
  readonly parameters: number;
  readonly statistics: number;
  /** The learned parameters in the types that they are stored in; 4-bit ones take half a byte. */
  readonly parameterBytes: number;
  /** How often it runs for one run of the model: the iterations of the loops around it. The counts include them. */
  readonly times: Integer;
  readonly macs: Integer;
  readonly flops: Integer;
  readonly transcendentals: Integer;
  /** Output elements of multiply-accumulate operators; 0 for all others. */
  readonly activationElements: Integer;
  readonly fvcoreCount: Integer;
  /** Of one run. */
  readonly view: MatrixView | undefined;
  /** Tensors that the multiply-accumulates multiply with one another; none without any. */
  readonly factors: readonly string[];
  /** The type in which the multiply-accumulates run; `undefined` without any. */
  readonly arithmetic: DType | undefined;
  readonly quantization: 'quantize' | 'dequantize' | undefined;
  /** Elements of the first input with its padding, where that is uneven. */
  readonly unevenlyPadded?: Integer;
  /** Of a rearrangement: which axis of the input stands where in the output. */
  readonly axisOrder?: readonly number[];
  /** A product of attention that no call of a library computes together with the rest. */
  readonly writtenOut?: true;
  /** Libraries copy its first input where it does not lie in the order of its axes. */
  readonly takesDense?: true;
  /** Mixed precision computes it in 32 bits, from operands that it converts as it reads them or that are converted before. */
  readonly computesWide?: 'converting' | 'converted';
  readonly treatment: CostTreatment | { readonly kind: 'unknown'; readonly reason: string };
}

export interface AnalyzedGraph {
  readonly graph: Graph;
  /** What runs, in execution order, the graphs of control flow in their places. */
  readonly nodes: readonly NodeAnalysis[];
  /** Branches that are not the larger one: shown, their parameters counted, their work not. */
  readonly alternatives: readonly NodeAnalysis[];
  /** Stored in graphs of control flow that cannot run on these inputs: part of the model, read by no operator. */
  readonly unreached: { readonly parameters: number; readonly parameterBytes: number };
  readonly types: ReadonlyMap<string, TensorType>;
  readonly initializers: ReadonlySet<string>;
  readonly warnings: readonly AnalysisWarning[];
}

const NOTHING: Omit<OperatorWork, 'treatment'> = { macs: 0, flops: 0, transcendentals: 0 };
const ON_LOADING: OperatorWork = {
  ...NOTHING,
  treatment: { kind: 'free', reason: 'computed once when the model is loaded: it depends on no input' },
};
const SHAPE_ARITHMETIC: OperatorWork = {
  ...NOTHING,
  treatment: { kind: 'free', reason: 'shape arithmetic: known before the data' },
};

const wideForm = ({ type, domain }: InferredNode['node']): Pick<NodeAnalysis, 'computesWide'> =>
  computesWide(type, domain) ? { computesWide: readsNarrow(type, domain) ? 'converting' : 'converted' } : {};

/** Whether a tensor's extents and contents are all numbers. */
const isClosed = (type: TensorType | undefined): boolean =>
  type !== undefined && [...type.shape, ...(type.values ?? [])].every((value) => typeof value === 'number');

/** Names of the operands that are multiplied: the first two unless the definition says otherwise. */
const factorsOf = (inputs: readonly string[], stated: readonly number[] = [0, 1]): readonly string[] =>
  stated.map((index) => inputs[index] ?? '').filter((tensor) => tensor !== '');

/** Which of two branches costs more; open dimensions count as 1, which is enough to tell branches apart. */
const sizeForChoice = (nodes: readonly NodeAnalysis[]): number =>
  nodes.reduce((total, { flops, outputs }) => {
    const open = (value: Integer): number => evaluate(value, new Map(symbolsOf(value).map((name) => [name, 1])));
    const moved = outputs.reduce((all, { type }) => all + (type === undefined ? 0 : open(elementCount(type.shape))), 0);
    return total + open(flops) + moved;
  }, 0);

/** Learned parameters in attributes; none where they depend on types that are not known. */
const inAttributes = (definition: OperatorDefinition | undefined, context: OperatorContext): number => {
  try {
    return definition?.parameters?.(context) ?? 0;
  } catch (error) {
    if (!(error instanceof UnknownTypeError)) throw error;
    return 0;
  }
};

/** Numbers that stand packed in the inputs, by position; where types are not known, those that are stored are counted. */
const packedIn = (
  definition: OperatorDefinition | undefined,
  context: OperatorContext,
): readonly (Integer | undefined)[] => {
  try {
    return definition?.packedElements?.(context) ?? [];
  } catch (error) {
    if (!(error instanceof UnknownTypeError)) throw error;
    return [];
  }
};

const tensorsOf = (types: ReadonlyMap<string, ValueType>): ReadonlyMap<string, TensorType> => {
  let hasSequence = false;
  for (const type of types.values()) hasSequence ||= isSequence(type);
  if (!hasSequence) return types as ReadonlyMap<string, TensorType>;
  const tensors = new Map<string, TensorType>();
  for (const [name, type] of types) if (!isSequence(type)) tensors.set(name, type);
  return tensors;
};

class Analysis {
  readonly types: ReadonlyMap<string, TensorType>;
  readonly alternatives: NodeAnalysis[] = [];
  readonly warnings: AnalysisWarning[] = [];
  readonly #stored: StoredTensors;
  readonly #values: ReadonlyMap<string, ValueType>;

  constructor(types: ReadonlyMap<string, ValueType>, initializers: ReadonlyMap<string, Initializer>) {
    this.#values = types;
    this.types = tensorsOf(types);
    this.#stored = new StoredTensors(initializers);
  }

  scope(nodes: readonly InferredNode[], times: Integer): readonly NodeAnalysis[] {
    const found: NodeAnalysis[] = [];
    for (const node of nodes) {
      const handedOut = this.#bodies(node, times, found);
      found.push(this.#node(node, times, handedOut));
    }
    return found;
  }

  /** Appends what the graphs of a control-flow operator run to `found`; returns the tensors they hand out. */
  #bodies(node: InferredNode, times: Integer, found: NodeAnalysis[]): readonly string[] {
    if (node.bodies.length === 0) return [];
    const analyzed = node.bodies.map((body) => this.scope(body.nodes, multiply(times, body.times)));
    let chosen = 0;
    if (node.exclusive && analyzed.length > 1) {
      const sizes = analyzed.map(sizeForChoice);
      chosen = sizes.indexOf(Math.max(...sizes));
      analyzed.forEach((nodes, index) => {
        if (index !== chosen) this.alternatives.push(...nodes);
      });
      const taken = node.bodies[chosen]?.name ?? '';
      this.warnings.push({
        code: 'larger-branch',
        path: node.node.name,
        message: `${node.node.type}: which branch runs depends on data; the larger one, ${taken}, is counted`,
      });
    }
    const running = node.exclusive ? [chosen] : [...analyzed.keys()];
    for (const index of running) found.push(...(analyzed[index] ?? []));
    return running.flatMap((index) => node.bodies[index]?.outputs ?? []).filter((name) => name !== '');
  }

  /** The nodes with what nobody read of the tensors computed on loading, counted where they are computed. */
  settled(nodes: readonly NodeAnalysis[]): readonly NodeAnalysis[] {
    const left = this.#stored.leftOver();
    if (left.size === 0) return nodes;
    return nodes.map((node) => {
      const counts = left.get(node.name);
      return counts === undefined ? node : { ...node, ...addStored(node, counts) };
    });
  }

  #node(
    { node, definition, context, unknown }: InferredNode,
    times: Integer,
    handedOut: readonly string[],
  ): NodeAnalysis {
    const operands: Operand[] = handedOut.map((tensor) => ({
      tensor,
      role: 'activation',
      type: this.types.get(tensor),
    }));
    /** Where the operands stand among the node's inputs. */
    const places: (number | undefined)[] = handedOut.map(() => undefined);
    const outputs = node.outputs.filter((tensor) => tensor !== '');
    const fromConstants =
      definition !== undefined &&
      definition.random === undefined &&
      node.inputs.length > 0 &&
      handedOut.length === 0 &&
      node.inputs.every((tensor) => tensor === '' || this.#stored.isConstant(tensor));
    const followed =
      outputs.length > 0 && outputs.every((tensor) => this.types.get(tensor)?.values !== undefined) && !fromConstants;
    for (const tensor of outputs) {
      // What holds an open dimension of the input is free to compute, but no constant of the model.
      if (fromConstants || (followed && isClosed(this.types.get(tensor)))) this.#stored.addConstant(tensor);
    }
    const packed = packedIn(definition, context);
    const isRenamed = definition?.renames === true && this.#stored.rename(node.inputs[0], outputs);
    const learned = inAttributes(definition, context);
    // Attributes hold numbers as 32-bit floats.
    let counts: StoredCounts =
      learned === 0
        ? NOTHING_STORED
        : { parameters: learned, parameterBytes: learned * DTYPE_BYTES.fp32, statistics: 0 };
    node.inputs.forEach((tensor, index) => {
      if (tensor === '') return;
      const type = this.types.get(tensor);
      const role = this.#stored.roleOf(tensor, index, definition, type);
      places.push(index);
      operands.push({ tensor, role, type });
      if (!isRenamed) counts = addStored(counts, this.#stored.claim(tensor, role, packed[index]));
    });
    if (fromConstants) counts = this.#stored.handOn(outputs, counts, node.name);
    const inferred = outputs.every((tensor) => this.#values.has(tensor));
    const work = ((): Omit<OperatorWork, 'treatment'> & Pick<NodeAnalysis, 'treatment'> => {
      if (definition === undefined)
        return { ...NOTHING, treatment: { kind: 'unknown', reason: 'an operator that is not known' } };
      if (fromConstants) return ON_LOADING;
      if (followed) return SHAPE_ARITHMETIC;
      if (!inferred) return { ...NOTHING, treatment: { kind: 'unknown', reason: unknown ?? 'shapes are not known' } };
      try {
        return definition.work(context);
      } catch (error) {
        if (!(error instanceof UnknownTypeError)) throw placed(error, node);
        return { ...NOTHING, treatment: { kind: 'unknown', reason: error.message } };
      }
    })();
    const { view } = work;
    // Shape arithmetic reads no data: not the tensors whose shapes it asks for either.
    const inputs = followed
      ? []
      : work.reads === undefined
        ? operands
        : operands.map((operand, at) => {
            const reads = work.reads?.[places[at] ?? -1];
            return reads === undefined ? operand : { ...operand, reads };
          });
    const firstOutput = this.types.get(node.outputs[0] ?? '');
    const scaled = (count: Integer): Integer => (times === 1 ? count : multiply(count, times));
    const isRun = !fromConstants && !followed;
    return {
      name: node.name,
      type: node.type,
      domain: node.domain,
      class: definition?.class ?? work.class ?? (view === undefined ? 'other' : classOfNest(view)),
      fusion: isRun ? (definition?.fusion ?? 'opaque') : 'view',
      foldable: isRun && (definition?.foldable ?? false),
      inPlace: isRun && (definition?.inPlace ?? false),
      inputs,
      outputs: outputs.map((tensor) => ({ tensor, role: 'activation', type: this.types.get(tensor) })),
      parameters: counts.parameters,
      parameterBytes: counts.parameterBytes,
      statistics: counts.statistics,
      times,
      macs: scaled(work.macs),
      flops: scaled(work.flops),
      transcendentals: scaled(work.transcendentals),
      activationElements: view !== undefined && firstOutput !== undefined ? scaled(elementCount(firstOutput.shape)) : 0,
      fvcoreCount: scaled(work.fvcoreCount ?? work.macs),
      view,
      factors: view === undefined ? [] : factorsOf(node.inputs, definition?.factors),
      arithmetic: undefined,
      quantization: definition?.quantization,
      ...(work.unevenlyPadded !== undefined && { unevenlyPadded: work.unevenlyPadded }),
      ...(work.axisOrder !== undefined && { axisOrder: work.axisOrder }),
      ...(node.writtenOut && { writtenOut: true }),
      ...(isRun && definition?.takesDense && { takesDense: true }),
      ...(isRun && wideForm(node)),
      treatment: work.treatment,
    };
  }
}

/** Shapes and work of every operator, exact in the open dimensions. Throws what `inferShapes` throws. */
export const analyzeGraph = (graph: Graph): AnalyzedGraph => {
  const inferred = inferShapes(graph);
  const analysis = new Analysis(inferred.types, inferred.initializers);
  const written = analysis.settled(analysis.scope(inferred.nodes, 1));
  const { nodes, types } = recogniseQuantization(written, analysis.types, graph.outputs);
  return {
    graph,
    nodes,
    alternatives: analysis.settled(analysis.alternatives),
    unreached: storedIn(inferred.unreached),
    types,
    initializers: new Set(inferred.initializers.keys()),
    warnings: [...inferred.warnings, ...analysis.warnings],
  };
};

/** The graph with some of its operators only, and nothing that stands beside them. */
export const onlyNodes = (graph: AnalyzedGraph, nodes: readonly NodeAnalysis[]): AnalyzedGraph => ({
  ...graph,
  nodes,
  alternatives: [],
  unreached: { parameters: 0, parameterBytes: 0 },
});

/** Sum of one count over nodes. */
export const sumOver = (nodes: readonly NodeAnalysis[], pick: (node: NodeAnalysis) => Integer): Integer =>
  sum(nodes.map(pick));
