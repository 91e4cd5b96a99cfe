import type { GraphBuilder, TensorName } from '../../ir/builder.ts';
import { BATCH } from '../../ir/shape.ts';

/** A feature map under construction: its tensor and how many channels it has. */
export interface Feature {
  readonly tensor: TensorName;
  readonly channels: number;
}

export type Activation = 'relu' | 'relu6' | 'silu' | 'hard-swish' | 'hard-sigmoid' | 'sigmoid';

export interface ConvOptions {
  readonly kernel?: number;
  readonly stride?: number;
  /** Symmetric padding; (kernel - 1) / 2 x dilation unless stated. 'same' pads as TensorFlow does. */
  readonly padding?: number | 'same';
  readonly groups?: number;
  readonly bias?: boolean;
}

export const conv = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  channels: number,
  { kernel = 1, stride = 1, padding, groups = 1, bias = false }: ConvOptions = {},
): Feature => {
  const weight = g.weight(`${name}.weight`, [channels, x.channels / groups, kernel, kernel]);
  const inputs = bias ? [x.tensor, weight, g.weight(`${name}.bias`, [channels])] : [x.tensor, weight];
  const pad = typeof padding === 'number' ? padding : Math.floor(kernel / 2);
  const placed = padding === 'same' ? { auto_pad: 'SAME_UPPER' } : { pads: [pad, pad, pad, pad] };
  const tensor = g.node('Conv', name, inputs, {
    attributes: { kernel_shape: [kernel, kernel], strides: [stride, stride], group: groups, ...placed },
  });
  return { tensor, channels };
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

export const globalAveragePool = (g: GraphBuilder, name: string, x: Feature): Feature => ({
  tensor: g.node('GlobalAveragePool', name, [x.tensor]),
  channels: x.channels,
});

export const flatten = (g: GraphBuilder, name: string, x: Feature): Feature => ({
  tensor: g.node('Flatten', name, [x.tensor], { attributes: { axis: 1 } }),
  channels: x.channels,
});

export const linear = (g: GraphBuilder, name: string, x: Feature, features: number): Feature => ({
  tensor: g.node(
    'Gemm',
    name,
    [x.tensor, g.weight(`${name}.weight`, [features, x.channels]), g.weight(`${name}.bias`, [features])],
    { attributes: { transB: 1 } },
  ),
  channels: features,
});

/** N x 3 x resolution x resolution. */
export const imageInput = (g: GraphBuilder, resolution: number): Feature => ({
  tensor: g.input('input', [BATCH, 3, resolution, resolution]),
  channels: 3,
});
