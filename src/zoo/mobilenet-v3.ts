/** MobileNetV3: Howard et al. 2019, https://arxiv.org/abs/1905.02244, as torchvision builds it. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import {
  activate,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
  STRIDE_32,
} from './blocks/conv.ts';
import { type InvertedResidualParts, invertedResidualParts } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { widthOf } from './options.ts';
import { timmAccuracy, timmParameters, torchvisionAccuracy, torchvisionCost } from './published.ts';

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
  /** Multiplies channels. */
  readonly width?: number;
  /**
   * What narrower networks keep. torchvision narrows everything. timm and the reference code expand the narrowed inputs
   * of a block by the ratio of the full width, keep the classifier and, below three quarters, the stem.
   */
  readonly narrowing?: 'torchvision' | 'timm';
  readonly squeezeExcitation?: boolean;
  readonly hardSwish?: boolean;
}

interface BlockPlan {
  readonly kernel: number;
  readonly expandedChannels: number;
  readonly channels: number;
  readonly squeeze: boolean;
  readonly hardSwish: boolean;
  readonly stride: number;
}

interface Plan {
  readonly stem: number;
  readonly blocks: readonly BlockPlan[];
  readonly classifier: number;
}

const STEM_CHANNELS = 16;

/** timm narrows the stem from here on. */
const NARROWED_STEM = 0.75;

interface Tail {
  /** Half the channels after the last halving, as detectors have them. */
  readonly reducedTail?: boolean;
}

const planOf = (
  { size, width = 1, narrowing = 'torchvision' }: MobileNetV3Config,
  multiplier = 1,
  { reducedTail = false }: Tail = {},
): Plan => {
  const { blocks, classifier } = CONFIGS[size];
  const scaled = (channels: number) => roundChannels(channels * width * multiplier);
  const isTimm = narrowing === 'timm';
  const stem = isTimm && width < NARROWED_STEM ? roundChannels(STEM_CHANNELS * multiplier) : scaled(STEM_CHANNELS);
  const lastHalving = blocks.findLastIndex((row) => row[5] === 2);
  const plans: BlockPlan[] = [];
  let [inputs, fullInputs] = [stem, STEM_CHANNELS];
  blocks.forEach(([kernel, fullExpanded, fullChannels, squeeze, hardSwish, stride], index) => {
    const channels = scaled(reducedTail && index >= lastHalving ? fullChannels / 2 : fullChannels);
    const expanded = reducedTail && index > lastHalving ? fullExpanded / 2 : fullExpanded;
    const expandedChannels = isTimm ? roundChannels((inputs * expanded) / fullInputs) : scaled(expanded);
    plans.push({ kernel, expandedChannels, channels, squeeze, hardSwish, stride });
    [inputs, fullInputs] = [channels, fullChannels];
  });
  const kept = isTimm ? roundChannels(classifier * multiplier) : scaled(classifier);
  return { stem, blocks: plans, classifier: kept };
};

export interface MobileNetV3StagesOptions extends Tail {
  /** The last halving as a dilation of the filters from there on: a total stride of 16. */
  readonly dilated?: boolean;
}

export interface MobileNetV3Stages {
  /** By block: its inside before the filter, and its output. */
  readonly blocks: readonly InvertedResidualParts[];
  /** After the last convolution, six times as many channels as the last block. */
  readonly head: Feature;
}

const networkOf = (
  g: GraphBuilder,
  image: Feature,
  { stem, blocks: plans }: Plan,
  { squeezeExcitation = true, hardSwish: swish = true }: MobileNetV3Config,
  { dilated = false }: MobileNetV3StagesOptions = {},
): MobileNetV3Stages => {
  const late = swish ? 'hard-swish' : 'relu';
  let x = convNorm(g, 'stem', image, stem, { kernel: 3, stride: 2, activation: late });
  const lastHalving = plans.findLastIndex(({ stride }) => stride === 2);
  const blocks = plans.map(({ kernel, expandedChannels, channels, squeeze, hardSwish, stride }, index) => {
    const isDilated = dilated && index >= lastHalving;
    const parts = invertedResidualParts(g, `blocks.${index}`, x, {
      expandedChannels,
      channels,
      kernel,
      stride: isDilated ? 1 : stride,
      ...(isDilated && { dilation: 2 }),
      activation: hardSwish ? late : 'relu',
      ...(squeeze &&
        squeezeExcitation && {
          squeeze: {
            squeezeChannels: roundChannels(Math.floor(expandedChannels / 4)),
            activation: 'relu' as const,
            gate: 'hard-sigmoid' as const,
          },
        }),
    });
    x = parts.output;
    return parts;
  });
  return { blocks, head: convNorm(g, 'head', x, 6 * x.channels, { activation: late }) };
};

/** The network without its classifier. */
export const mobileNetV3Stages = (
  g: GraphBuilder,
  image: Feature,
  config: MobileNetV3Config,
  options: MobileNetV3StagesOptions = {},
): MobileNetV3Stages => networkOf(g, image, planOf(config, 1, options), config, options);

/** Channels that BatchNorm scales and shifts, all of them together, without a classifier. */
export const mobileNetV3NormalizedChannels = (config: MobileNetV3Config): number => {
  const { stem, blocks } = planOf(config);
  let [sum, inputs] = [stem, stem];
  for (const { expandedChannels, channels } of blocks) {
    // Without expansion there are the filter and the projection only.
    sum += expandedChannels * (expandedChannels === inputs ? 1 : 2) + channels;
    inputs = channels;
  }
  return sum + 6 * inputs;
};

export const buildMobileNetV3 = (
  name: string,
  config: MobileNetV3Config,
  { resolution = 224, imageWidth, classes = 1000, width }: BuildOptions = {},
): Graph => {
  const plan = planOf(config, widthOf(width));
  const g = new GraphBuilder(name);
  const { head } = networkOf(g, imageInput(g, { resolution, imageWidth }, STRIDE_32), plan, config);
  let x = linear(g, 'classifier.0', flatten(g, 'flatten', globalAveragePool(g, 'pool', head)), plan.classifier);
  x = activate(g, 'classifier.act', x, config.hardSwish === false ? 'relu' : 'hard-swish');
  return g.finish([linear(g, 'classifier.1', x, classes).tensor]);
};

const builders = (name: string, config: MobileNetV3Config): Pick<ModelVariant, 'build' | 'counterfactuals'> => {
  const altered = (change: Partial<MobileNetV3Config>) => (options?: BuildOptions) =>
    buildMobileNetV3(name, { ...config, ...change }, options);
  return {
    build: altered({}),
    counterfactuals: {
      'without-squeeze-excitation': altered({ squeezeExcitation: false }),
      'relu-activations': altered({ hardSwish: false }),
    },
  };
};

const SLIM = 'TF-Slim, research/slim/nets/mobilenet/README.md';

const variant = (
  name: string,
  title: string,
  config: MobileNetV3Config,
  rest: Pick<ModelVariant, 'aliases' | 'published' | 'accuracy' | 'otherAccuracies'>,
): ModelVariant => ({
  name,
  title,
  nativeResolution: 224,
  knobs: ['classes', 'width'],
  ...rest,
  ...builders(name, config),
});

export const family: ModelFamily = {
  id: 'mobilenet_v3',
  title: 'MobileNetV3',
  paper: 'https://arxiv.org/abs/1905.02244',
  notes: [
    'Dropout in the classifier is the identity at inference and is left out.',
    'Widths other than 1 are torchvision’s, which narrows everything, in the models that it has; the narrow models of timm keep the classifier and the ratios of expansion.',
    'timm computes the first fully connected layer as a 1×1 convolution after the pooling: the same counts.',
  ],
  variants: [
    variant(
      'mobilenet_v3_small',
      'MobileNetV3-Small',
      { size: 'small' },
      {
        aliases: ['mobilenetv3_small_100'],
        published: [torchvisionCost(224, 2_542_856, '0.057')],
        accuracy: torchvisionAccuracy('MobileNet_V3_Small_Weights.IMAGENET1K_V1', 67.668, 87.402),
        otherAccuracies: [timmAccuracy('mobilenetv3_small_100.lamb_in1k', 67.656, 87.636)],
      },
    ),
    variant(
      'mobilenet_v3_large',
      'MobileNetV3-Large',
      { size: 'large' },
      {
        aliases: ['mobilenetv3_large_100'],
        published: [torchvisionCost(224, 5_483_032, '0.217')],
        accuracy: torchvisionAccuracy('MobileNet_V3_Large_Weights.IMAGENET1K_V2', 75.274, 92.566),
        otherAccuracies: [
          torchvisionAccuracy('MobileNet_V3_Large_Weights.IMAGENET1K_V1', 74.042, 91.34),
          timmAccuracy('mobilenetv3_large_100.miil_in21k_ft_in1k', 77.918, 92.914),
          timmAccuracy('mobilenetv3_large_100.ra_in1k', 75.766, 92.538),
        ],
      },
    ),
    variant(
      'mobilenetv3_large_075',
      'MobileNetV3-Large 0.75',
      { size: 'large', width: 0.75, narrowing: 'timm' },
      {
        published: [
          timmParameters(224, 3_993_528),
          { resolution: 224, parametersMillions: '4.0', gmacs: '0.155', convention: 'papers', source: SLIM },
        ],
      },
    ),
    variant(
      'mobilenetv3_small_075',
      'MobileNetV3-Small 0.75',
      { size: 'small', width: 0.75, narrowing: 'timm' },
      {
        published: [timmParameters(224, 2_041_872)],
        accuracy: timmAccuracy('mobilenetv3_small_075.lamb_in1k', 65.234, 85.446),
      },
    ),
    variant(
      'mobilenetv3_small_050',
      'MobileNetV3-Small 0.5',
      { size: 'small', width: 0.5, narrowing: 'timm' },
      {
        published: [timmParameters(224, 1_593_224)],
        accuracy: timmAccuracy('mobilenetv3_small_050.lamb_in1k', 57.91, 80.18),
      },
    ),
  ],
};
