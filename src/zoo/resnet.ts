/**
 * ResNet: He et al. 2015, https://arxiv.org/abs/1512.03385, v1.5 (the stride is on the 3x3 of a
 * bottleneck); ResNeXt (https://arxiv.org/abs/1611.05431) and Wide ResNet (https://arxiv.org/abs/1605.07146)
 * as torchvision builds them.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
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
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { timmCost, torchvisionAccuracy, torchvisionCost } from './published.ts';

export interface ResNetConfig {
  readonly block: 'basic' | 'bottleneck';
  readonly repeats: readonly [number, number, number, number];
  readonly groups?: number;
  /** Channels per group of the 3x3 at 64 planes: 64 for ResNet, 128 for Wide ResNet. */
  readonly widthPerGroup?: number;
}

const EXPANSION = { basic: 1, bottleneck: 4 } as const;

const STEM_CHANNELS = 64;

/** Total stride of the stem and its pooling, and so of the first stage. */
const STEM_STRIDE = 4;

const planesOf = (stage: number): number => STEM_CHANNELS * 2 ** stage;

/** Channels of the 3x3 of a bottleneck. */
const innerChannels = (planes: number, { groups = 1, widthPerGroup = 64 }: ResNetConfig): number =>
  Math.floor((planes * widthPerGroup) / 64) * groups;

/** Where a block samples: `dilation` is that of its 3x3 convolution. */
interface Sampling {
  readonly stride: number;
  readonly dilation: number;
}

const residualBlock = (
  g: GraphBuilder,
  x: Feature,
  planes: number,
  { stride, dilation }: Sampling,
  config: ResNetConfig,
): Feature => {
  const { block, groups = 1 } = config;
  const channels = planes * EXPANSION[block];
  const inner = innerChannels(planes, config);
  const branch =
    block === 'basic'
      ? convNorm(
          g,
          'conv2',
          convNorm(g, 'conv1', x, planes, { kernel: 3, stride, dilation, activation: 'relu' }),
          channels,
          { kernel: 3, dilation },
        )
      : convNorm(
          g,
          'conv3',
          convNorm(g, 'conv2', convNorm(g, 'conv1', x, inner, { activation: 'relu' }), inner, {
            kernel: 3,
            stride,
            dilation,
            groups,
            activation: 'relu',
          }),
          channels,
        );
  const shortcut = stride !== 1 || x.channels !== channels ? convNorm(g, 'downsample', x, channels, { stride }) : x;
  return activate(g, 'relu', add(g, 'add', branch, shortcut), 'relu');
};

export interface ResNetStagesOptions {
  /** Total stride of the last feature map; where it is less than 32, later stages dilate instead of striding. */
  readonly outputStride?: 8 | 16 | 32;
}

/** Feature maps of the four stages, of strides 4, 8, 16 and 32 unless dilated. */
export const resnetStages = (
  g: GraphBuilder,
  image: Feature,
  config: ResNetConfig,
  { outputStride = 32 }: ResNetStagesOptions = {},
): readonly [Feature, Feature, Feature, Feature] => {
  const stem = convNorm(g, 'stem', image, STEM_CHANNELS, { kernel: 7, stride: 2, activation: 'relu' });
  const pool = g.node('MaxPool', 'maxpool', [stem.tensor], {
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  });
  let x: Feature = { tensor: pool, channels: stem.channels };
  let total = STEM_STRIDE;
  let dilation = 1;
  const [first, second, third, fourth] = config.repeats;
  const stageOf = (stage: number, repeats: number): Feature => {
    const halves = stage > 0;
    const strides = halves && total < outputStride;
    const before = dilation;
    if (strides) total *= 2;
    else if (halves) dilation *= 2;
    for (let block = 0; block < repeats; block++) {
      // The first block of a dilated stage still reads the grid of the stage before.
      const sampling = block === 0 ? { stride: strides ? 2 : 1, dilation: before } : { stride: 1, dilation };
      x = g.scope(`layer${stage + 1}.${block}`, () => residualBlock(g, x, planesOf(stage), sampling, config));
    }
    return x;
  };
  return [stageOf(0, first), stageOf(1, second), stageOf(2, third), stageOf(3, fourth)];
};

/** Channels that BatchNorm scales and shifts, all of them together: half as many as it has parameters. */
export const resnetNormalizedChannels = (config: ResNetConfig): number =>
  config.repeats.reduce((sum, repeats, stage) => {
    const planes = planesOf(stage);
    const channels = planes * EXPANSION[config.block];
    const ofBlock = config.block === 'basic' ? 2 * planes : 2 * innerChannels(planes, config) + channels;
    const isProjected = stage > 0 || config.block === 'bottleneck';
    return sum + repeats * ofBlock + (isProjected ? channels : 0);
  }, STEM_CHANNELS);

export const buildResNet = (
  name: string,
  config: ResNetConfig,
  { resolution = 224, imageWidth, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const [, , , last] = resnetStages(g, imageInput(g, { resolution, imageWidth }, STRIDE_32), config);
  const x = linear(g, 'fc', flatten(g, 'flatten', globalAveragePool(g, 'avgpool', last)), classes);
  return g.finish([x.tensor]);
};

const bottleneck = (repeats: ResNetConfig['repeats'], groups = 1, widthPerGroup = 64): ResNetConfig => ({
  block: 'bottleneck',
  repeats,
  groups,
  widthPerGroup,
});

export const RESNET50 = bottleneck([3, 4, 6, 3]);

export const RESNET101 = bottleneck([3, 4, 23, 3]);

type Accuracy = readonly [top1: number, top5: number];

interface Figures {
  readonly parameters: number;
  /** torchvision's, at 224 pixels. */
  readonly gmacs: string;
  readonly timm: readonly (readonly [resolution: number, gmacs: string, mActs: string])[];
  /** torchvision's spelling of the weights. */
  readonly weights: string;
  /** Of the weights IMAGENET1K_V1 and, where they exist, IMAGENET1K_V2. */
  readonly accuracies: readonly [Accuracy, Accuracy?];
}

const variant = (
  name: string,
  title: string,
  config: ResNetConfig,
  { parameters, gmacs, timm, weights, accuracies }: Figures,
): ModelVariant => {
  const [newest, ...older] = accuracies
    .flatMap((accuracy, version) =>
      accuracy === undefined
        ? []
        : [torchvisionAccuracy(`${weights}_Weights.IMAGENET1K_V${version + 1}`, accuracy[0], accuracy[1])],
    )
    .toReversed();
  return {
    name,
    title,
    nativeResolution: 224,
    published: [
      torchvisionCost(224, parameters, gmacs),
      ...timm.map((row) => timmCost(row[0], parameters, row[1], row[2])),
    ],
    ...(newest !== undefined && { accuracy: newest }),
    ...(older.length > 0 && { otherAccuracies: older }),
    build: (options) => buildResNet(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'resnet',
  title: 'ResNet',
  paper: 'https://arxiv.org/abs/1512.03385',
  notes: ['Version 1.5: the stride of a bottleneck is on its 3×3 convolution.'],
  variants: [
    variant(
      'resnet18',
      'ResNet-18',
      { block: 'basic', repeats: [2, 2, 2, 2] },
      {
        parameters: 11_689_512,
        gmacs: '1.814',
        timm: [
          [160, '0.93', '1.27'],
          [224, '1.82', '2.48'],
          [288, '3.01', '4.11'],
        ],
        weights: 'ResNet18',
        accuracies: [[69.758, 89.078]],
      },
    ),
    variant(
      'resnet34',
      'ResNet-34',
      { block: 'basic', repeats: [3, 4, 6, 3] },
      {
        parameters: 21_797_672,
        gmacs: '3.664',
        timm: [
          [160, '1.87', '1.91'],
          [224, '3.67', '3.74'],
          [288, '6.07', '6.18'],
        ],
        weights: 'ResNet34',
        accuracies: [[73.314, 91.42]],
      },
    ),
    variant('resnet50', 'ResNet-50', RESNET50, {
      parameters: 25_557_032,
      gmacs: '4.089',
      timm: [
        [160, '2.1', '5.67'],
        [176, '2.62', '6.92'],
        [224, '4.11', '11.11'],
        [288, '6.8', '18.37'],
      ],
      weights: 'ResNet50',
      accuracies: [
        [76.13, 92.862],
        [80.858, 95.434],
      ],
    }),
    variant('resnet101', 'ResNet-101', RESNET101, {
      parameters: 44_549_160,
      gmacs: '7.801',
      timm: [
        [160, '4.0', '8.28'],
        [176, '4.92', '10.08'],
        [224, '7.83', '16.23'],
        [288, '12.95', '26.83'],
      ],
      weights: 'ResNet101',
      accuracies: [
        [77.374, 93.546],
        [81.886, 95.78],
      ],
    }),
    variant('resnet152', 'ResNet-152', bottleneck([3, 8, 36, 3]), {
      parameters: 60_192_808,
      gmacs: '11.514',
      timm: [
        [160, '5.9', '11.51'],
        [176, '7.22', '13.99'],
        [224, '11.56', '22.56'],
        [288, '19.11', '37.28'],
      ],
      weights: 'ResNet152',
      accuracies: [
        [78.312, 94.046],
        [82.284, 96.002],
      ],
    }),
    variant('resnext50_32x4d', 'ResNeXt-50 32×4d', bottleneck([3, 4, 6, 3], 32, 4), {
      parameters: 25_028_904,
      gmacs: '4.23',
      timm: [
        [160, '2.17', '7.35'],
        [176, '2.71', '8.97'],
        [224, '4.26', '14.4'],
        [288, '7.04', '23.81'],
      ],
      weights: 'ResNeXt50_32X4D',
      accuracies: [
        [77.618, 93.698],
        [81.198, 95.34],
      ],
    }),
    variant('resnext101_32x8d', 'ResNeXt-101 32×8d', bottleneck([3, 4, 23, 3], 32, 8), {
      parameters: 88_791_336,
      gmacs: '16.414',
      timm: [
        [176, '10.33', '19.37'],
        [224, '16.48', '31.21'],
      ],
      weights: 'ResNeXt101_32X8D',
      accuracies: [
        [79.312, 94.526],
        [82.834, 96.228],
      ],
    }),
    variant('resnext101_64x4d', 'ResNeXt-101 64×4d', bottleneck([3, 4, 23, 3], 64, 4), {
      parameters: 83_455_272,
      gmacs: '15.46',
      timm: [
        [224, '15.52', '31.21'],
        [288, '25.66', '51.59'],
      ],
      weights: 'ResNeXt101_64X4D',
      accuracies: [[83.246, 96.454]],
    }),
    variant('wide_resnet50_2', 'Wide ResNet-50-2', bottleneck([3, 4, 6, 3], 1, 128), {
      parameters: 68_883_240,
      gmacs: '11.398',
      timm: [
        [176, '7.29', '8.97'],
        [224, '11.43', '14.4'],
        [288, '18.89', '23.81'],
      ],
      weights: 'Wide_ResNet50_2',
      accuracies: [
        [78.468, 94.086],
        [81.602, 95.758],
      ],
    }),
    variant('wide_resnet101_2', 'Wide ResNet-101-2', bottleneck([3, 4, 23, 3], 1, 128), {
      parameters: 126_886_696,
      gmacs: '22.753',
      timm: [
        [176, '14.31', '13.18'],
        [224, '22.8', '21.23'],
      ],
      weights: 'Wide_ResNet101_2',
      accuracies: [
        [78.848, 94.284],
        [82.51, 96.02],
      ],
    }),
  ],
};
