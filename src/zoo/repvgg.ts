/**
 * RepVGG: Ding et al. 2021, https://arxiv.org/abs/2101.03697, as timm builds it: the form that is
 * trained, with parallel branches. Folding the branches into one 3x3 convolution is a separate step.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
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
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { TIMM } from './published.ts';

export interface RepVggConfig {
  readonly stem: number;
  readonly repeats: readonly [number, number, number, number];
  /** Multiplies 64, 128, 256, 512 channels. */
  readonly widths: readonly [number, number, number, number];
  /** Groups of every second block of a stage. */
  readonly groups: number;
}

interface BlockOptions {
  readonly channels: number;
  readonly stride: number;
  readonly groups: number;
}

/** 1x1 and 3x3 convolution and, where the shapes agree, a bare BatchNorm, added and then activated. */
const repVggBlock = (g: GraphBuilder, name: string, x: Feature, { channels, stride, groups }: BlockOptions): Feature =>
  g.scope(name, () => {
    const pointwise = convNorm(g, 'conv1x1', x, channels, { stride, groups });
    const dense = convNorm(g, 'conv3x3', x, channels, { kernel: 3, stride, groups });
    const sum = add(g, 'add', pointwise, dense);
    const withIdentity =
      stride === 1 && x.channels === channels ? add(g, 'add_identity', sum, batchNorm(g, 'identity', x)) : sum;
    return activate(g, 'act', withIdentity, 'relu');
  });

export const buildRepVgg = (
  name: string,
  { stem, repeats, widths, groups }: RepVggConfig,
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  let x = repVggBlock(g, 'stem', imageInput(g, { resolution }, STRIDE_32), { channels: stem, stride: 2, groups: 1 });
  repeats.forEach((count, stage) => {
    const channels = 64 * 2 ** stage * (widths[stage] ?? 1);
    for (let block = 0; block < count; block++) {
      x = repVggBlock(g, `stage${stage + 1}.${block}`, x, {
        channels,
        stride: block === 0 ? 2 : 1,
        groups: block % 2 === 1 ? groups : 1,
      });
    }
  });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

const A = [2, 4, 14, 1] as const;
const B = [4, 6, 16, 1] as const;

const variant = (
  suffix: string,
  repeats: RepVggConfig['repeats'],
  [inner, last]: readonly [inner: number, last: number],
  timm: readonly [gmacs: string, mActs: string],
  groups = 1,
): ModelVariant => {
  const name = `repvgg_${suffix}`;
  const config = { stem: 64 * Math.min(1, inner), repeats, widths: [inner, inner, inner, last], groups } as const;
  return {
    name,
    title: `RepVGG-${suffix.charAt(0).toUpperCase()}${suffix.slice(1)}`,
    nativeResolution: 224,
    published: [{ resolution: 224, gmacs: timm[0], mActs: timm[1], convention: 'fvcore', source: TIMM }],
    build: (options) => buildRepVgg(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'repvgg',
  title: 'RepVGG',
  paper: 'https://arxiv.org/abs/2101.03697',
  notes: [
    'The training form with its parallel branches; deployed models fold them into one 3×3 convolution per block.',
  ],
  variants: [
    variant('a0', A, [0.75, 2.5], ['1.52', '3.59']),
    variant('a1', A, [1, 2.5], ['2.64', '4.74']),
    variant('a2', A, [1.5, 2.75], ['5.7', '6.26']),
    variant('b0', B, [1, 2.5], ['3.41', '6.15']),
    variant('b1', B, [2, 4], ['13.16', '10.64']),
    variant('b1g4', B, [2, 4], ['8.15', '10.64'], 4),
    variant('b2', B, [2.5, 5], ['20.45', '12.9']),
    variant('b2g4', B, [2.5, 5], ['12.63', '12.9'], 4),
    variant('b3', B, [3, 5], ['29.16', '15.1']),
    variant('b3g4', B, [3, 5], ['17.89', '15.1'], 4),
  ],
};
