/** The core that all forms of multi-head attention share, as the plain operators it is written out in. */
import type { Dim } from '../ir/graph.ts';
import { add, divideExactly, formatInteger, type Integer } from '../units/integer.ts';
import type { OperatorContext, TensorType } from './definition.ts';
import { reshapedTo } from './microsoft.ts';
import { plain } from './plain.ts';
import type { PlainSteps } from './plain-steps.ts';

/** A product, a product and a sum (or difference) for each of the two halves that are rotated. */
export const FLOPS_PER_ROTATED_ELEMENT = 3;

/** What attends to what; extents of the key are those of the whole context, cache included. */
export interface Heads {
  readonly like: TensorType;
  readonly batch: Dim;
  readonly queryHeads: Dim;
  readonly keyHeads: Dim;
  readonly queries: Dim;
  readonly keys: Dim;
  readonly headSize: Dim;
  readonly valueHeadSize: Dim;
}

export interface HeadOptions {
  /** A mask or bias is added to the scores. */
  readonly masked?: boolean;
  readonly causal?: boolean;
  readonly softcap?: boolean;
  /** How far back a query sees; 0 for all the way. */
  readonly window?: number;
}

/** q k', scale, mask, softmax, and the product with v. */
export const attend = (steps: PlainSteps, heads: Heads, options: HeadOptions = {}): void => {
  const { like, batch, queryHeads, keyHeads, queries, keys, headSize, valueHeadSize } = heads;
  const window = options.window ?? 0;
  steps.apply(
    plain('Attention'),
    [
      reshapedTo([batch, queryHeads, queries, headSize], like),
      reshapedTo([batch, keyHeads, keys, headSize], like),
      reshapedTo([batch, keyHeads, keys, valueHeadSize], like),
      options.masked ? reshapedTo([queries, keys], like) : undefined,
    ],
    {
      is_causal: options.causal ? 1 : 0,
      softcap: options.softcap ? 1 : 0,
      left_window_size: window > 0 ? window : -1,
    },
  );
};

export const rotate = (steps: PlainSteps, heads: Heads): void => {
  const { batch, queryHeads, keyHeads, queries, headSize } = heads;
  steps.perElement([batch, add(queryHeads, keyHeads), queries, headSize], FLOPS_PER_ROTATED_ELEMENT);
};

/** `total` in `parts` equal extents. */
export const shareOf = (context: OperatorContext, total: Dim, parts: Integer, what: string): Dim =>
  divideExactly(total, parts) ??
  context.fail(`${what} of ${formatInteger(total)} do not divide by ${formatInteger(parts)}`);

/** The three widths of a merged projection to queries, keys and values. */
export const mergedWidths = (context: OperatorContext, merged: Dim): readonly [Dim, Dim, Dim] => {
  const stated = context.integers('qkv_hidden_sizes', []);
  const [query, key, value] = stated;
  if (query !== undefined && key !== undefined && value !== undefined) {
    context.agree(merged, query + key + value, 'columns of the weights and qkv_hidden_sizes');
    return [query, key, value];
  }
  const third = shareOf(context, merged, 3, 'columns of the weights');
  return [third, third, third];
};

export interface Cache {
  /** Keys that a query sees. */
  readonly keys: Dim;
  /** Extent of the cache that is handed out. */
  readonly present: Dim;
}

/**
 * Keys with a cache of extent `past`, to which `added` are appended. A cache that is shared by
 * past and present already has its final extent, of which the part in use depends on data.
 */
export const withCache = (
  context: OperatorContext,
  steps: PlainSteps,
  {
    past,
    added,
    shared,
    lengthInput,
  }: {
    readonly past: Dim | undefined;
    readonly added: Dim;
    readonly shared: boolean;
    readonly lengthInput: number;
  },
): Cache => {
  if (past === undefined) return { keys: added, present: added };
  if (!shared) {
    const keys = add(past, added);
    return { keys, present: keys };
  }
  const filled = context.optionalInput(lengthInput)?.values?.[0];
  if (filled !== undefined) return { keys: add(filled, added), present: past };
  steps.approximate('how much of the shared cache is in use depends on data: all of it is counted');
  return { keys: past, present: past };
};

/** Batch, positions and width of an input of three axes. */
export const sequenceOf = (context: OperatorContext, index: number): readonly [Dim, Dim, Dim] => {
  const { shape } = context.input(index);
  const [batch, positions, width] = shape;
  if (shape.length !== 3 || batch === undefined || positions === undefined || width === undefined) {
    return context.fail(`input ${index} has ${shape.length} axes, expected batch, positions and channels`);
  }
  return [batch, positions, width];
};

/** Input times the merged weights of queries, keys and values, and the bias. */
export const projected = (
  steps: PlainSteps,
  input: TensorType,
  weights: TensorType,
  bias: TensorType | undefined,
): TensorType => {
  const product = steps.apply(plain('MatMul'), [input, weights]);
  return bias === undefined ? product : steps.apply(plain('Add'), [product, bias]);
};

/** The projection at the first three inputs. */
export const project = (context: OperatorContext, steps: PlainSteps): TensorType =>
  projected(steps, context.input(0), context.input(1), context.optionalInput(2));
