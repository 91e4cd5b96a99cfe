/**
 * MobileViT: Mehta and Rastegari 2021, https://arxiv.org/abs/2110.02178, as timm builds it with the weights of the
 * authors' CVNets.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { encoderBlock } from './blocks/attention.ts';
import { concat, conv, convNorm, type Feature, flatten, globalAveragePool, imageInput, linear } from './blocks/conv.ts';
import { invertedResidual } from './blocks/inverted-residual.ts';
import { type Cells, PATCH, PATCHES_AT_STRIDE_32, patchesOf } from './blocks/patches.ts';
import { layerNorm, reshape, type Tokens, transpose } from './blocks/tokens.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { timmAccuracy, timmCost } from './published.ts';

export interface MobileViTConfig {
  /** Of the inverted residuals. */
  readonly expansion: number;
  /** Outputs of the five stages. */
  readonly channels: readonly [number, number, number, number, number];
  /** Width of the tokens in the last three stages. */
  readonly tokenChannels: readonly [number, number, number];
  readonly headChannels: number;
}

const STEM_CHANNELS = 16;
const HEADS = 4;
const MLP_RATIO = 2;
/** Inverted residuals, stride of the first one, encoder blocks after them: table 4 of the paper. */
const STAGES: readonly (readonly [residuals: number, stride: number, encoders: number])[] = [
  [1, 1, 0],
  [3, 2, 0],
  [1, 2, 2],
  [1, 2, 4],
  [1, 2, 3],
];

/** N x C x height x width to rows of C: items, places in a patch, patches, from the slowest to the fastest. */
const unfold = (g: GraphBuilder, x: Feature, cells: Cells): Tokens =>
  g.scope('unfold', () => {
    const count = patchesOf(cells);
    // In two steps, as the reference code: rows of patches are cut first, then places in a patch come before channels.
    const cut = reshape(g, 'rows', x.tensor, [-1, PATCH, cells.width / PATCH, PATCH]);
    const patches = reshape(g, 'patches', transpose(g, 'cut', cut, [0, 2, 1, 3]), [-1, x.channels, count, PATCH ** 2]);
    const ordered = transpose(g, 'transpose', patches, [0, 3, 2, 1]);
    return { ...x, tensor: reshape(g, 'join', ordered, [-1, x.channels]), count };
  });

/** The way back. */
const fold = (g: GraphBuilder, { tensor, channels }: Tokens, cells: Cells): Feature =>
  g.scope('fold', () => {
    const { height, width } = cells;
    const patches = reshape(g, 'patches', tensor, [-1, PATCH ** 2, patchesOf(cells), channels]);
    const ordered = transpose(g, 'transpose', patches, [0, 3, 2, 1]);
    const cut = transpose(g, 'cut', reshape(g, 'rows', ordered, [-1, width / PATCH, PATCH, PATCH]), [0, 2, 1, 3]);
    return { tensor: reshape(g, 'join', cut, [-1, channels, height, width]), channels };
  });

interface MobileViTBlockOptions {
  readonly cells: Cells;
  readonly tokenChannels: number;
  readonly encoders: number;
}

/** Convolutions see the neighbours and encoder blocks all patches; the input is joined to what they make of it. */
const mobileViTBlock = (
  g: GraphBuilder,
  x: Feature,
  { cells, tokenChannels, encoders }: MobileViTBlockOptions,
): Feature => {
  const activation = 'silu';
  const local = convNorm(g, 'local', x, x.channels, { kernel: 3, activation });
  let tokens = unfold(g, conv(g, 'widen', local, tokenChannels), cells);
  for (let encoder = 0; encoder < encoders; encoder++) {
    tokens = g.scope(`encoder.${encoder}`, () =>
      encoderBlock(g, tokens, { heads: HEADS, mlpRatio: MLP_RATIO, activation }),
    );
  }
  const folded = fold(g, layerNorm(g, 'norm', tokens), cells);
  const projected = convNorm(g, 'project', folded, x.channels, { activation });
  return convNorm(g, 'fuse', concat(g, 'concat', [x, projected]), x.channels, { kernel: 3, activation });
};

export const buildMobileViT = (
  name: string,
  { expansion, channels, tokenChannels, headChannels }: MobileViTConfig,
  { resolution = 256, imageWidth = resolution, classes = 1000 }: BuildOptions = {},
): Graph => {
  const activation = 'silu';
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, PATCHES_AT_STRIDE_32);
  let x = convNorm(g, 'stem', image, STEM_CHANNELS, { kernel: 3, stride: 2, activation });
  let totalStride = 2;
  STAGES.forEach(([residuals, firstStride, encoders], stage) => {
    totalStride *= firstStride;
    for (let block = 0; block < residuals; block++) {
      x = invertedResidual(g, `stage${stage + 1}.${block}`, x, {
        expandedChannels: expansion * x.channels,
        channels: channels[stage] as number,
        kernel: 3,
        stride: block === 0 ? firstStride : 1,
        activation,
      });
    }
    if (encoders === 0) return;
    x = g.scope(`stage${stage + 1}.${residuals}`, () =>
      mobileViTBlock(g, x, {
        cells: { height: resolution / totalStride, width: imageWidth / totalStride },
        tokenChannels: tokenChannels[stage - (STAGES.length - tokenChannels.length)] as number,
        encoders,
      }),
    );
  });
  x = convNorm(g, 'head', x, headChannels, { activation });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

interface VariantRow {
  readonly name: string;
  readonly title: string;
  readonly config: MobileViTConfig;
  readonly parameters: number;
  readonly cost: readonly [gmacs: string, mActs: string];
  readonly accuracy: readonly [top1: number, top5: number];
}

const variant = ({ name, title, config, parameters, cost, accuracy }: VariantRow): ModelVariant => ({
  name,
  title,
  nativeResolution: 256,
  published: [timmCost(256, parameters, ...cost)],
  accuracy: timmAccuracy(`${name}.cvnets_in1k`, ...accuracy, 256),
  build: (options) => buildMobileViT(name, config, options),
});

export const family: ModelFamily = {
  id: 'mobilevit',
  title: 'MobileViT',
  paper: 'https://arxiv.org/abs/2110.02178',
  notes: [
    'The scale of the attention scores, 1/√d, is folded into the query projection.',
    'Only resolutions whose maps divide into patches at every stage: for others the reference code resizes the maps.',
    'Dropout is the identity at inference and is left out.',
  ],
  variants: [
    variant({
      name: 'mobilevit_xxs',
      title: 'MobileViT-XXS',
      config: { expansion: 2, channels: [16, 24, 48, 64, 80], tokenChannels: [64, 80, 96], headChannels: 320 },
      parameters: 1_272_024,
      cost: ['0.42', '8.34'],
      accuracy: [68.932, 88.942],
    }),
    variant({
      name: 'mobilevit_xs',
      title: 'MobileViT-XS',
      config: { expansion: 4, channels: [32, 48, 64, 80, 96], tokenChannels: [96, 120, 144], headChannels: 384 },
      parameters: 2_317_848,
      cost: ['1.05', '16.33'],
      accuracy: [74.636, 92.346],
    }),
    variant({
      name: 'mobilevit_s',
      title: 'MobileViT-S',
      config: { expansion: 4, channels: [32, 64, 96, 128, 160], tokenChannels: [144, 192, 240], headChannels: 640 },
      parameters: 5_578_632,
      cost: ['2.03', '19.94'],
      accuracy: [78.312, 94.144],
    }),
  ],
};
