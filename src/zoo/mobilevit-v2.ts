/**
 * MobileViTv2: Mehta and Rastegari 2022, https://arxiv.org/abs/2206.02680, as timm builds it with the weights of the
 * authors' CVNets, whose rule of widths it follows.
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import {
  activate,
  add,
  conv,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
} from './blocks/conv.ts';
import { invertedResidual } from './blocks/inverted-residual.ts';
import { type Cells, joinPatches, PATCH, PATCHES_AT_STRIDE_32, patchesOf, splitPatches } from './blocks/patches.ts';
import { reshape, transpose } from './blocks/tokens.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { widthOf } from './options.ts';
import { timmAccuracy, timmCost } from './published.ts';

export interface MobileViTV2Config {
  readonly width: number;
}

const EXPANSION = 2;
const MLP_RATIO = 2;
interface Stage {
  readonly channels: number;
  readonly divisor: number;
  readonly residuals: number;
  readonly stride: number;
  /** Blocks of self-attention over maps of so many channels. */
  readonly attention?: { readonly channels: number; readonly blocks: number };
}

/** At width 1. */
const STAGES: readonly Stage[] = [
  { channels: 64, divisor: 16, residuals: 1, stride: 1 },
  { channels: 128, divisor: 8, residuals: 2, stride: 2 },
  { channels: 256, divisor: 8, residuals: 1, stride: 2, attention: { channels: 128, blocks: 2 } },
  { channels: 384, divisor: 8, residuals: 1, stride: 2, attention: { channels: 192, blocks: 4 } },
  { channels: 512, divisor: 8, residuals: 1, stride: 2, attention: { channels: 256, blocks: 3 } },
];

/** 32 at width 1, between 16 and 64 at all widths. */
const stemChannels = (width: number): number => roundChannels(Math.min(Math.max(32 * width, 16), 64));

/** N x C x height x width to N x C x places in a patch x patches. */
const unfold = (g: GraphBuilder, x: Feature, cells: Cells): Feature =>
  g.scope('unfold', () => {
    const ordered = transpose(g, 'transpose', splitPatches(g, 'split', x, cells), [0, 1, 3, 5, 2, 4]);
    return { ...x, tensor: reshape(g, 'join', ordered, [0, x.channels, PATCH * PATCH, patchesOf(cells)]) };
  });

/** The way back. */
const fold = (g: GraphBuilder, { tensor, channels }: Feature, cells: Cells): Feature =>
  g.scope('fold', () => {
    const { height, width } = cells;
    const split = reshape(g, 'split', tensor, [0, channels, PATCH, PATCH, height / PATCH, width / PATCH]);
    const ordered = transpose(g, 'transpose', split, [0, 1, 4, 2, 5, 3]);
    return joinPatches(g, 'join', { tensor: ordered, channels }, cells);
  });

/** GroupNorm with all channels in one group: over channels, places and patches at once. */
const norm = (g: GraphBuilder, name: string, { tensor, channels }: Feature): Feature => ({
  tensor: g.node(
    'GroupNormalization',
    name,
    [tensor, g.weight(`${name}.weight`, [channels]), g.weight(`${name}.bias`, [channels])],
    { attributes: { num_groups: 1 } },
  ),
  channels,
});

/**
 * Separable self-attention: one score per patch, a softmax over the patches, and their keys so weighted and summed into
 * one context vector, which scales the values. Work grows with the number of patches, not with its square.
 */
const separableAttention = (g: GraphBuilder, x: Feature): Feature =>
  g.scope('attn', () => {
    const projected = conv(g, 'qkv', x, 1 + 2 * x.channels, { bias: true });
    const sizes = g.constant('split.sizes', [1, x.channels, x.channels], 'int64');
    const [query, key, value] = g.nodeWithOutputs('Split', 'split', [projected.tensor, sizes], {
      attributes: { axis: 1 },
      outputs: 3,
    }) as readonly [TensorName, TensorName, TensorName];
    const scores = g.node('Softmax', 'softmax', [query], { attributes: { axis: -1 } });
    const weighted = g.node('Mul', 'weigh', [key, scores]);
    const context = g.node('ReduceSum', 'context', [weighted, g.constant('context.axes', [-1], 'int64')]);
    const gated = activate(g, 'act', { tensor: value, channels: x.channels }, 'relu');
    const scaled = g.node('Mul', 'scale', [gated.tensor, context]);
    return conv(g, 'proj', { tensor: scaled, channels: x.channels }, x.channels, { bias: true });
  });

/** Normalization before attention and before the two 1x1 convolutions, each with its input added. */
const separableEncoder = (g: GraphBuilder, x: Feature): Feature => {
  const attended = add(g, 'add1', x, separableAttention(g, norm(g, 'norm1', x)));
  const normalized = norm(g, 'norm2', attended);
  const transformed = g.scope('mlp', () => {
    const expanded = conv(g, 'fc1', normalized, MLP_RATIO * x.channels, { bias: true });
    return conv(g, 'fc2', activate(g, 'act', expanded, 'silu'), x.channels, { bias: true });
  });
  return add(g, 'add2', attended, transformed);
};

interface MobileViTV2BlockOptions {
  readonly cells: Cells;
  readonly channels: number;
  readonly blocks: number;
}

/** A depthwise convolution sees the neighbours, attention all patches; nothing is added or joined around them. */
const mobileViTV2Block = (
  g: GraphBuilder,
  x: Feature,
  { cells, channels, blocks }: MobileViTV2BlockOptions,
): Feature => {
  const local = convNorm(g, 'local', x, x.channels, { kernel: 3, groups: x.channels, activation: 'silu' });
  let unfolded = unfold(g, conv(g, 'narrow', local, channels), cells);
  for (let block = 0; block < blocks; block++) {
    unfolded = g.scope(`encoder.${block}`, () => separableEncoder(g, unfolded));
  }
  return convNorm(g, 'project', fold(g, norm(g, 'norm', unfolded), cells), x.channels);
};

export const buildMobileViTV2 = (
  name: string,
  config: MobileViTV2Config,
  { resolution = 256, imageWidth = resolution, classes = 1000, width: multiplier }: BuildOptions = {},
): Graph => {
  const width = config.width * widthOf(multiplier);
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, PATCHES_AT_STRIDE_32);
  let x = convNorm(g, 'stem', image, stemChannels(width), { kernel: 3, stride: 2, activation: 'silu' });
  let totalStride = 2;
  STAGES.forEach(({ channels, divisor, residuals, stride, attention }, stage) => {
    totalStride *= stride;
    for (let block = 0; block < residuals; block++) {
      x = invertedResidual(g, `stage${stage + 1}.${block}`, x, {
        expandedChannels: EXPANSION * x.channels,
        channels: roundChannels(channels * width, divisor),
        kernel: 3,
        stride: block === 0 ? stride : 1,
        activation: 'silu',
      });
    }
    if (attention === undefined) return;
    x = g.scope(`stage${stage + 1}.${residuals}`, () =>
      mobileViTV2Block(g, x, {
        cells: { height: resolution / totalStride, width: imageWidth / totalStride },
        channels: roundChannels(attention.channels * width),
        blocks: attention.blocks,
      }),
    );
  });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

type Accuracy = readonly [weights: string, top1: number, top5: number, resolution?: number];

interface VariantRow {
  readonly width: number;
  readonly parameters: number;
  readonly costs: readonly (readonly [resolution: number, gmacs: string, mActs: string])[];
  readonly accuracies: readonly [Accuracy, ...Accuracy[]];
}

const ROWS: readonly VariantRow[] = [
  {
    width: 0.5,
    parameters: 1_370_593,
    costs: [[256, '0.48', '8.04']],
    accuracies: [['cvnets_in1k', 70.138, 89.92]],
  },
  {
    width: 0.75,
    parameters: 2_866_009,
    costs: [[256, '1.05', '12.06']],
    accuracies: [['cvnets_in1k', 75.608, 92.744]],
  },
  {
    width: 1,
    parameters: 4_901_841,
    costs: [[256, '1.84', '16.08']],
    accuracies: [['cvnets_in1k', 78.076, 94.17]],
  },
  {
    width: 1.25,
    parameters: 7_478_089,
    costs: [[256, '2.86', '20.1']],
    accuracies: [['cvnets_in1k', 79.68, 94.858]],
  },
  {
    width: 1.5,
    parameters: 10_594_753,
    costs: [
      [256, '4.09', '24.11'],
      [384, '9.2', '54.25'],
    ],
    accuracies: [
      ['cvnets_in1k', 80.37, 95.074],
      ['cvnets_in22k_ft_in1k', 81.488, 95.668],
      ['cvnets_in22k_ft_in1k_384', 82.586, 96.314, 384],
    ],
  },
  {
    width: 1.75,
    parameters: 14_251_833,
    costs: [
      [256, '5.54', '28.13'],
      [384, '12.47', '63.29'],
    ],
    accuracies: [
      ['cvnets_in1k', 80.86, 95.256],
      ['cvnets_in22k_ft_in1k', 81.938, 95.79],
      ['cvnets_in22k_ft_in1k_384', 82.938, 96.426, 384],
    ],
  },
  {
    width: 2,
    parameters: 18_449_329,
    costs: [
      [256, '7.22', '32.15'],
      [384, '16.24', '72.34'],
    ],
    accuracies: [
      ['cvnets_in1k', 81.134, 95.362],
      ['cvnets_in22k_ft_in1k', 82.332, 95.942],
      ['cvnets_in22k_ft_in1k_384', 83.4, 96.582, 384],
    ],
  },
];

const variant = ({ width, parameters, costs, accuracies }: VariantRow): ModelVariant => {
  const name = `mobilevitv2_${String(100 * width).padStart(3, '0')}`;
  const published = ([weights, top1, top5, resolution = 256]: Accuracy) =>
    timmAccuracy(`${name}.${weights}`, top1, top5, resolution);
  const [accuracy, ...otherAccuracies] = accuracies;
  return {
    name,
    title: `MobileViTv2-${width.toFixed(2)}`,
    nativeResolution: 256,
    knobs: ['classes', 'width'],
    published: costs.map(([resolution, gmacs, mActs]) => timmCost(resolution, parameters, gmacs, mActs)),
    accuracy: published(accuracy),
    ...(otherAccuracies.length > 0 && { otherAccuracies: otherAccuracies.map(published) }),
    build: (options) => buildMobileViTV2(name, { width }, options),
  };
};

export const family: ModelFamily = {
  id: 'mobilevit_v2',
  title: 'MobileViTv2',
  paper: 'https://arxiv.org/abs/2206.02680',
  notes: [
    'Only resolutions whose maps divide into patches at every stage: for others the reference code resizes the maps.',
    'Dropout is the identity at inference and is left out.',
  ],
  variants: ROWS.map(variant),
};
