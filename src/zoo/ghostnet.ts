/**
 * GhostNet: Han et al. 2019, https://arxiv.org/abs/1911.11907, and GhostNetV2: Tang et al. 2022,
 * https://arxiv.org/abs/2211.12905, as timm builds them.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import {
  activate,
  add,
  averagePool,
  concat,
  conv,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
  STRIDE_32,
} from './blocks/conv.ts';
import { squeezeExcite } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedAccuracy, PublishedCost } from './family.ts';
import { type ExtentRule, widthOf } from './options.ts';
import { timmAccuracy, timmCost, timmParameters } from './published.ts';

/** Kernel, expanded channels, output channels, squeeze-and-excitation, stride: table 1 of the paper. */
type BlockRow = readonly [number, number, number, boolean, number];

const BLOCKS: readonly BlockRow[] = [
  [3, 16, 16, false, 1],
  [3, 48, 24, false, 2],
  [3, 72, 24, false, 1],
  [5, 72, 40, true, 2],
  [5, 120, 40, true, 1],
  [3, 240, 80, false, 2],
  [3, 200, 80, false, 1],
  [3, 184, 80, false, 1],
  [3, 184, 80, false, 1],
  [3, 480, 112, true, 1],
  [3, 672, 112, true, 1],
  [5, 672, 160, true, 2],
  [5, 960, 160, false, 1],
  [5, 960, 160, true, 1],
  [5, 960, 160, false, 1],
  [5, 960, 160, true, 1],
];

const HEAD_EXPANSION = 960;

/** Channel counts are multiples of 4, so a ghost module's two halves are equal. */
const DIVISOR = 4;

/** Half of the channels by a pointwise convolution, the other half by a cheap depthwise one from the first. */
const ghostModule = (g: GraphBuilder, name: string, x: Feature, channels: number, activated: boolean): Feature =>
  g.scope(name, () => {
    const activation = activated ? ({ activation: 'relu' } as const) : {};
    const half = channels / 2;
    const primary = convNorm(g, 'primary', x, half, activation);
    const cheap = convNorm(g, 'cheap', primary, half, { kernel: 3, groups: half, ...activation });
    return concat(g, 'concat', [primary, cheap]);
  });

/** Height and width of a feature map. */
type Size = readonly [height: number, width: number];

/**
 * GhostNetV2's attention: how much of every position of a module's output passes, found at half the resolution by a
 * pointwise convolution and two one-dimensional depthwise ones along the rows and the columns.
 */
const decoupledAttention = (g: GraphBuilder, x: Feature, channels: number, size: Size): Feature =>
  g.scope('attn', () => {
    const halved = averagePool(g, 'pool', x, { kernel: 2 });
    const normalized = (name: string, from: Feature, options: Parameters<typeof convNorm>[4] = {}) =>
      convNorm(g, name, from, channels, options);
    const projected = normalized('project', halved);
    const along = normalized('row', projected, { kernel: [1, 5], padding: [0, 2], groups: channels });
    const across = normalized('column', along, { kernel: [5, 1], padding: [2, 0], groups: channels });
    const gate = activate(g, 'gate', across, 'sigmoid');
    const inputs = [gate.tensor, '', '', g.constant('resize.sizes', size, 'int64')];
    const attributes = {
      axes: [2, 3],
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    };
    return { tensor: g.node('Resize', 'resize', inputs, { attributes }), channels };
  });

interface GhostBottleneckOptions {
  readonly kernel: number;
  readonly expandedChannels: number;
  readonly channels: number;
  readonly squeezed: boolean;
  readonly stride: number;
  /** Of the input, where its first module has attention. */
  readonly attended?: Size | undefined;
}

const ghostBottleneck = (
  g: GraphBuilder,
  name: string,
  input: Feature,
  { kernel, expandedChannels, channels, squeezed, stride, attended }: GhostBottleneckOptions,
): Feature =>
  g.scope(name, () => {
    let x = ghostModule(g, 'ghost1', input, expandedChannels, true);
    if (attended !== undefined) {
      const gate = decoupledAttention(g, input, expandedChannels, attended);
      x = { ...x, tensor: g.node('Mul', 'attn.scale', [x.tensor, gate.tensor]) };
    }
    if (stride > 1) x = convNorm(g, 'filter', x, x.channels, { kernel, stride, groups: x.channels });
    if (squeezed) {
      const squeezeChannels = roundChannels(x.channels / 4, DIVISOR);
      x = squeezeExcite(g, x, { squeezeChannels, activation: 'relu', gate: 'hard-sigmoid' });
    }
    x = ghostModule(g, 'ghost2', x, channels, false);
    if (stride === 1 && input.channels === channels) return add(g, 'add', x, input);
    const filtered = convNorm(g, 'shortcut.filter', input, input.channels, { kernel, stride, groups: input.channels });
    return add(g, 'add', x, convNorm(g, 'shortcut.project', filtered, channels));
  });

export interface GhostNetConfig {
  readonly width: number;
  readonly version: 1 | 2;
}

/** The first blocks of GhostNetV2 have no attention. */
const FIRST_ATTENDED = 2;

/** The attention halves the last feature map, of a thirty-second, once more without padding. */
const ATTENTION_RULE: ExtentRule = { minimum: 33, because: 'windows of 2×2 on the last feature map' };

export const buildGhostNet = (
  name: string,
  config: GhostNetConfig,
  { resolution = 224, imageWidth = resolution, classes = 1000, width: multiplier }: BuildOptions = {},
): Graph => {
  const width = config.width * widthOf(multiplier);
  const g = new GraphBuilder(name);
  const scaled = (channels: number) => roundChannels(channels * width, DIVISOR);
  const image = imageInput(g, { resolution, imageWidth }, config.version === 1 ? STRIDE_32 : ATTENTION_RULE);
  let x = convNorm(g, 'stem', image, scaled(16), { kernel: 3, stride: 2, activation: 'relu' });
  let size: Size = [Math.ceil(resolution / 2), Math.ceil(imageWidth / 2)];
  BLOCKS.forEach(([kernel, expanded, channels, squeezed, stride], block) => {
    x = ghostBottleneck(g, `block${block + 1}`, x, {
      kernel,
      expandedChannels: scaled(expanded),
      channels: scaled(channels),
      squeezed,
      stride,
      attended: config.version === 2 && block >= FIRST_ATTENDED ? size : undefined,
    });
    size = [Math.ceil(size[0] / stride), Math.ceil(size[1] / stride)];
  });
  x = convNorm(g, 'expand', x, scaled(HEAD_EXPANSION), { activation: 'relu' });
  // The head runs after the pooling, with a bias instead of a BatchNorm.
  x = activate(g, 'head.act', conv(g, 'head', globalAveragePool(g, 'pool', x), 1280, { bias: true }), 'relu');
  x = linear(g, 'classifier', flatten(g, 'flatten', x), classes);
  return g.finish([x.tensor]);
};

const PAPER = 'table 7 of the GhostNet paper, arXiv 1911.11907';

const paperCost = (parametersMillions: string, gmacs: string): PublishedCost => ({
  resolution: 224,
  parametersMillions,
  gmacs,
  convention: 'papers',
  source: PAPER,
});

const paperAccuracy = (weights: string, top1: number): PublishedAccuracy => ({
  top1,
  weights,
  resolution: 224,
  source: PAPER,
});

interface VariantRow {
  /** timm's: percent of the width. */
  readonly suffix: string;
  readonly config: GhostNetConfig;
  readonly published: readonly PublishedCost[];
  readonly accuracies: readonly PublishedAccuracy[];
}

const variant = ({ suffix, config, published, accuracies }: VariantRow): ModelVariant => {
  const { width, version } = config;
  const name = `ghostnet${version === 1 ? '' : 'v2'}_${suffix}`;
  const [accuracy, ...otherAccuracies] = accuracies;
  return {
    name,
    title: `GhostNet${version === 1 ? '' : 'V2'} ${width}×`,
    nativeResolution: 224,
    knobs: ['classes', 'width'],
    ...(version === 1 && { scaling: { width, depth: 1 } }),
    published,
    ...(accuracy && { accuracy, otherAccuracies }),
    build: (options) => buildGhostNet(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'ghostnet',
  title: 'GhostNet',
  paper: 'https://arxiv.org/abs/1911.11907',
  notes: [
    'The slice after each ghost module keeps every channel, because channel counts are even, and is left out.',
    'Dropout before the classifier is the identity at inference and is left out.',
  ],
  variants: [
    variant({
      suffix: '050',
      config: { width: 0.5, version: 1 },
      published: [timmCost(224, 2_587_292, '0.05', '1.77'), paperCost('2.6', '0.042')],
      accuracies: [paperAccuracy('GhostNet 0.5×', 66.2)],
    }),
    variant({
      suffix: '100',
      config: { width: 1, version: 1 },
      published: [timmCost(224, 5_182_508, '0.15', '3.55'), paperCost('5.2', '0.141')],
      accuracies: [timmAccuracy('ghostnet_100.in1k', 73.96, 91.542), paperAccuracy('GhostNet 1.0×', 73.9)],
    }),
    variant({
      suffix: '130',
      config: { width: 1.3, version: 1 },
      published: [timmCost(224, 7_358_820, '0.24', '4.6')],
      accuracies: [paperAccuracy('GhostNet 1.3×', 75.7)],
    }),
    variant({
      suffix: '100',
      config: { width: 1, version: 2 },
      published: [timmParameters(224, 6_156_908)],
      accuracies: [timmAccuracy('ghostnetv2_100.in1k', 75.176, 92.334)],
    }),
    variant({
      suffix: '130',
      config: { width: 1.3, version: 2 },
      published: [timmParameters(224, 8_960_404)],
      accuracies: [timmAccuracy('ghostnetv2_130.in1k', 76.762, 93.36)],
    }),
    variant({
      suffix: '160',
      config: { width: 1.6, version: 2 },
      published: [timmParameters(224, 12_392_698)],
      accuracies: [timmAccuracy('ghostnetv2_160.in1k', 77.836, 93.942)],
    }),
  ],
};
