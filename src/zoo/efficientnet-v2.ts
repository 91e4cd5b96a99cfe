/** EfficientNetV2 S, M, L: Tan and Le 2021, https://arxiv.org/abs/2104.00298, as torchvision builds them. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { type Activation, convNorm, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import { fusedInvertedResidual, invertedResidual, type SpatialConvolution } from './blocks/inverted-residual.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { TORCHVISION } from './published.ts';

/** Block kind, expansion, stride of the first repeat, output channels, repeats. All kernels are 3 x 3. */
type StageRow = readonly ['fused' | 'mbconv', number, number, number, number];

type Size = 's' | 'm' | 'l';

/** Table 4 of the paper for S; M and L as in the reference code. The stem is as wide as the first stage. */
const STAGES: Readonly<Record<Size, readonly StageRow[]>> = {
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
};

export interface EfficientNetV2Config {
  readonly size: Size;
  /** 'mbconv' replaces every fused block by the depthwise one it was derived from. */
  readonly fused?: 'fused' | 'mbconv';
  readonly spatial?: SpatialConvolution;
  readonly squeezeExcitation?: boolean;
  readonly activation?: Activation;
}

export const buildEfficientNetV2 = (
  name: string,
  config: EfficientNetV2Config,
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const { size, fused = 'fused', spatial = 'separable', squeezeExcitation = true, activation = 'silu' } = config;
  const stages = STAGES[size];
  const g = new GraphBuilder(name);
  let x = convNorm(g, 'stem', imageInput(g, { resolution }, STRIDE_32), stages[0]?.[3] ?? 0, {
    kernel: 3,
    stride: 2,
    activation,
  });
  stages.forEach(([kind, expansion, stride, channels, repeats], stage) => {
    for (let block = 0; block < repeats; block++) {
      const options = {
        expandedChannels: x.channels * expansion,
        channels,
        kernel: 3,
        stride: block === 0 ? stride : 1,
        activation,
        spatial,
      };
      const blockName = `stage${stage + 1}.${block}`;
      if (kind === 'fused' && fused === 'fused') {
        x = fusedInvertedResidual(g, blockName, x, options);
      } else if (kind === 'fused') {
        x = invertedResidual(g, blockName, x, options);
      } else {
        const squeezeChannels = Math.max(1, Math.floor(x.channels / 4));
        const squeeze = { squeezeChannels, activation, gate: 'sigmoid' as const };
        x = invertedResidual(g, blockName, x, { ...options, ...(squeezeExcitation && { squeeze }) });
      }
    }
  });
  x = convNorm(g, 'head', x, 1280, { activation });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

const variant = (
  size: Size,
  resolution: number,
  parameters: number,
  gmacs: string,
  top1: number,
  top5: number,
): ModelVariant => {
  const name = `efficientnet_v2_${size}`;
  const altered = (change: Partial<EfficientNetV2Config>) => (options?: BuildOptions) =>
    buildEfficientNetV2(name, { size, ...change }, options);
  return {
    name,
    title: `EfficientNetV2-${size.toUpperCase()}`,
    nativeResolution: resolution,
    published: [{ resolution, parameters, gmacs, convention: 'torchvision', source: TORCHVISION }],
    accuracy: {
      top1,
      top5,
      weights: `EfficientNet_V2_${size.toUpperCase()}_Weights.IMAGENET1K_V1`,
      resolution,
      source: TORCHVISION,
    },
    build: altered({}),
    counterfactuals: {
      'standard-convolutions': altered({ spatial: 'standard' }),
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
  notes: ['Dropout and stochastic depth are the identity at inference and are left out.'],
  variants: [
    variant('s', 384, 21_458_488, '8.366', 84.228, 96.878),
    variant('m', 480, 54_139_356, '24.582', 85.112, 97.156),
    variant('l', 480, 118_515_272, '56.08', 85.808, 97.788),
  ],
};
