/** ConvMixer: Trockman and Kolter 2022, https://arxiv.org/abs/2201.09792, as timm builds it. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import {
  type Activation,
  activate,
  add,
  batchNorm,
  type ConvOptions,
  conv,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
} from './blocks/conv.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost } from './family.ts';
import { timmAccuracy, timmCost, timmParameters } from './published.ts';

export interface ConvMixerConfig {
  readonly channels: number;
  readonly depth: number;
  readonly kernel: number;
  readonly patch: number;
  readonly activation: Activation;
}

/** Here the activation stands before the normalization, which therefore cannot be folded into the convolution. */
const activatedNorm = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  { channels, activation, ...options }: ConvOptions & { readonly channels: number; readonly activation: Activation },
): Feature =>
  g.scope(name, () =>
    batchNorm(g, 'bn', activate(g, 'act', conv(g, 'conv', x, channels, { ...options, bias: true }), activation)),
  );

export const buildConvMixer = (
  name: string,
  { channels, depth, kernel, patch, activation }: ConvMixerConfig,
  { resolution = 224, imageWidth, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, { minimum: patch, because: `patches of ${patch} pixels` });
  let x = activatedNorm(g, 'stem', image, { channels, kernel: patch, stride: patch, padding: 0, activation });
  for (let block = 0; block < depth; block++) {
    x = g.scope(`blocks.${block}`, () => {
      const filtered = activatedNorm(g, 'filter', x, { channels, kernel, groups: channels, activation });
      return activatedNorm(g, 'mix', add(g, 'add', filtered, x), { channels, activation });
    });
  }
  return g.finish([linear(g, 'head', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes).tensor]);
};

/** 768 x 49 x 32^2 in each of 32 blocks are 1.23 GMACs and 25.2 M outputs. */
const UNCOUNTED: PublishedCost['differs'] = {
  figures: ['gmacs', 'mActs'],
  reason: "fvcore does not know convolutions that are given padding='same' and counts the depthwise ones as nothing",
};

const variant = (
  name: string,
  config: ConvMixerConfig,
  published: PublishedCost,
  [top1, top5]: readonly [number, number],
): ModelVariant => ({
  name,
  title: `ConvMixer-${config.channels}/${config.depth}, ${config.kernel}×${config.kernel}, patches of ${config.patch}`,
  nativeResolution: 224,
  published: [published],
  accuracy: timmAccuracy(`${name}.in1k`, top1, top5),
  build: (options) => buildConvMixer(name, config, options),
});

export const family: ModelFamily = {
  id: 'convmixer',
  title: 'ConvMixer',
  paper: 'https://arxiv.org/abs/2201.09792',
  notes: ['Pixels beyond the last whole patch are not read.'],
  variants: [
    variant(
      'convmixer_768_32',
      { channels: 768, depth: 32, kernel: 7, patch: 7, activation: 'relu' },
      { ...timmCost(224, 21_110_248, '19.55', '25.95'), differs: UNCOUNTED },
      [80.158, 95.07],
    ),
    variant(
      'convmixer_1024_20_ks9_p14',
      { channels: 1024, depth: 20, kernel: 9, patch: 14, activation: 'gelu' },
      timmParameters(224, 24_383_464),
      [76.944, 93.364],
    ),
    variant(
      'convmixer_1536_20',
      { channels: 1536, depth: 20, kernel: 9, patch: 7, activation: 'gelu' },
      timmParameters(224, 51_625_960),
      [81.37, 95.63],
    ),
  ],
};
