/**
 * RegNetX and RegNetY: Radosavovic et al. 2020, https://arxiv.org/abs/2003.13678: those of torchvision, and those of
 * the paper that torchvision lacks or rounds otherwise, as timm builds them.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import {
  activate,
  add,
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
import type { RegNetConfig } from './regnet-designs.ts';
import { type RegNetRow, regNetRows } from './regnet-variants.ts';

export type { RegNetConfig } from './regnet-designs.ts';

export interface RegNetStage {
  readonly width: number;
  readonly depth: number;
  readonly groupWidth: number;
}

/** Widths before they fit their groups are multiples of it. */
const QUANTUM = 8;

const STEM_CHANNELS = 32;

/** To the nearest whole number, halves to the even one: the reference code rounds so, and its widths do fall on halves. */
const round = (value: number): number => {
  const below = Math.floor(value);
  const half = value - below === 0.5;
  return half && below % 2 === 0 ? below : Math.floor(value + 0.5);
};

const toMultiple = (value: number, of: number) => round(value / of) * of;

/**
 * Blocks grow linearly, w_0 + w_a j (equation 2 of the paper); each width is rounded to the nearest w_0 w_m^k, k whole
 * (equations 3 and 4), and blocks of one width are a stage.
 */
export const regNetStages = (config: RegNetConfig): readonly RegNetStage[] => {
  const { depth, initialWidth, slope, multiplier, groupWidth, compatibility } = config;
  const depths = new Map<number, number>();
  for (let block = 0; block < depth; block++) {
    const grown = initialWidth + slope * block;
    const step = round(Math.log(grown / initialWidth) / Math.log(multiplier));
    const width = toMultiple(initialWidth * multiplier ** step, QUANTUM);
    depths.set(width, (depths.get(width) ?? 0) + 1);
  }
  return [...depths].map(([width, blocks]) => {
    const group = Math.min(groupWidth, width);
    const fitted = compatibility === 'nearest' ? toMultiple(width, group) : roundChannels(width, group);
    return { width: fitted, depth: blocks, groupWidth: group };
  });
};

interface BlockOptions {
  readonly channels: number;
  readonly groupWidth: number;
  readonly stride: number;
  readonly squeezeExcitation: boolean;
}

/** 1x1, grouped 3x3 and 1x1 of one width: the bottleneck of the paper's ratio 1. */
const block = (g: GraphBuilder, x: Feature, options: BlockOptions): Feature => {
  const { channels, groupWidth, stride, squeezeExcitation } = options;
  const shortcut = stride === 1 && x.channels === channels ? x : convNorm(g, 'downsample', x, channels, { stride });
  const entered = convNorm(g, 'conv1', x, channels, { activation: 'relu' });
  const grouped = { kernel: 3, stride, groups: channels / groupWidth, activation: 'relu' as const };
  const filtered = convNorm(g, 'conv2', entered, channels, grouped);
  // A quarter of what enters the block, not of what is gated.
  const squeeze = { squeezeChannels: round(x.channels / 4), activation: 'relu', gate: 'sigmoid' } as const;
  const gated = squeezeExcitation ? squeezeExcite(g, filtered, squeeze) : filtered;
  return activate(g, 'relu', add(g, 'add', shortcut, convNorm(g, 'conv3', gated, channels)), 'relu');
};

export const buildRegNet = (
  name: string,
  config: RegNetConfig,
  { resolution = 224, imageWidth, classes = 1000 }: BuildOptions = {},
): Graph => {
  const { squeezeExcitation } = config;
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, STRIDE_32);
  let x = convNorm(g, 'stem', image, STEM_CHANNELS, { kernel: 3, stride: 2, activation: 'relu' });
  regNetStages(config).forEach(({ width: channels, depth, groupWidth }, stage) => {
    for (let index = 0; index < depth; index++) {
      const stride = index === 0 ? 2 : 1;
      x = g.scope(`stage${stage + 1}.${index}`, () => block(g, x, { channels, groupWidth, stride, squeezeExcitation }));
    }
  });
  x = linear(g, 'fc', flatten(g, 'flatten', globalAveragePool(g, 'avgpool', x)), classes);
  return g.finish([x.tensor]);
};

const variant = ({ name, aliases, title, config, resolution, published, accuracies }: RegNetRow): ModelVariant => {
  const [accuracy, ...otherAccuracies] = accuracies;
  return {
    name,
    ...(aliases !== undefined && { aliases }),
    title,
    nativeResolution: resolution,
    published,
    ...(accuracy !== undefined && { accuracy }),
    ...(otherAccuracies.length > 0 && { otherAccuracies }),
    build: (options) => buildRegNet(name, config, { resolution, ...options }),
  };
};

export const family: ModelFamily = {
  id: 'regnet',
  title: 'RegNet',
  paper: 'https://arxiv.org/abs/2003.13678',
  notes: [
    'Widths follow from five numbers by the rule of the paper; they are made multiples of the group width as torchvision does it (regnet_*) or as the paper does (regnetx_*, regnety_*).',
  ],
  variants: regNetRows.map(variant),
};
