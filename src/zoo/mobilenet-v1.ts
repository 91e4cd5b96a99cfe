/** MobileNet (V1): Howard et al. 2017, https://arxiv.org/abs/1704.04861, as timm builds it. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import { convNorm, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { TIMM } from './published.ts';

export interface MobileNetV1Config {
  readonly width: number;
  /** A pointwise convolution of 1024 channels before the pooling (timm's "h" variants). */
  readonly headConvolution?: boolean;
}

/** Output channels, repeats, stride of the first repeat: table 1 of the paper. */
const STAGES: readonly (readonly [number, number, number])[] = [
  [64, 1, 1],
  [128, 2, 2],
  [256, 2, 2],
  [512, 6, 2],
  [1024, 2, 2],
];

export const buildMobileNetV1 = (
  name: string,
  { width, headConvolution = false }: MobileNetV1Config,
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const activation = 'relu6';
  let x = convNorm(g, 'stem', imageInput(g, { resolution }, STRIDE_32), roundChannels(32 * width), {
    kernel: 3,
    stride: 2,
    activation,
  });
  STAGES.forEach(([channels, repeats, firstStride], stage) => {
    for (let block = 0; block < repeats; block++) {
      const stride = block === 0 ? firstStride : 1;
      // Depthwise separable: both halves are activated, and nothing is added.
      x = g.scope(`stage${stage + 1}.${block}`, () => {
        const filtered = convNorm(g, 'filter', x, x.channels, { kernel: 3, stride, groups: x.channels, activation });
        return convNorm(g, 'project', filtered, roundChannels(channels * width), { activation });
      });
    }
  });
  if (headConvolution) x = convNorm(g, 'head', x, Math.max(1024, roundChannels(1024 * width)), { activation });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

const variant = (
  name: string,
  title: string,
  config: MobileNetV1Config,
  timm: readonly (readonly [resolution: number, gmacs: string, mActs: string])[],
): ModelVariant => ({
  name,
  title,
  nativeResolution: 224,
  scaling: { width: config.width, depth: 1 },
  published: timm.map(([resolution, gmacs, mActs]) => ({
    resolution,
    gmacs,
    mActs,
    convention: 'fvcore',
    source: TIMM,
  })),
  build: (options) => buildMobileNetV1(name, config, options),
});

export const family: ModelFamily = {
  id: 'mobilenet_v1',
  title: 'MobileNetV1',
  paper: 'https://arxiv.org/abs/1704.04861',
  notes: ['Dropout before the classifier is the identity at inference and is left out.'],
  variants: [
    variant('mobilenetv1_100', 'MobileNetV1', { width: 1 }, [
      [224, '0.58', '5.04'],
      [256, '0.76', '6.59'],
    ]),
    variant('mobilenetv1_100h', 'MobileNetV1 with a head convolution', { width: 1, headConvolution: true }, [
      [224, '0.63', '5.09'],
      [256, '0.82', '6.65'],
    ]),
    variant('mobilenetv1_125', 'MobileNetV1 1.25×', { width: 1.25 }, [
      [224, '0.89', '6.3'],
      [256, '1.16', '8.23'],
    ]),
  ],
};
