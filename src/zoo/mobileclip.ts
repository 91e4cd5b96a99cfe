/**
 * MobileCLIP: Vasu et al. 2023, https://arxiv.org/abs/2311.17049: CLIP with the image towers of FastViT and, in the
 * smallest, filters in place of most of the attention to a text. As https://github.com/apple/ml-mobileclip builds it.
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { encoderBlock } from './blocks/attention.ts';
import { flatten, globalAveragePool, imageInput, STRIDE_32 } from './blocks/conv.ts';
import type { BranchForm } from './blocks/parallel-branches.ts';
import { layerNorm, reshape, type Tokens, transpose } from './blocks/tokens.ts';
import { CONTEXT, embedText, lastToken, matched, projected, RULE } from './clip.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost, PublishedQuality } from './family.ts';
import { addConvMlp, type FastVitConfig, fastVitFeatures, repMixer } from './fastvit.ts';
import { checkTokens } from './options.ts';

type Towers = 'both' | 'image' | 'text';

export interface MobileClipConfig {
  readonly form: BranchForm;
  readonly towers: Towers;
  readonly image: Pick<FastVitConfig, 'depths' | 'channels'>;
  readonly text: {
    /** Encoder blocks. */
    readonly layers: number;
    /** Filters before the first encoder block and after the last. */
    readonly filtered: boolean;
  };
}

const RESOLUTION = 256;
const IMAGE = { mlpRatio: 3, attends: true, activatedDownsampling: true } as const;
const TEXT = { channels: 512, heads: 8, mlpRatio: 4 } as const;
/** Tokens that a filter of a text sees. */
const TEXT_KERNEL = [1, 11] as const;
/** Of the space in which images and texts meet. */
const FEATURES = 512;

const imageTower = (g: GraphBuilder, options: BuildOptions, { form, image }: MobileClipConfig): TensorName =>
  g.scope('visual', () => {
    const size = { resolution: options.resolution ?? RESOLUTION, imageWidth: options.imageWidth };
    const pixels = imageInput(g, size, STRIDE_32);
    const features = fastVitFeatures(g, pixels, { ...image, ...IMAGE }, { form, ...size });
    return projected(g, flatten(g, 'flatten', globalAveragePool(g, 'pool', features)), FEATURES);
  });

/** Tokens mixed by filters, as an image of one row: items x channels x 1 x tokens, and back to rows. */
const filterBlock = (g: GraphBuilder, x: Tokens, form: BranchForm): Tokens => {
  const { channels, count } = x;
  const sequence = reshape(g, 'sequence', x.tensor, [-1, count, channels]);
  const row = reshape(g, 'row', transpose(g, 'channels_first', sequence, [0, 2, 1]), [0, channels, 1, count]);
  const filter = { form, kernel: TEXT_KERNEL, pointwise: false };
  const mixed = addConvMlp(g, repMixer(g, { tensor: row, channels }, filter), {
    kernel: TEXT_KERNEL,
    ratio: TEXT.mlpRatio,
  });
  const joined = reshape(g, 'joined', mixed.tensor, [0, channels, count]);
  return { ...x, tensor: reshape(g, 'rows', transpose(g, 'tokens_first', joined, [0, 2, 1]), [-1, channels]) };
};

const textTower = (g: GraphBuilder, count: number, { form, text }: MobileClipConfig): TensorName =>
  g.scope('text', () => {
    checkTokens(count, RULE);
    const { words, embedded } = embedText(g, count, TEXT.channels);
    const table = g.weight('position.weight', [count, TEXT.channels]);
    const placed = g.node('Add', 'add_position', [embedded.tensor, table]);
    let x: Tokens = { ...embedded, tensor: reshape(g, 'rows', placed, [-1, TEXT.channels]) };
    const { heads, mlpRatio } = TEXT;
    const blocks = [
      ...(text.filtered ? ['filter' as const] : []),
      ...Array.from({ length: text.layers }, () => 'encoder' as const),
      ...(text.filtered ? ['filter' as const] : []),
    ];
    blocks.forEach((kind, index) => {
      x = g.scope(`layers.${index}`, () =>
        kind === 'filter' ? filterBlock(g, x, form) : encoderBlock(g, x, { heads, mlpRatio, scaled: true }),
      );
    });
    return projected(g, lastToken(g, layerNorm(g, 'ln_final', x), words), FEATURES);
  });

export const buildMobileClip = (name: string, config: MobileClipConfig, options: BuildOptions = {}): Graph => {
  const g = new GraphBuilder(name);
  const { tokens = CONTEXT } = options;
  if (config.towers === 'image') return g.finish([imageTower(g, options, config)]);
  if (config.towers === 'text') return g.finish([textTower(g, tokens, config)]);
  return g.finish(matched(g, imageTower(g, options, config), textTower(g, tokens, config)));
};

const README = 'README.md of apple/ml-mobileclip, which counts the folded towers';

interface ModelRow extends Pick<MobileClipConfig, 'image' | 'text'> {
  readonly size: 's0' | 's1' | 's2';
  /** timm's name of the image tower, and its parameters. */
  readonly tower: string;
  readonly parameters: Readonly<Record<BranchForm, number>>;
  /** Of the image tower and of the text tower, folded. */
  readonly millions: readonly [image: string, text: string];
  /** Percent of ImageNet-1k without having learned its classes. */
  readonly zeroShot: number;
}

const ENCODER_ONLY = { layers: 12, filtered: false } as const;

const ROWS: readonly ModelRow[] = [
  {
    size: 's0',
    image: { depths: [2, 6, 10, 2], channels: 64 },
    text: { layers: 4, filtered: true },
    tower: 'fastvit_mci0',
    parameters: { train: 11_406_976, deploy: 11_357_504 },
    millions: ['11.4', '42.4'],
    zeroShot: 67.8,
  },
  {
    size: 's1',
    image: { depths: [4, 12, 20, 4], channels: 64 },
    text: ENCODER_ONLY,
    tower: 'fastvit_mci1',
    parameters: { train: 21_541_632, deploy: 21_461_056 },
    millions: ['21.5', '63.4'],
    zeroShot: 72.6,
  },
  {
    size: 's2',
    image: { depths: [4, 12, 24, 4], channels: 80 },
    text: ENCODER_ONLY,
    tower: 'fastvit_mci2',
    parameters: { train: 35_815_232, deploy: 35_702_992 },
    millions: ['35.7', '63.4'],
    zeroShot: 74.4,
  },
];

const PARTS: Readonly<Record<Towers, readonly [suffix: string, what: string]>> = {
  both: ['', ''],
  image: ['_vision', ', image tower'],
  text: ['_text', ', text tower'],
};

const publishedOf = (row: ModelRow, towers: Towers, form: BranchForm): readonly PublishedCost[] => {
  const [imageMillions, textMillions] = row.millions;
  const millions = (parametersMillions: string): PublishedCost => ({
    ...(towers === 'image' && { resolution: RESOLUTION }),
    parametersMillions,
    convention: 'papers',
    source: README,
  });
  // Nothing of the text tower of the larger models folds.
  if (towers === 'text') return form === 'deploy' || !row.text.filtered ? [millions(textMillions)] : [];
  if (towers === 'both') return [];
  const ofTimm: PublishedCost = {
    resolution: RESOLUTION,
    parameters: row.parameters[form],
    elsewhere: { parameters: FEATURES, reason: 'timm gives the projection to the common space a bias, of zeros' },
    convention: 'papers',
    source: `parameters of ${row.tower} as timm 1.0.31 builds it`,
  };
  return form === 'deploy' ? [ofTimm, millions(imageMillions)] : [ofTimm];
};

const variant = (row: ModelRow, towers: Towers, form: BranchForm): ModelVariant => {
  const { size, image, text, zeroShot } = row;
  const [suffix, what] = PARTS[towers];
  const model = `mobileclip_${size}${suffix}`;
  const name = form === 'train' ? model : `${model}_deploy`;
  const title = `MobileCLIP-${size.toUpperCase()}${what}`;
  const quality: PublishedQuality = {
    metric: 'zero-shot top-1',
    value: zeroShot,
    unit: '%',
    dataset: 'ImageNet-1k',
    weights: `mobileclip_${size}`,
    source: 'README.md of apple/ml-mobileclip',
  };
  return {
    name,
    ...(form === 'deploy' && { formOf: model }),
    title: form === 'train' ? title : `${title} deployed`,
    ...(towers === 'text'
      ? { withoutResolution: true, nativeResolution: undefined }
      : { nativeResolution: RESOLUTION }),
    ...(towers === 'image' ? { knobs: [] } : { knobs: ['tokens'], nativeTokens: CONTEXT }),
    published: publishedOf(row, towers, form),
    ...(towers === 'both' && { quality: [quality] }),
    build: (options) => buildMobileClip(name, { form, towers, image, text }, options),
  };
};

const variantsOf = (row: ModelRow): readonly ModelVariant[] =>
  (['both', 'image', 'text'] as const).flatMap((towers) => {
    const trained = variant(row, towers, 'train');
    return towers === 'text' && !row.text.filtered ? [trained] : [trained, variant(row, towers, 'deploy')];
  });

export const family: ModelFamily = {
  id: 'mobileclip',
  title: 'MobileCLIP',
  paper: 'https://arxiv.org/abs/2311.17049',
  notes: [
    'Without a suffix: the training form with its parallel branches. With `_deploy`: branches, and the sums around filters, folded into one convolution with bias each. The text tower of S1 and S2, the same in both, has nothing to fold.',
    'Both towers together read one text for every image. Their outputs are of length one, that of the text times the learned scale: every similarity is one product of the two, and the table of all images against all texts is left out, as is the limit of 100 on the scale.',
    'No mask: every token sees the whole text. The table of positions has the length of the text asked for, to which the reference code resamples it.',
    'Dropout and stochastic depth are the identity at inference and are left out.',
  ],
  variants: ROWS.flatMap(variantsOf),
};
