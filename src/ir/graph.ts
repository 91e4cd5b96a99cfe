import type { DType } from './dtype.ts';

/**
 * One extent of a tensor: a whole number, or a multiple of the batch size, `perItem x N`.
 * Activations carry the batch in their first dimension; weights never do.
 */
export type Dim = number | { readonly perItem: number };
export type Shape = readonly Dim[];

export type AttributeValue = number | string | readonly number[];

/** One operator as the model file or the zoo states it. Operands are tensor names; '' marks an omitted optional one. */
export interface Node {
  readonly name: string;
  readonly type: string;
  /** ONNX operator domain; '' is the default domain. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A tensor whose contents are part of the model. Of weights only the size is ever needed. */
export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Contents of a small tensor that settings or shape arithmetic depend on (axes, limits). */
  readonly values?: readonly number[];
}

export interface GraphInput {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface Graph {
  readonly name: string;
  readonly opset: number;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
  readonly initializers: readonly Initializer[];
  /** In execution order: every node stands after the producers of its inputs. */
  readonly nodes: readonly Node[];
}
