/** VGG: Simonyan and Zisserman 2014, https://arxiv.org/abs/1409.1556, with and without BatchNorm, as torchvision builds it. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import {
  activate,
  conv,
  convNorm,
  type Feature,
  flatten,
  imageInput,
  linear,
  type PoolOptions,
} from './blocks/conv.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import type { ExtentRule } from './options.ts';
import { timmCost, torchvisionAccuracy, torchvisionCost } from './published.ts';

export interface VggConfig {
  /** 3x3 convolutions per stage; every stage ends in a 2x2 maximum. */
  readonly repeats: readonly [number, number, number, number, number];
  readonly batchNorm: boolean;
}

const CHANNELS = [64, 128, 256, 512, 512] as const;

const STAGES = CHANNELS.length;

/** Side of the feature map that the first fully connected layer reads. */
const HEAD_SIDE = 7;

const HEAD_RULE: ExtentRule = {
  minimum: HEAD_SIDE * 2 ** STAGES,
  because: `its pooling would enlarge a feature map of less than ${HEAD_SIDE}x${HEAD_SIDE}`,
};

/** The convolutions of one stage, counted from 0, without the maximum after them. */
export const vggStage = (
  g: GraphBuilder,
  input: Feature,
  stage: number,
  { repeats, batchNorm }: VggConfig,
): Feature => {
  const channels = CHANNELS[stage] ?? 0;
  let x = input;
  for (let layer = 0; layer < (repeats[stage] ?? 0); layer++) {
    const layerName = `features.${stage + 1}.${layer}`;
    const options = { kernel: 3, bias: true };
    x = batchNorm
      ? convNorm(g, layerName, x, channels, { ...options, activation: 'relu' })
      : g.scope(layerName, () => activate(g, 'act', conv(g, 'conv', x, channels, options), 'relu'));
  }
  return x;
};

/** The maximum after a stage. */
export const vggPool = (
  g: GraphBuilder,
  x: Feature,
  stage: number,
  { ceilMode = false }: Pick<PoolOptions, 'ceilMode'> = {},
): Feature => {
  const tensor = g.node('MaxPool', `features.${stage + 1}.pool`, [x.tensor], {
    attributes: { kernel_shape: [2, 2], strides: [2, 2], ...(ceilMode && { ceil_mode: 1 }) },
  });
  return { tensor, channels: x.channels };
};

/**
 * torchvision's adaptive pooling to 7x7. The windows are those of PyTorch where the sides are
 * multiples of 7 (every multiple of 224 pixels) and as many and nearly as large elsewhere.
 */
const poolToHead = (g: GraphBuilder, x: Feature, sides: readonly [number, number]): Feature => {
  if (sides.every((side) => side === HEAD_SIDE)) return x;
  const strides = sides.map((side) => Math.floor(side / HEAD_SIDE));
  const kernel = sides.map((side, axis) => side - (HEAD_SIDE - 1) * (strides[axis] ?? 1));
  const tensor = g.node('AveragePool', 'avgpool', [x.tensor], { attributes: { kernel_shape: kernel, strides } });
  return { tensor, channels: x.channels };
};

export const buildVgg = (
  name: string,
  config: VggConfig,
  { resolution = 224, imageWidth = resolution, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  let x = imageInput(g, { resolution, imageWidth }, HEAD_RULE);
  for (let stage = 0; stage < STAGES; stage++) x = vggPool(g, vggStage(g, x, stage, config), stage);
  const sideOf = (pixels: number) => Math.floor(pixels / 2 ** STAGES);
  const pooled = poolToHead(g, x, [sideOf(resolution), sideOf(imageWidth)]);
  x = { tensor: flatten(g, 'flatten', pooled).tensor, channels: pooled.channels * HEAD_SIDE ** 2 };
  x = activate(g, 'classifier.act1', linear(g, 'classifier.fc1', x, 4096), 'relu');
  x = activate(g, 'classifier.act2', linear(g, 'classifier.fc2', x, 4096), 'relu');
  return g.finish([linear(g, 'classifier.fc3', x, classes).tensor]);
};

export const VGG_REPEATS = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
} as const satisfies Readonly<Record<number, VggConfig['repeats']>>;

const variant = (
  layers: keyof typeof VGG_REPEATS,
  batchNorm: boolean,
  parameters: number,
  gmacs: string,
  timm: readonly [gmacs: string, mActs: string],
  [top1, top5]: readonly [number, number],
): ModelVariant => {
  const name = `vgg${layers}${batchNorm ? '_bn' : ''}`;
  return {
    name,
    title: `VGG-${layers}${batchNorm ? ' with BatchNorm' : ''}`,
    nativeResolution: 224,
    published: [torchvisionCost(224, parameters, gmacs), timmCost(224, parameters, timm[0], timm[1])],
    accuracy: torchvisionAccuracy(`VGG${layers}${batchNorm ? '_BN' : ''}_Weights.IMAGENET1K_V1`, top1, top5),
    build: (options) => buildVgg(name, { repeats: VGG_REPEATS[layers], batchNorm }, options),
  };
};

export const family: ModelFamily = {
  id: 'vgg',
  title: 'VGG',
  paper: 'https://arxiv.org/abs/1409.1556',
  notes: [
    'Dropout in the classifier is the identity at inference and is left out.',
    'The adaptive pooling to 7×7 is left out where the feature map is 7×7 already (224 pixels); below that it would enlarge, and the build refuses.',
    'timm computes the first two fully connected layers as 7×7 and 1×1 convolutions: the same counts.',
  ],
  variants: [
    variant(11, false, 132_863_336, '7.609', ['7.61', '7.44'], [69.02, 88.628]),
    variant(11, true, 132_868_840, '7.609', ['7.62', '7.44'], [70.37, 89.81]),
    variant(13, false, 133_047_848, '11.308', ['11.31', '12.25'], [69.928, 89.246]),
    variant(13, true, 133_053_736, '11.308', ['11.33', '12.25'], [71.586, 90.374]),
    variant(16, false, 138_357_544, '15.47', ['15.47', '13.56'], [71.592, 90.382]),
    variant(16, true, 138_365_992, '15.47', ['15.5', '13.56'], [73.36, 91.516]),
    variant(19, false, 143_667_240, '19.632', ['19.63', '14.86'], [72.376, 90.876]),
    variant(19, true, 143_678_248, '19.632', ['19.66', '14.86'], [74.218, 91.842]),
  ],
};
