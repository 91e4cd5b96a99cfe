/**
 * MobileOne: Vasu et al. 2022, https://arxiv.org/abs/2206.04040, as timm builds it: the form that is
 * trained, with parallel branches. Folding the branches into one convolution is a separate step.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import {
  activate,
  add,
  batchNorm,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
  STRIDE_32,
} from './blocks/conv.ts';
import { squeezeExcite } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { TIMM } from './published.ts';

export interface MobileOneConfig {
  readonly stem: number;
  /** Multiplies 64, 128, 256, 512 channels. */
  readonly widths: readonly [number, number, number, number];
  /** Parallel convolutions of the same kernel in every block (not in the stem). */
  readonly branches: number;
  /** How many of the last blocks of a stage squeeze and excite. */
  readonly squeezed: readonly [number, number, number, number];
}

const REPEATS = [2, 8, 10, 1] as const;

interface BlockOptions {
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly groups: number;
  readonly branches: number;
  readonly squeezed: boolean;
}

/**
 * `branches` convolutions, a 1x1 beside a larger kernel and, where the shapes agree, a bare
 * BatchNorm, all added and then activated.
 */
const mobileOneBlock = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  { channels, kernel, stride, groups, branches, squeezed }: BlockOptions,
): Feature =>
  g.scope(name, () => {
    const parallel: Feature[] = [];
    if (kernel > 1) parallel.push(convNorm(g, 'scale', x, channels, { stride, groups }));
    for (let branch = 0; branch < branches; branch++) {
      parallel.push(convNorm(g, `conv.${branch}`, x, channels, { kernel, stride, groups }));
    }
    if (stride === 1 && x.channels === channels) parallel.push(batchNorm(g, 'identity', x));
    const sum = parallel.reduce((left, right) => add(g, 'add', left, right));
    const squeezeChannels = Math.max(8, Math.floor(channels / 16 / 8 + 0.5) * 8);
    const gated = squeezed ? squeezeExcite(g, sum, { squeezeChannels, activation: 'relu', gate: 'sigmoid' }) : sum;
    return activate(g, 'act', gated, 'relu');
  });

export const buildMobileOne = (
  name: string,
  { stem, widths, branches, squeezed }: MobileOneConfig,
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  let x = mobileOneBlock(g, 'stem', imageInput(g, { resolution }, STRIDE_32), {
    channels: stem,
    kernel: 3,
    stride: 2,
    groups: 1,
    branches: 1,
    squeezed: false,
  });
  REPEATS.forEach((repeats, stage) => {
    const channels = roundChannels(64 * 2 ** stage * (widths[stage] ?? 1));
    for (let block = 0; block < repeats; block++) {
      const gated = block >= repeats - (squeezed[stage] ?? 0);
      const shared = { branches, squeezed: gated };
      const blockName = `stage${stage + 1}.${block}`;
      const stride = block === 0 ? 2 : 1;
      const depthwise = { ...shared, channels: x.channels, kernel: 3, stride, groups: x.channels };
      x = mobileOneBlock(g, `${blockName}.depthwise`, x, depthwise);
      x = mobileOneBlock(g, `${blockName}.pointwise`, x, { ...shared, channels, kernel: 1, stride: 1, groups: 1 });
    }
  });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

const variant = (
  suffix: string,
  widths: MobileOneConfig['widths'],
  timm: readonly [gmacs: string, mActs: string],
  { stem = 64, branches = 1, squeezed = [0, 0, 0, 0] }: Partial<MobileOneConfig> = {},
): ModelVariant => {
  const name = `mobileone_${suffix}`;
  return {
    name,
    title: `MobileOne-${suffix.toUpperCase()}`,
    nativeResolution: 224,
    published: [{ resolution: 224, gmacs: timm[0], mActs: timm[1], convention: 'fvcore', source: TIMM }],
    build: (options) => buildMobileOne(name, { stem, widths, branches, squeezed }, options),
  };
};

export const family: ModelFamily = {
  id: 'mobileone',
  title: 'MobileOne',
  paper: 'https://arxiv.org/abs/2206.04040',
  notes: ['The training form with its parallel branches; deployed models fold them into one convolution per block.'],
  variants: [
    variant('s0', [0.75, 1, 1, 2], ['1.09', '15.48'], { stem: 48, branches: 4 }),
    variant('s1', [1.5, 1.5, 2, 2.5], ['0.86', '9.67']),
    variant('s2', [1.5, 2, 2.5, 4], ['1.34', '11.55']),
    variant('s3', [2, 2.5, 3, 4], ['1.94', '13.85']),
    variant('s4', [3, 3.5, 3.5, 4], ['3.04', '17.74'], { squeezed: [0, 0, 5, 1] }),
  ],
};
