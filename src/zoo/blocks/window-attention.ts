/**
 * Self-attention inside windows of a feature map that is kept as N x height x width x channels, with a learned bias for
 * every relative position: Swin (https://arxiv.org/abs/2103.14030) and MaxViT (https://arxiv.org/abs/2204.01697).
 */
import type { GraphBuilder, TensorName } from '../../ir/builder.ts';
import { linear } from './conv.ts';
import { reshape, transpose } from './tokens.ts';

/** N x height x width x channels, or N x channels x height x width. */
export interface Grid {
  readonly tensor: TensorName;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly channelsFirst?: true;
}

/** Positions as rows, channels as columns; channels stand last. */
export const rowsOf = (g: GraphBuilder, name: string, { tensor, channels }: Grid): TensorName =>
  reshape(g, name, tensor, [-1, channels]);

/** Rows back to the extents of a grid, channels last. */
export const gridOf = (g: GraphBuilder, name: string, rows: TensorName, like: Grid): Grid => ({
  ...like,
  tensor: reshape(g, name, rows, [-1, like.height, like.width, like.channels]),
});

/** N x channels x height x width with the channels moved to the end. */
export const channelsLast = (g: GraphBuilder, name: string, image: TensorName, size: Omit<Grid, 'tensor'>): Grid => ({
  ...size,
  tensor: transpose(g, name, image, [0, 2, 3, 1]),
});

/**
 * Which positions share a window: `block` takes neighbours, `grid` takes positions that are as far apart as there are
 * windows, so that every window spans the whole map.
 */
export type Partition = 'block' | 'grid';

interface Cut {
  /** Extents of the map with height and width cut in two each. */
  readonly shape: readonly number[];
  /** Brings them to: rows of windows, columns of windows, rows and columns inside a window, channels. */
  readonly order: readonly number[];
}

const cutOf = ({ height, width, channels, channelsFirst }: Grid, window: number, how: Partition): Cut => {
  const [down, across] = [height / window, width / window];
  const cut = how === 'block' ? [down, window, across, window] : [window, down, window, across];
  const [rows, insideRows] = how === 'block' ? [0, 1] : [1, 0];
  const [first, channelAxis] = channelsFirst ? [2, 1] : [1, 5];
  return {
    shape: channelsFirst ? [-1, channels, ...cut] : [-1, ...cut, channels],
    order: [0, first + rows, first + 2 + rows, first + insideRows, first + 2 + insideRows, channelAxis],
  };
};

const inverse = (order: readonly number[]): readonly number[] => order.map((_, axis) => order.indexOf(axis));

/** The map as rows of (windows x positions) and columns of channels; extents are multiples of the window. */
export const partition = (g: GraphBuilder, x: Grid, window: number, how: Partition = 'block'): TensorName => {
  const { shape, order } = cutOf(x, window, how);
  const parts = transpose(g, 'partition', reshape(g, 'partition.cut', x.tensor, shape), order);
  return reshape(g, 'partition.rows', parts, [-1, x.channels]);
};

/** Undoes `partition`. */
export const unpartition = (
  g: GraphBuilder,
  rows: TensorName,
  like: Grid,
  window: number,
  how: Partition = 'block',
): Grid => {
  const { height, width, channels, channelsFirst } = like;
  const windows = [-1, height / window, width / window, window, window, channels];
  const back = transpose(
    g,
    'unpartition',
    reshape(g, 'unpartition.windows', rows, windows),
    inverse(cutOf(like, window, how).order),
  );
  const shape = channelsFirst ? [-1, channels, height, width] : [-1, height, width, channels];
  return { ...like, tensor: reshape(g, 'unpartition.join', back, shape) };
};

/** Rows of the table of relative positions for each pair of positions of a window: (2 w - 1)^2 rows, w^4 pairs. */
const relativePositions = (window: number): readonly number[] => {
  const positions = Array.from({ length: window ** 2 }, (_, at) => [Math.floor(at / window), at % window] as const);
  const side = 2 * window - 1;
  return positions.flatMap(([row, column]) =>
    positions.map(
      ([otherRow, otherColumn]) => (row - otherRow + window - 1) * side + column - otherColumn + window - 1,
    ),
  );
};

/** Rows of a table of relative positions: one for each difference of two positions of a window. */
export const relativeRows = (window: number): number => (2 * window - 1) ** 2;

/** Index of `relativeBias`: one for a network, whatever the number of its heads. */
export const relativeIndex = (g: GraphBuilder, window: number): TensorName =>
  g.constant('relative_position_index', relativePositions(window), 'int64');

/** One number for every head and pair of positions, 1 x heads x w^2 x w^2, from a table of rows by relative position. */
export const relativeBias = (
  g: GraphBuilder,
  {
    table,
    index,
    window,
    heads,
  }: { readonly table: TensorName; readonly index: TensorName; readonly window: number; readonly heads: number },
): TensorName => {
  const count = window ** 2;
  const pairs = g.node('Gather', 'position', [table, index], { attributes: { axis: 0 } });
  const byHead = transpose(g, 'position.heads', reshape(g, 'position.pairs', pairs, [count, count, heads]), [2, 0, 1]);
  return reshape(g, 'position.bias', byHead, [1, heads, count, count]);
};

export interface WindowAttentionOptions {
  readonly heads: number;
  readonly window: number;
  /** Scores from queries (windows x heads x positions x size) and keys (windows x heads x size x positions), before the bias. */
  readonly scores: (query: TensorName, key: TensorName) => TensorName;
  /** The reference code computes scores, softmax and sums one after the other. */
  readonly writtenOut?: boolean;
  /** Added to the scores: 1 x heads x positions x positions. */
  readonly bias: TensorName;
  /** Queries and values have biases; keys too unless this is false. */
  readonly keyBias?: boolean;
  /** What is forbidden: windows of one item x 1 x positions x positions. */
  readonly mask?: { readonly tensor: TensorName; readonly windows: number };
}

/** To queries, keys and values side by side. */
const toQueriesKeysValues = (g: GraphBuilder, rows: TensorName, channels: number, keyBias: boolean): TensorName => {
  if (keyBias) return linear(g, 'qkv', { tensor: rows, channels }, 3 * channels).tensor;
  const none = g.node('ConstantOfShape', 'qkv.k_bias', [g.constant('qkv.k_bias.size', [channels], 'int64')]);
  const biases = [g.weight('qkv.q_bias', [channels]), none, g.weight('qkv.v_bias', [channels])];
  const bias = g.node('Concat', 'qkv.bias', biases, { attributes: { axis: 0 } });
  const weight = g.weight('qkv.weight', [3 * channels, channels]);
  return g.node('Gemm', 'qkv', [rows, weight, bias], { attributes: { transB: 1 } });
};

/** softmax(scores + bias) v for every head and window, between one projection to q, k and v and one back. */
export const windowAttention = (
  g: GraphBuilder,
  rows: TensorName,
  channels: number,
  { heads, window, scores, bias, keyBias = true, writtenOut = false, mask }: WindowAttentionOptions,
): TensorName => {
  const count = window ** 2;
  const size = channels / heads;
  const projected = toQueriesKeysValues(g, rows, channels, keyBias);
  const parts = g.nodeWithOutputs('Split', 'split', [projected], {
    attributes: { axis: 1, num_outputs: 3 },
    outputs: 3,
  });
  const perHead = (part: number, name: string, order: readonly number[]): TensorName => {
    const split = reshape(g, `${name}.heads`, parts[part] as TensorName, [-1, count, heads, size]);
    return transpose(g, `${name}.transpose`, split, order);
  };
  const query = perHead(0, 'q', [0, 2, 1, 3]);
  const key = perHead(1, 'k', [0, 2, 3, 1]);
  const value = perHead(2, 'v', [0, 2, 1, 3]);
  let allowed = g.node('Add', 'biased', [scores(query, key), bias]);
  if (mask !== undefined) {
    const perItem = reshape(g, 'mask.items', allowed, [-1, mask.windows, heads, count, count]);
    const masked = g.node('Add', 'masked', [perItem, mask.tensor]);
    allowed = reshape(g, 'mask.windows', masked, [-1, heads, count, count]);
  }
  const weights = g.node('Softmax', 'softmax', [allowed], { attributes: { axis: -1 } });
  const mixed = g.node('MatMul', 'mix', [weights, value], { writtenOut });
  const merged = reshape(g, 'merge.join', transpose(g, 'merge', mixed, [0, 2, 1, 3]), [-1, channels]);
  return linear(g, 'proj', { tensor: merged, channels }, channels).tensor;
};
