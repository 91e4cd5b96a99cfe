/**
 * Blocks over tokens. A sequence is kept as a matrix of (tokens x batch) rows and `channels`
 * columns, so that a fully connected layer over the channels is one Gemm, as frameworks run it.
 */
import type { GraphBuilder, TensorName } from '../../ir/builder.ts';
import { type Activation, activate, conv, type Feature, linear } from './conv.ts';

export interface Tokens extends Feature {
  readonly count: number;
}

export const reshape = (g: GraphBuilder, name: string, x: TensorName, shape: readonly number[]): TensorName =>
  g.node('Reshape', name, [x, g.constant(`${name}.shape`, shape, 'int64')]);

export const transpose = (g: GraphBuilder, name: string, x: TensorName, order: readonly number[]): TensorName =>
  g.node('Transpose', name, [x], { attributes: { perm: order } });

export const layerNorm = (g: GraphBuilder, name: string, x: Tokens): Tokens => ({
  ...x,
  tensor: g.node(
    'LayerNormalization',
    name,
    [x.tensor, g.weight(`${name}.weight`, [x.channels]), g.weight(`${name}.bias`, [x.channels])],
    { attributes: { axis: -1 } },
  ),
});

export interface PatchOptions {
  readonly resolution: number;
  readonly patch: number;
  readonly channels: number;
  readonly bias?: boolean;
}

/** Non-overlapping square patches, each projected: (N, patches, channels), and how many patches. */
export const patchEmbedding = (
  g: GraphBuilder,
  image: Feature,
  { resolution, patch, channels, bias = true }: PatchOptions,
): Tokens =>
  g.scope('patch_embed', () => {
    const count = Math.floor(resolution / patch) ** 2;
    const projected = conv(g, 'proj', image, channels, { kernel: patch, stride: patch, padding: 0, bias });
    const joined = reshape(g, 'flatten', projected.tensor, [0, channels, count]);
    return { tensor: transpose(g, 'transpose', joined, [0, 2, 1]), channels, count };
  });

/** Two fully connected layers with an activation, GELU unless stated, between them. */
export const mlp = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  hidden: number,
  activation: Activation = 'gelu',
): Feature =>
  g.scope(name, () => {
    const activated = activate(g, 'act', linear(g, 'fc1', x, hidden), activation);
    return linear(g, 'fc2', activated, x.channels);
  });

/**
 * The learned class token in front of the patches. Written as padding and addition, because a
 * graph cannot say "repeat this weight for every item of the batch".
 */
export const prependClassToken = (g: GraphBuilder, x: Tokens): Tokens =>
  g.scope('cls', () => {
    const pad = (name: string, tensor: TensorName, before: number, after: number) =>
      g.node('Pad', name, [tensor, g.constant(`${name}.widths`, [0, before, 0, 0, after, 0], 'int64')]);
    const room = pad('room', x.tensor, 1, 0);
    const token = pad('token', g.weight('cls_token', [1, 1, x.channels]), 0, x.count);
    return { ...x, tensor: g.node('Add', 'join', [room, token]), count: x.count + 1 };
  });
