/** MobileNetV2: Sandler et al. 2018, https://arxiv.org/abs/1801.04381, as torchvision (and timm) build it. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels, scaleDepth } from './blocks/channels.ts';
import { convNorm, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import { invertedResidual, type SpatialConvolution } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost } from './family.ts';
import { TIMM, TORCHVISION } from './published.ts';

export interface MobileNetV2Config {
  readonly width: number;
  /** Multiplies the repeats of the inner stages (timm's "d" variants). */
  readonly depth: number;
  /** Stem and head keep their width; first and last stage keep their depth (timm's "d" variants). */
  readonly fixedEnds: boolean;
  readonly spatial: SpatialConvolution;
}

/** Expansion, output channels, repeats, stride of the first repeat: table 2 of the paper. */
const STAGES: readonly (readonly [number, number, number, number])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

export const buildMobileNetV2 = (
  name: string,
  config: Partial<MobileNetV2Config> = {},
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const { width = 1, depth = 1, fixedEnds = false, spatial = 'separable' } = config;
  const g = new GraphBuilder(name);
  const scaled = (channels: number) => roundChannels(channels * width);
  let x = convNorm(g, 'stem', imageInput(g, { resolution }, STRIDE_32), fixedEnds ? 32 : scaled(32), {
    kernel: 3,
    stride: 2,
    activation: 'relu6',
  });
  STAGES.forEach(([expansion, channels, repeats, stride], stage) => {
    const isEnd = stage === 0 || stage === STAGES.length - 1;
    const count = fixedEnds && isEnd ? repeats : scaleDepth(repeats, depth);
    for (let block = 0; block < count; block++) {
      x = invertedResidual(g, `stage${stage + 1}.${block}`, x, {
        expandedChannels: x.channels * expansion,
        channels: scaled(channels),
        kernel: 3,
        stride: block === 0 ? stride : 1,
        activation: 'relu6',
        spatial,
      });
    }
  });
  x = convNorm(g, 'head', x, fixedEnds ? 1280 : roundChannels(1280 * Math.max(1, width)), { activation: 'relu6' });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

const variant = (
  name: string,
  title: string,
  config: Partial<MobileNetV2Config>,
  published: readonly PublishedCost[],
  rest: Partial<ModelVariant> = {},
): ModelVariant => ({
  name,
  title,
  nativeResolution: 224,
  scaling: { width: config.width ?? 1, depth: config.depth ?? 1 },
  published,
  ...rest,
  build: (options) => buildMobileNetV2(name, config, options),
  counterfactuals: {
    'standard-convolutions': (options) => buildMobileNetV2(name, { ...config, spatial: 'standard' }, options),
  },
});

const timm = (gmacs: string, mActs: string): PublishedCost => ({
  resolution: 224,
  gmacs,
  mActs,
  convention: 'fvcore',
  source: TIMM,
});

export const family: ModelFamily = {
  id: 'mobilenet_v2',
  title: 'MobileNetV2',
  paper: 'https://arxiv.org/abs/1801.04381',
  notes: ['Dropout before the classifier is the identity at inference and is left out.'],
  variants: [
    variant(
      'mobilenet_v2',
      'MobileNetV2',
      {},
      [
        { resolution: 224, parameters: 3_504_872, gmacs: '0.301', convention: 'torchvision', source: TORCHVISION },
        timm('0.31', '6.68'),
      ],
      {
        aliases: ['mobilenetv2_100'],
        accuracy: {
          top1: 72.154,
          top5: 90.822,
          weights: 'MobileNet_V2_Weights.IMAGENET1K_V2',
          resolution: 224,
          source: TORCHVISION,
        },
      },
    ),
    variant('mobilenetv2_035', 'MobileNetV2 0.35×', { width: 0.35 }, [timm('0.07', '2.86')]),
    variant('mobilenetv2_050', 'MobileNetV2 0.5×', { width: 0.5 }, [timm('0.1', '3.64')]),
    variant('mobilenetv2_075', 'MobileNetV2 0.75×', { width: 0.75 }, [timm('0.22', '5.86')]),
    variant('mobilenetv2_140', 'MobileNetV2 1.4×', { width: 1.4 }, [timm('0.6', '9.57')]),
    variant('mobilenetv2_110d', 'MobileNetV2 1.1× width, 1.2× depth', { width: 1.1, depth: 1.2, fixedEnds: true }, [
      timm('0.45', '8.71'),
    ]),
    variant('mobilenetv2_120d', 'MobileNetV2 1.2× width, 1.4× depth', { width: 1.2, depth: 1.4, fixedEnds: true }, [
      timm('0.69', '11.97'),
    ]),
  ],
};
