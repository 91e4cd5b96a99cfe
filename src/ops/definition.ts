import type { DType } from '../ir/dtype.ts';
import type { AttributeValue, Dim, Node, Shape, TensorValue } from '../ir/graph.ts';
import type { Integer } from '../units/integer.ts';
import type { OperatorClass } from './classes.ts';
import type { LoopNest, MatrixView } from './nest.ts';

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Contents in row-major order, where they are known and few: constants, and what shape arithmetic makes of shapes. */
  readonly values?: readonly Integer[];
}

/** A list of tensors, or with `optional` at most one. */
export interface SequenceType {
  readonly kind: 'sequence' | 'optional';
  /** The members one by one, where they are known. */
  readonly members?: readonly TensorType[] | undefined;
  /** What all members have in common, where members are not known one by one. */
  readonly element?: TensorType | undefined;
  readonly length?: Integer | undefined;
}

export type ValueType = TensorType | SequenceType;

export const isSequence = (type: ValueType): type is SequenceType => 'kind' in type;

/** Tensors with more elements than this are never followed value by value. */
export const MAX_FOLLOWED_VALUES = 4096;

/** Axes of a tensor. Runtimes stop well below; beyond, a file only costs time. */
export const MAX_AXES = 256;

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
 * which strided tensors do without moving; `join` puts operands side by side, which a
 * compiler does by having their producers write in place; `opaque` never fuses.
 */
export type FusionRole = 'contraction' | 'pointwise' | 'reduction' | 'window' | 'view' | 'layout' | 'join' | 'opaque';

/** How well the cost of an operator is known. */
export type CostTreatment =
  | { readonly kind: 'costed' }
  | { readonly kind: 'free'; readonly reason: string }
  | { readonly kind: 'approximated'; readonly reason: string };

export interface OperatorWork {
  readonly macs: Integer;
  /** 2 x MACs and every other arithmetic operation. */
  readonly flops: Integer;
  /** exp, tanh, erf, sqrt, division: part of `flops` too, and counted apart because hardware is slower at them. */
  readonly transcendentals: Integer;
  /** For multiply-accumulate operators: the loops, and the same seen as matrix products. */
  readonly nest?: LoopNest;
  readonly view?: MatrixView;
  /** Contribution under fvcore's and timm's convention, where it differs from `macs`. */
  readonly fvcoreCount?: Integer;
  /** Elements that one run reads of each input, by position, where that is not the whole tensor. */
  readonly reads?: readonly (Integer | undefined)[];
  /** Class of work, where it differs from node to node and the loops do not tell it. */
  readonly class?: OperatorClass;
  /** Elements of the first input with its padding, where sides are padded unevenly: some libraries cannot, and copy it first. */
  readonly unevenlyPadded?: Integer;
  /** Of an operator that only rearranges the axes of its input: which of them stands where in the output. */
  readonly axisOrder?: readonly number[];
  readonly treatment: CostTreatment;
}

/** What a definition sees of one node. Whatever throws names the node. */
export interface OperatorContext {
  readonly node: Node;
  /** Version of the operator's domain in effect: what an attribute left out means depends on it. */
  readonly opset: number;
  /** Type of input `index`; throws an `OperatorError` when it is left out, an `UnknownTypeError` when nothing is known of it. */
  input(index: number): TensorType;
  hasInput(index: number): boolean;
  /** Type of input `index`, or `undefined` where it is left out. */
  optionalInput(index: number): TensorType | undefined;
  /** Type of input `index`, whatever kind of value it is; `undefined` where it is left out or nothing is known of it. */
  anyInput(index: number): ValueType | undefined;
  /** Type of input `index` as a sequence or optional. */
  sequence(index: number): SequenceType;
  /** Type of output `index`, once shapes are inferred (for `work`). */
  output(index: number): TensorType;
  hasOutput(index: number): boolean;
  /** Contents of input `index`; throws an `UnknownTypeError` where they depend on data. */
  values(index: number, what: string): readonly Integer[];
  /** The same where no open dimension may stand in them. */
  numbers(index: number, what: string): readonly number[];
  integer(name: string, fallback?: number): number;
  integers(name: string, fallback?: readonly number[]): readonly number[];
  text(name: string, fallback?: string): string;
  texts(name: string, fallback?: readonly string[]): readonly string[];
  tensor(name: string): TensorValue | undefined;
  attribute(name: string): AttributeValue | undefined;
  /** Items of a list in the file, of which only the first may be kept; 0 where it is left out or no list. */
  lengthOf(name: string): number;
  /** `axis` counted from 0; fails outside a tensor of `rank` axes. */
  axis(axis: number, rank: number): number;
  /**
   * The extent that both must be: equal ones, or an open dimension that is hereby known to be
   * the other. Fails where they cannot be equal.
   */
  agree(a: Dim, b: Dim, what: string): Dim;
  /** The extent that two broadcast to: NumPy's rule, with open dimensions taken to agree. */
  broadcast(a: Dim, b: Dim): Dim;
  /** An extent that only data decides, as a new open dimension named after the node. */
  dataDependent(what: string): Dim;
  /** Whether the graph `name` can run on these inputs at all. */
  canRun(name: string): boolean;
  /** What the graph `name` hands out when it is run, by position; only where `control` asked for it. */
  bodyOutputs(name: string): readonly (ValueType | undefined)[];
  warn(code: string, message: string): void;
  /** Throws an `OperatorError`: the operands contradict the operator. */
  fail(message: string): never;
  /** Throws an `UnknownTypeError`: nothing is wrong, but the types cannot be told. */
  unknown(message: string): never;
}

/** How a control-flow operator runs one of its graphs. */
export interface BodyRun {
  readonly body: string;
  /** Types of the graph's own inputs, by position. */
  readonly inputs: readonly (ValueType | undefined)[];
  readonly times: Integer;
}

export interface ControlPlan {
  readonly runs: readonly BodyRun[];
  /** Only one of the graphs runs: the larger is counted. */
  readonly exclusive: boolean;
  /**
   * Input k of the graph (given) becomes its output (here) of the iteration before: where the
   * two differ, the extent changes as the loop runs.
   */
  readonly carried?: readonly { readonly input: number; readonly output: number }[];
}

/** What a reader of the table of operators wants to know; the code beside it is what counts. */
export interface OperatorTexts {
  /** How the shape of the output follows: "N×C×... and M×C/g×k... to N×M×..." */
  readonly shape: string;
  /** What is counted: "1 per output element, 1 transcendental", "free", "moves data". */
  readonly work: string;
  /** What is approximated or left open; left out where nothing is. */
  readonly notes?: string;
}

export interface OperatorDefinition {
  readonly type: string;
  /** '' is the default ONNX domain. */
  readonly domain: string;
  /** Opset versions in which the operator was introduced or changed. */
  readonly since: readonly number[];
  readonly summary: string;
  readonly specification: string;
  /** For the table of operators, a line each of plain text. */
  readonly table: OperatorTexts;
  /** Class of work; left out where it follows from the loop nest. */
  readonly class?: OperatorClass;
  readonly fusion: FusionRole;
  /** Roles of the inputs in order; the last one repeats. */
  readonly inputRoles: readonly OperandRole[];
  /** The inputs that are multiplied with one another; the first two unless stated. Only for a contraction. */
  readonly factors?: readonly number[];
  /** Turns numbers into narrow ones with a scale, or back: what an integer kernel does as it writes and reads. */
  readonly quantization?: 'quantize' | 'dequantize';
  /** At inference this is a per-channel scale and shift that a runtime can fold into the contraction before it. */
  readonly foldable?: true;
  /** Gives other results every time, so that constant inputs make no constant of it. */
  readonly random?: true;
  /**
   * The output is the input under another name. Exporters store parameters that happen to hold
   * the same numbers once and name each by such a node: every name is a parameter of its own.
   */
  readonly renames?: true;
  /** Libraries read its first input as one run of memory in the order of its axes, and copy it first where it lies otherwise. */
  readonly takesDense?: true;
  /** The output may take over the memory of an input of the same size. */
  readonly inPlace?: true;
  /** Types of the outputs; `undefined` for one that cannot be told. */
  infer(context: OperatorContext): readonly (ValueType | undefined)[];
  work(context: OperatorContext): OperatorWork;
  /** Learned parameters that stand in attributes and not in operands, where there are any. */
  parameters?(context: OperatorContext): number;
  /** Numbers that stand in each input, by position, where several of them are packed into one that is stored. */
  packedElements?(context: OperatorContext): readonly (Integer | undefined)[];
  /** For control flow: which graphs run, on what, how often. Asked before `infer`. */
  control?(context: OperatorContext): ControlPlan;
}

export class OperatorError extends Error {
  readonly code = 'operator';
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.path = path;
  }
}

/** The types cannot be told from what is known; inference falls back on what the file declares. */
export class UnknownTypeError extends Error {
  readonly code = 'unknown-type';
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.path = path;
  }
}
