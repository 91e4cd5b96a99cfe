import type { AttributeValue, Dim, Shape } from '../../src/ir/graph.ts';
import type { OperatorClass } from '../../src/ops/classes.ts';
import { operatorContext } from '../../src/ops/context.ts';
import type { OperatorDefinition, OperatorWork, TensorType } from '../../src/ops/definition.ts';
import { findOperator } from '../../src/ops/lookup.ts';
import { classOfNest } from '../../src/ops/nest.ts';

/** The batch. */
export const N: Dim = { perItem: 1 };

/** A shape (of fp32), a full type, or nothing for an operand that is left out. */
export type OperandSample = Shape | TensorType | undefined;

export interface OperatorSample {
  readonly operands: readonly OperandSample[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly outputs?: number;
}

export interface OperatorResult {
  readonly outputs: readonly TensorType[];
  /** Shape of the first output. */
  readonly shape: Shape;
  readonly work: OperatorWork;
  readonly class: OperatorClass | undefined;
}

/** A constant operand: a list of integers such as axes. */
export const integers = (...values: readonly number[]): TensorType => ({
  shape: [values.length],
  dtype: 'int64',
  values,
});

const isShape = (operand: Shape | TensorType): operand is Shape => Array.isArray(operand);

export const runDefinition = (
  definition: OperatorDefinition,
  { operands, attributes = {}, outputs = 1 }: OperatorSample,
): OperatorResult => {
  const types = new Map<string, TensorType>();
  const inputs = operands.map((operand, index) => {
    if (operand === undefined) return '';
    types.set(`in${index}`, isShape(operand) ? { shape: operand, dtype: 'fp32' } : operand);
    return `in${index}`;
  });
  const names = Array.from({ length: outputs }, (_, index) => `out${index}`);
  const { type, domain } = definition;
  const context = operatorContext({ name: 'the.node', type, domain, inputs, outputs: names, attributes }, (tensor) =>
    types.get(tensor),
  );
  const inferred = definition.infer(context);
  inferred.forEach((result, index) => {
    types.set(`out${index}`, result);
  });
  const work = definition.work(context);
  const computed = work.view === undefined ? undefined : classOfNest(work.view);
  return { outputs: inferred, shape: inferred[0]?.shape ?? [], work, class: definition.class ?? computed };
};

/** Infers and costs one node, called `the.node`, outside of any graph. */
export const runOperator = (
  type: string,
  operands: readonly OperandSample[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): OperatorResult => {
  const definition = findOperator(type);
  if (definition === undefined) throw new Error(`no operator ${type}`);
  return runDefinition(definition, { operands, attributes });
};
