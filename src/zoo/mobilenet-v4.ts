/**
 * MobileNetV4-Conv S, M, L: Qin et al. 2024, https://arxiv.org/abs/2404.10518, as timm builds them:
 * universal inverted bottlenecks, whose two depthwise convolutions are both optional.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import {
  add,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
  STRIDE_32,
} from './blocks/conv.ts';
import { fusedInvertedResidual } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedAccuracy } from './family.ts';
import { ARCHITECTURES, type Architecture, type BlockRow } from './mobilenet-v4-architectures.ts';
import { widthOf } from './options.ts';
import { timmAccuracy, timmCost } from './published.ts';

interface UniversalBottleneckOptions {
  /** Kernel of the depthwise convolution before the expansion; 0 for none. */
  readonly startKernel: number;
  /** Kernel of the depthwise convolution between expansion and projection; 0 for none. */
  readonly middleKernel: number;
  readonly stride: number;
  readonly expansion: number;
  readonly channels: number;
}

/**
 * Both depthwise convolutions: ExtraDW; the middle one: inverted bottleneck; the first one:
 * ConvNeXt-like; neither: feed-forward. The stride is on the last one that is there.
 */
const universalBottleneck = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  { startKernel, middleKernel, stride, expansion, channels }: UniversalBottleneckOptions,
): Feature =>
  g.scope(name, () => {
    const depthwise = (step: string, from: Feature, kernel: number, by: number, activated: boolean): Feature =>
      convNorm(g, step, from, from.channels, {
        kernel,
        stride: by,
        groups: from.channels,
        ...(activated && { activation: 'relu' as const }),
      });
    const start = startKernel === 0 ? x : depthwise('start', x, startKernel, middleKernel === 0 ? stride : 1, false);
    const expanded = convNorm(g, 'expand', start, roundChannels(x.channels * expansion), { activation: 'relu' });
    const filtered = middleKernel === 0 ? expanded : depthwise('filter', expanded, middleKernel, stride, true);
    const projected = convNorm(g, 'project', filtered, channels);
    return stride === 1 && x.channels === channels ? add(g, 'add', x, projected) : projected;
  });

type Size = keyof typeof ARCHITECTURES;

export interface MobileNetV4Config {
  readonly size: Size;
  /** Multiplies the channels between stem and head; the stem gets wider with it but not narrower. */
  readonly width: number;
}

const buildRow = (g: GraphBuilder, name: string, x: Feature, row: BlockRow, width: number): Feature => {
  const scaled = (channels: number): number => roundChannels(channels * width);
  if (row[0] === 'conv') {
    const [, kernel, stride, channels] = row;
    return convNorm(g, name, x, scaled(channels), { kernel, stride, activation: 'relu' });
  }
  if (row[0] === 'fused') {
    const [, kernel, stride, expansion, channels] = row;
    const expandedChannels = roundChannels(x.channels * expansion);
    const options = { expandedChannels, channels: scaled(channels), kernel, stride, activation: 'relu' } as const;
    return fusedInvertedResidual(g, name, x, options);
  }
  const [, startKernel, middleKernel, stride, expansion, outputs, repeats] = row;
  const channels = scaled(outputs);
  let result = x;
  for (let block = 0; block < repeats; block++) {
    const by = block === 0 ? stride : 1;
    const options = { startKernel, middleKernel, stride: by, expansion, channels };
    result = universalBottleneck(g, repeats === 1 ? name : `${name}.${block}`, result, options);
  }
  return result;
};

export const buildMobileNetV4 = (
  name: string,
  config: MobileNetV4Config,
  { resolution = 224, imageWidth, classes = 1000, width: multiplier }: BuildOptions = {},
): Graph => {
  const { stem, stages }: Architecture = ARCHITECTURES[config.size];
  const width = config.width * widthOf(multiplier);
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, STRIDE_32);
  let x = convNorm(g, 'stem', image, roundChannels(stem * Math.max(1, width)), {
    kernel: 3,
    stride: 2,
    activation: 'relu',
  });
  stages.forEach((rows, stage) => {
    rows.forEach((row, index) => {
      x = buildRow(g, `stage${stage + 1}.${index}`, x, row, width);
    });
  });
  x = convNorm(g, 'expand', x, roundChannels(960 * width), { activation: 'relu' });
  // The last convolution runs after the pooling, on one position.
  x = convNorm(g, 'head', globalAveragePool(g, 'pool', x), 1280, { activation: 'relu' });
  x = linear(g, 'classifier', flatten(g, 'flatten', x), classes);
  return g.finish([x.tensor]);
};

interface VariantRow {
  readonly size: Size;
  readonly width?: number;
  readonly nativeResolution: number;
  readonly parameters: number;
  readonly timm: readonly (readonly [resolution: number, gmacs: string, mActs: string])[];
  /** That at the native resolution first. */
  readonly accuracies?: readonly PublishedAccuracy[];
}

const variant = (row: VariantRow): ModelVariant => {
  const { size, width = 1, nativeResolution, parameters, timm, accuracies = [] } = row;
  const suffix = width === 1 ? '' : `_${String(Math.round(width * 100)).padStart(3, '0')}`;
  const name = `mobilenetv4_conv_${size}${suffix}`;
  const [accuracy, ...otherAccuracies] = accuracies;
  return {
    name,
    title: `MobileNetV4-Conv-${size.charAt(0).toUpperCase()}${width === 1 ? '' : ` ${width}×`}`,
    nativeResolution,
    knobs: ['classes', 'width'],
    published: timm.map(([resolution, gmacs, mActs]) => timmCost(resolution, parameters, gmacs, mActs)),
    ...(accuracy && { accuracy, otherAccuracies }),
    build: (options) => buildMobileNetV4(name, { size, width }, options),
  };
};

/** Release notes of timm: top-1 alone, for weights newer than its table. */
const TIMM_NOTES = 'timm release notes of September 2024';

export const family: ModelFamily = {
  id: 'mobilenet_v4',
  title: 'MobileNetV4',
  paper: 'https://arxiv.org/abs/2404.10518',
  notes: [
    'The convolutional models only; the hybrid ones with attention are not here.',
    'Dropout and stochastic depth are the identity at inference and are left out.',
  ],
  variants: [
    variant({
      size: 'small',
      nativeResolution: 224,
      parameters: 3_774_024,
      timm: [
        [224, '0.19', '1.97'],
        [256, '0.25', '2.57'],
        [320, '0.39', '4.01'],
      ],
      accuracies: [
        timmAccuracy('mobilenetv4_conv_small.e2400_r224_in1k', 73.73, 91.426),
        timmAccuracy('mobilenetv4_conv_small.e2400_r224_in1k', 74.644, 92.022, 256),
        timmAccuracy('mobilenetv4_conv_small.e1200_r224_in1k', 73.436, 91.342),
        timmAccuracy('mobilenetv4_conv_small.e1200_r224_in1k', 74.29, 92.112, 256),
      ],
    }),
    variant({
      size: 'medium',
      nativeResolution: 256,
      parameters: 9_715_512,
      timm: [
        [224, '0.84', '5.8'],
        [256, '1.1', '7.58'],
        [320, '1.71', '11.84'],
        [384, '2.46', '17.05'],
      ],
      accuracies: [
        timmAccuracy('mobilenetv4_conv_medium.e500_r256_in1k', 79.922, 95.186, 256),
        timmAccuracy('mobilenetv4_conv_medium.e500_r256_in1k', 80.88, 95.762, 320),
        timmAccuracy('mobilenetv4_conv_medium.e500_r224_in1k', 79.092, 94.788),
        timmAccuracy('mobilenetv4_conv_medium.e500_r224_in1k', 79.838, 95.194, 256),
      ],
    }),
    variant({
      size: 'large',
      nativeResolution: 384,
      parameters: 32_590_864,
      timm: [
        [256, '2.86', '12.14'],
        [320, '4.47', '18.97'],
        [384, '6.43', '27.31'],
        [448, '8.75', '37.17'],
      ],
      accuracies: [
        timmAccuracy('mobilenetv4_conv_large.e600_r384_in1k', 82.974, 96.244, 384),
        timmAccuracy('mobilenetv4_conv_large.e600_r384_in1k', 83.418, 96.612, 448),
        timmAccuracy('mobilenetv4_conv_large.e500_r256_in1k', 81.864, 95.696, 256),
        timmAccuracy('mobilenetv4_conv_large.e500_r256_in1k', 82.674, 96.316, 320),
      ],
    }),
    variant({
      size: 'small',
      width: 0.35,
      nativeResolution: 224,
      parameters: 1_905_384,
      timm: [
        [224, '0.05', '0.98'],
        [256, '0.06', '1.28'],
      ],
    }),
    variant({
      size: 'small',
      width: 0.5,
      nativeResolution: 224,
      parameters: 2_238_952,
      timm: [
        [224, '0.07', '1.18'],
        [256, '0.09', '1.55'],
      ],
      accuracies: [
        { top1: 64.76, weights: 'mobilenetv4_conv_small_050.e3000_r224_in1k', resolution: 224, source: TIMM_NOTES },
        { top1: 65.81, weights: 'mobilenetv4_conv_small_050.e3000_r224_in1k', resolution: 256, source: TIMM_NOTES },
      ],
    }),
  ],
};
