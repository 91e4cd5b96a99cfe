/**
 * Vision Transformer: Dosovitskiy et al. 2020, https://arxiv.org/abs/2010.11929, as torchvision and
 * timm build it; DeiT (https://arxiv.org/abs/2012.12877) is the same network, DeiT III
 * (https://arxiv.org/abs/2204.07118) scales every branch by a learned vector.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { encoderBlock } from './blocks/attention.ts';
import { imageInput, linear } from './blocks/conv.ts';
import { layerNorm, patchEmbedding, prependClassToken, reshape, type Tokens } from './blocks/tokens.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { SIZES, type VisionTransformerRow, visionTransformerRows } from './vision-transformer-variants.ts';

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
  const because = `patches of ${patch} pixels`;
  const image = imageInput(g, { resolution }, { minimum: patch, multipleOf: patch, because });
  const patches = patchEmbedding(g, image, { resolution, patch, channels });
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

const variant = (row: VisionTransformerRow): ModelVariant => {
  const { name, aliases, title, size, patch, layerScale, headless, resolution = 224, published, accuracies = [] } = row;
  const [accuracy, ...otherAccuracies] = accuracies;
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
    ...(headless && { knobs: [] }),
    published,
    ...(accuracy !== undefined && { accuracy }),
    ...(otherAccuracies.length > 0 && { otherAccuracies }),
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
  variants: visionTransformerRows.map(variant),
};
