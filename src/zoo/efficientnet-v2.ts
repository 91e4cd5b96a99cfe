/**
 * EfficientNetV2: Tan and Le 2021, https://arxiv.org/abs/2104.00298; S, M and L as torchvision builds them, the rest as
 * timm does. tf_*: padded as TensorFlow pads, for the weights trained with it.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels, scaleDepth } from './blocks/channels.ts';
import { convNorm, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import { fusedInvertedResidual, invertedResidual } from './blocks/inverted-residual.ts';
import {
  type EfficientNetV2Config,
  type EfficientNetV2Row,
  type EfficientNetV2Size,
  efficientNetV2Rows,
} from './efficientnet-v2-variants.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { widthOf } from './options.ts';

export type { EfficientNetV2Config } from './efficientnet-v2-variants.ts';

/** Block kind, expansion, stride of the first repeat, output channels, repeats. All kernels are 3 x 3. */
type StageRow = readonly ['fused' | 'projected' | 'mbconv', number, number, number, number];

/**
 * Table 4 of the paper for S; the rest as in the reference code, and 'rw' as timm had it before that was public.
 * A 'projected' stage is a fused one whose blocks without expansion have a projection all the same.
 */
const STAGES: Readonly<Record<EfficientNetV2Size, readonly StageRow[]>> = {
  s: [
    ['fused', 1, 1, 24, 2],
    ['fused', 4, 2, 48, 4],
    ['fused', 4, 2, 64, 4],
    ['mbconv', 4, 2, 128, 6],
    ['mbconv', 6, 1, 160, 9],
    ['mbconv', 6, 2, 256, 15],
  ],
  m: [
    ['fused', 1, 1, 24, 3],
    ['fused', 4, 2, 48, 5],
    ['fused', 4, 2, 80, 5],
    ['mbconv', 4, 2, 160, 7],
    ['mbconv', 6, 1, 176, 14],
    ['mbconv', 6, 2, 304, 18],
    ['mbconv', 6, 1, 512, 5],
  ],
  l: [
    ['fused', 1, 1, 32, 4],
    ['fused', 4, 2, 64, 7],
    ['fused', 4, 2, 96, 7],
    ['mbconv', 4, 2, 192, 10],
    ['mbconv', 6, 1, 224, 19],
    ['mbconv', 6, 2, 384, 25],
    ['mbconv', 6, 1, 640, 7],
  ],
  xl: [
    ['fused', 1, 1, 32, 4],
    ['fused', 4, 2, 64, 8],
    ['fused', 4, 2, 96, 8],
    ['mbconv', 4, 2, 192, 16],
    ['mbconv', 6, 1, 256, 24],
    ['mbconv', 6, 2, 512, 32],
    ['mbconv', 6, 1, 640, 8],
  ],
  b: [
    ['fused', 1, 1, 16, 1],
    ['fused', 4, 2, 32, 2],
    ['fused', 4, 2, 48, 2],
    ['mbconv', 4, 2, 96, 3],
    ['mbconv', 6, 1, 112, 5],
    ['mbconv', 6, 2, 192, 8],
  ],
  rw_s: [
    ['projected', 1, 1, 24, 2],
    ['fused', 4, 2, 48, 4],
    ['fused', 4, 2, 64, 4],
    ['mbconv', 4, 2, 128, 6],
    ['mbconv', 6, 1, 160, 9],
    ['mbconv', 6, 2, 272, 15],
  ],
  rw_m: [
    ['projected', 1, 1, 24, 3],
    ['fused', 4, 2, 48, 5],
    ['fused', 4, 2, 64, 5],
    ['mbconv', 4, 2, 128, 8],
    ['mbconv', 6, 1, 160, 15],
    ['mbconv', 6, 2, 272, 24],
  ],
};

/** Channels after the stem, and of the last convolution, before they are scaled. */
const ENDS: Readonly<Record<EfficientNetV2Size, readonly [stem: number, head: number]>> = {
  s: [24, 1280],
  m: [24, 1280],
  l: [32, 1280],
  xl: [32, 1280],
  b: [32, 1280],
  rw_s: [24, 1792],
  rw_m: [24, 1792],
};

export const buildEfficientNetV2 = (
  name: string,
  config: EfficientNetV2Config,
  { resolution = 224, imageWidth, classes = 1000, width: multiplier }: BuildOptions = {},
): Graph => {
  const { size, fused = 'fused', squeezeExcitation = true, activation = 'silu' } = config;
  const { depth = 1, padding } = config;
  const width = (config.width ?? 1) * widthOf(multiplier);
  // The base sizes round to the nearest multiple, even where that loses more than 10 %.
  const scaled = (channels: number) => roundChannels(channels * width, 8, size === 'b' ? 0 : undefined);
  const placed = padding === undefined ? {} : { padding };
  const [stemChannels, headChannels] = ENDS[size];
  const stages = STAGES[size];
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, STRIDE_32);
  let x = convNorm(g, 'stem', image, scaled(stemChannels), { kernel: 3, stride: 2, activation, ...placed });
  stages.forEach(([kind, expansion, stride, channels, repeats], stage) => {
    for (let block = 0; block < scaleDepth(repeats, depth); block++) {
      const options = {
        expandedChannels: x.channels * expansion,
        channels: scaled(channels),
        kernel: 3,
        stride: block === 0 ? stride : 1,
        activation,
        ...placed,
      };
      const blockName = `stage${stage + 1}.${block}`;
      if (kind !== 'mbconv' && fused === 'fused') {
        x = fusedInvertedResidual(g, blockName, x, { ...options, alwaysProjected: kind === 'projected' });
      } else if (kind !== 'mbconv') {
        x = invertedResidual(g, blockName, x, options);
      } else {
        const squeezeChannels = Math.max(1, Math.floor(x.channels / 4));
        const squeeze = { squeezeChannels, activation, gate: 'sigmoid' as const };
        x = invertedResidual(g, blockName, x, { ...options, ...(squeezeExcitation && { squeeze }) });
      }
    }
  });
  x = convNorm(g, 'head', x, scaled(headChannels), { activation });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

const variant = (row: EfficientNetV2Row): ModelVariant => {
  const { name, aliases, title, config, resolution, published, accuracies } = row;
  const [accuracy, ...otherAccuracies] = accuracies;
  const { size, width = 1, depth = 1 } = config;
  const altered = (change: Partial<EfficientNetV2Config>) => (options?: BuildOptions) =>
    buildEfficientNetV2(name, { ...config, ...change }, options);
  return {
    name,
    ...(aliases !== undefined && { aliases }),
    title,
    nativeResolution: resolution,
    knobs: ['classes', 'width'],
    ...(size === 'b' && { scaling: { width, depth } }),
    published,
    ...(accuracy !== undefined && { accuracy }),
    ...(otherAccuracies.length > 0 && { otherAccuracies }),
    build: altered({}),
    counterfactuals: {
      'without-squeeze-excitation': altered({ squeezeExcitation: false }),
      'relu-activations': altered({ activation: 'relu' }),
      'unfused-blocks': altered({ fused: 'mbconv' }),
    },
  };
};

export const family: ModelFamily = {
  id: 'efficientnet_v2',
  title: 'EfficientNetV2',
  paper: 'https://arxiv.org/abs/2104.00298',
  notes: [
    'Dropout and stochastic depth are the identity at inference and are left out.',
    'tf_* differ from their namesakes in where the zeros of strided convolutions are placed, not in any count.',
  ],
  variants: efficientNetV2Rows.map(variant),
};
