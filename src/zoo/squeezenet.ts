/** SqueezeNet: Iandola et al. 2016, https://arxiv.org/abs/1602.07360, as torchvision builds it; 1.1 is its authors' later form. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import {
  activate,
  concat,
  conv,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  maxPool,
} from './blocks/conv.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { torchvisionAccuracy, torchvisionCost } from './published.ts';

export interface SqueezeNetConfig {
  readonly stem: { readonly channels: number; readonly kernel: number };
  /** Fire modules from one pooling to the next: channels of the squeeze; either expansion has four times as many. */
  readonly stages: readonly (readonly number[])[];
  /** Smallest image that leaves a position to the last pooling. */
  readonly minimum: number;
}

const EXPANSION = 4;

const POOL = { kernel: 3, stride: 2, ceilMode: true } as const;

const convActivated = (g: GraphBuilder, name: string, x: Feature, channels: number, kernel: number): Feature =>
  activate(g, `${name}_act`, conv(g, name, x, channels, { kernel, bias: true }), 'relu');

/** Squeeze with 1x1, then expand with 1x1 and 3x3 side by side. */
const fire = (g: GraphBuilder, name: string, x: Feature, squeeze: number): Feature =>
  g.scope(name, () => {
    const squeezed = convActivated(g, 'squeeze', x, squeeze, 1);
    const channels = EXPANSION * squeeze;
    return concat(g, 'concat', [
      convActivated(g, 'expand1x1', squeezed, channels, 1),
      convActivated(g, 'expand3x3', squeezed, channels, 3),
    ]);
  });

export const buildSqueezeNet = (
  name: string,
  { stem, stages, minimum }: SqueezeNetConfig,
  { resolution = 224, imageWidth, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, { minimum, because: 'its unpadded stem and poolings' });
  const stemmed = conv(g, 'stem.conv', image, stem.channels, {
    kernel: stem.kernel,
    stride: 2,
    padding: 0,
    bias: true,
  });
  let x = activate(g, 'stem.act', stemmed, 'relu');
  stages.forEach((squeezes, stage) => {
    x = maxPool(g, `pool${stage + 1}`, x, POOL);
    squeezes.forEach((squeeze, module) => {
      x = fire(g, `fire${stage + 1}.${module}`, x, squeeze);
    });
  });
  const scored = convActivated(g, 'classifier', x, classes, 1);
  return g.finish([flatten(g, 'flatten', globalAveragePool(g, 'pool', scored)).tensor]);
};

const variant = (
  version: '1_0' | '1_1',
  config: SqueezeNetConfig,
  parameters: number,
  gmacs: string,
  [top1, top5]: readonly [number, number],
): ModelVariant => {
  const name = `squeezenet${version}`;
  return {
    name,
    title: `SqueezeNet ${version.replace('_', '.')}`,
    nativeResolution: 224,
    published: [torchvisionCost(224, parameters, gmacs)],
    accuracy: torchvisionAccuracy(`SqueezeNet${version}_Weights.IMAGENET1K_V1`, top1, top5),
    build: (options) => buildSqueezeNet(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'squeezenet',
  title: 'SqueezeNet',
  paper: 'https://arxiv.org/abs/1602.07360',
  notes: ['Dropout before the last convolution is the identity at inference and is left out.'],
  variants: [
    variant(
      '1_0',
      { stem: { channels: 96, kernel: 7 }, stages: [[16, 16, 32], [32, 48, 48, 64], [64]], minimum: 21 },
      1_248_424,
      '0.819',
      [58.092, 80.42],
    ),
    variant(
      '1_1',
      {
        stem: { channels: 64, kernel: 3 },
        stages: [
          [16, 16],
          [32, 32],
          [48, 48, 64, 64],
        ],
        minimum: 17,
      },
      1_235_496,
      '0.349',
      [58.178, 80.624],
    ),
  ],
};
