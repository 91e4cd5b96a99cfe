/**
 * Vision Transformer: Dosovitskiy et al. 2020, https://arxiv.org/abs/2010.11929, as torchvision and
 * timm build it; DeiT (https://arxiv.org/abs/2012.12877) is the same network, distilled
 * with a second token that another network taught, DeiT III (https://arxiv.org/abs/2204.07118) scales every branch by a learned vector.
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
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
  /** A second token with a classifier of its own, taught by another network: the mean of both is the answer (DeiT). */
  readonly distilled?: boolean;
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
  const { patch, channels, depth, layerScale = false, headless = false, distilled = false } = config;
  const g = new GraphBuilder(name);
  const because = `patches of ${patch} pixels`;
  const image = imageInput(g, { resolution }, { minimum: patch, multipleOf: patch, because });
  const embedded = patchEmbedding(g, image, { resolution, patch, channels });
  const patches = distilled ? g.scope('dist', () => prependClassToken(g, embedded)) : embedded;
  let x = layerScale ? prependClassToken(g, addPositions(g, patches)) : addPositions(g, prependClassToken(g, patches));
  x = { ...x, tensor: reshape(g, 'rows', x.tensor, [-1, channels]) };
  for (let block = 0; block < depth; block++) x = g.scope(`blocks.${block}`, () => encoderBlock(g, x, config));
  x = layerNorm(g, 'norm', x);
  const sequence = reshape(g, 'sequence', x.tensor, [-1, x.count, channels]);
  const tokenAt = (index: number, as: string): TensorName =>
    g.node('Gather', as, [sequence, g.constant(`${as}.index`, index, 'int64')], { attributes: { axis: 1 } });
  const token = tokenAt(0, 'class_token');
  if (headless) return g.finish([token]);
  const answer = linear(g, 'head', { tensor: token, channels }, classes).tensor;
  if (!distilled) return g.finish([answer]);
  const second = linear(g, 'head_dist', { tensor: tokenAt(1, 'dist_token'), channels }, classes).tensor;
  return g.finish([g.node('Mean', 'mean', [answer, second])]);
};

const variant = (row: VisionTransformerRow): ModelVariant => {
  const { name, aliases, title, size, patch, layerScale, headless, distilled } = row;
  const { resolution = 224, published, accuracies = [] } = row;
  const [accuracy, ...otherAccuracies] = accuracies;
  const config = {
    ...SIZES[size],
    patch,
    ...(layerScale !== undefined && { layerScale }),
    ...(headless !== undefined && { headless }),
    ...(distilled !== undefined && { distilled }),
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
