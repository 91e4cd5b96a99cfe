/**
 * EfficientNet B0-B7: Tan and Le 2019, https://arxiv.org/abs/1905.11946, as torchvision builds them,
 * and EfficientNet-Lite 0-4 (no squeeze-and-excitation, ReLU6, stem and head not scaled).
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels, scaleDepth } from './blocks/channels.ts';
import { type Activation, convNorm, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import { invertedResidual, type SpatialConvolution } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost } from './family.ts';
import { TIMM, TORCHVISION } from './published.ts';

export interface EfficientNetConfig {
  readonly width: number;
  readonly depth: number;
  readonly lite?: boolean;
  readonly spatial?: SpatialConvolution;
  readonly squeezeExcitation?: boolean;
  readonly activation?: Activation;
}

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
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const { width, depth, lite = false, spatial = 'separable' } = config;
  const { squeezeExcitation = !lite, activation = lite ? 'relu6' : 'silu' } = config;
  const g = new GraphBuilder(name);
  let x = convNorm(g, 'stem', imageInput(g, { resolution }, STRIDE_32), lite ? 32 : roundChannels(32 * width), {
    kernel: 3,
    stride: 2,
    activation,
  });
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
        spatial,
        ...(squeezeExcitation && { squeeze: { squeezeChannels, activation, gate: 'sigmoid' as const } }),
      });
    }
  });
  x = convNorm(g, 'head', x, lite ? 1280 : 4 * x.channels, { activation });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

interface VariantRow {
  readonly name: string;
  readonly title: string;
  readonly config: EfficientNetConfig;
  readonly resolution: number;
  readonly parameters?: number;
  readonly gmacs?: string;
  readonly timm?: readonly (readonly [resolution: number, gmacs: string, mActs: string])[];
  readonly accuracy?: readonly [top1: number, top5: number, weights: string];
}

const variant = (row: VariantRow): ModelVariant => {
  const { name, title, config, resolution, parameters, gmacs, timm = [], accuracy } = row;
  const published: PublishedCost[] = timm.map(([at, count, mActs]) => ({
    resolution: at,
    gmacs: count,
    mActs,
    convention: 'fvcore',
    source: TIMM,
  }));
  if (gmacs !== undefined && parameters !== undefined) {
    published.unshift({ resolution, parameters, gmacs, convention: 'torchvision', source: TORCHVISION });
  }
  const altered = (change: Partial<EfficientNetConfig>) => (options?: BuildOptions) =>
    buildEfficientNet(name, { ...config, ...change }, options);
  return {
    name,
    title,
    nativeResolution: resolution,
    scaling: { width: config.width, depth: config.depth },
    published,
    ...(accuracy && {
      accuracy: { top1: accuracy[0], top5: accuracy[1], weights: accuracy[2], resolution, source: TORCHVISION },
    }),
    build: altered({}),
    counterfactuals: {
      'standard-convolutions': altered({ spatial: 'standard' }),
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
  notes: ['Dropout and stochastic depth are the identity at inference and are left out.'],
  variants: [
    variant({
      name: 'efficientnet_b0',
      title: 'EfficientNet-B0',
      config: { width: 1, depth: 1 },
      resolution: 224,
      parameters: 5_288_548,
      gmacs: '0.386',
      timm: [
        [224, '0.4', '6.75'],
        [256, '0.52', '8.81'],
      ],
      accuracy: [77.692, 93.532, 'EfficientNet_B0_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'efficientnet_b1',
      title: 'EfficientNet-B1',
      config: { width: 1, depth: 1.1 },
      resolution: 240,
      parameters: 7_794_184,
      gmacs: '0.687',
      timm: [
        [224, '0.59', '9.36'],
        [240, '0.71', '10.88'],
        [256, '0.77', '12.22'],
      ],
      accuracy: [79.838, 94.934, 'EfficientNet_B1_Weights.IMAGENET1K_V2'],
    }),
    variant({
      name: 'efficientnet_b2',
      title: 'EfficientNet-B2',
      config: { width: 1.1, depth: 1.2 },
      resolution: 288,
      parameters: 9_109_994,
      gmacs: '1.088',
      timm: [
        [256, '0.89', '12.81'],
        [288, '1.12', '16.2'],
      ],
      accuracy: [80.608, 95.31, 'EfficientNet_B2_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'efficientnet_b3',
      title: 'EfficientNet-B3',
      config: { width: 1.2, depth: 1.4 },
      resolution: 300,
      parameters: 12_233_232,
      gmacs: '1.827',
      timm: [
        [288, '1.63', '21.49'],
        [320, '2.01', '26.52'],
      ],
      accuracy: [82.008, 96.054, 'EfficientNet_B3_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'efficientnet_b4',
      title: 'EfficientNet-B4',
      config: { width: 1.4, depth: 1.8 },
      resolution: 380,
      parameters: 19_341_616,
      gmacs: '4.394',
      timm: [
        [320, '3.13', '34.76'],
        [384, '4.51', '50.04'],
      ],
      accuracy: [83.384, 96.594, 'EfficientNet_B4_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'efficientnet_b5',
      title: 'EfficientNet-B5',
      config: { width: 1.6, depth: 2.2 },
      resolution: 456,
      parameters: 30_389_784,
      gmacs: '10.266',
      timm: [
        [416, '8.27', '80.68'],
        [448, '9.59', '93.56'],
      ],
      accuracy: [83.444, 96.628, 'EfficientNet_B5_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'efficientnet_b6',
      title: 'EfficientNet-B6',
      config: { width: 1.8, depth: 2.6 },
      resolution: 528,
      parameters: 43_040_704,
      gmacs: '19.068',
      timm: [[528, '19.4', '167.39']],
      accuracy: [84.008, 96.916, 'EfficientNet_B6_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'efficientnet_b7',
      title: 'EfficientNet-B7',
      config: { width: 2, depth: 3.1 },
      resolution: 600,
      parameters: 66_347_960,
      gmacs: '37.746',
      timm: [[600, '38.33', '289.94']],
      accuracy: [84.122, 96.908, 'EfficientNet_B7_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'efficientnet_lite0',
      title: 'EfficientNet-Lite0',
      config: { width: 1, depth: 1, lite: true },
      resolution: 224,
      timm: [[224, '0.4', '6.74']],
    }),
    variant({
      name: 'efficientnet_lite1',
      title: 'EfficientNet-Lite1',
      config: { width: 1, depth: 1.1, lite: true },
      resolution: 240,
      timm: [[240, '0.62', '10.14']],
    }),
    variant({
      name: 'efficientnet_lite2',
      title: 'EfficientNet-Lite2',
      config: { width: 1.1, depth: 1.2, lite: true },
      resolution: 260,
      timm: [[260, '0.89', '12.9']],
    }),
    variant({
      name: 'efficientnet_lite3',
      title: 'EfficientNet-Lite3',
      config: { width: 1.2, depth: 1.4, lite: true },
      resolution: 300,
      timm: [[300, '1.65', '21.85']],
    }),
    variant({
      name: 'efficientnet_lite4',
      title: 'EfficientNet-Lite4',
      config: { width: 1.4, depth: 1.8, lite: true },
      resolution: 380,
      timm: [[380, '4.04', '45.66']],
    }),
  ],
};
