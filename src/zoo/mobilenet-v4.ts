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
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { TIMM } from './published.ts';

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

/**
 * 'conv': kernel, stride, channels. 'fused': kernel, stride, expansion, channels. 'uib': first
 * kernel, middle kernel, stride, expansion, channels, repeats (with stride 1 after the first).
 */
type BlockRow =
  | readonly ['conv', number, number, number]
  | readonly ['fused', number, number, number, number]
  | readonly ['uib', number, number, number, number, number, number];

interface Architecture {
  readonly stem: number;
  /** Rows of one stage; a pointwise convolution to 960 channels follows the last. */
  readonly stages: readonly (readonly BlockRow[])[];
}

/** Tables 11-13 of the paper. */
const ARCHITECTURES = {
  small: {
    stem: 32,
    stages: [
      [
        ['conv', 3, 2, 32],
        ['conv', 1, 1, 32],
      ],
      [
        ['conv', 3, 2, 96],
        ['conv', 1, 1, 64],
      ],
      [
        ['uib', 5, 5, 2, 3, 96, 1],
        ['uib', 0, 3, 1, 2, 96, 4],
        ['uib', 3, 0, 1, 4, 96, 1],
      ],
      [
        ['uib', 3, 3, 2, 6, 128, 1],
        ['uib', 5, 5, 1, 4, 128, 1],
        ['uib', 0, 5, 1, 4, 128, 1],
        ['uib', 0, 5, 1, 3, 128, 1],
        ['uib', 0, 3, 1, 4, 128, 2],
      ],
    ],
  },
  medium: {
    stem: 32,
    stages: [
      [['fused', 3, 2, 4, 48]],
      [
        ['uib', 3, 5, 2, 4, 80, 1],
        ['uib', 3, 3, 1, 2, 80, 1],
      ],
      [
        ['uib', 3, 5, 2, 6, 160, 1],
        ['uib', 3, 3, 1, 4, 160, 2],
        ['uib', 3, 5, 1, 4, 160, 1],
        ['uib', 3, 3, 1, 4, 160, 1],
        ['uib', 3, 0, 1, 4, 160, 1],
        ['uib', 0, 0, 1, 2, 160, 1],
        ['uib', 3, 0, 1, 4, 160, 1],
      ],
      [
        ['uib', 5, 5, 2, 6, 256, 1],
        ['uib', 5, 5, 1, 4, 256, 1],
        ['uib', 3, 5, 1, 4, 256, 2],
        ['uib', 0, 0, 1, 4, 256, 1],
        ['uib', 3, 0, 1, 4, 256, 1],
        ['uib', 3, 5, 1, 2, 256, 1],
        ['uib', 5, 5, 1, 4, 256, 1],
        ['uib', 0, 0, 1, 4, 256, 2],
        ['uib', 5, 0, 1, 2, 256, 1],
      ],
    ],
  },
  large: {
    stem: 24,
    stages: [
      [['fused', 3, 2, 4, 48]],
      [
        ['uib', 3, 5, 2, 4, 96, 1],
        ['uib', 3, 3, 1, 4, 96, 1],
      ],
      [
        ['uib', 3, 5, 2, 4, 192, 1],
        ['uib', 3, 3, 1, 4, 192, 3],
        ['uib', 3, 5, 1, 4, 192, 1],
        ['uib', 5, 3, 1, 4, 192, 5],
        ['uib', 3, 0, 1, 4, 192, 1],
      ],
      [
        ['uib', 5, 5, 2, 4, 512, 4],
        ['uib', 5, 0, 1, 4, 512, 1],
        ['uib', 5, 3, 1, 4, 512, 1],
        ['uib', 5, 0, 1, 4, 512, 2],
        ['uib', 5, 3, 1, 4, 512, 1],
        ['uib', 5, 5, 1, 4, 512, 1],
        ['uib', 5, 0, 1, 4, 512, 3],
      ],
    ],
  },
} as const satisfies Readonly<Record<string, Architecture>>;

type Size = keyof typeof ARCHITECTURES;

const buildRow = (g: GraphBuilder, name: string, x: Feature, row: BlockRow): Feature => {
  if (row[0] === 'conv') {
    const [, kernel, stride, channels] = row;
    return convNorm(g, name, x, channels, { kernel, stride, activation: 'relu' });
  }
  if (row[0] === 'fused') {
    const [, kernel, stride, expansion, channels] = row;
    const expandedChannels = roundChannels(x.channels * expansion);
    return fusedInvertedResidual(g, name, x, { expandedChannels, channels, kernel, stride, activation: 'relu' });
  }
  const [, startKernel, middleKernel, stride, expansion, channels, repeats] = row;
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
  size: Size,
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const { stem, stages }: Architecture = ARCHITECTURES[size];
  const g = new GraphBuilder(name);
  let x = convNorm(g, 'stem', imageInput(g, { resolution }, STRIDE_32), stem, {
    kernel: 3,
    stride: 2,
    activation: 'relu',
  });
  stages.forEach((rows, stage) => {
    rows.forEach((row, index) => {
      x = buildRow(g, `stage${stage + 1}.${index}`, x, row);
    });
  });
  x = convNorm(g, 'expand', x, 960, { activation: 'relu' });
  // The last convolution runs after the pooling, on one position.
  x = convNorm(g, 'head', globalAveragePool(g, 'pool', x), 1280, { activation: 'relu' });
  x = linear(g, 'classifier', flatten(g, 'flatten', x), classes);
  return g.finish([x.tensor]);
};

const variant = (
  size: Size,
  nativeResolution: number,
  timm: readonly (readonly [resolution: number, gmacs: string, mActs: string])[],
): ModelVariant => {
  const name = `mobilenetv4_conv_${size}`;
  return {
    name,
    title: `MobileNetV4-Conv-${size.charAt(0).toUpperCase()}`,
    nativeResolution,
    published: timm.map(([resolution, gmacs, mActs]) => ({
      resolution,
      gmacs,
      mActs,
      convention: 'fvcore',
      source: TIMM,
    })),
    build: (options) => buildMobileNetV4(name, size, options),
  };
};

export const family: ModelFamily = {
  id: 'mobilenet_v4',
  title: 'MobileNetV4',
  paper: 'https://arxiv.org/abs/2404.10518',
  notes: [
    'The convolutional models only; the hybrid ones with attention are not here.',
    'Dropout and stochastic depth are the identity at inference and are left out.',
  ],
  variants: [
    variant('small', 224, [
      [224, '0.19', '1.97'],
      [256, '0.25', '2.57'],
    ]),
    variant('medium', 256, [
      [224, '0.84', '5.8'],
      [256, '1.1', '7.58'],
      [320, '1.71', '11.84'],
    ]),
    variant('large', 384, [
      [256, '2.86', '12.14'],
      [320, '4.47', '18.97'],
      [384, '6.43', '27.31'],
      [448, '8.75', '37.17'],
    ]),
  ],
};
