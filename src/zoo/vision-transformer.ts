/**
 * Vision Transformer: Dosovitskiy et al. 2020, https://arxiv.org/abs/2010.11929, as torchvision and
 * timm build it; DeiT (https://arxiv.org/abs/2012.12877) is the same network, DeiT III
 * (https://arxiv.org/abs/2204.07118) scales every branch by a learned vector.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { encoderBlock } from './blocks/attention.ts';
import { imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import { layerNorm, patchEmbedding, prependClassToken, reshape, type Tokens } from './blocks/tokens.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost } from './family.ts';
import { TIMM, TORCHVISION } from './published.ts';

export interface VisionTransformerConfig {
  readonly patch: number;
  readonly channels: number;
  readonly depth: number;
  readonly heads: number;
  /** Learned scale of every branch, and a class token without a position (DeiT III). */
  readonly layerScale?: boolean;
  /** Published without a classifier: the output is the class token. */
  readonly headless?: boolean;
}

const addPositions = (g: GraphBuilder, x: Tokens): Tokens => ({
  ...x,
  tensor: g.node('Add', 'add_pos', [x.tensor, g.weight('pos_embed', [1, x.count, x.channels])]),
});

export const buildVisionTransformer = (
  name: string,
  config: VisionTransformerConfig,
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const { patch, channels, depth, layerScale = false, headless = false } = config;
  const g = new GraphBuilder(name);
  const patches = patchEmbedding(g, imageInput(g, { resolution }, STRIDE_32), { resolution, patch, channels });
  let x = layerScale ? prependClassToken(g, addPositions(g, patches)) : addPositions(g, prependClassToken(g, patches));
  x = { ...x, tensor: reshape(g, 'rows', x.tensor, [-1, channels]) };
  for (let block = 0; block < depth; block++) x = g.scope(`blocks.${block}`, () => encoderBlock(g, x, config));
  x = layerNorm(g, 'norm', x);
  const sequence = reshape(g, 'sequence', x.tensor, [-1, x.count, channels]);
  const token = g.node('Gather', 'class_token', [sequence, g.constant('class_token.index', 0, 'int64')], {
    attributes: { axis: 1 },
  });
  return g.finish([headless ? token : linear(g, 'head', { tensor: token, channels }, classes).tensor]);
};

const timm = (resolution: number, gmacs: string, mActs: string): PublishedCost => ({
  resolution,
  gmacs,
  mActs,
  convention: 'fvcore',
  source: TIMM,
});

const torchvision = (resolution: number, parameters: number, gmacs: string): PublishedCost => ({
  resolution,
  parameters,
  gmacs,
  convention: 'torchvision',
  source: TORCHVISION,
});

const SIZES = {
  tiny: { channels: 192, depth: 12, heads: 3 },
  small: { channels: 384, depth: 12, heads: 6 },
  base: { channels: 768, depth: 12, heads: 12 },
  large: { channels: 1024, depth: 24, heads: 16 },
  huge: { channels: 1280, depth: 32, heads: 16 },
} as const;

interface VariantRow {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly title: string;
  readonly size: keyof typeof SIZES;
  readonly patch: number;
  readonly layerScale?: boolean;
  readonly headless?: boolean;
  readonly resolution?: number;
  readonly published: readonly PublishedCost[];
  readonly accuracy?: readonly [top1: number, top5: number, weights: string];
}

const variant = (row: VariantRow): ModelVariant => {
  const { name, aliases, title, size, patch, layerScale, headless, resolution = 224, published, accuracy } = row;
  const config = {
    ...SIZES[size],
    patch,
    ...(layerScale !== undefined && { layerScale }),
    ...(headless !== undefined && { headless }),
  };
  return {
    name,
    ...(aliases !== undefined && { aliases }),
    title,
    nativeResolution: resolution,
    published,
    ...(accuracy && {
      accuracy: { top1: accuracy[0], top5: accuracy[1], weights: accuracy[2], resolution, source: TORCHVISION },
    }),
    build: (options) => buildVisionTransformer(name, config, { resolution, ...options }),
  };
};

export const family: ModelFamily = {
  id: 'vision_transformer',
  title: 'Vision Transformer',
  paper: 'https://arxiv.org/abs/2010.11929',
  notes: [
    'The scale of the attention scores, 1/√d, is folded into the query projection.',
    'The class token is placed by padding and addition instead of a concatenation: the same values.',
    'The position embedding has the size of the resolution asked for, so parameters grow with it.',
    'Dropout and stochastic depth are the identity at inference and are left out.',
  ],
  variants: [
    variant({
      name: 'vit_b_16',
      aliases: ['vit_base_patch16_224', 'deit_base_patch16_224'],
      title: 'ViT-B/16',
      size: 'base',
      patch: 16,
      published: [
        torchvision(224, 86_567_656, '17.564'),
        torchvision(384, 86_859_496, '55.484'),
        timm(224, '17.58', '23.9'),
      ],
      accuracy: [81.072, 95.318, 'ViT_B_16_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'vit_b_32',
      aliases: ['vit_base_patch32_224'],
      title: 'ViT-B/32',
      size: 'base',
      patch: 32,
      published: [torchvision(224, 88_224_232, '4.409'), timm(224, '4.41', '5.01')],
      accuracy: [75.912, 92.466, 'ViT_B_32_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'vit_l_16',
      aliases: ['vit_large_patch16_224'],
      title: 'ViT-L/16',
      size: 'large',
      patch: 16,
      published: [
        torchvision(224, 304_326_632, '61.555'),
        torchvision(512, 305_174_504, '361.986'),
        timm(224, '61.6', '63.52'),
      ],
      accuracy: [79.662, 94.638, 'ViT_L_16_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'vit_l_32',
      title: 'ViT-L/32',
      size: 'large',
      patch: 32,
      published: [torchvision(224, 306_535_400, '15.378')],
      accuracy: [76.972, 93.07, 'ViT_L_32_Weights.IMAGENET1K_V1'],
    }),
    variant({
      name: 'vit_h_14',
      title: 'ViT-H/14',
      size: 'huge',
      patch: 14,
      published: [torchvision(224, 632_045_800, '167.295'), torchvision(518, 633_470_440, '1016.717')],
      accuracy: [85.708, 97.73, 'ViT_H_14_Weights.IMAGENET1K_SWAG_LINEAR_V1'],
    }),
    variant({
      name: 'vit_tiny_patch16_224',
      aliases: ['deit_tiny_patch16_224'],
      title: 'ViT-Ti/16',
      size: 'tiny',
      patch: 16,
      published: [timm(224, '1.26', '5.97')],
    }),
    variant({
      name: 'vit_small_patch32_224',
      title: 'ViT-S/32',
      size: 'small',
      patch: 32,
      published: [timm(224, '1.15', '2.5')],
    }),
    variant({
      name: 'vit_small_patch32_384',
      title: 'ViT-S/32 at 384',
      size: 'small',
      patch: 32,
      resolution: 384,
      published: [timm(384, '3.45', '8.25')],
    }),
    variant({
      name: 'vit_small_patch16_224',
      aliases: ['deit_small_patch16_224'],
      title: 'ViT-S/16',
      size: 'small',
      patch: 16,
      published: [timm(224, '4.61', '11.95')],
    }),
    variant({
      name: 'vit_small_patch16_384',
      title: 'ViT-S/16 at 384',
      size: 'small',
      patch: 16,
      resolution: 384,
      published: [timm(384, '15.52', '50.78')],
    }),
    variant({
      name: 'vit_base_patch32_384',
      title: 'ViT-B/32 at 384',
      size: 'base',
      patch: 32,
      resolution: 384,
      published: [timm(384, '13.06', '16.5')],
    }),
    variant({
      name: 'vit_base_patch16_384',
      aliases: ['deit_base_patch16_384'],
      title: 'ViT-B/16 at 384',
      size: 'base',
      patch: 16,
      resolution: 384,
      published: [timm(384, '55.54', '101.56')],
    }),
    variant({
      name: 'vit_large_patch32_224',
      title: 'ViT-L/32 without a classifier',
      size: 'large',
      patch: 32,
      headless: true,
      published: [timm(224, '15.39', '13.3')],
    }),
    variant({
      name: 'vit_large_patch32_384',
      title: 'ViT-L/32 at 384',
      size: 'large',
      patch: 32,
      resolution: 384,
      published: [timm(384, '45.31', '43.86')],
    }),
    variant({
      name: 'vit_large_patch16_384',
      title: 'ViT-L/16 at 384',
      size: 'large',
      patch: 16,
      resolution: 384,
      published: [timm(384, '191.21', '270.24')],
    }),
    variant({
      name: 'deit3_small_patch16_224',
      title: 'DeiT III-S/16',
      size: 'small',
      patch: 16,
      layerScale: true,
      published: [timm(224, '4.61', '11.95')],
    }),
    variant({
      name: 'deit3_small_patch16_384',
      title: 'DeiT III-S/16 at 384',
      size: 'small',
      patch: 16,
      layerScale: true,
      resolution: 384,
      published: [timm(384, '15.52', '50.78')],
    }),
    variant({
      name: 'deit3_base_patch16_224',
      title: 'DeiT III-B/16',
      size: 'base',
      patch: 16,
      layerScale: true,
      published: [timm(224, '17.58', '23.9')],
    }),
    variant({
      name: 'deit3_base_patch16_384',
      title: 'DeiT III-B/16 at 384',
      size: 'base',
      patch: 16,
      layerScale: true,
      resolution: 384,
      published: [timm(384, '55.54', '101.56')],
    }),
  ],
};
