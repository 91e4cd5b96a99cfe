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
import { TORCHVISION } from './published.ts';

export interface ResNetConfig {
  readonly block: 'basic' | 'bottleneck';
  readonly repeats: readonly [number, number, number, number];
  readonly groups?: number;
  /** Channels per group of the 3x3 at 64 planes: 64 for ResNet, 128 for Wide ResNet. */
  readonly widthPerGroup?: number;
}

const EXPANSION = { basic: 1, bottleneck: 4 } as const;

const residualBlock = (
  g: GraphBuilder,
  x: Feature,
  planes: number,
  stride: number,
  { block, groups = 1, widthPerGroup = 64 }: ResNetConfig,
): Feature => {
  const channels = planes * EXPANSION[block];
  const inner = Math.floor((planes * widthPerGroup) / 64) * groups;
  const branch =
    block === 'basic'
      ? convNorm(g, 'conv2', convNorm(g, 'conv1', x, planes, { kernel: 3, stride, activation: 'relu' }), channels, {
          kernel: 3,
        })
      : convNorm(
          g,
          'conv3',
          convNorm(g, 'conv2', convNorm(g, 'conv1', x, inner, { activation: 'relu' }), inner, {
            kernel: 3,
            stride,
            groups,
            activation: 'relu',
          }),
          channels,
        );
  const shortcut = stride !== 1 || x.channels !== channels ? convNorm(g, 'downsample', x, channels, { stride }) : x;
  return activate(g, 'relu', add(g, 'add', branch, shortcut), 'relu');
};

export const buildResNet = (
  name: string,
  config: ResNetConfig,
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const stem = convNorm(g, 'stem', imageInput(g, { resolution }, STRIDE_32), 64, {
    kernel: 7,
    stride: 2,
    activation: 'relu',
  });
  const pool = g.node('MaxPool', 'maxpool', [stem.tensor], {
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  });
  let x: Feature = { tensor: pool, channels: stem.channels };
  config.repeats.forEach((repeats, stage) => {
    for (let block = 0; block < repeats; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      x = g.scope(`layer${stage + 1}.${block}`, () => residualBlock(g, x, 64 * 2 ** stage, stride, config));
    }
  });
  x = linear(g, 'fc', flatten(g, 'flatten', globalAveragePool(g, 'avgpool', x)), classes);
  return g.finish([x.tensor]);
};

const variant = (
  name: string,
  title: string,
  config: ResNetConfig,
  parameters: number,
  gmacs: string,
  accuracy: readonly [top1: number, top5: number, weights: string],
): ModelVariant => ({
  name,
  title,
  nativeResolution: 224,
  published: [{ resolution: 224, parameters, gmacs, convention: 'torchvision', source: TORCHVISION }],
  accuracy: { top1: accuracy[0], top5: accuracy[1], weights: accuracy[2], resolution: 224, source: TORCHVISION },
  build: (options) => buildResNet(name, config, options),
});

const bottleneck = (repeats: ResNetConfig['repeats'], groups = 1, widthPerGroup = 64): ResNetConfig => ({
  block: 'bottleneck',
  repeats,
  groups,
  widthPerGroup,
});

export const family: ModelFamily = {
  id: 'resnet',
  title: 'ResNet',
  paper: 'https://arxiv.org/abs/1512.03385',
  notes: ['Version 1.5: the stride of a bottleneck is on its 3×3 convolution.'],
  variants: [
    variant('resnet18', 'ResNet-18', { block: 'basic', repeats: [2, 2, 2, 2] }, 11_689_512, '1.814', [
      69.758,
      89.078,
      'ResNet18_Weights.IMAGENET1K_V1',
    ]),
    variant('resnet34', 'ResNet-34', { block: 'basic', repeats: [3, 4, 6, 3] }, 21_797_672, '3.664', [
      73.314,
      91.42,
      'ResNet34_Weights.IMAGENET1K_V1',
    ]),
    variant('resnet50', 'ResNet-50', bottleneck([3, 4, 6, 3]), 25_557_032, '4.089', [
      80.858,
      95.434,
      'ResNet50_Weights.IMAGENET1K_V2',
    ]),
    variant('resnet101', 'ResNet-101', bottleneck([3, 4, 23, 3]), 44_549_160, '7.801', [
      81.886,
      95.78,
      'ResNet101_Weights.IMAGENET1K_V2',
    ]),
    variant('resnet152', 'ResNet-152', bottleneck([3, 8, 36, 3]), 60_192_808, '11.514', [
      82.284,
      96.002,
      'ResNet152_Weights.IMAGENET1K_V2',
    ]),
    variant('resnext50_32x4d', 'ResNeXt-50 32×4d', bottleneck([3, 4, 6, 3], 32, 4), 25_028_904, '4.23', [
      81.198,
      95.34,
      'ResNeXt50_32X4D_Weights.IMAGENET1K_V2',
    ]),
    variant('resnext101_32x8d', 'ResNeXt-101 32×8d', bottleneck([3, 4, 23, 3], 32, 8), 88_791_336, '16.414', [
      82.834,
      96.228,
      'ResNeXt101_32X8D_Weights.IMAGENET1K_V2',
    ]),
    variant('resnext101_64x4d', 'ResNeXt-101 64×4d', bottleneck([3, 4, 23, 3], 64, 4), 83_455_272, '15.46', [
      83.246,
      96.454,
      'ResNeXt101_64X4D_Weights.IMAGENET1K_V1',
    ]),
    variant('wide_resnet50_2', 'Wide ResNet-50-2', bottleneck([3, 4, 6, 3], 1, 128), 68_883_240, '11.398', [
      81.602,
      95.758,
      'Wide_ResNet50_2_Weights.IMAGENET1K_V2',
    ]),
    variant('wide_resnet101_2', 'Wide ResNet-101-2', bottleneck([3, 4, 23, 3], 1, 128), 126_886_696, '22.753', [
      82.51,
      96.02,
      'Wide_ResNet101_2_Weights.IMAGENET1K_V2',
    ]),
  ],
};
