/**
 * CLIP: Radford et al. 2021, https://arxiv.org/abs/2103.00020: an image tower and a text tower that meet in one space. As
 * its authors build it, with one projection to queries, keys and values; transformers has three of the same parameters.
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { BATCH } from '../ir/shape.ts';
import { causalMask, encoderBlock } from './blocks/attention.ts';
import { type Feature, imageInput } from './blocks/conv.ts';
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
/** Tokens of a text. */
export const CONTEXT = 77;

export const RULE: ExtentRule = { minimum: 1, maximum: CONTEXT, because: 'its table of positions' };

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

export const projected = (g: GraphBuilder, x: Feature, features: number): TensorName =>
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

/** A text by the ids of its tokens, and what stands for each of them: items x tokens x channels. */
export const embedText = (
  g: GraphBuilder,
  count: number,
  channels: number,
): { readonly words: TensorName; readonly embedded: Tokens } => {
  const words = g.input('input_ids', [BATCH, count], 'int64');
  const table = g.weight('token.weight', [VOCABULARY, channels]);
  const tensor = g.node('Gather', 'token', [table, words], { attributes: { axis: 0 } });
  return { words, embedded: { tensor, channels, count } };
};

/** Of rows of (items x tokens): where the text ends, at the token with the largest id. */
export const lastToken = (g: GraphBuilder, rows: Tokens, words: TensorName): Feature => {
  const { channels, count } = rows;
  const sequence = reshape(g, 'sequence', rows.tensor, [-1, count, channels]);
  const last = g.node('ArgMax', 'end_of_text', [words], { attributes: { axis: 1, keepdims: 1 } });
  return { tensor: g.node('GatherND', 'last_token', [sequence, last], { attributes: { batch_dims: 1 } }), channels };
};

/** The last token of the text, in the space of both. */
const textTower = (g: GraphBuilder, count: number, { text, features }: ClipConfig): TensorName =>
  g.scope('text', () => {
    checkTokens(count, RULE);
    const { words, embedded } = embedText(g, count, text.channels);
    const placed = addPositions(g, embedded, CONTEXT);
    const rows = layerNorm(g, 'ln_final', encoder(g, placed, text, causalMask(g, count)));
    return projected(g, lastToken(g, rows, words), features);
  });

/** Divided by its length. */
const unit = (g: GraphBuilder, name: string, x: TensorName): TensorName => {
  const length = g.node('ReduceL2', `${name}.length`, [x, g.constant(`${name}.axis`, [-1], 'int64')]);
  return g.node('Div', name, [x, length]);
};

/** Features of images, and of texts times the learned scale: products of the two are similarities. */
export const matched = (g: GraphBuilder, ofImage: TensorName, ofText: TensorName): readonly TensorName[] => {
  const image = unit(g, 'image_features', ofImage);
  const text = unit(g, 'text_features', ofText);
  const scale = g.node('Exp', 'logit_scale.exp', [g.weight('logit_scale', [1])]);
  return [image, g.node('Mul', 'scaled_text_features', [text, scale])];
};

export const buildClip = (
  name: string,
  config: ClipConfig,
  { resolution = 224, tokens = CONTEXT }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  if (config.towers === 'image') return g.finish([imageTower(g, resolution, config)]);
  if (config.towers === 'text') return g.finish([textTower(g, tokens, config)]);
  return g.finish(matched(g, imageTower(g, resolution, config), textTower(g, tokens, config)));
};

/** Of both towers, of the image tower and of the text tower. */
type Three<Figure> = readonly [both: Figure, image: Figure, text: Figure];

interface Counts {
  readonly resolution: number;
  readonly checkpoint: string;
  readonly parameters: Three<number>;
  /** Billions of operations, two to a multiply-accumulate. */
  readonly gflops: Three<string>;
  /** Percent of ImageNet-1k without having learned its classes. */
  readonly zeroShot: number;
}

interface ModelRow {
  readonly name: string;
  readonly title: string;
  readonly config: Omit<ClipConfig, 'towers'>;
  readonly counts: readonly Counts[];
}

const OPEN_CLIP = 'docs/model_profile.csv of mlfoundations/open_clip';

const TOWERS = [
  ['both', '', ''],
  ['image', '_vision', ', image tower'],
  ['text', '_text', ', text tower'],
] as const;

const variants = ({ name, title, config, counts }: ModelRow): readonly ModelVariant[] =>
  TOWERS.map(([towers, suffix, what], index): ModelVariant => {
    const full = `${name}${suffix}`;
    // A text is read alike whatever the resolution of the images.
    const own = towers === 'text' ? counts.slice(0, 1) : counts;
    const published = own.flatMap(({ resolution, checkpoint, parameters, gflops }): readonly PublishedCost[] => {
      const at = { ...(towers !== 'text' && { resolution }), convention: 'papers' } as const;
      const source = `parameters of ${checkpoint} as transformers 5.23.0 builds it from its configuration`;
      return [
        { ...at, parameters: parameters[index] as number, source },
        { ...at, gflops: gflops[index] as string, source: OPEN_CLIP },
      ];
    });
    const quality = counts.map(
      ({ checkpoint, zeroShot }): PublishedQuality => ({
        metric: 'zero-shot top-1',
        value: zeroShot,
        unit: '%',
        dataset: 'ImageNet-1k',
        weights: checkpoint,
        source: 'docs/openclip_results.csv of mlfoundations/open_clip',
      }),
    );
    return {
      name: full,
      title: `${title}${what}`,
      ...(towers === 'text' ? { withoutResolution: true, nativeResolution: undefined } : { nativeResolution: 224 }),
      ...(towers === 'image' ? { knobs: [] } : { knobs: ['tokens'], nativeTokens: CONTEXT }),
      published,
      ...(towers === 'both' && { quality }),
      build: (options) => buildClip(full, { ...config, towers }, options),
    };
  });

const BASE = { layers: 12, channels: 768, heads: 12 } as const;
const LARGE = { layers: 24, channels: 1024, heads: 16 } as const;
const TEXT = { layers: 12, channels: 512, heads: 8 } as const;

export const family: ModelFamily = {
  id: 'clip',
  title: 'CLIP',
  paper: 'https://arxiv.org/abs/2103.00020',
  notes: [
    'Both towers together read one text for every image. Their outputs are of length one, that of the text times the learned scale: every similarity is one product of the two, and the table of all images against all texts is left out.',
    'A text is summed up by its last token, which has the largest id. What the causal mask forbids is computed and counted.',
    'The table of positions of the image tower has the size of the resolution asked for, so parameters grow with it; that of the text tower always has 77.',
  ],
  variants: [
    ...variants({
      name: 'clip_vit_b_32',
      title: 'CLIP ViT-B/32',
      config: { image: { ...BASE, patch: 32 }, text: TEXT, features: 512 },
      counts: [
        {
          resolution: 224,
          checkpoint: 'openai/clip-vit-base-patch32',
          parameters: [151_277_313, 87_849_216, 63_428_096],
          gflops: ['14.78', '8.82', '5.96'],
          zeroShot: 63.32,
        },
      ],
    }),
    ...variants({
      name: 'clip_vit_b_16',
      title: 'CLIP ViT-B/16',
      config: { image: { ...BASE, patch: 16 }, text: TEXT, features: 512 },
      counts: [
        {
          resolution: 224,
          checkpoint: 'openai/clip-vit-base-patch16',
          parameters: [149_620_737, 86_192_640, 63_428_096],
          gflops: ['41.09', '35.13', '5.96'],
          zeroShot: 68.34,
        },
      ],
    }),
    ...variants({
      name: 'clip_vit_l_14',
      title: 'CLIP ViT-L/14',
      config: { image: { ...LARGE, patch: 14 }, text: BASE, features: 768 },
      counts: [
        {
          resolution: 224,
          checkpoint: 'openai/clip-vit-large-patch14',
          parameters: [427_616_513, 303_966_208, 123_650_304],
          gflops: ['175.33', '162.03', '13.3'],
          zeroShot: 75.54,
        },
        {
          resolution: 336,
          checkpoint: 'openai/clip-vit-large-patch14-336',
          parameters: [427_944_193, 304_293_888, 123_650_304],
          gflops: ['395.22', '381.92', '13.3'],
          zeroShot: 76.56,
        },
      ],
    }),
  ],
};
