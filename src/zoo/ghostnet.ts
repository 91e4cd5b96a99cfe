/** GhostNet: Han et al. 2019, https://arxiv.org/abs/1911.11907, as timm builds it. */
import { GraphBuilder } from '../ir/builder.ts';
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
  STRIDE_32,
} from './blocks/conv.ts';
import { squeezeExcite } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { TIMM } from './published.ts';

/** Kernel, expanded channels, output channels, squeeze-and-excitation, stride: table 7 of the paper. */
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
    const tensor = g.node('Concat', 'concat', [primary.tensor, cheap.tensor], { attributes: { axis: 1 } });
    return { tensor, channels };
  });

interface GhostBottleneckOptions {
  readonly kernel: number;
  readonly expandedChannels: number;
  readonly channels: number;
  readonly squeezed: boolean;
  readonly stride: number;
}

const ghostBottleneck = (
  g: GraphBuilder,
  name: string,
  input: Feature,
  { kernel, expandedChannels, channels, squeezed, stride }: GhostBottleneckOptions,
): Feature =>
  g.scope(name, () => {
    let x = ghostModule(g, 'ghost1', input, expandedChannels, true);
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

export const buildGhostNet = (
  name: string,
  width: number,
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const scaled = (channels: number) => roundChannels(channels * width, DIVISOR);
  let x = convNorm(g, 'stem', imageInput(g, { resolution }, STRIDE_32), scaled(16), {
    kernel: 3,
    stride: 2,
    activation: 'relu',
  });
  BLOCKS.forEach(([kernel, expanded, channels, squeezed, stride], block) => {
    x = ghostBottleneck(g, `block${block + 1}`, x, {
      kernel,
      expandedChannels: scaled(expanded),
      channels: scaled(channels),
      squeezed,
      stride,
    });
  });
  x = convNorm(g, 'expand', x, scaled(HEAD_EXPANSION), { activation: 'relu' });
  // The head runs after the pooling, with a bias instead of a BatchNorm.
  x = activate(g, 'head.act', conv(g, 'head', globalAveragePool(g, 'pool', x), 1280, { bias: true }), 'relu');
  x = linear(g, 'classifier', flatten(g, 'flatten', x), classes);
  return g.finish([x.tensor]);
};

const variant = (suffix: string, width: number, gmacs: string, mActs: string): ModelVariant => {
  const name = `ghostnet_${suffix}`;
  return {
    name,
    title: `GhostNet ${width}×`,
    nativeResolution: 224,
    scaling: { width, depth: 1 },
    published: [{ resolution: 224, gmacs, mActs, convention: 'fvcore', source: TIMM }],
    build: (options) => buildGhostNet(name, width, options),
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
    variant('050', 0.5, '0.05', '1.77'),
    variant('100', 1, '0.15', '3.55'),
    variant('130', 1.3, '0.24', '4.6'),
  ],
};
