/**
 * EfficientNet B0-B7: Tan and Le 2019, https://arxiv.org/abs/1905.11946, as torchvision builds them, B8
 * (https://arxiv.org/abs/1911.09665) and L2 (https://arxiv.org/abs/1911.04252) by the same rule, and EfficientNet-Lite
 * 0-4 (no squeeze-and-excitation, ReLU6, stem and head not scaled). tf_*: padded as TensorFlow pads, for the weights
 * trained with it.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels, scaleDepth } from './blocks/channels.ts';
import { convNorm, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import { invertedResidual } from './blocks/inverted-residual.ts';
import { type EfficientNetConfig, type EfficientNetRow, efficientNetRows } from './efficientnet-variants.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { widthOf } from './options.ts';
import { timmCost, torchvisionCost } from './published.ts';

export type { EfficientNetConfig } from './efficientnet-variants.ts';

/** Expansion, kernel, stride, output channels, repeats: the B0 column of table 1. */
const STAGES: readonly (readonly [number, number, number, number, number])[] = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
];

export const buildEfficientNet = (
  name: string,
  config: EfficientNetConfig,
  { resolution = 224, imageWidth, classes = 1000, width: multiplier }: BuildOptions = {},
): Graph => {
  const { depth, lite = false, padding } = config;
  const { squeezeExcitation = !lite, activation = lite ? 'relu6' : 'silu' } = config;
  const width = config.width * widthOf(multiplier);
  const placed = padding === undefined ? {} : { padding };
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, STRIDE_32);
  const stem = { kernel: 3, stride: 2, activation, ...placed };
  let x = convNorm(g, 'stem', image, lite ? 32 : roundChannels(32 * width), stem);
  STAGES.forEach(([expansion, kernel, stride, channels, repeats], stage) => {
    const isEnd = stage === 0 || stage === STAGES.length - 1;
    const count = lite && isEnd ? repeats : scaleDepth(repeats, depth);
    for (let block = 0; block < count; block++) {
      // The squeeze is a quarter of the block's input, not of its expansion.
      const squeezeChannels = Math.max(1, Math.floor(x.channels / 4));
      x = invertedResidual(g, `stage${stage + 1}.${block}`, x, {
        expandedChannels: x.channels * expansion,
        channels: roundChannels(channels * width),
        kernel,
        stride: block === 0 ? stride : 1,
        activation,
        ...placed,
        ...(squeezeExcitation && { squeeze: { squeezeChannels, activation, gate: 'sigmoid' as const } }),
      });
    }
  });
  x = convNorm(g, 'head', x, lite ? 1280 : 4 * x.channels, { activation });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

/** What a row of multipliers multiplies: B0 unless it is built otherwise. */
const baseOf = ({ lite = false, padding }: EfficientNetConfig): string | undefined => {
  if (!lite && padding === undefined) return undefined;
  return `${padding === undefined ? '' : 'tf_'}efficientnet_${lite ? 'lite0' : 'b0'}`;
};

const variant = ({
  name,
  title,
  config,
  resolution,
  parameters,
  gmacs,
  timm,
  accuracies,
}: EfficientNetRow): ModelVariant => {
  const [accuracy, ...otherAccuracies] = accuracies;
  const base = baseOf(config);
  const altered = (change: Partial<EfficientNetConfig>) => (options?: BuildOptions) =>
    buildEfficientNet(name, { ...config, ...change }, options);
  return {
    name,
    title,
    nativeResolution: resolution,
    knobs: ['classes', 'width'],
    scaling: { width: config.width, depth: config.depth, ...(base !== undefined && { base }) },
    published: [
      ...(gmacs === undefined ? [] : [torchvisionCost(resolution, parameters, gmacs)]),
      ...timm.map(([at, count, mActs]) => timmCost(at, parameters, count, mActs)),
    ],
    ...(accuracy !== undefined && { accuracy }),
    ...(otherAccuracies.length > 0 && { otherAccuracies }),
    build: altered({}),
    counterfactuals: {
      ...(!config.lite && {
        'without-squeeze-excitation': altered({ squeezeExcitation: false }),
        'relu-activations': altered({ activation: 'relu' }),
      }),
    },
  };
};

export const family: ModelFamily = {
  id: 'efficientnet',
  title: 'EfficientNet',
  paper: 'https://arxiv.org/abs/1905.11946',
  notes: [
    'Dropout and stochastic depth are the identity at inference and are left out.',
    'tf_* differ from their namesakes in where the zeros of strided convolutions are placed, not in any count.',
  ],
  variants: efficientNetRows.map(variant),
};
