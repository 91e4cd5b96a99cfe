import type { DType } from '../ir/dtype.ts';
import type { AttributeValue, Node, Shape } from '../ir/graph.ts';
import type { Count } from '../units/count.ts';
import type { OperatorClass } from './classes.ts';
import type { LoopNest, MatrixView } from './nest.ts';

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Contents, where the tensor is a small constant. */
  readonly values?: readonly number[];
}

/**
 * What an operand is to the model. `weight` counts as a parameter; `statistic` is stored with
 * the model but is not learned by gradient (BatchNorm's running mean and variance), so
 * published parameter counts leave it out.
 */
export type OperandRole = 'activation' | 'weight' | 'statistic' | 'setting';

/**
 * How an operator behaves when a runtime fuses. `contraction` is a multiply-accumulate nest
 * that a library kernel computes; `pointwise` reads and writes the same positions; `reduction`
 * and `window` read many positions per output; `view` moves nothing; `layout` only rearranges,
 * which strided tensors do without moving; `opaque` never fuses.
 */
export type FusionRole = 'contraction' | 'pointwise' | 'reduction' | 'window' | 'view' | 'layout' | 'opaque';

/** How well the cost of an operator is known. */
export type CostTreatment =
  | { readonly kind: 'costed' }
  | { readonly kind: 'free'; readonly reason: string }
  | { readonly kind: 'approximated'; readonly reason: string };

export interface OperatorWork {
  readonly macs: Count;
  /** 2 x MACs and every other arithmetic operation. */
  readonly flops: Count;
  /** exp, tanh, erf, sqrt, division: part of `flops` too, and counted apart because hardware is slower at them. */
  readonly transcendentals: Count;
  /** For multiply-accumulate operators: the loops, and the same seen as matrix products. */
  readonly nest?: LoopNest;
  readonly view?: MatrixView;
  /** Contribution under fvcore's and timm's convention, where it differs from `macs`. */
  readonly fvcoreCount?: Count;
  readonly treatment: CostTreatment;
}

export interface OperatorContext {
  readonly node: Node;
  /** Type of input `index`; throws an `OperatorError` when it is missing. */
  input(index: number): TensorType;
  hasInput(index: number): boolean;
  /** Type of output `index`, once shapes are inferred (for `work`). */
  output(index: number): TensorType;
  integer(name: string, fallback?: number): number;
  integers(name: string, fallback?: readonly number[]): readonly number[];
  text(name: string, fallback?: string): string;
  attribute(name: string): AttributeValue | undefined;
  /** Throws an `OperatorError` that names the node. */
  fail(message: string): never;
}

export interface OperatorDefinition {
  readonly type: string;
  /** '' is the default ONNX domain. */
  readonly domain: string;
  /** Opset versions in which the operator was introduced or changed. */
  readonly since: readonly number[];
  readonly summary: string;
  readonly specification: string;
  /** Class of work; left out where it follows from the loop nest. */
  readonly class?: OperatorClass;
  readonly fusion: FusionRole;
  /** Roles of the inputs in order; the last one repeats. */
  readonly inputRoles: readonly OperandRole[];
  /** At inference this is a per-channel scale and shift that a runtime can fold into the contraction before it. */
  readonly foldable?: true;
  /** The output may take over the memory of an input of the same size. */
  readonly inPlace?: true;
  infer(context: OperatorContext): readonly TensorType[];
  work(context: OperatorContext): OperatorWork;
}

export class OperatorError extends Error {
  readonly code = 'operator';
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.path = path;
  }
}
