import type { Integer } from '../units/integer.ts';
import type { DType } from './dtype.ts';

/**
 * One extent of a tensor: a whole number, or an expression in open dimensions (`N`,
 * `floor((H + 1)/2)`). Of these `BATCH` counts the items that are processed together.
 */
export type Dim = Integer;
export type Shape = readonly Dim[];

/** A tensor whose contents stand in the model itself. Of large ones only the size is kept. */
export interface TensorValue {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly values?: readonly number[];
  readonly strings?: readonly string[];
}

export type AttributeValue =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | TensorValue
  | readonly TensorValue[];

/** One operator as the model file or the zoo states it. Operands are tensor names; '' marks an omitted optional one. */
export interface Node {
  readonly name: string;
  readonly type: string;
  /** ONNX operator domain; '' is the default domain. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Items in the file of lists that `attributes` only has the first items of. */
  readonly fullLengths?: Readonly<Record<string, number>>;
  /** The graphs that a control-flow operator runs, by attribute name (`then_branch`, `body`). They see the tensors around them. */
  readonly bodies?: Readonly<Record<string, Graph>>;
  /** A product of attention that the reference code computes by itself, though libraries have one call for all of attention. */
  readonly writtenOut?: true;
  /** Opset of the operator's domain, where it is not the graph's own. */
  readonly opset?: number;
}

/** A tensor whose contents are part of the model. Of weights only the size is ever needed. */
export interface Initializer extends TensorValue {
  readonly name: string;
  /**
   * Written as a constant of the program (a `Constant` node) and not as a stored tensor: a
   * scalar among these is a setting, not something learned.
   */
  readonly inline?: true;
}

/** What the model says about a tensor. Either part may be left open; inference then has to find it. */
export interface DeclaredType {
  readonly dtype?: DType | undefined;
  readonly shape?: Shape | undefined;
  /** A value that is not one tensor. */
  readonly container?: 'sequence' | 'optional' | 'map' | undefined;
}

export interface GraphInput extends DeclaredType {
  readonly name: string;
}

export interface Graph {
  readonly name: string;
  readonly opset: number;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
  readonly initializers: readonly Initializer[];
  /** In execution order: every node stands after the producers of its inputs. */
  readonly nodes: readonly Node[];
  /** Types that the file states of outputs and of tensors in between: hints to check and to fall back on. */
  readonly declared?: ReadonlyMap<string, DeclaredType>;
  /** Values for extents that otherwise only data decides, by the names inference gives them. */
  readonly fixed?: ReadonlyMap<string, Dim>;
}
