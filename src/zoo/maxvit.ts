/**
 * MaxViT: Tu et al. 2022, https://arxiv.org/abs/2204.01697: an inverted residual, attention inside blocks of neighbours
 * and attention over a grid that spans the map, in turn. As torchvision builds it, as timm does for the weights of the
 * authors (tf) and in timm's own variant (rw).
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import {
  type Activation,
  activate,
  add,
  averagePool,
  batchNorm,
  conv,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
} from './blocks/conv.ts';
import { squeezeExcite } from './blocks/inverted-residual.ts';
import { layerNorm, transpose } from './blocks/tokens.ts';
import {
  channelsLast,
  type Grid,
  gridOf,
  type Partition,
  partition,
  relativeBias,
  relativeIndex,
  relativeRows,
  rowsOf,
  unpartition,
  windowAttention,
} from './blocks/window-attention.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost } from './family.ts';
import { timmAccuracy, timmCost, torchvisionAccuracy, torchvisionCost } from './published.ts';

export interface MaxVitConfig {
  /** Whose code: it decides the details below. */
  readonly form: 'torchvision' | 'tf' | 'rw';
  readonly window: number;
}

interface Details {
  readonly stem: number;
  readonly stemBias: boolean;
  readonly activation: Activation;
  readonly padding?: 'same';
  /** Whether the inner channels of an inverted residual are four times those that come out, or those that go in. */
  readonly expandsOutput: boolean;
  /** Whether the last convolution of a branch and that of a shortcut have biases. */
  readonly outputBias: boolean;
  /** Window of the mean that halves a shortcut. */
  readonly shortcutPool: { readonly kernel: number; readonly padding: number };
  /** A shortcut that halves has its convolution even where the channels agree. */
  readonly alwaysProjects: boolean;
  /** Scores are divided by the root of all channels and not of those of a head. */
  readonly scaledByAll: boolean;
  /** Attention is written out as products and a softmax, not left to a library's call for all of it. */
  readonly writesOut: boolean;
  /** Attention and perceptron both work on windows, so that the map is cut once for the two. */
  readonly staysCut: boolean;
  /** Hidden layer of the classifier; without one the map is normalized before the pooling. */
  readonly hiddenHead: boolean;
  readonly classBias: boolean;
}

const DETAILS: Readonly<Record<MaxVitConfig['form'], Details>> = {
  torchvision: {
    stem: 64,
    stemBias: false,
    activation: 'gelu',
    expandsOutput: true,
    outputBias: true,
    shortcutPool: { kernel: 3, padding: 1 },
    alwaysProjects: true,
    scaledByAll: true,
    writesOut: true,
    staysCut: true,
    hiddenHead: true,
    classBias: false,
  },
  tf: {
    stem: 64,
    stemBias: true,
    activation: 'gelu-tanh',
    padding: 'same',
    expandsOutput: true,
    outputBias: true,
    shortcutPool: { kernel: 2, padding: 0 },
    alwaysProjects: false,
    scaledByAll: false,
    writesOut: false,
    staysCut: false,
    hiddenHead: true,
    classBias: true,
  },
  rw: {
    stem: 32,
    stemBias: false,
    activation: 'silu',
    expandsOutput: false,
    outputBias: false,
    shortcutPool: { kernel: 2, padding: 0 },
    alwaysProjects: false,
    scaledByAll: false,
    writesOut: false,
    staysCut: false,
    hiddenHead: false,
    classBias: true,
  },
};

const CHANNELS = [64, 128, 256, 512] as const;
const DEPTHS = [2, 2, 5, 2] as const;
const HEAD_CHANNELS = 32;
const EXPANSION = 4;
/** Inner channels of an inverted residual over those of its squeeze. */
const SQUEEZE = 16;
/** Halvings before the last stage. */
const TOTAL_STRIDE = 32;

/** 'rw' has SiLU in its convolutions and GELU in its perceptrons. */
const perceptronActivation = ({ activation }: Details): Activation => (activation === 'silu' ? 'gelu' : activation);

const preNormResidual = (g: GraphBuilder, x: Feature, channels: number, stride: number, details: Details): Feature =>
  g.scope('conv', () => {
    const { activation, padding, expandsOutput, outputBias, shortcutPool, alwaysProjects } = details;
    const inner = EXPANSION * (expandsOutput ? channels : x.channels);
    const placed = padding === undefined ? {} : { padding };
    const expanded = convNorm(g, 'expand', batchNorm(g, 'norm', x), inner, { activation });
    const depthwise = { kernel: 3, stride, groups: inner, activation, ...placed };
    const gated = squeezeExcite(g, convNorm(g, 'filter', expanded, inner, depthwise), {
      squeezeChannels: inner / SQUEEZE,
      activation: 'silu',
      gate: 'sigmoid',
    });
    const branch = conv(g, 'project', gated, channels, { bias: outputBias });
    const pooled = stride === 1 ? x : averagePool(g, 'shortcut.pool', x, { ...shortcutPool, stride });
    const isProjected = x.channels !== channels || (stride !== 1 && alwaysProjects);
    const shortcut = isProjected ? conv(g, 'shortcut.project', pooled, channels, { bias: outputBias }) : pooled;
    return add(g, 'add', branch, shortcut);
  });

const normalized = (g: GraphBuilder, name: string, tensor: TensorName, channels: number): TensorName =>
  layerNorm(g, name, { tensor, channels, count: 1 }).tensor;

interface AttentionOptions {
  readonly window: number;
  readonly how: Partition;
  readonly index: TensorName;
  readonly details: Details;
}

/** Rows of windows through attention. */
const attended = (
  g: GraphBuilder,
  rows: TensorName,
  channels: number,
  { window, index, details }: AttentionOptions,
): TensorName =>
  g.scope('attn', () => {
    const heads = channels / HEAD_CHANNELS;
    const table = g.weight('relative_position_bias_table', [relativeRows(window), heads]);
    return windowAttention(g, rows, channels, {
      heads,
      window,
      scores: (query, key) => {
        const length = details.scaledByAll ? channels : HEAD_CHANNELS;
        const scaled = g.node('Mul', 'scale', [query, g.constant('scale.factor', length ** -0.5)]);
        return g.node('MatMul', 'scores', [scaled, key], { writtenOut: details.writesOut });
      },
      bias: relativeBias(g, { table, index, window, heads }),
      writtenOut: details.writesOut,
    });
  });

const perceptron = (g: GraphBuilder, rows: TensorName, channels: number, details: Details): TensorName =>
  g.scope('mlp', () => {
    const hidden = linear(g, 'fc1', { tensor: rows, channels }, EXPANSION * channels);
    return linear(g, 'fc2', activate(g, 'act', hidden, perceptronActivation(details)), channels).tensor;
  });

const sum = (g: GraphBuilder, name: string, x: TensorName, y: TensorName): TensorName => g.node('Add', name, [x, y]);

/** Attention and perceptron with the map cut into windows for both. */
const cutLayer = (g: GraphBuilder, x: Grid, options: AttentionOptions): Grid => {
  const { window, how, details } = options;
  const { channels } = x;
  const rows = partition(g, x, window, how);
  const middle = sum(g, 'add1', rows, attended(g, normalized(g, 'norm1', rows, channels), channels, options));
  const after = sum(g, 'add2', middle, perceptron(g, normalized(g, 'norm2', middle, channels), channels, details));
  return unpartition(g, after, x, window, how);
};

/** Attention with the map cut into windows, the perceptron on the map. */
const wholeLayer = (g: GraphBuilder, x: Grid, options: AttentionOptions): Grid => {
  const { window, how, details } = options;
  const { channels } = x;
  const cut = partition(g, { ...x, tensor: normalized(g, 'norm1', x.tensor, channels) }, window, how);
  const branch = unpartition(g, attended(g, cut, channels, options), x, window, how);
  const middle = { ...x, tensor: sum(g, 'add1', x.tensor, branch.tensor) };
  const rows = rowsOf(g, 'mlp.rows', { ...middle, tensor: normalized(g, 'norm2', middle.tensor, channels) });
  const after = gridOf(g, 'mlp.grid', perceptron(g, rows, channels, details), middle);
  return { ...middle, tensor: sum(g, 'add2', middle.tensor, after.tensor) };
};

/** Attention over blocks of neighbours, then over a grid. */
const attentions = (g: GraphBuilder, x: Feature, side: number, options: Omit<AttentionOptions, 'how'>): Feature => {
  const { channels } = x;
  const size = { height: side, width: side, channels };
  const layer = options.details.staysCut ? cutLayer : wholeLayer;
  const both = (grid: Grid): Grid => {
    const local = g.scope('block', () => layer(g, grid, { ...options, how: 'block' }));
    return g.scope('grid', () => layer(g, local, { ...options, how: 'grid' }));
  };
  if (options.details.staysCut)
    return { tensor: both({ ...size, tensor: x.tensor, channelsFirst: true }).tensor, channels };
  const last = both(channelsLast(g, 'channels_last', x.tensor, size));
  return { tensor: transpose(g, 'channels_first', last.tensor, [0, 3, 1, 2]), channels };
};

const classifier = (g: GraphBuilder, x: Feature, classes: number, { hiddenHead, classBias }: Details): TensorName => {
  const { channels } = x;
  const pooled = (map: Feature): Feature => flatten(g, 'flatten', globalAveragePool(g, 'pool', map));
  if (!hiddenHead) {
    const last = normalized(g, 'norm', transpose(g, 'norm.channels_last', x.tensor, [0, 2, 3, 1]), channels);
    const first = transpose(g, 'norm.channels_first', last, [0, 3, 1, 2]);
    return linear(g, 'head', pooled({ tensor: first, channels }), classes).tensor;
  }
  const features = { tensor: normalized(g, 'norm', pooled(x).tensor, channels), channels };
  const hidden = activate(g, 'pre_logits.act', linear(g, 'pre_logits', features, channels), 'tanh');
  if (classBias) return linear(g, 'head', hidden, classes).tensor;
  return g.node('MatMul', 'head', [hidden.tensor, g.weight('head.weight', [channels, classes])]);
};

export const buildMaxVit = (
  name: string,
  { form, window }: MaxVitConfig,
  { resolution = TOTAL_STRIDE * window, classes = 1000 }: BuildOptions = {},
): Graph => {
  const details = DETAILS[form];
  const { stem, stemBias, activation, padding } = details;
  const placed = padding === undefined ? {} : { padding };
  const g = new GraphBuilder(name);
  const multiple = TOTAL_STRIDE * window;
  const because = `windows of ${window}×${window} at a stride of ${TOTAL_STRIDE}`;
  const image = imageInput(g, { resolution }, { minimum: multiple, multipleOf: multiple, because });
  const first = convNorm(g, 'stem.0', image, stem, { kernel: 3, stride: 2, bias: stemBias, activation, ...placed });
  let x = conv(g, 'stem.1', first, CHANNELS[0], { kernel: 3, bias: details.outputBias });
  const index = relativeIndex(g, window);
  let side = resolution / 2;
  DEPTHS.forEach((depth, stage) => {
    side /= 2;
    for (let block = 0; block < depth; block++) {
      x = g.scope(`stage${stage + 1}.${block}`, () => {
        const filtered = preNormResidual(g, x, CHANNELS[stage] ?? 0, block === 0 ? 2 : 1, details);
        return attentions(g, filtered, side, { window, index, details });
      });
    }
  });
  return g.finish([classifier(g, x, classes, details)]);
};

/** For each of 168 heads 7 x 7 x 13 and 7 x 7 x 7 x 7 outputs of 13 products each. */
const LOOKED_UP: PublishedCost['differs'] = {
  figures: ['gmacs', 'mActs'],
  reason:
    'timm looks biases of positions up by two products at every call, 0.51 M outputs of 6.6 M multiply-accumulates that depend on no input',
};

const variant = (
  name: string,
  title: string,
  config: MaxVitConfig,
  figures: Pick<ModelVariant, 'published' | 'accuracy'>,
): ModelVariant => ({
  name,
  title,
  nativeResolution: TOTAL_STRIDE * config.window,
  ...figures,
  build: (options) => buildMaxVit(name, config, options),
});

export const family: ModelFamily = {
  id: 'maxvit',
  title: 'MaxViT',
  paper: 'https://arxiv.org/abs/2204.01697',
  notes: [
    'Dropout and stochastic depth are the identity at inference and are left out.',
    'Biases of relative positions depend on the network alone: runtimes make them once, on loading.',
  ],
  variants: [
    variant(
      'maxvit_t',
      'MaxViT-T',
      { form: 'torchvision', window: 7 },
      {
        published: [torchvisionCost(224, 30_919_624, '5.558')],
        accuracy: torchvisionAccuracy('MaxVit_T_Weights.IMAGENET1K_V1', 83.7, 96.722),
      },
    ),
    variant(
      'maxvit_tiny_tf_224',
      'MaxViT-T with TensorFlow’s padding',
      { form: 'tf', window: 7 },
      {
        published: [{ ...timmCost(224, 30_916_528, '5.6', '35.78'), differs: LOOKED_UP }],
        accuracy: timmAccuracy('maxvit_tiny_tf_224.in1k', 83.422, 96.59),
      },
    ),
    variant(
      'maxvit_tiny_rw_224',
      'MaxViT-T (timm)',
      { form: 'rw', window: 7 },
      {
        published: [timmCost(224, 29_057_312, '5.11', '33.11')],
        accuracy: timmAccuracy('maxvit_tiny_rw_224.sw_in1k', 83.522, 96.488),
      },
    ),
    variant(
      'maxvit_tiny_rw_256',
      'MaxViT-T at 256 (timm)',
      { form: 'rw', window: 8 },
      { published: [timmCost(256, 29_066_720, '6.74', '44.35')] },
    ),
  ],
};
