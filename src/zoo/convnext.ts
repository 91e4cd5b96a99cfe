/**
 * ConvNeXt: Liu et al. 2022, https://arxiv.org/abs/2201.03545, as torchvision builds it; ConvNeXt V2: Woo et al.
 * 2023, https://arxiv.org/abs/2301.00808, as timm builds it, with timm's smaller sizes of both.
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import {
  activate,
  add,
  type ConvOptions,
  conv,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
  STRIDE_32,
} from './blocks/conv.ts';
import { reshape, transpose } from './blocks/tokens.ts';
import { type ConvNeXtConfig, type ConvNeXtRow, convNeXtRows } from './convnext-variants.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';

export type { ConvNeXtConfig } from './convnext-variants.ts';

/** Hidden units of a perceptron per channel. */
const EXPANSION = 4;

/** Keeps the response normalization from dividing by zero, as in the reference code. */
const RESPONSE_EPSILON = 1e-6;

/** A feature map whose extents are known, because reshaping rows back to it takes them. */
interface Grid extends Feature {
  readonly height: number;
  readonly width: number;
}

const perChannel = (g: GraphBuilder, name: string, part: string, shape: readonly number[]) =>
  g.weight(`${name}.${part}`, shape);

const channelsLast = (g: GraphBuilder, name: string, tensor: TensorName) => transpose(g, name, tensor, [0, 2, 3, 1]);

const channelsFirst = (g: GraphBuilder, name: string, tensor: TensorName) => transpose(g, name, tensor, [0, 3, 1, 2]);

const normalizeLast = (g: GraphBuilder, name: string, tensor: TensorName, channels: number): TensorName =>
  g.node(
    'LayerNormalization',
    name,
    [tensor, perChannel(g, name, 'weight', [channels]), perChannel(g, name, 'bias', [channels])],
    { attributes: { axis: -1 } },
  );

/** Every position over its channels, for maps whose channels come first. */
const layerNorm2d = <Map extends Feature>(g: GraphBuilder, name: string, x: Map): Map => {
  const normalized = normalizeLast(g, name, channelsLast(g, `${name}.last`, x.tensor), x.channels);
  return { ...x, tensor: channelsFirst(g, `${name}.first`, normalized) };
};

/** Without padding: rows and columns that fill no window are left out. */
const patchConv = (g: GraphBuilder, name: string, x: Grid, channels: number, stride: number): Grid => ({
  ...conv(g, name, x, channels, { kernel: stride, stride, padding: 0, bias: true }),
  height: Math.floor(x.height / stride),
  width: Math.floor(x.width / stride),
});

/** x + bias + weight x n, n a channel's norm over the map relative to the mean norm of all channels. */
const responseNorm = (g: GraphBuilder, tensor: TensorName, channels: number, last: boolean): TensorName =>
  g.scope('grn', () => {
    const shape = last ? [channels] : [channels, 1, 1];
    const axes = (name: string, values: readonly number[]) => g.constant(`${name}.axes`, values, 'int64');
    const norm = g.node('ReduceL2', 'norm', [tensor, axes('norm', last ? [1, 2] : [2, 3])]);
    const mean = g.node('ReduceMean', 'mean', [norm, axes('mean', [last ? 3 : 1])]);
    const floored = g.node('Add', 'floor', [mean, g.constant('epsilon', RESPONSE_EPSILON)]);
    const relative = g.node('Mul', 'scale', [tensor, g.node('Div', 'relative', [norm, floored])]);
    const weighted = g.node('Mul', 'gamma', [relative, g.weight('weight', shape)]);
    return g.node('Add', 'add', [tensor, g.node('Add', 'beta', [weighted, g.weight('bias', shape)])]);
  });

/** Normalization and perceptron with channels last; the fully connected layers run over rows of channels. */
const linearPerceptron = (g: GraphBuilder, x: Grid, responds: boolean): TensorName => {
  const { channels, height, width } = x;
  const hidden = EXPANSION * channels;
  const normalized = normalizeLast(g, 'norm', channelsLast(g, 'last', x.tensor), channels);
  const map = (name: string, rows: TensorName, size: number) => reshape(g, name, rows, [-1, height, width, size]);
  const expanded = linear(g, 'fc1', { tensor: reshape(g, 'rows', normalized, [-1, channels]), channels }, hidden);
  const activated = activate(g, 'act', expanded, 'gelu');
  const respond = () =>
    reshape(g, 'grn.rows', responseNorm(g, map('grn.map', activated.tensor, hidden), hidden, true), [-1, hidden]);
  const projected = linear(g, 'fc2', responds ? { ...activated, tensor: respond() } : activated, channels);
  return channelsFirst(g, 'first', map('map', projected.tensor, channels));
};

const convolutionPerceptron = (g: GraphBuilder, x: Grid, responds: boolean): TensorName => {
  const hidden = EXPANSION * x.channels;
  const expanded = conv(g, 'fc1', layerNorm2d(g, 'norm', x), hidden, { bias: true });
  const activated = activate(g, 'act', expanded, 'gelu');
  const inner = responds ? responseNorm(g, activated.tensor, hidden, false) : activated.tensor;
  return conv(g, 'fc2', { tensor: inner, channels: hidden }, x.channels, { bias: true }).tensor;
};

const DEPTHWISE: ConvOptions = { kernel: 7, bias: true };

const block = (g: GraphBuilder, x: Grid, { perceptron, version = 1 }: ConvNeXtConfig): Grid => {
  const { channels } = x;
  const filtered = { ...x, ...conv(g, 'filter', x, channels, { ...DEPTHWISE, groups: channels }) };
  const transformed = (perceptron === 'linear' ? linearPerceptron : convolutionPerceptron)(g, filtered, version === 2);
  const scaled =
    version === 2 ? transformed : g.node('Mul', 'scale', [transformed, g.weight('scale.gamma', [channels, 1, 1])]);
  return { ...x, ...add(g, 'add', x, { tensor: scaled, channels }) };
};

export const buildConvNeXt = (
  name: string,
  config: ConvNeXtConfig,
  { resolution = 224, imageWidth = resolution, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const image = { ...imageInput(g, { resolution, imageWidth }, STRIDE_32), height: resolution, width: imageWidth };
  let x = g.scope('stem', () => layerNorm2d(g, 'norm', patchConv(g, 'conv', image, config.channels, 4)));
  config.depths.forEach((depth, stage) => {
    if (stage > 0) {
      x = g.scope(`downsample${stage}`, () => patchConv(g, 'conv', layerNorm2d(g, 'norm', x), 2 * x.channels, 2));
    }
    for (let index = 0; index < depth; index++) {
      x = g.scope(`stage${stage + 1}.${index}`, () => block(g, x, config));
    }
  });
  const pooled = layerNorm2d(g, 'norm', globalAveragePool(g, 'pool', x));
  return g.finish([linear(g, 'classifier', flatten(g, 'flatten', pooled), classes).tensor]);
};

const variant = (row: ConvNeXtRow): ModelVariant => {
  const { name, title, config, resolution = 224, published, accuracies } = row;
  const [accuracy, ...otherAccuracies] = accuracies;
  return {
    name,
    title,
    nativeResolution: resolution,
    published,
    ...(accuracy !== undefined && { accuracy }),
    ...(otherAccuracies.length > 0 && { otherAccuracies }),
    build: (options) => buildConvNeXt(name, config, { resolution, ...options }),
  };
};

export const family: ModelFamily = {
  id: 'convnext',
  title: 'ConvNeXt',
  paper: 'https://arxiv.org/abs/2201.03545',
  notes: [
    'Stochastic depth is the identity at inference and is left out.',
    'A fully connected layer over channels last is one product over rows of channels, with reshapes around it.',
    'convnextv2_*: ConvNeXt V2, https://arxiv.org/abs/2301.00808; sizes below tiny use 1×1 convolutions, as in timm.',
  ],
  variants: convNeXtRows.map(variant),
};
