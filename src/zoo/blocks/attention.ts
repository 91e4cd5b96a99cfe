/** Self-attention over tokens, and the encoder block around it. */
import type { GraphBuilder, TensorName } from '../../ir/builder.ts';
import { type Activation, linear } from './conv.ts';
import { layerNorm, mlp, reshape, type Tokens, transpose } from './tokens.ts';

/** Low enough that its exponential is zero, and no infinity that could meet another. */
export const FAR_BELOW = -1e9;

/** Hidden units of the multilayer perceptron per channel. */
const MLP_RATIO = 4;

/** Rows of (items x tokens) to items x heads x tokens x size, or, as keys are multiplied, x size x tokens. */
export const perHead = (
  g: GraphBuilder,
  name: string,
  rows: TensorName,
  { count, heads, size }: { readonly count: number; readonly heads: number; readonly size: number },
  order: 'tokens first' | 'size first' = 'tokens first',
): TensorName => {
  const split = reshape(g, `${name}.heads`, rows, [-1, count, heads, size]);
  return transpose(g, `${name}.transpose`, split, order === 'tokens first' ? [0, 2, 1, 3] : [0, 2, 3, 1]);
};

export interface AttentionOptions {
  /** Added to the scores: what may not be attended to is far below zero. */
  readonly mask?: TensorName;
  /** Divides the scores by the root of the size of a head by an operator of its own. */
  readonly scaled?: boolean;
  /** Of the projection to queries, keys and values: has one unless stated. */
  readonly qkvBias?: boolean;
}

/** softmax(q k' + mask) v, back as rows of (items x tokens) and channels: from q and v tokens first, k size first. */
export const weightedValues = (
  g: GraphBuilder,
  [query, key, value]: readonly [TensorName, TensorName, TensorName],
  { heads, size, mask, scaled = false }: AttentionOptions & { readonly heads: number; readonly size: number },
): TensorName => {
  const from = scaled ? g.node('Mul', 'scale', [query, g.constant('scale.factor', size ** -0.5)]) : query;
  const products = g.node('MatMul', 'scores', [from, key]);
  const scores = mask === undefined ? products : g.node('Add', 'masked', [products, mask]);
  const weights = g.node('Softmax', 'softmax', [scores], { attributes: { axis: -1 } });
  const mixed = g.node('MatMul', 'mix', [weights, value]);
  return reshape(g, 'merge.join', transpose(g, 'merge', mixed, [0, 2, 1, 3]), [-1, heads * size]);
};

/** One projection to queries, keys and values, as rows. */
export const joinedProjection = (
  g: GraphBuilder,
  x: Tokens,
  bias = true,
): readonly [TensorName, TensorName, TensorName] => {
  const projected = linear(g, 'qkv', x, 3 * x.channels, { bias });
  return g.nodeWithOutputs('Split', 'split', [projected.tensor], {
    attributes: { axis: 1, num_outputs: 3 },
    outputs: 3,
  }) as readonly [TensorName, TensorName, TensorName];
};

/** softmax(q k') v for every head, between one projection to q, k and v and one back. */
export const attention = (g: GraphBuilder, x: Tokens, heads: number, options: AttentionOptions = {}): Tokens =>
  g.scope('attn', () => {
    const { count, channels } = x;
    const size = channels / heads;
    const [queries, keys, values] = joinedProjection(g, x, options.qkvBias);
    const each = { count, heads, size };
    const query = perHead(g, 'q', queries, each);
    const key = perHead(g, 'k', keys, each, 'size first');
    const value = perHead(g, 'v', values, each);
    const mixed = weightedValues(g, [query, key, value], { heads, size, ...options });
    return { ...linear(g, 'proj', { tensor: mixed, channels }, channels), count };
  });

/** 0 where a token may look, itself and those before it, and far below zero where it may not: tokens x tokens. */
export const causalMask = (g: GraphBuilder, count: number): TensorName =>
  g.scope('causal', () => {
    const [first, last, step] = [0, count, 1].map((value, part) => g.constant(`range.${part}`, value, 'int64'));
    const positions = g.node('Range', 'range', [first, last, step] as TensorName[]);
    const rows = reshape(g, 'rows', positions, [count, 1]);
    const allowed = g.node('GreaterOrEqual', 'allowed', [rows, positions]);
    return g.node('Where', 'mask', [allowed, g.constant('zero', 0), g.constant('far', FAR_BELOW)]);
  });

export interface EncoderOptions extends AttentionOptions {
  readonly heads: number;
  readonly mlpRatio?: number;
  /** A learned scale of every branch. */
  readonly layerScale?: boolean;
  /** Of the perceptron; GELU unless stated. */
  readonly activation?: Activation;
}

/** Normalization before attention and before the perceptron, each with its input added. */
export const encoderBlock = (
  g: GraphBuilder,
  x: Tokens,
  { heads, mlpRatio = MLP_RATIO, layerScale = false, activation, ...options }: EncoderOptions,
): Tokens => {
  const scaled = (name: string, branch: TensorName): TensorName =>
    layerScale ? g.node('Mul', name, [branch, g.weight(`${name}.gamma`, [x.channels])]) : branch;
  const added = (name: string, to: Tokens, branch: TensorName): Tokens => ({
    ...to,
    tensor: g.node('Add', name, [to.tensor, branch]),
  });
  const attended = attention(g, layerNorm(g, 'norm1', x), heads, options);
  const middle = added('add1', x, scaled('scale1', attended.tensor));
  const transformed = mlp(g, 'mlp', layerNorm(g, 'norm2', middle), mlpRatio * x.channels, activation);
  return added('add2', middle, scaled('scale2', transformed.tensor));
};
