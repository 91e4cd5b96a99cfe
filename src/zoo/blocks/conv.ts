import type { GraphBuilder, TensorName } from '../../ir/builder.ts';
import { BATCH } from '../../ir/shape.ts';
import { checkResolution, type ExtentRule } from '../options.ts';

/** A feature map under construction: its tensor and how many channels it has. */
export interface Feature {
  readonly tensor: TensorName;
  readonly channels: number;
}

export type Activation =
  | 'relu'
  | 'relu6'
  | 'silu'
  | 'gelu'
  /** With the hyperbolic tangent in place of the error function, as TensorFlow's networks have it. */
  | 'gelu-tanh'
  /** x sigmoid(1.702 x), as CLIP has it. */
  | 'quick-gelu'
  | 'tanh'
  | 'hard-swish'
  | 'hard-sigmoid'
  | 'sigmoid';

/** Height and width; one number is both. */
export type Extent = number | readonly [height: number, width: number];

const pairOf = (extent: Extent): readonly [number, number] => (typeof extent === 'number' ? [extent, extent] : extent);

/** Where zeros are added: half the reach of the kernel unless stated. 'same' pads as TensorFlow does. */
export type Padding = Extent | 'same';

export interface ConvOptions {
  readonly kernel?: Extent;
  readonly stride?: Extent;
  readonly padding?: Padding;
  readonly dilation?: number;
  readonly groups?: number;
  readonly bias?: boolean;
}

/** Attributes of windows: kernel, strides and padding, and dilations where there are any. */
const windowAttributes = (kernel: Extent, stride: Extent, padding: Padding | undefined, dilation = 1) => {
  const extents = pairOf(kernel);
  const reach = pairOf(padding === undefined || padding === 'same' ? [0, 0] : padding);
  const pads = padding === undefined ? extents.map((extent) => Math.floor(extent / 2) * dilation) : reach;
  return {
    kernel_shape: extents,
    strides: pairOf(stride),
    ...(padding === 'same' ? { auto_pad: 'SAME_UPPER' } : { pads: [...pads, ...pads] }),
    ...(dilation !== 1 && { dilations: [dilation, dilation] }),
  };
};

export const conv = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  channels: number,
  { kernel = 1, stride = 1, padding, dilation, groups = 1, bias = false }: ConvOptions = {},
): Feature => {
  const weight = g.weight(`${name}.weight`, [channels, x.channels / groups, ...pairOf(kernel)]);
  const inputs = bias ? [x.tensor, weight, g.weight(`${name}.bias`, [channels])] : [x.tensor, weight];
  const attributes = { ...windowAttributes(kernel, stride, padding, dilation), group: groups };
  return { tensor: g.node('Conv', name, inputs, { attributes }), channels };
};

export const batchNorm = (g: GraphBuilder, name: string, x: Feature): Feature => {
  const perChannel = (part: string) => g.weight(`${name}.${part}`, [x.channels]);
  const inputs = [
    x.tensor,
    perChannel('weight'),
    perChannel('bias'),
    perChannel('running_mean'),
    perChannel('running_var'),
  ];
  return { tensor: g.node('BatchNormalization', name, inputs), channels: x.channels };
};

export const activate = (g: GraphBuilder, name: string, x: Feature, kind: Activation): Feature => {
  const unary = (type: string, attributes: Record<string, number> = {}) =>
    g.node(type, name, [x.tensor], { attributes });
  const build: Readonly<Record<Activation, () => TensorName>> = {
    relu: () => unary('Relu'),
    // Clip takes its limits as inputs since opset 11.
    relu6: () => g.node('Clip', name, [x.tensor, g.constant(`${name}.min`, 0), g.constant(`${name}.max`, 6)]),
    silu: () => unary('Swish'),
    gelu: () => unary('Gelu'),
    'gelu-tanh': () => g.node('Gelu', name, [x.tensor], { attributes: { approximate: 'tanh' } }),
    'quick-gelu': () => unary('Swish', { alpha: 1.702 }),
    tanh: () => unary('Tanh'),
    'hard-swish': () => unary('HardSwish'),
    'hard-sigmoid': () => unary('HardSigmoid', { alpha: 1 / 6, beta: 0.5 }),
    sigmoid: () => unary('Sigmoid'),
  };
  return { tensor: build[kind](), channels: x.channels };
};

export interface ConvNormOptions extends ConvOptions {
  readonly activation?: Activation;
}

/** Convolution, BatchNorm and, when given, an activation: three operators, as the reference code runs them. */
export const convNorm = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  channels: number,
  { activation, ...options }: ConvNormOptions = {},
): Feature =>
  g.scope(name, () => {
    const normalized = batchNorm(g, 'bn', conv(g, 'conv', x, channels, options));
    return activation === undefined ? normalized : activate(g, 'act', normalized, activation);
  });

export const add = (g: GraphBuilder, name: string, x: Feature, y: Feature): Feature => ({
  tensor: g.node('Add', name, [x.tensor, y.tensor]),
  channels: x.channels,
});

export const concat = (g: GraphBuilder, name: string, parts: readonly Feature[]): Feature => ({
  tensor: g.node(
    'Concat',
    name,
    parts.map(({ tensor }) => tensor),
    { attributes: { axis: 1 } },
  ),
  channels: parts.reduce((sum, { channels }) => sum + channels, 0),
});

export interface PoolOptions {
  readonly kernel: Extent;
  readonly stride?: Extent;
  readonly padding?: Padding;
  /** Rounds the extents of the output up: a window may begin inside and end outside. */
  readonly ceilMode?: boolean;
}

const poolAttributes = ({ kernel, stride = kernel, padding = 0, ceilMode = false }: PoolOptions) => ({
  ...windowAttributes(kernel, stride, padding),
  ...(ceilMode && { ceil_mode: 1 }),
});

/** Not padded unless stated; windows side by side unless a stride is given. */
export const maxPool = (g: GraphBuilder, name: string, x: Feature, options: PoolOptions): Feature => ({
  tensor: g.node('MaxPool', name, [x.tensor], { attributes: poolAttributes(options) }),
  channels: x.channels,
});

/** As PyTorch divides: by the whole window, zeros of the padding included. */
export const averagePool = (g: GraphBuilder, name: string, x: Feature, options: PoolOptions): Feature => ({
  tensor: g.node('AveragePool', name, [x.tensor], {
    attributes: { ...poolAttributes(options), ...(options.padding !== undefined && { count_include_pad: 1 }) },
  }),
  channels: x.channels,
});

export const globalAveragePool = (g: GraphBuilder, name: string, x: Feature): Feature => ({
  tensor: g.node('GlobalAveragePool', name, [x.tensor]),
  channels: x.channels,
});

export const flatten = (g: GraphBuilder, name: string, x: Feature): Feature => ({
  tensor: g.node('Flatten', name, [x.tensor], { attributes: { axis: 1 } }),
  channels: x.channels,
});

export const linear = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  features: number,
  { bias = true }: { readonly bias?: boolean } = {},
): Feature => {
  const weight = g.weight(`${name}.weight`, [features, x.channels]);
  const inputs = bias ? [x.tensor, weight, g.weight(`${name}.bias`, [features])] : [x.tensor, weight];
  return { tensor: g.node('Gemm', name, inputs, { attributes: { transB: 1 } }), channels: features };
};

/** Five halvings, as most networks of ImageNet do: a smaller image leaves less than one cell of the last feature map. */
export const STRIDE_32: ExtentRule = { minimum: 32, because: 'its total stride' };

export interface ImageSize {
  readonly resolution: number;
  /** As the height unless stated. */
  readonly imageWidth?: number | undefined;
}

/** N x 3 x height x width. Throws `ModelOptionError` for an extent that the rule forbids. */
export const imageInput = (
  g: GraphBuilder,
  { resolution, imageWidth = resolution }: ImageSize,
  rule: ExtentRule,
): Feature => {
  checkResolution(resolution, rule);
  checkResolution(imageWidth, rule);
  return { tensor: g.input('input', [BATCH, 3, resolution, imageWidth]), channels: 3 };
};
