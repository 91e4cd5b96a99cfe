import type { GraphBuilder } from '../../ir/builder.ts';
import { type Activation, activate, add, conv, convNorm, type Feature } from './conv.ts';

export interface SqueezeExciteOptions {
  readonly squeezeChannels: number;
  readonly activation: Activation;
  readonly gate: Activation;
}

/** Mean over height and width; timm writes it as a plain mean, which is why fvcore's counts of its models leave it out. */
const spatialMean = (g: GraphBuilder, name: string, x: Feature): Feature => ({
  tensor: g.node('ReduceMean', name, [x.tensor, g.constant(`${name}.axes`, [2, 3], 'int64')]),
  channels: x.channels,
});

/** Squeeze-and-excitation: pooled channels through two 1x1 convolutions with bias, then a gate on every channel. */
export const squeezeExcite = (g: GraphBuilder, x: Feature, options: SqueezeExciteOptions): Feature =>
  g.scope('se', () => {
    const pooled = spatialMean(g, 'pool', x);
    const squeezed = activate(
      g,
      'act',
      conv(g, 'reduce', pooled, options.squeezeChannels, { bias: true }),
      options.activation,
    );
    const gate = activate(g, 'gate', conv(g, 'expand', squeezed, x.channels, { bias: true }), options.gate);
    return { tensor: g.node('Mul', 'scale', [x.tensor, gate.tensor]), channels: x.channels };
  });

export interface InvertedResidualOptions {
  readonly expandedChannels: number;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly activation: Activation;
  readonly squeeze?: SqueezeExciteOptions;
  readonly padding?: 'same';
  readonly residual?: boolean;
  /** Between the taps of the depthwise filter. */
  readonly dilation?: number;
}

/** What a block computes: its wide inside before the filter, which SSDLite reads, and its output. */
export interface InvertedResidualParts {
  readonly expanded: Feature;
  readonly output: Feature;
}

/**
 * MobileNetV2's inverted residual (MBConv): expand with 1x1, filter depthwise, optionally
 * squeeze-and-excite, project with a linear 1x1; the input is added where shapes agree.
 */
export const invertedResidual = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  options: InvertedResidualOptions,
): Feature => invertedResidualParts(g, name, x, options).output;

/** The same block for those who read its inside as well. */
export const invertedResidualParts = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  options: InvertedResidualOptions,
): InvertedResidualParts =>
  g.scope(name, () => {
    const { expandedChannels, channels, kernel, stride, activation, squeeze, padding, residual = true } = options;
    const { dilation = 1 } = options;
    const placed = { ...(padding !== undefined && { padding }), ...(dilation !== 1 && { dilation }) };
    const expanded = expandedChannels === x.channels ? x : convNorm(g, 'expand', x, expandedChannels, { activation });
    const gate = (feature: Feature) => (squeeze === undefined ? feature : squeezeExcite(g, feature, squeeze));
    const depthwise = { kernel, stride, groups: expandedChannels, activation, ...placed };
    const filtered = gate(convNorm(g, 'filter', expanded, expandedChannels, depthwise));
    const projected = convNorm(g, 'project', filtered, channels);
    const output = residual && stride === 1 && x.channels === channels ? add(g, 'add', x, projected) : projected;
    return { expanded, output };
  });

export interface FusedInvertedResidualOptions {
  readonly expandedChannels: number;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly activation: Activation;
  readonly padding?: 'same';
  /** Without expansion as well, as in timm's first EfficientNetV2. */
  readonly alwaysProjected?: boolean;
}

/**
 * Fused-MBConv: expansion and depthwise filter become one standard convolution; without
 * expansion the projection falls away as well.
 */
export const fusedInvertedResidual = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  { expandedChannels, channels, kernel, stride, activation, padding, alwaysProjected }: FusedInvertedResidualOptions,
): Feature =>
  g.scope(name, () => {
    const placed = padding === undefined ? {} : { padding };
    const spatial = { kernel, stride, activation, ...placed };
    const projected =
      expandedChannels === x.channels && !alwaysProjected
        ? convNorm(g, 'filter', x, channels, spatial)
        : convNorm(g, 'project', convNorm(g, 'filter', x, expandedChannels, spatial), channels);
    return stride === 1 && x.channels === channels ? add(g, 'add', x, projected) : projected;
  });
