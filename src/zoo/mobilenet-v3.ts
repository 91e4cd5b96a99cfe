/** MobileNetV3: Howard et al. 2019, https://arxiv.org/abs/1905.02244, as torchvision builds it. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import { activate, convNorm, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import { invertedResidual, type SpatialConvolution } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { TORCHVISION } from './published.ts';

/** Kernel, expanded channels, output channels, squeeze-and-excitation, hard-swish (else ReLU), stride. */
type BlockRow = readonly [number, number, number, boolean, boolean, number];

/** Tables 1 and 2 of the paper; stem and classifier widths as in the reference code. */
const CONFIGS: Readonly<
  Record<'large' | 'small', { readonly blocks: readonly BlockRow[]; readonly classifier: number }>
> = {
  large: {
    blocks: [
      [3, 16, 16, false, false, 1],
      [3, 64, 24, false, false, 2],
      [3, 72, 24, false, false, 1],
      [5, 72, 40, true, false, 2],
      [5, 120, 40, true, false, 1],
      [5, 120, 40, true, false, 1],
      [3, 240, 80, false, true, 2],
      [3, 200, 80, false, true, 1],
      [3, 184, 80, false, true, 1],
      [3, 184, 80, false, true, 1],
      [3, 480, 112, true, true, 1],
      [3, 672, 112, true, true, 1],
      [5, 672, 160, true, true, 2],
      [5, 960, 160, true, true, 1],
      [5, 960, 160, true, true, 1],
    ],
    classifier: 1280,
  },
  small: {
    blocks: [
      [3, 16, 16, true, false, 2],
      [3, 72, 24, false, false, 2],
      [3, 88, 24, false, false, 1],
      [5, 96, 40, true, true, 2],
      [5, 240, 40, true, true, 1],
      [5, 240, 40, true, true, 1],
      [5, 120, 48, true, true, 1],
      [5, 144, 48, true, true, 1],
      [5, 288, 96, true, true, 2],
      [5, 576, 96, true, true, 1],
      [5, 576, 96, true, true, 1],
    ],
    classifier: 1024,
  },
};

export interface MobileNetV3Config {
  readonly size: 'large' | 'small';
  readonly spatial?: SpatialConvolution;
  readonly squeezeExcitation?: boolean;
  readonly hardSwish?: boolean;
}

export const buildMobileNetV3 = (
  name: string,
  { size, spatial = 'separable', squeezeExcitation = true, hardSwish: swish = true }: MobileNetV3Config,
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const { blocks, classifier } = CONFIGS[size];
  const g = new GraphBuilder(name);
  const late = swish ? 'hard-swish' : 'relu';
  let x = convNorm(g, 'stem', imageInput(g, { resolution }, STRIDE_32), 16, { kernel: 3, stride: 2, activation: late });
  blocks.forEach(([kernel, expandedChannels, channels, squeeze, hardSwish, stride], index) => {
    x = invertedResidual(g, `blocks.${index}`, x, {
      expandedChannels,
      channels,
      kernel,
      stride,
      activation: hardSwish ? late : 'relu',
      spatial,
      ...(squeeze &&
        squeezeExcitation && {
          squeeze: {
            squeezeChannels: roundChannels(Math.floor(expandedChannels / 4)),
            activation: 'relu' as const,
            gate: 'hard-sigmoid' as const,
          },
        }),
    });
  });
  x = convNorm(g, 'head', x, 6 * x.channels, { activation: late });
  x = linear(g, 'classifier.0', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classifier);
  x = linear(g, 'classifier.1', activate(g, 'classifier.act', x, late), classes);
  return g.finish([x.tensor]);
};

const builders = (name: string, config: MobileNetV3Config): Pick<ModelVariant, 'build' | 'counterfactuals'> => {
  const altered = (change: Partial<MobileNetV3Config>) => (options?: BuildOptions) =>
    buildMobileNetV3(name, { ...config, ...change }, options);
  return {
    build: altered({}),
    counterfactuals: {
      'standard-convolutions': altered({ spatial: 'standard' }),
      'without-squeeze-excitation': altered({ squeezeExcitation: false }),
      'relu-activations': altered({ hardSwish: false }),
    },
  };
};

export const family: ModelFamily = {
  id: 'mobilenet_v3',
  title: 'MobileNetV3',
  paper: 'https://arxiv.org/abs/1905.02244',
  notes: ['Dropout in the classifier is the identity at inference and is left out.'],
  variants: [
    {
      name: 'mobilenet_v3_small',
      title: 'MobileNetV3-Small',
      nativeResolution: 224,
      published: [
        { resolution: 224, parameters: 2_542_856, gmacs: '0.057', convention: 'torchvision', source: TORCHVISION },
      ],
      accuracy: {
        top1: 67.668,
        top5: 87.402,
        weights: 'MobileNet_V3_Small_Weights.IMAGENET1K_V1',
        resolution: 224,
        source: TORCHVISION,
      },
      ...builders('mobilenet_v3_small', { size: 'small' }),
    },
    {
      name: 'mobilenet_v3_large',
      title: 'MobileNetV3-Large',
      nativeResolution: 224,
      published: [
        { resolution: 224, parameters: 5_483_032, gmacs: '0.217', convention: 'torchvision', source: TORCHVISION },
      ],
      accuracy: {
        top1: 75.274,
        top5: 92.566,
        weights: 'MobileNet_V3_Large_Weights.IMAGENET1K_V2',
        resolution: 224,
        source: TORCHVISION,
      },
      ...builders('mobilenet_v3_large', { size: 'large' }),
    },
  ],
};
