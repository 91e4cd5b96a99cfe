/**
 * A fused operator written out as the plain operators that it stands for: each step asks the plain
 * definition for the shape and the work, so that a fused model and the model it was made of count alike.
 */
import type { AttributeValue, Shape } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, divideExactly, type Integer, multiply, product, sum, symbol } from '../units/integer.ts';
import { operatorContext } from './context.ts';
import {
  type CostTreatment,
  isSequence,
  type OperatorContext,
  type OperatorDefinition,
  type OperatorWork,
  type TensorType,
} from './definition.ts';
import type { MatrixView } from './nest.ts';

/** The newest opset: fused operators follow the plain ones as they are today. */
const PLAIN_OPSET = 28;

export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface StepOptions {
  readonly attributes?: Attributes;
  readonly opset?: number;
  readonly outputs?: number;
}

/**
 * Several products as one: the columns, or else the depth, of the first grown until the
 * multiply-accumulates are those of all. Where neither comes out whole, the first stands for all.
 */
const joinedView = (contractions: readonly OperatorWork[]): MatrixView | undefined => {
  const first = contractions[0]?.view;
  if (first === undefined || contractions.length === 1) return first;
  const { groups, m, n, k } = first;
  const macs = sum(contractions.map((work) => work.macs));
  const columns = divideExactly(macs, product([groups, m, k]));
  if (columns !== undefined) return { ...first, n: columns };
  const depth = divideExactly(macs, product([groups, m, n]));
  return depth === undefined ? first : { ...first, k: depth };
};

export class PlainSteps {
  readonly #context: OperatorContext;
  #macs: Integer = 0;
  #flops: Integer = 0;
  #transcendentals: Integer = 0;
  #fvcoreCount: Integer = 0;
  #treatment: CostTreatment = { kind: 'costed' };
  readonly #contractions: OperatorWork[] = [];

  constructor(context: OperatorContext) {
    this.#context = context;
  }

  /** The node seen as the operator of `definition` on these operands. */
  #standIn(
    operands: readonly (TensorType | undefined)[],
    results: readonly (TensorType | undefined)[],
    { attributes = {}, opset = PLAIN_OPSET, outputs = 1 }: StepOptions,
    domain: string,
  ): OperatorContext {
    const { name, type } = this.#context.node;
    const types = new Map<string, TensorType>();
    const named = (list: readonly (TensorType | undefined)[], prefix: string): readonly string[] =>
      list.map((operand, index) => {
        if (operand === undefined) return '';
        types.set(`${prefix}${index}`, operand);
        return `${prefix}${index}`;
      });
    const inputs = named(operands, 'in');
    named(results, 'out');
    const context = this.#context;
    return operatorContext(
      {
        name,
        type,
        domain,
        inputs,
        outputs: Array.from({ length: outputs }, (_, index) => `out${index}`),
        attributes,
      },
      {
        typeOf: (tensor) => types.get(tensor),
        opset,
        bind: (open, value) => context.agree(symbol(open), value, 'extents'),
        warn: (code, _, message) => context.warn(code, message.slice(type.length + 2)),
        dataDependent: (open) => context.dataDependent(open.slice(name.length + 1)),
      },
    );
  }

  /** Types of all outputs of one step; its work is added. */
  outputs(
    definition: OperatorDefinition,
    operands: readonly (TensorType | undefined)[],
    options: StepOptions = {},
  ): readonly (TensorType | undefined)[] {
    const before = this.#standIn(operands, [], options, definition.domain);
    const types = definition.infer(before).map((type) => (type === undefined || isSequence(type) ? undefined : type));
    this.#count(definition.work(this.#standIn(operands, types, options, definition.domain)));
    return types;
  }

  /** Type of the first output of one step. */
  apply(
    definition: OperatorDefinition,
    operands: readonly (TensorType | undefined)[],
    attributes: Attributes = {},
    opset = PLAIN_OPSET,
  ): TensorType {
    const [first] = this.outputs(definition, operands, { attributes, opset });
    return first ?? this.#context.unknown('the type of a step cannot be told');
  }

  /** Operations that no plain operator stands for. */
  operations(flops: Integer, transcendentals: Integer = 0): void {
    this.#flops = add(this.#flops, flops);
    this.#transcendentals = add(this.#transcendentals, transcendentals);
  }

  /** The same for every element of a tensor of this shape. */
  perElement(shape: Shape, flops: number, transcendentals = 0): void {
    const elements = elementCount(shape);
    this.operations(multiply(elements, flops), multiply(elements, transcendentals));
  }

  approximate(reason: string): void {
    this.#treatment = { kind: 'approximated', reason };
  }

  #count(work: OperatorWork): void {
    this.#macs = add(this.#macs, work.macs);
    this.operations(work.flops, work.transcendentals);
    this.#fvcoreCount = add(this.#fvcoreCount, work.fvcoreCount ?? work.macs);
    if (work.view !== undefined) this.#contractions.push(work);
    if (work.treatment.kind === 'approximated') this.#treatment = work.treatment;
  }

  /** What the steps so far come to, with the loops of the contractions among them where the whole is one. */
  work(isContraction: boolean): OperatorWork {
    const [only, second] = this.#contractions;
    const view = isContraction ? joinedView(this.#contractions) : undefined;
    return {
      macs: this.#macs,
      flops: this.#flops,
      transcendentals: this.#transcendentals,
      fvcoreCount: this.#fvcoreCount,
      ...(isContraction && second === undefined && only?.nest !== undefined && { nest: only.nest }),
      ...(view !== undefined && { view }),
      treatment: this.#treatment,
    };
  }
}
