/** Self-attention over tokens, and the encoder block around it. */
import type { GraphBuilder, TensorName } from '../../ir/builder.ts';
import { type Activation, linear } from './conv.ts';
import { layerNorm, mlp, reshape, type Tokens, transpose } from './tokens.ts';

/** Hidden units of the multilayer perceptron per channel. */
const MLP_RATIO = 4;

/** softmax(q k') v for every head, between one projection to q, k and v and one back. */
export const attention = (g: GraphBuilder, x: Tokens, heads: number): Tokens =>
  g.scope('attn', () => {
    const size = x.channels / heads;
    const projected = linear(g, 'qkv', x, 3 * x.channels);
    const parts = g.nodeWithOutputs('Split', 'split', [projected.tensor], {
      attributes: { axis: 1, num_outputs: 3 },
      outputs: 3,
    });
    const perHead = (part: number, name: string, order: readonly number[]): TensorName => {
      const split = reshape(g, `${name}.heads`, parts[part] as TensorName, [-1, x.count, heads, size]);
      return transpose(g, `${name}.transpose`, split, order);
    };
    const query = perHead(0, 'q', [0, 2, 1, 3]);
    const key = perHead(1, 'k', [0, 2, 3, 1]);
    const value = perHead(2, 'v', [0, 2, 1, 3]);
    const scores = g.node('MatMul', 'scores', [query, key]);
    const weights = g.node('Softmax', 'softmax', [scores], { attributes: { axis: -1 } });
    const mixed = g.node('MatMul', 'mix', [weights, value]);
    const merged = reshape(g, 'merge.join', transpose(g, 'merge', mixed, [0, 2, 1, 3]), [-1, x.channels]);
    return { ...linear(g, 'proj', { tensor: merged, channels: x.channels }, x.channels), count: x.count };
  });

export interface EncoderOptions {
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
  { heads, mlpRatio = MLP_RATIO, layerScale = false, activation }: EncoderOptions,
): Tokens => {
  const scaled = (name: string, branch: TensorName): TensorName =>
    layerScale ? g.node('Mul', name, [branch, g.weight(`${name}.gamma`, [x.channels])]) : branch;
  const added = (name: string, to: Tokens, branch: TensorName): Tokens => ({
    ...to,
    tensor: g.node('Add', name, [to.tensor, branch]),
  });
  const attended = attention(g, layerNorm(g, 'norm1', x), heads);
  const middle = added('add1', x, scaled('scale1', attended.tensor));
  const transformed = mlp(g, 'mlp', layerNorm(g, 'norm2', middle), mlpRatio * x.channels, activation);
  return added('add2', middle, scaled('scale2', transformed.tensor));
};
