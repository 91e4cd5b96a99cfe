import type { AttributeValue, Dim, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import type { OperatorClass } from '../../src/ops/classes.ts';
import { operatorContext } from '../../src/ops/context.ts';
import {
  isSequence,
  type OperatorDefinition,
  type OperatorWork,
  type TensorType,
  type ValueType,
} from '../../src/ops/definition.ts';
import { findOperator } from '../../src/ops/lookup.ts';
import { classOfNest } from '../../src/ops/nest.ts';
import { type Integer, multiply } from '../../src/units/integer.ts';

/** The batch. */
export const N: Dim = BATCH;

/** A count of `value` for every item of the batch. */
export const perItem = (value: number): Integer => multiply(value, N);

/** A shape (of fp32), a full type, or nothing for an operand that is left out. */
export type OperandSample = Shape | ValueType | undefined;

export interface OperatorSample {
  readonly operands: readonly OperandSample[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly outputs?: number;
  /** For control flow: what its graphs hand out. */
  readonly bodies?: Readonly<Record<string, readonly ValueType[]>>;
  /** Opset of the node; the newest unless stated. */
  readonly opset?: number;
}

export interface OperatorResult {
  readonly outputs: readonly (TensorType | undefined)[];
  /** The same with lists and optionals among them. */
  readonly types: readonly (ValueType | undefined)[];
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

const NEWEST_OPSET = 28;

const isShape = (operand: Shape | ValueType): operand is Shape => Array.isArray(operand);

export const runDefinition = (
  definition: OperatorDefinition,
  { operands, attributes = {}, outputs = 1, bodies = {}, opset = NEWEST_OPSET }: OperatorSample,
): OperatorResult => {
  const types = new Map<string, ValueType>();
  const inputs = operands.map((operand, index) => {
    if (operand === undefined) return '';
    types.set(`in${index}`, isShape(operand) ? { shape: operand, dtype: 'fp32' } : operand);
    return `in${index}`;
  });
  const names = Array.from({ length: outputs }, (_, index) => `out${index}`);
  const { type, domain } = definition;
  const node = { name: 'the.node', type, domain, inputs, outputs: names, attributes };
  const context = operatorContext(node, {
    typeOf: (tensor) => types.get(tensor),
    bodyOutputs: (name) => bodies[name],
    opset,
  });
  const inferred = definition.infer(context);
  inferred.forEach((result, index) => {
    if (result !== undefined) types.set(`out${index}`, result);
  });
  const work = definition.work(context);
  const computed = work.view === undefined ? undefined : classOfNest(work.view);
  const tensors = inferred.map((result) => (result === undefined || isSequence(result) ? undefined : result));
  return {
    outputs: tensors,
    types: inferred,
    shape: tensors[0]?.shape ?? [],
    work,
    class: definition.class ?? computed,
  };
};

/** Infers and costs one node, called `the.node`, outside of any graph. */
export const runOperator = (
  type: string,
  operands: readonly OperandSample[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  { domain = '', ...options }: Pick<OperatorSample, 'outputs' | 'opset' | 'bodies'> & { readonly domain?: string } = {},
): OperatorResult => {
  const definition = findOperator(type, domain);
  if (definition === undefined) throw new Error(`no operator ${domain}:${type}`);
  return runDefinition(definition, { operands, attributes, ...options });
};
