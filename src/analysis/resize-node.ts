/** One operator under changed types: what it makes of them, and what else of it has to change with them. */
import type { AttributeValue, Node } from '../ir/graph.ts';
import { operatorContext } from '../ops/context.ts';
import {
  isSequence,
  OperatorError,
  type OperatorWork,
  type TensorType,
  UnknownTypeError,
  type ValueType,
} from '../ops/definition.ts';
import { isDepthwise, type MatrixView } from '../ops/nest.ts';
import { type Integer, sameInteger } from '../units/integer.ts';
import type { InferredNode } from './inferred.ts';

export type Attributes = Node['attributes'];

/** An extent that changed, wherever it stands. */
export interface ExtentChange {
  readonly from: number;
  readonly to: number;
}

/** What an operator is tried with in place of its own. */
export interface Trial {
  readonly attributes: Attributes;
  readonly types: ReadonlyMap<string, TensorType>;
}

export interface Outcome {
  readonly outputs: readonly (ValueType | undefined)[];
  readonly view: MatrixView | undefined;
}

export type TypeOf = (tensor: string) => ValueType | undefined;

export const sameExtents = (a: readonly Integer[], b: readonly Integer[]): boolean =>
  a.length === b.length && a.every((value, index) => sameInteger(value, b[index] as Integer));

export const sameType = (a: ValueType | undefined, b: ValueType | undefined): boolean => {
  if (a === undefined || b === undefined || isSequence(a) || isSequence(b)) return a === b;
  return sameExtents(a.shape, b.shape) && sameExtents(a.values ?? [], b.values ?? []);
};

/** What the operator infers; `undefined` where it refuses the types or would have to assume something of an open dimension. */
export const outcomeOf = (inferred: InferredNode, typeOf: TypeOf, attributes: Attributes): Outcome | undefined => {
  const { definition, node: written } = inferred;
  if (definition === undefined) return undefined;
  const node = attributes === written.attributes ? written : { ...written, attributes };
  const made = new Map<string, ValueType>();
  let assumes = false;
  const scope = {
    opset: inferred.context.opset,
    typeOf: (tensor: string) => made.get(tensor) ?? typeOf(tensor),
    bind: () => {
      assumes = true;
    },
  };
  try {
    const context = operatorContext(node, scope);
    const outputs = definition.infer(context);
    if (assumes) return undefined;
    outputs.forEach((type, index) => {
      const output = node.outputs[index];
      if (output !== undefined && output !== '' && type !== undefined) made.set(output, type);
    });
    const work: Partial<OperatorWork> = definition.fusion === 'contraction' ? definition.work(context) : {};
    return { outputs, view: work.view };
  } catch (error) {
    if (error instanceof OperatorError || error instanceof UnknownTypeError || error instanceof RangeError)
      return undefined;
    throw error;
  }
};

/** The product that a layer is, where it is one and its types are known. */
export const viewOf = ({ definition, context }: InferredNode): MatrixView | undefined => {
  if (definition?.fusion !== 'contraction') return undefined;
  try {
    return definition.work(context).view;
  } catch (error) {
    if (error instanceof UnknownTypeError) return undefined;
    throw error;
  }
};

/** One thing of an operator that states an extent: an axis of an operand, an attribute, a number in a stored setting. */
interface Place {
  apply(trial: Trial): Trial;
}

const withAxis = (type: TensorType, axis: number, to: number): TensorType => ({
  dtype: type.dtype,
  shape: type.shape.map((dim, index) => (index === axis ? to : dim)),
});

const operandPlaces = (
  tensor: string,
  type: TensorType,
  { from, to }: ExtentChange,
  isSetting: boolean,
): readonly Place[] => {
  const change = (make: (current: TensorType) => TensorType): Place => ({
    apply: (trial) => ({
      ...trial,
      types: new Map(trial.types).set(tensor, make(trial.types.get(tensor) ?? type)),
    }),
  });
  const axes = type.shape.flatMap((dim, axis) =>
    dim === from ? [change((current) => withAxis(current, axis, to))] : [],
  );
  if (!isSetting || type.values === undefined) return axes;
  const numbers = type.values.flatMap((value, at) =>
    value === from
      ? [
          change((current) => ({
            ...current,
            values: (current.values ?? []).map((old, index) => (index === at ? to : old)),
          })),
        ]
      : [],
  );
  return [...axes, ...numbers];
};

const attributePlaces = (attributes: Attributes, { from, to }: ExtentChange): readonly Place[] =>
  Object.entries(attributes).flatMap(([name, value]) =>
    value === from
      ? [{ apply: (trial: Trial) => ({ ...trial, attributes: { ...trial.attributes, [name]: to as AttributeValue } }) }]
      : [],
  );

/** All subsets are tried: beyond so many places an operator is left as it is. */
const MAX_PLACES = 7;

const PARTS = ['groups', 'm', 'n', 'k'] as const;

/**
 * How many of groups, rows, columns and depth of a product changed: of two ways out the one that changes fewer is meant,
 * and the one that leaves a filter to a channel where there was one.
 */
const changedParts = (before: MatrixView | undefined, after: MatrixView | undefined): number => {
  if (before === undefined || after === undefined) return 0;
  const changed = PARTS.filter((part) => !sameInteger(before[part], after[part])).length;
  const isPlainFilter = isDepthwise(before) && sameInteger(before.n, 1);
  return changed + (isPlainFilter && !sameInteger(after.n, 1) ? 1 : 0);
};

export interface RepairOptions {
  /** Extents that changed around the operator. */
  readonly changes: readonly ExtentChange[];
  /** Operands that may change. */
  mayChange(tensor: string): boolean;
  /** Whether the tensor is stored with the model, so that numbers in it are settings that can be written otherwise. */
  isStored(tensor: string): boolean;
  /** Whether what the operator makes is what is wanted of it. */
  accepts(outcome: Outcome): boolean;
}

export interface Repair extends Trial {
  readonly outcome: Outcome;
}

/**
 * The least that has to change of an operator beside what changed around it, so that it works again: operands and
 * attributes of the old extent take the new one. `undefined` where nothing of the kind helps.
 */
export const repairOf = (
  inferred: InferredNode,
  typeOf: TypeOf,
  attributes: Attributes,
  before: MatrixView | undefined,
  { changes, mayChange, isStored, accepts }: RepairOptions,
): Repair | undefined => {
  const operands = [...new Set(inferred.node.inputs)].filter((tensor) => tensor !== '' && mayChange(tensor));
  const places = changes.flatMap((change) => [
    ...operands.flatMap((tensor) => {
      const type = typeOf(tensor);
      return type === undefined || isSequence(type) ? [] : operandPlaces(tensor, type, change, isStored(tensor));
    }),
    ...attributePlaces(attributes, change),
  ]);
  if (places.length > MAX_PLACES) return undefined;
  let best: { readonly cost: number; readonly repair: Repair } | undefined;
  for (let subset = 1; subset < 1 << places.length; subset++) {
    let trial: Trial = { attributes, types: new Map() };
    let size = 0;
    places.forEach((place, index) => {
      if ((subset & (1 << index)) === 0) return;
      trial = place.apply(trial);
      size += 1;
    });
    const { types } = trial;
    const outcome = outcomeOf(inferred, (tensor) => types.get(tensor) ?? typeOf(tensor), trial.attributes);
    if (outcome === undefined || !accepts(outcome)) continue;
    const cost = changedParts(before, outcome.view) * (places.length + 1) + size;
    if (best === undefined || cost < best.cost) best = { cost, repair: { ...trial, outcome } };
  }
  return best?.repair;
};
