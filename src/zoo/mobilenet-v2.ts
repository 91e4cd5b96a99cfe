/** MobileNetV2: Sandler et al. 2018, https://arxiv.org/abs/1801.04381, as torchvision (and timm) build it. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels, scaleDepth } from './blocks/channels.ts';
import { convNorm, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import { invertedResidual } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedAccuracy, PublishedCost } from './family.ts';
import { widthOf } from './options.ts';
import { timmAccuracy, timmCost, torchvisionAccuracy, torchvisionCost } from './published.ts';

export interface MobileNetV2Config {
  readonly width: number;
  /** Multiplies the repeats of the inner stages (timm's "d" variants). */
  readonly depth: number;
  /** Stem and head keep their width; first and last stage keep their depth (timm's "d" variants). */
  readonly fixedEnds: boolean;
}

/** Expansion, output channels, repeats, stride of the first repeat: table 2 of the paper. */
const STAGES: readonly (readonly [number, number, number, number])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

interface BlockPlan {
  readonly name: string;
  readonly expandedChannels: number;
  readonly channels: number;
  readonly stride: number;
}

interface Plan {
  readonly stem: number;
  readonly blocks: readonly BlockPlan[];
  readonly head: number;
}

const planOf = ({ width = 1, depth = 1, fixedEnds = false }: Partial<MobileNetV2Config>, multiplier = 1): Plan => {
  // Ends that are fixed still follow a width asked for on top of the variant's own.
  const ends = (fixedEnds ? 1 : width) * multiplier;
  const stem = roundChannels(32 * ends);
  const blocks: BlockPlan[] = [];
  let inputs = stem;
  STAGES.forEach(([expansion, outputs, repeats, stride], stage) => {
    const isEnd = stage === 0 || stage === STAGES.length - 1;
    const count = fixedEnds && isEnd ? repeats : scaleDepth(repeats, depth);
    const channels = roundChannels(outputs * width * multiplier);
    for (let block = 0; block < count; block++) {
      const name = `stage${stage + 1}.${block}`;
      blocks.push({ name, expandedChannels: inputs * expansion, channels, stride: block === 0 ? stride : 1 });
      inputs = channels;
    }
  });
  return { stem, blocks, head: roundChannels(1280 * Math.max(1, ends)) };
};

export const buildMobileNetV2 = (
  name: string,
  config: Partial<MobileNetV2Config> = {},
  { resolution = 224, imageWidth, classes = 1000, width }: BuildOptions = {},
): Graph => {
  const { stem, blocks, head } = planOf(config, widthOf(width));
  const g = new GraphBuilder(name);
  const activation = 'relu6';
  const image = imageInput(g, { resolution, imageWidth }, STRIDE_32);
  let x = convNorm(g, 'stem', image, stem, { kernel: 3, stride: 2, activation });
  for (const { name: blockName, ...block } of blocks) {
    x = invertedResidual(g, blockName, x, { ...block, kernel: 3, activation });
  }
  x = convNorm(g, 'head', x, head, { activation });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

/** Scale and shift of every BatchNorm: two parameters per output channel of a convolution. */
const normalizationParameters = (config: Partial<MobileNetV2Config>): number => {
  const { stem, blocks, head } = planOf(config);
  const filtered = blocks.reduce((sum, { expandedChannels, channels }) => sum + expandedChannels + channels, 0);
  // The first block does not expand; all others normalize their expansion too.
  const expanded = blocks.slice(1).reduce((sum, { expandedChannels }) => sum + expandedChannels, 0);
  return 2 * (stem + filtered + expanded + head);
};

const SLIM = 'TF-Slim, research/slim/nets/mobilenet/README.md';

/** Millions of multiply-accumulates are cut off and not rounded in this table; these are the ones that it changes. */
const CUT_OFF = 'the table cuts the millions off where others round them';

/** The weights that TF-Slim released for one width: billions of multiply-accumulates, from a table in millions. */
interface SlimWidth {
  readonly spelling: string;
  readonly parametersMillions: string;
  readonly rows: readonly (readonly [resolution: number, gmacs: string, top1: number, top5: number, cut?: 'cut off'])[];
}

const SLIM_140: SlimWidth = { spelling: '1.4', parametersMillions: '6.06', rows: [[224, '0.582', 75, 92.5]] };

const SLIM_130: SlimWidth = { spelling: '1.3', parametersMillions: '5.34', rows: [[224, '0.509', 74.4, 92.1]] };

const SLIM_100: SlimWidth = {
  spelling: '1.0',
  parametersMillions: '3.47',
  rows: [
    [224, '0.300', 71.8, 91, 'cut off'],
    [192, '0.221', 70.7, 90.1],
    [160, '0.154', 68.8, 89],
    [128, '0.099', 65.3, 86.9],
    [96, '0.056', 60.3, 83.2],
  ],
};

const SLIM_075: SlimWidth = {
  spelling: '0.75',
  parametersMillions: '2.61',
  rows: [
    [224, '0.209', 69.8, 89.6],
    [192, '0.153', 68.7, 88.9, 'cut off'],
    [160, '0.107', 66.4, 87.3],
    [128, '0.069', 63.2, 85.3],
    [96, '0.039', 58.8, 81.6],
  ],
};

const SLIM_050: SlimWidth = {
  spelling: '0.5',
  parametersMillions: '1.95',
  rows: [
    [224, '0.097', 65.4, 86.4],
    [192, '0.071', 63.9, 85.4, 'cut off'],
    [160, '0.050', 61, 83.2],
    [128, '0.032', 57.7, 80.8, 'cut off'],
    [96, '0.018', 51.2, 75.8, 'cut off'],
  ],
};

const SLIM_035: SlimWidth = {
  spelling: '0.35',
  parametersMillions: '1.66',
  rows: [
    [224, '0.059', 60.3, 82.9],
    [192, '0.043', 58.2, 81.2, 'cut off'],
    [160, '0.030', 55.7, 79.1, 'cut off'],
    [128, '0.020', 50.8, 75],
    [96, '0.011', 45.5, 70.4, 'cut off'],
  ],
};

const slimCosts = (
  config: Partial<MobileNetV2Config>,
  { parametersMillions, rows }: SlimWidth,
): readonly PublishedCost[] =>
  rows.map(([resolution, gmacs, , , cut]) => ({
    resolution,
    parametersMillions,
    gmacs,
    convention: 'papers',
    source: SLIM,
    elsewhere: {
      parameters: -normalizationParameters(config),
      reason: 'scale and shift of every BatchNorm, which the table leaves out, taken off',
    },
    ...(cut !== undefined && { differs: { figures: ['gmacs'], reason: CUT_OFF } }),
  }));

const slimAccuracies = ({ spelling, rows }: SlimWidth): readonly PublishedAccuracy[] =>
  rows.map(([resolution, , top1, top5]) => {
    const weights = `mobilenet_v2_${spelling}_${resolution}`;
    return { top1, top5, weights, resolution, source: SLIM };
  });

interface VariantRow {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly title: string;
  readonly config?: Partial<MobileNetV2Config>;
  readonly costs?: readonly PublishedCost[];
  readonly slim?: SlimWidth;
  readonly accuracies?: readonly PublishedAccuracy[];
}

const variant = (row: VariantRow): ModelVariant => {
  const { name, title, config = {}, costs = [], slim, accuracies = [] } = row;
  const aliases = [...(row.aliases ?? []), ...(slim === undefined ? [] : [`mobilenet_v2_${slim.spelling}`])];
  const [accuracy, ...otherAccuracies] = [...accuracies, ...(slim === undefined ? [] : slimAccuracies(slim))];
  return {
    name,
    ...(aliases.length > 0 && { aliases }),
    title,
    nativeResolution: 224,
    knobs: ['classes', 'width'],
    scaling: { width: config.width ?? 1, depth: config.depth ?? 1 },
    published: [...costs, ...(slim === undefined ? [] : slimCosts(config, slim))],
    ...(accuracy && { accuracy, otherAccuracies }),
    build: (options) => buildMobileNetV2(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'mobilenet_v2',
  title: 'MobileNetV2',
  paper: 'https://arxiv.org/abs/1801.04381',
  notes: [
    'Dropout before the classifier is the identity at inference and is left out.',
    'Convolutions of stride 2 are padded evenly, as torchvision and timm do; the TensorFlow original (300 million multiply-accumulates in the paper) pads below and to the right only, which changes no count.',
  ],
  variants: [
    variant({
      name: 'mobilenet_v2',
      aliases: ['mobilenetv2_100'],
      title: 'MobileNetV2',
      costs: [torchvisionCost(224, 3_504_872, '0.301'), timmCost(224, 3_504_872, '0.31', '6.68')],
      slim: SLIM_100,
      accuracies: [
        torchvisionAccuracy('MobileNet_V2_Weights.IMAGENET1K_V2', 72.154, 90.822),
        torchvisionAccuracy('MobileNet_V2_Weights.IMAGENET1K_V1', 71.878, 90.286),
        timmAccuracy('mobilenetv2_100.ra_in1k', 72.936, 91.002),
      ],
    }),
    variant({
      name: 'mobilenetv2_035',
      title: 'MobileNetV2 0.35×',
      config: { width: 0.35 },
      costs: [timmCost(224, 1_677_128, '0.07', '2.86')],
      slim: SLIM_035,
    }),
    variant({
      name: 'mobilenetv2_050',
      title: 'MobileNetV2 0.5×',
      config: { width: 0.5 },
      costs: [timmCost(224, 1_968_680, '0.1', '3.64')],
      slim: SLIM_050,
      accuracies: [timmAccuracy('mobilenetv2_050.lamb_in1k', 65.93, 86.102)],
    }),
    variant({
      name: 'mobilenetv2_075',
      title: 'MobileNetV2 0.75×',
      config: { width: 0.75 },
      costs: [timmCost(224, 2_636_424, '0.22', '5.86')],
      slim: SLIM_075,
    }),
    variant({ name: 'mobilenetv2_130', title: 'MobileNetV2 1.3×', config: { width: 1.3 }, slim: SLIM_130 }),
    variant({
      name: 'mobilenetv2_140',
      title: 'MobileNetV2 1.4×',
      config: { width: 1.4 },
      costs: [timmCost(224, 6_108_776, '0.6', '9.57')],
      slim: SLIM_140,
      accuracies: [timmAccuracy('mobilenetv2_140.ra_in1k', 76.528, 93.008)],
    }),
    variant({
      name: 'mobilenetv2_110d',
      title: 'MobileNetV2 1.1× width, 1.2× depth',
      config: { width: 1.1, depth: 1.2, fixedEnds: true },
      costs: [timmCost(224, 4_516_520, '0.45', '8.71')],
      accuracies: [timmAccuracy('mobilenetv2_110d.ra_in1k', 75.054, 92.186)],
    }),
    variant({
      name: 'mobilenetv2_120d',
      title: 'MobileNetV2 1.2× width, 1.4× depth',
      config: { width: 1.2, depth: 1.4, fixedEnds: true },
      costs: [timmCost(224, 5_831_144, '0.69', '11.97')],
      accuracies: [timmAccuracy('mobilenetv2_120d.ra_in1k', 77.298, 93.516)],
    }),
  ],
};
