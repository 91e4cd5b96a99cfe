/**
 * MobileNet (V1): Howard et al. 2017, https://arxiv.org/abs/1704.04861, as timm builds it, at the widths and
 * resolutions of the paper.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import { convNorm, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedAccuracy, PublishedCost } from './family.ts';
import { widthOf } from './options.ts';
import { timmAccuracy, timmCost } from './published.ts';

export interface MobileNetV1Config {
  readonly width: number;
  /** A pointwise convolution of 1024 channels before the pooling (timm's "h" variants). */
  readonly headConvolution?: boolean;
}

/** Output channels, repeats, stride of the first repeat: table 1 of the paper. */
const STAGES: readonly (readonly [number, number, number])[] = [
  [64, 1, 1],
  [128, 2, 2],
  [256, 2, 2],
  [512, 6, 2],
  [1024, 2, 2],
];

export const buildMobileNetV1 = (
  name: string,
  config: MobileNetV1Config,
  { resolution = 224, imageWidth, classes = 1000, width: multiplier }: BuildOptions = {},
): Graph => {
  const { headConvolution = false } = config;
  const width = config.width * widthOf(multiplier);
  const g = new GraphBuilder(name);
  const activation = 'relu6';
  let x = convNorm(g, 'stem', imageInput(g, { resolution, imageWidth }, STRIDE_32), roundChannels(32 * width), {
    kernel: 3,
    stride: 2,
    activation,
  });
  STAGES.forEach(([channels, repeats, firstStride], stage) => {
    for (let block = 0; block < repeats; block++) {
      const stride = block === 0 ? firstStride : 1;
      // Depthwise separable: both halves are activated, and nothing is added.
      x = g.scope(`stage${stage + 1}.${block}`, () => {
        const filtered = convNorm(g, 'filter', x, x.channels, { kernel: 3, stride, groups: x.channels, activation });
        return convNorm(g, 'project', filtered, roundChannels(channels * width), { activation });
      });
    }
  });
  if (headConvolution) x = convNorm(g, 'head', x, Math.max(1024, roundChannels(1024 * width)), { activation });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

const SLIM = 'TF-Slim, research/slim/nets/mobilenet_v1.md';

interface SlimRow {
  readonly resolution: number;
  /** Billions, from a table in millions. */
  readonly gmacs: string;
  readonly top1: number;
  readonly top5: number;
  /** Why the count is not that of the graph. */
  readonly differs?: string;
}

/** One width of the grid of the paper: what its table 6 counts at 224 pixels, and the weights released later. */
interface SlimWidth {
  /** As the released files spell it. */
  readonly spelling: string;
  readonly paperGmacs: string;
  readonly parametersMillions: string;
  readonly rows: readonly SlimRow[];
}

const WITHOUT_STEM = 'the table leaves the first convolution out at this width, unlike at the others and in the paper';
const MISPRINT =
  'a slip of the table: the rows at 224, 160 and 128 pixels agree, and work goes with the square of the resolution';
const ROUNDED_TWICE = 'table 6 of the paper has 149, as the graph: 149.497 million';

const SLIM_100: SlimWidth = {
  spelling: '1.0',
  paperGmacs: '0.569',
  parametersMillions: '4.2',
  rows: [
    { resolution: 224, gmacs: '0.569', top1: 70.9, top5: 89.9 },
    { resolution: 192, gmacs: '0.418', top1: 70, top5: 89.2 },
    { resolution: 160, gmacs: '0.291', top1: 68, top5: 87.7 },
    { resolution: 128, gmacs: '0.186', top1: 65.2, top5: 85.8 },
  ],
};

const SLIM_075: SlimWidth = {
  spelling: '0.75',
  paperGmacs: '0.325',
  parametersMillions: '2.6',
  rows: [
    { resolution: 224, gmacs: '0.317', top1: 68.4, top5: 88.2, differs: WITHOUT_STEM },
    { resolution: 192, gmacs: '0.233', top1: 67.2, top5: 87.3, differs: WITHOUT_STEM },
    { resolution: 160, gmacs: '0.162', top1: 65.3, top5: 86, differs: WITHOUT_STEM },
    { resolution: 128, gmacs: '0.104', top1: 62.1, top5: 83.9, differs: WITHOUT_STEM },
  ],
};

const SLIM_050: SlimWidth = {
  spelling: '0.5',
  paperGmacs: '0.149',
  parametersMillions: '1.3',
  rows: [
    { resolution: 224, gmacs: '0.150', top1: 63.3, top5: 84.9, differs: ROUNDED_TWICE },
    { resolution: 192, gmacs: '0.110', top1: 61.7, top5: 83.6 },
    { resolution: 160, gmacs: '0.077', top1: 59.1, top5: 81.9 },
    { resolution: 128, gmacs: '0.049', top1: 56.3, top5: 79.4 },
  ],
};

const SLIM_025: SlimWidth = {
  spelling: '0.25',
  paperGmacs: '0.041',
  parametersMillions: '0.5',
  rows: [
    { resolution: 224, gmacs: '0.041', top1: 49.8, top5: 74.2 },
    { resolution: 192, gmacs: '0.034', top1: 47.7, top5: 72.3, differs: MISPRINT },
    { resolution: 160, gmacs: '0.021', top1: 45.5, top5: 70.3 },
    { resolution: 128, gmacs: '0.014', top1: 41.5, top5: 66.3 },
  ],
};

const slimCosts = ({ rows, paperGmacs, parametersMillions }: SlimWidth): readonly PublishedCost[] => [
  {
    resolution: 224,
    parametersMillions,
    gmacs: paperGmacs,
    convention: 'papers',
    source: 'table 6 of the MobileNet paper, arXiv 1704.04861',
  },
  ...rows.map(
    ({ resolution, gmacs, differs }): PublishedCost => ({
      resolution,
      gmacs,
      convention: 'papers',
      source: SLIM,
      ...(differs !== undefined && { differs: { figures: ['gmacs'], reason: differs } }),
    }),
  ),
];

const slimAccuracies = ({ spelling, rows }: SlimWidth): readonly PublishedAccuracy[] =>
  rows.map(({ resolution, top1, top5 }) => ({
    top1,
    top5,
    weights: `MobileNet_v1_${spelling}_${resolution}`,
    resolution,
    source: SLIM,
  }));

interface VariantRow {
  /** timm's: percent of the width. */
  readonly suffix: string;
  readonly title: string;
  readonly config: MobileNetV1Config;
  readonly slim?: SlimWidth;
  readonly costs?: readonly PublishedCost[];
  /** In timm, beside those of TF-Slim. */
  readonly accuracies?: readonly PublishedAccuracy[];
}

const variant = ({ suffix, title, config, slim, costs = [], accuracies = [] }: VariantRow): ModelVariant => {
  const name = `mobilenetv1_${suffix}`;
  const [accuracy, ...otherAccuracies] = [...accuracies, ...(slim === undefined ? [] : slimAccuracies(slim))];
  return {
    name,
    ...(slim && { aliases: [`mobilenet_v1_${slim.spelling}`] }),
    title,
    nativeResolution: 224,
    knobs: ['classes', 'width'],
    scaling: { width: config.width, depth: 1 },
    published: [...costs, ...(slim === undefined ? [] : slimCosts(slim))],
    ...(accuracy && { accuracy, otherAccuracies }),
    build: (options) => buildMobileNetV1(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'mobilenet_v1',
  title: 'MobileNetV1',
  paper: 'https://arxiv.org/abs/1704.04861',
  notes: [
    'Dropout before the classifier is the identity at inference and is left out.',
    'Convolutions of stride 2 are padded evenly, as timm does; the TensorFlow original pads below and to the right only, which changes no count.',
  ],
  variants: [
    variant({
      suffix: '100',
      title: 'MobileNetV1',
      config: { width: 1 },
      slim: SLIM_100,
      costs: [timmCost(224, 4_231_976, '0.58', '5.04'), timmCost(256, 4_231_976, '0.76', '6.59')],
      accuracies: [
        timmAccuracy('mobilenetv1_100.ra4_e3600_r224_in1k', 75.384, 92.312),
        timmAccuracy('mobilenetv1_100.ra4_e3600_r224_in1k', 76.086, 93.012, 256),
      ],
    }),
    variant({
      suffix: '100h',
      title: 'MobileNetV1 with a head convolution',
      config: { width: 1, headConvolution: true },
      costs: [timmCost(224, 5_282_600, '0.63', '5.09'), timmCost(256, 5_282_600, '0.82', '6.65')],
      accuracies: [
        timmAccuracy('mobilenetv1_100h.ra4_e3600_r224_in1k', 75.658, 92.504),
        timmAccuracy('mobilenetv1_100h.ra4_e3600_r224_in1k', 76.594, 93.266, 256),
      ],
    }),
    variant({
      suffix: '125',
      title: 'MobileNetV1 1.25×',
      config: { width: 1.25 },
      costs: [timmCost(224, 6_270_840, '0.89', '6.3'), timmCost(256, 6_270_840, '1.16', '8.23')],
      accuracies: [
        timmAccuracy('mobilenetv1_125.ra4_e3600_r224_in1k', 76.928, 93.216),
        timmAccuracy('mobilenetv1_125.ra4_e3600_r224_in1k', 77.584, 93.794, 256),
      ],
    }),
    variant({ suffix: '075', title: 'MobileNetV1 0.75×', config: { width: 0.75 }, slim: SLIM_075 }),
    variant({ suffix: '050', title: 'MobileNetV1 0.5×', config: { width: 0.5 }, slim: SLIM_050 }),
    variant({ suffix: '025', title: 'MobileNetV1 0.25×', config: { width: 0.25 }, slim: SLIM_025 }),
  ],
};
