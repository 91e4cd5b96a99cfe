/** MnasNet-B1 and MnasNet-small: Tan et al. 2018, https://arxiv.org/abs/1807.11626, as torchvision and timm build them. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import { convNorm, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import { invertedResidual } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedAccuracy, PublishedCost } from './family.ts';
import { widthOf } from './options.ts';
import { timmAccuracy, timmCost, torchvisionAccuracy, torchvisionCost } from './published.ts';

/** Expansion, kernel, stride of the first repeat, output channels, repeats, squeeze-and-excitation. */
type StageRow = readonly [number, number, number, number, number, boolean];

interface Architecture {
  readonly stem: number;
  readonly stages: readonly StageRow[];
}

const ARCHITECTURES = {
  b1: {
    stem: 32,
    stages: [
      [1, 3, 1, 16, 1, false],
      [3, 3, 2, 24, 3, false],
      [3, 5, 2, 40, 3, false],
      [6, 5, 2, 80, 3, false],
      [6, 3, 1, 96, 2, false],
      [6, 5, 2, 192, 4, false],
      [6, 3, 1, 320, 1, false],
    ],
  },
  small: {
    stem: 8,
    stages: [
      [1, 3, 1, 8, 1, false],
      [3, 3, 2, 16, 1, false],
      [6, 3, 2, 16, 2, false],
      [6, 5, 2, 32, 4, true],
      [6, 3, 1, 32, 3, true],
      [6, 5, 2, 88, 3, true],
      [6, 3, 1, 144, 1, false],
    ],
  },
} as const satisfies Readonly<Record<string, Architecture>>;

export interface MnasNetConfig {
  readonly architecture: keyof typeof ARCHITECTURES;
  readonly width: number;
}

export const buildMnasNet = (
  name: string,
  config: MnasNetConfig,
  { resolution = 224, imageWidth, classes = 1000, width: multiplier }: BuildOptions = {},
): Graph => {
  const { architecture } = config;
  const width = config.width * widthOf(multiplier);
  const { stem, stages }: Architecture = ARCHITECTURES[architecture];
  const g = new GraphBuilder(name);
  const activation = 'relu';
  let x = convNorm(g, 'stem', imageInput(g, { resolution, imageWidth }, STRIDE_32), roundChannels(stem * width), {
    kernel: 3,
    stride: 2,
    activation,
  });
  stages.forEach(([expansion, kernel, stride, channels, repeats, squeezed], stage) => {
    for (let block = 0; block < repeats; block++) {
      // The squeeze is a quarter of the block's input, not of its expansion.
      const squeeze = { squeezeChannels: Math.round(x.channels / 4), activation, gate: 'sigmoid' } as const;
      x = invertedResidual(g, `stage${stage + 1}.${block}`, x, {
        expandedChannels: x.channels * expansion,
        channels: roundChannels(channels * width),
        kernel,
        stride: block === 0 ? stride : 1,
        activation,
        // B1's separable first block has no shortcut, even where a width makes the channels agree.
        residual: stage > 0 || architecture === 'small',
        ...(squeezed && { squeeze }),
      });
    }
  });
  x = convNorm(g, 'head', x, 1280, { activation });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

const timm = (parameters: number, gmacs: string, mActs: string): PublishedCost =>
  timmCost(224, parameters, gmacs, mActs);

const torchvision = (parameters: number, gmacs: string): PublishedCost => torchvisionCost(224, parameters, gmacs);

const variant = (
  name: string,
  title: string,
  config: MnasNetConfig,
  published: readonly PublishedCost[],
  rest: {
    readonly aliases?: readonly string[];
    readonly accuracy?: PublishedAccuracy;
  } = {},
): ModelVariant => ({
  name,
  ...(rest.aliases && { aliases: rest.aliases }),
  title,
  nativeResolution: 224,
  knobs: ['classes', 'width'],
  scaling: { width: config.width, depth: 1 },
  published,
  ...(rest.accuracy && { accuracy: rest.accuracy }),
  build: (options) => buildMnasNet(name, config, options),
});

export const family: ModelFamily = {
  id: 'mnasnet',
  title: 'MnasNet',
  paper: 'https://arxiv.org/abs/1807.11626',
  notes: ['Dropout before the classifier is the identity at inference and is left out.'],
  variants: [
    variant('mnasnet_small', 'MnasNet-small', { architecture: 'small', width: 1 }, [timm(2_030_264, '0.07', '2.16')], {
      accuracy: timmAccuracy('mnasnet_small.lamb_in1k', 66.196, 86.472),
    }),
    variant(
      'mnasnet0_5',
      'MnasNet-B1 0.5×',
      { architecture: 'b1', width: 0.5 },
      [torchvision(2_218_512, '0.104'), timm(2_218_512, '0.11', '3.07')],
      { aliases: ['mnasnet_050'], accuracy: torchvisionAccuracy('MNASNet0_5_Weights.IMAGENET1K_V1', 67.734, 87.49) },
    ),
    variant(
      'mnasnet0_75',
      'MnasNet-B1 0.75×',
      { architecture: 'b1', width: 0.75 },
      [torchvision(3_170_208, '0.215'), timm(3_170_208, '0.23', '4.77')],
      { aliases: ['mnasnet_075'], accuracy: torchvisionAccuracy('MNASNet0_75_Weights.IMAGENET1K_V1', 71.18, 90.496) },
    ),
    variant(
      'mnasnet1_0',
      'MnasNet-B1',
      { architecture: 'b1', width: 1 },
      [torchvision(4_383_312, '0.314'), timm(4_383_312, '0.33', '5.46')],
      { aliases: ['mnasnet_100'], accuracy: torchvisionAccuracy('MNASNet1_0_Weights.IMAGENET1K_V1', 73.456, 91.51) },
    ),
    variant('mnasnet1_3', 'MnasNet-B1 1.3×', { architecture: 'b1', width: 1.3 }, [torchvision(6_282_256, '0.526')], {
      accuracy: torchvisionAccuracy('MNASNet1_3_Weights.IMAGENET1K_V1', 76.506, 93.522),
    }),
    variant('mnasnet_140', 'MnasNet-B1 1.4×', { architecture: 'b1', width: 1.4 }, [timm(7_115_728, '0.6', '7.71')]),
  ],
};
