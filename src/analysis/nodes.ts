import type { Graph } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import type { OperatorClass } from '../ops/classes.ts';
import type { CostTreatment, FusionRole, OperandRole, TensorType } from '../ops/definition.ts';
import { classOfNest, type MatrixView } from '../ops/nest.ts';
import { type Count, ZERO_COUNT } from '../units/count.ts';
import { type InferredNode, inferShapes } from './infer.ts';

export interface Operand {
  readonly tensor: string;
  readonly role: OperandRole;
  readonly type: TensorType | undefined;
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
  readonly macs: Count;
  readonly flops: Count;
  readonly transcendentals: Count;
  /** Output elements of multiply-accumulate operators; 0 for all others. */
  readonly activationElements: Count;
  readonly fvcoreCount: Count;
  readonly view: MatrixView | undefined;
  readonly treatment: CostTreatment | { readonly kind: 'unknown' };
}

export interface AnalyzedGraph {
  readonly graph: Graph;
  readonly nodes: readonly NodeAnalysis[];
  readonly types: ReadonlyMap<string, TensorType>;
  readonly initializers: ReadonlySet<string>;
}

const UNKNOWN_WORK = {
  macs: ZERO_COUNT,
  flops: ZERO_COUNT,
  transcendentals: ZERO_COUNT,
  treatment: { kind: 'unknown' },
} as const;

/** Shapes and work of every operator, affine in the batch. Throws `OperatorError` where operands do not fit. */
export const analyzeGraph = (graph: Graph): AnalyzedGraph => {
  const { nodes, types } = inferShapes(graph);
  const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const claimed = new Set<string>();

  const analyze = ({ node, definition, context }: InferredNode): NodeAnalysis => {
    const roles = definition?.inputRoles ?? [];
    const inputs: Operand[] = [];
    let parameters = 0;
    let statistics = 0;
    node.inputs.forEach((tensor, index) => {
      if (tensor === '') return;
      const stated = roles[Math.min(index, roles.length - 1)] ?? 'activation';
      const initializer = initializers.get(tensor);
      // An activation operand that is stored with the model (a learned embedding, a bias added by Add) is a weight.
      const role = stated === 'activation' && initializer !== undefined ? 'weight' : stated;
      inputs.push({ tensor, role, type: types.get(tensor) });
      if (initializer === undefined || claimed.has(tensor)) return;
      claimed.add(tensor);
      const elements = elementCount(initializer.shape).fixed;
      if (role === 'weight') parameters += elements;
      if (role === 'statistic') statistics += elements;
    });
    const inferred = node.outputs.every((tensor) => tensor === '' || types.has(tensor));
    const work = definition !== undefined && inferred ? definition.work(context) : UNKNOWN_WORK;
    const view = 'view' in work ? work.view : undefined;
    const firstOutput = types.get(node.outputs[0] ?? '');
    return {
      name: node.name,
      type: node.type,
      domain: node.domain,
      class: definition?.class ?? (view === undefined ? 'other' : classOfNest(view)),
      fusion: definition?.fusion ?? 'opaque',
      foldable: definition?.foldable ?? false,
      inPlace: definition?.inPlace ?? false,
      inputs,
      outputs: node.outputs
        .filter((tensor) => tensor !== '')
        .map((tensor) => ({ tensor, role: 'activation', type: types.get(tensor) })),
      parameters,
      statistics,
      macs: work.macs,
      flops: work.flops,
      transcendentals: work.transcendentals,
      activationElements:
        view !== undefined && firstOutput !== undefined ? elementCount(firstOutput.shape) : ZERO_COUNT,
      fvcoreCount: ('fvcoreCount' in work ? work.fvcoreCount : undefined) ?? work.macs,
      view,
      treatment: work.treatment,
    };
  };

  return { graph, nodes: nodes.map(analyze), types, initializers: new Set(initializers.keys()) };
};
