/**
 * FastViT: Vasu et al. 2023, https://arxiv.org/abs/2303.14189, as timm builds it, as trained and as deployed. MobileCLIP
 * (https://arxiv.org/abs/2311.17049) sees images with it.
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { attention } from './blocks/attention.ts';
import {
  activate,
  add,
  batchNorm,
  conv,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  type ImageSize,
  imageInput,
  linear,
  STRIDE_32,
} from './blocks/conv.ts';
import { squeezeExcite } from './blocks/inverted-residual.ts';
import { type BranchForm, type BranchNames, parallelBranches } from './blocks/parallel-branches.ts';
import { reshape, transpose } from './blocks/tokens.ts';
import type {
  BuildOptions,
  ModelFamily,
  ModelVariant,
  PublishedAccuracy,
  PublishedCost,
  PublishedFigure,
} from './family.ts';
import { timmParameters } from './published.ts';

export interface FastVitConfig {
  readonly depths: readonly [number, number, number, number];
  /** Of the first stage; every stage doubles them. */
  readonly channels: number;
  readonly mlpRatio: number;
  /** The last stage mixes cells by attention, after a large filter that tells it positions. */
  readonly attends?: boolean;
  /** An activation after the filter of every downsampling, and in the last two a squeeze before it (MobileCLIP). */
  readonly activatedDownsampling?: boolean;
}

/** Of the image that a tower reads. */
export interface FastVitOptions extends ImageSize {
  readonly form: BranchForm;
}

const NAMES: BranchNames = { pointwise: 'scale', spatial: () => 'conv', identitySum: 'add_identity' };
const HEAD_SIZE = 32;
const MIXER_KERNEL = 3;
const LARGE_KERNEL = 7;
const SMALL_KERNEL = 3;
/** Channels squeezed to one, in a downsampling and at the end. */
const SQUEEZE = { downsampling: 4, final: 16 } as const;
/** Of the last filter. */
const FINAL_RATIO = 2;

interface BlockOptions {
  readonly channels: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
  /** Channels squeezed to one. */
  readonly squeeze?: number;
}

const gateOf = (channels: number, ratio: number) =>
  ({ squeezeChannels: channels / ratio, activation: 'relu', gate: 'sigmoid' }) as const;

/** Parallel branches that fold into one convolution, then GELU. */
const block = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  form: BranchForm,
  { channels, kernel, stride = 1, groups = 1, squeeze }: BlockOptions,
): Feature =>
  parallelBranches(g, name, x, {
    ...{ form, names: NAMES, channels, kernel, stride, groups, branches: 1, activation: 'gelu' },
    ...(squeeze !== undefined && { squeeze: gateOf(channels, squeeze) }),
  });

/** Adds a branch, each of its channels multiplied by a learned number. */
export const addScaled = (g: GraphBuilder, name: string, x: Feature, branch: TensorName): Feature => {
  const gamma = g.weight(`${name}.gamma`, [x.channels, 1, 1]);
  return add(g, name, x, { ...x, tensor: g.node('Mul', `${name}.scale`, [branch, gamma]) });
};

export interface FilterOptions {
  readonly form: BranchForm;
  /** Over height and width. */
  readonly kernel: readonly [number, number];
  /** A 1x1 filter beside the larger one while training. */
  readonly pointwise: boolean;
}

/** Mixes cells by a depthwise filter: trained as branches less a BatchNorm, scaled and added, deployed as one convolution. */
export const repMixer = (g: GraphBuilder, x: Feature, { form, kernel, pointwise }: FilterOptions): Feature =>
  g.scope('token_mixer', () => {
    const { channels } = x;
    if (form === 'deploy') return conv(g, 'conv', x, channels, { kernel, groups: channels, bias: true });
    const filtered = convNorm(g, 'mixer.conv', x, channels, { kernel, groups: channels });
    const beside = pointwise
      ? add(g, 'mixer.add', convNorm(g, 'mixer.scale', x, channels, { groups: channels }), filtered)
      : filtered;
    const mixed = add(g, 'mixer.add_identity', beside, batchNorm(g, 'mixer.identity', x));
    const less = g.node('Sub', 'sub', [mixed.tensor, batchNorm(g, 'norm', x).tensor]);
    return addScaled(g, 'add', x, less);
  });

/** A depthwise filter, then a perceptron at every cell: added, scaled. */
export const addConvMlp = (
  g: GraphBuilder,
  x: Feature,
  { kernel, ratio }: { readonly kernel: readonly [number, number]; readonly ratio: number },
): Feature => {
  const branch = g.scope('mlp', () => {
    const filtered = convNorm(g, 'conv', x, x.channels, { kernel, groups: x.channels });
    const hidden = activate(g, 'act', conv(g, 'fc1', filtered, ratio * x.channels, { bias: true }), 'gelu');
    return conv(g, 'fc2', hidden, x.channels, { bias: true });
  });
  return addScaled(g, 'add', x, branch.tensor);
};

interface Cells {
  readonly height: number;
  readonly width: number;
}

/** Attention among all cells, added, scaled. */
const addAttention = (g: GraphBuilder, x: Feature, { height, width }: Cells): Feature => {
  const { channels } = x;
  const count = height * width;
  const joined = reshape(g, 'flatten', batchNorm(g, 'norm', x).tensor, [0, channels, count]);
  const rows = reshape(g, 'rows', transpose(g, 'cells_first', joined, [0, 2, 1]), [-1, channels]);
  const options = { scaled: true, qkvBias: false };
  const attended = attention(g, { tensor: rows, channels, count }, channels / HEAD_SIZE, options);
  const cells = reshape(g, 'cells', attended.tensor, [-1, count, channels]);
  const branch = reshape(g, 'map', transpose(g, 'channels_first', cells, [0, 2, 1]), [-1, channels, height, width]);
  return addScaled(g, 'add_attn', x, branch);
};

/** Half the height and width, twice the channels: a large filter of every channel, then a 1x1. */
const downsample = (
  g: GraphBuilder,
  x: Feature,
  form: BranchForm,
  { squeezed, activated }: { readonly squeezed: boolean; readonly activated: boolean },
): Feature =>
  g.scope('downsample', () => {
    const channels = 2 * x.channels;
    const placed = { stride: 2, groups: x.channels };
    const filter = (): Feature => {
      if (form === 'deploy') return conv(g, 'large', x, channels, { kernel: LARGE_KERNEL, ...placed, bias: true });
      const large = convNorm(g, 'large', x, channels, { kernel: LARGE_KERNEL, ...placed });
      return add(g, 'add', large, convNorm(g, 'small', x, channels, { kernel: SMALL_KERNEL, ...placed }));
    };
    const filtered = filter();
    const gated = squeezed ? squeezeExcite(g, filtered, gateOf(channels, SQUEEZE.downsampling)) : filtered;
    const active = activated ? activate(g, 'act', gated, 'gelu') : gated;
    return block(g, 'pointwise', active, form, { channels, kernel: 1 });
  });

/** Where each cell is, by a filter that the input is added to; deployed, the filter does it alone. */
const addPositions = (g: GraphBuilder, x: Feature, form: BranchForm): Feature => {
  const filtered = conv(g, 'pos_emb', x, x.channels, { kernel: LARGE_KERNEL, groups: x.channels, bias: true });
  return form === 'deploy' ? filtered : add(g, 'pos_emb.add', filtered, x);
};

/** An image to feature maps of 16 times the channels of the first stage, a 32nd of its height and width. */
export const fastVitFeatures = (
  g: GraphBuilder,
  image: Feature,
  config: FastVitConfig,
  { form, resolution, imageWidth = resolution }: FastVitOptions,
): Feature => {
  const { depths, channels, mlpRatio, attends = false, activatedDownsampling: activated = false } = config;
  let x = block(g, 'stem.0', image, form, { channels, kernel: 3, stride: 2 });
  x = block(g, 'stem.1', x, form, { channels, kernel: 3, stride: 2, groups: channels });
  x = block(g, 'stem.2', x, form, { channels, kernel: 1 });
  const filter = { kernel: [MIXER_KERNEL, MIXER_KERNEL], pointwise: true, form } as const;
  const perceptron = { kernel: [LARGE_KERNEL, LARGE_KERNEL], ratio: mlpRatio } as const;
  const cells = { height: Math.ceil(resolution / 32), width: Math.ceil(imageWidth / 32) };
  depths.forEach((depth, stage) => {
    x = g.scope(`stages.${stage}`, () => {
      const attending = attends && stage === 3;
      let y = stage === 0 ? x : downsample(g, x, form, { squeezed: activated && stage >= 2, activated });
      if (attending) y = addPositions(g, y, form);
      for (let index = 0; index < depth; index++) {
        y = g.scope(`blocks.${index}`, () => {
          const mixed = attending ? addAttention(g, y, cells) : repMixer(g, y, filter);
          return addConvMlp(g, mixed, perceptron);
        });
      }
      return y;
    });
  });
  const final = { channels: FINAL_RATIO * x.channels, kernel: 3, groups: x.channels, squeeze: SQUEEZE.final };
  return block(g, 'final_conv', x, form, final);
};

export const buildFastVit = (
  name: string,
  form: BranchForm,
  config: FastVitConfig,
  { resolution = 256, imageWidth, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const size = { resolution, imageWidth };
  const features = fastVitFeatures(g, imageInput(g, size, STRIDE_32), config, { form, ...size });
  const pooled = flatten(g, 'flatten', globalAveragePool(g, 'pool', features));
  return g.finish([linear(g, 'head', pooled, classes).tensor]);
};

interface Card {
  readonly gmacs: string;
  readonly mActs: string;
  /** Figures that the products of attention change in the last digit. */
  readonly short?: readonly PublishedFigure[];
}

interface Row extends FastVitConfig {
  readonly suffix: string;
  readonly parameters: Readonly<Record<BranchForm, number>>;
  /** As the card of timm's weights prints them for the training form, where it was seen. */
  readonly card?: Card;
  /** Top-1 of the authors, and after learning from another network too. */
  readonly top1: readonly [plain: number, distilled: number];
}

const S = [2, 2, 6, 2] as const;
const M = [4, 4, 12, 4] as const;
const L = [6, 6, 18, 6] as const;

// biome-ignore format: one model a line.
const ROWS: readonly Row[] = [
  { suffix: 't8', depths: [2, 2, 4, 2], channels: 48, mlpRatio: 3, parameters: { train: 4_026_232, deploy: 3_996_040 }, card: { gmacs: '0.7', mActs: '8.6' }, top1: [76.2, 77.2] },
  { suffix: 't12', depths: S, channels: 64, mlpRatio: 3, parameters: { train: 7_553_704, deploy: 7_508_840 }, top1: [79.3, 80.3] },
  { suffix: 's12', depths: S, channels: 64, mlpRatio: 4, parameters: { train: 9_473_576, deploy: 9_428_712 }, top1: [79.9, 81.1] },
  { suffix: 'sa12', depths: S, channels: 64, mlpRatio: 4, attends: true, parameters: { train: 11_580_968, deploy: 11_545_320 }, top1: [80.9, 81.9] },
  { suffix: 'sa24', depths: M, channels: 64, mlpRatio: 4, attends: true, parameters: { train: 21_554_216, deploy: 21_501_288 }, card: { gmacs: '3.8', mActs: '23.9', short: ['mActs'] }, top1: [82.7, 83.4] },
  { suffix: 'sa36', depths: L, channels: 64, mlpRatio: 4, attends: true, parameters: { train: 31_527_464, deploy: 31_457_256 }, top1: [83.6, 84.2] },
  { suffix: 'ma36', depths: L, channels: 76, mlpRatio: 4, attends: true, parameters: { train: 44_068_004, deploy: 43_984_632 }, card: { gmacs: '7.8', mActs: '40.4', short: ['gmacs', 'mActs'] }, top1: [83.9, 84.6] },
];

const reported = (model: string, top1: number): PublishedAccuracy => ({
  top1,
  weights: model,
  resolution: 256,
  source: 'README.md of apple/ml-fastvit',
});

/** The counter of the cards did not see inside the one operator that scores and mixes values. */
const FUSED_ATTENTION =
  'the two products of attention are left out: timm calls one fused operator, which fvcore does not count';

const cardOf = (model: string, { gmacs, mActs, short }: Card): PublishedCost => ({
  resolution: 256,
  gmacs,
  mActs,
  convention: 'fvcore',
  source: `model card of timm/${model}.apple_in1k`,
  ...(short !== undefined && { differs: { figures: short, reason: FUSED_ATTENTION } }),
});

const variant = ({ suffix, parameters, card, top1, ...config }: Row, form: BranchForm): ModelVariant => {
  const model = `fastvit_${suffix}`;
  const name = form === 'train' ? model : `${model}_deploy`;
  const title = `FastViT-${suffix.toUpperCase()}`;
  const [plain, distilled] = top1;
  return {
    name,
    ...(form === 'deploy' && { formOf: model }),
    title: form === 'train' ? title : `${title} deployed`,
    nativeResolution: 256,
    published: [
      timmParameters(256, parameters[form]),
      ...(card !== undefined && form === 'train' ? [cardOf(model, card)] : []),
    ],
    accuracy: reported(model, plain),
    otherAccuracies: [reported(`${model}, distilled`, distilled)],
    build: (options) => buildFastVit(name, form, config, options),
  };
};

export const family: ModelFamily = {
  id: 'fastvit',
  title: 'FastViT',
  paper: 'https://arxiv.org/abs/2303.14189',
  notes: [
    'Without a suffix: the training form with its parallel branches. With `_deploy`: branches, and the sums around filters, folded into one convolution with bias each.',
    'The BatchNorm after the filter of a perceptron stays an operator in both forms, as in the reference code.',
    'Dropout and stochastic depth are the identity at inference and are left out.',
  ],
  variants: ROWS.flatMap((row) => [variant(row, 'train'), variant(row, 'deploy')]),
};
