/**
 * CLIP: Radford et al. 2021, https://arxiv.org/abs/2103.00020: an image tower and a text tower that meet in one space. As
 * its authors build it; TinyCLIP (https://arxiv.org/abs/2309.12314) is the same with narrower towers.
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { BATCH } from '../ir/shape.ts';
import { causalMask, encoderBlock } from './blocks/attention.ts';
import { imageInput } from './blocks/conv.ts';
import { layerNorm, patchEmbedding, prependClassToken, reshape, type Tokens } from './blocks/tokens.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost, PublishedQuality } from './family.ts';
import { checkTokens, type ExtentRule } from './options.ts';

export interface TowerConfig {
  readonly layers: number;
  readonly channels: number;
  readonly heads: number;
}

export interface ClipConfig {
  readonly image: TowerConfig & { readonly patch: number };
  readonly text: TowerConfig;
  /** Of the space in which images and texts meet. */
  readonly features: number;
  readonly towers: 'image' | 'text' | 'both';
}

const VOCABULARY = 49_408;
const CONTEXT = 77;

const RULE: ExtentRule = { minimum: 1, maximum: CONTEXT, because: 'its table of positions' };

const addPositions = (g: GraphBuilder, x: Tokens, rows: number): Tokens => {
  const table = g.weight('position.weight', [rows, x.channels]);
  if (rows === x.count) return { ...x, tensor: g.node('Add', 'add_position', [x.tensor, table]) };
  const used = g.constant(
    'positions',
    Array.from({ length: x.count }, (_, at) => at),
    'int64',
  );
  const places = g.node('Gather', 'position', [table, used], { attributes: { axis: 0 } });
  return { ...x, tensor: g.node('Add', 'add_position', [x.tensor, places]) };
};

const encoder = (g: GraphBuilder, x: Tokens, { layers, heads }: TowerConfig, mask?: TensorName): Tokens => {
  let rows: Tokens = { ...x, tensor: reshape(g, 'rows', x.tensor, [-1, x.channels]) };
  const options = { heads, scaled: true, activation: 'quick-gelu', ...(mask !== undefined && { mask }) } as const;
  for (let index = 0; index < layers; index++) {
    rows = g.scope(`layers.${index}`, () => encoderBlock(g, rows, options));
  }
  return rows;
};

const projected = (g: GraphBuilder, x: Tokens, features: number): TensorName =>
  g.node('MatMul', 'projection', [x.tensor, g.weight('projection.weight', [x.channels, features])]);

/** The class token of the image, in the space of both. */
const imageTower = (g: GraphBuilder, resolution: number, { image, features }: ClipConfig): TensorName =>
  g.scope('visual', () => {
    const { patch, channels } = image;
    const because = `patches of ${patch} pixels`;
    const pixels = imageInput(g, { resolution }, { minimum: patch, multipleOf: patch, because });
    const patches = patchEmbedding(g, pixels, { resolution, patch, channels, bias: false });
    const placed = addPositions(g, prependClassToken(g, patches), patches.count + 1);
    const rows = encoder(g, layerNorm(g, 'ln_pre', placed), image);
    const sequence = reshape(g, 'sequence', rows.tensor, [-1, rows.count, channels]);
    const token = g.node('Gather', 'class_token', [sequence, g.constant('class_token.index', 0, 'int64')], {
      attributes: { axis: 1 },
    });
    return projected(g, layerNorm(g, 'ln_post', { tensor: token, channels, count: 1 }), features);
  });

/** The last token of the text, in the space of both: the one with the largest id. */
const textTower = (g: GraphBuilder, count: number, { text, features }: ClipConfig): TensorName =>
  g.scope('text', () => {
    checkTokens(count, RULE);
    const { channels } = text;
    const words = g.input('input_ids', [BATCH, count], 'int64');
    const table = g.weight('token.weight', [VOCABULARY, channels]);
    const embedded = g.node('Gather', 'token', [table, words], { attributes: { axis: 0 } });
    const placed = addPositions(g, { tensor: embedded, channels, count }, CONTEXT);
    const rows = layerNorm(g, 'ln_final', encoder(g, placed, text, causalMask(g, count)));
    const sequence = reshape(g, 'sequence', rows.tensor, [-1, count, channels]);
    const last = g.node('ArgMax', 'end_of_text', [words], { attributes: { axis: 1, keepdims: 1 } });
    const token = g.node('GatherND', 'last_token', [sequence, last], { attributes: { batch_dims: 1 } });
    return projected(g, { tensor: token, channels, count: 1 }, features);
  });

/** Divided by its length. */
const unit = (g: GraphBuilder, name: string, x: TensorName): TensorName => {
  const length = g.node('ReduceL2', `${name}.length`, [x, g.constant(`${name}.axis`, [-1], 'int64')]);
  return g.node('Div', name, [x, length]);
};

export const buildClip = (
  name: string,
  config: ClipConfig,
  { resolution = 224, tokens = CONTEXT }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  if (config.towers === 'image') return g.finish([imageTower(g, resolution, config)]);
  if (config.towers === 'text') return g.finish([textTower(g, tokens, config)]);
  const image = unit(g, 'image_features', imageTower(g, resolution, config));
  const text = unit(g, 'text_features', textTower(g, tokens, config));
  const scale = g.node('Exp', 'logit_scale.exp', [g.weight('logit_scale', [1])]);
  return g.finish([image, g.node('Mul', 'scaled_text_features', [text, scale])]);
};

interface ModelRow {
  readonly name: string;
  readonly title: string;
  readonly config: Omit<ClipConfig, 'towers'>;
  /** Of both, of the image tower and of the text tower. */
  readonly parameters: readonly [number, number, number];
  readonly source: string;
  readonly quality?: readonly PublishedQuality[];
}

const TOWERS = [
  ['both', '', ''],
  ['image', '_vision', ', image tower'],
  ['text', '_text', ', text tower'],
] as const;

const variants = ({ name, title, config, parameters, source, quality }: ModelRow): readonly ModelVariant[] =>
  TOWERS.map(([towers, suffix, what], index): ModelVariant => {
    const full = `${name}${suffix}`;
    const count = parameters[index] as number;
    const published: PublishedCost = { parameters: count, convention: 'papers', source };
    return {
      name: full,
      title: `${title}${what}`,
      ...(towers === 'text' ? { withoutResolution: true, nativeResolution: undefined } : { nativeResolution: 224 }),
      ...(towers === 'image' ? { knobs: [] } : { knobs: ['tokens'], nativeTokens: CONTEXT }),
      published: [published],
      ...(towers === 'both' && quality !== undefined && { quality }),
      build: (options) => buildClip(full, { ...config, towers }, options),
    };
  });

const TEXT: TowerConfig = { layers: 12, channels: 512, heads: 8 };
const BASE = { layers: 12, channels: 768, heads: 12 } as const;

const counted = (checkpoint: string): string =>
  `parameters of ${checkpoint} as transformers 5.23.0 builds it from its configuration`;

export const family: ModelFamily = {
  id: 'clip',
  title: 'CLIP',
  paper: 'https://arxiv.org/abs/2103.00020',
  notes: [
    'Both towers together read one text for every image. Their outputs are of length one, that of the text times the learned scale: every similarity is one product of the two, and the table of all images against all texts is left out.',
    'Texts are classified by tokens of which the last has the largest id; what the causal mask forbids is computed and counted.',
  ],
  variants: [
    ...variants({
      name: 'clip_vit_b_32',
      title: 'CLIP ViT-B/32',
      config: { image: { ...BASE, patch: 32 }, text: TEXT, features: 512 },
      parameters: [151_277_313, 87_849_216, 63_428_096],
      source: counted('openai/clip-vit-base-patch32'),
    }),
    ...variants({
      name: 'clip_vit_b_16',
      title: 'CLIP ViT-B/16',
      config: { image: { ...BASE, patch: 16 }, text: TEXT, features: 512 },
      parameters: [149_620_737, 86_192_640, 63_428_096],
      source: counted('openai/clip-vit-base-patch16'),
    }),
  ],
};
