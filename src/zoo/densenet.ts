/** DenseNet: Huang et al. 2016, https://arxiv.org/abs/1608.06993, as torchvision (and timm) build it. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import {
  activate,
  averagePool,
  batchNorm,
  concat,
  conv,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
  maxPool,
  STRIDE_32,
} from './blocks/conv.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { torchvisionAccuracy, torchvisionCost } from './published.ts';

export interface DenseNetConfig {
  /** Channels that every layer adds. */
  readonly growth: number;
  readonly repeats: readonly [number, number, number, number];
}

/** Channels of the 1x1 of a layer, in units of its growth. */
const BOTTLENECK = 4;

const normActivated = (g: GraphBuilder, name: string, x: Feature): Feature =>
  activate(g, `${name}_act`, batchNorm(g, name, x), 'relu');

/** All that came before, squeezed by a 1x1 and filtered by a 3x3 to `growth` further channels. */
const denseLayer = (g: GraphBuilder, name: string, earlier: readonly Feature[], growth: number): Feature =>
  g.scope(name, () => {
    const joined = earlier.length === 1 && earlier[0] !== undefined ? earlier[0] : concat(g, 'concat', earlier);
    const squeezed = conv(g, 'conv1', normActivated(g, 'norm1', joined), BOTTLENECK * growth);
    return conv(g, 'conv2', normActivated(g, 'norm2', squeezed), growth, { kernel: 3 });
  });

export const buildDenseNet = (
  name: string,
  { growth, repeats }: DenseNetConfig,
  { resolution = 224, imageWidth, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, STRIDE_32);
  const stem = convNorm(g, 'stem', image, 2 * growth, { kernel: 7, stride: 2, activation: 'relu' });
  let x = maxPool(g, 'maxpool', stem, { kernel: 3, stride: 2, padding: 1 });
  repeats.forEach((count, stage) => {
    const features = [x];
    for (let layer = 0; layer < count; layer++) {
      features.push(denseLayer(g, `block${stage + 1}.${layer}`, features, growth));
    }
    x = concat(g, `block${stage + 1}.concat`, features);
    if (stage === repeats.length - 1) return;
    x = g.scope(`transition${stage + 1}`, () => {
      const halved = conv(g, 'conv', normActivated(g, 'norm', x), Math.floor(x.channels / 2));
      return averagePool(g, 'pool', halved, { kernel: 2 });
    });
  });
  const pooled = globalAveragePool(g, 'avgpool', normActivated(g, 'norm', x));
  return g.finish([linear(g, 'classifier', flatten(g, 'flatten', pooled), classes).tensor]);
};

const variant = (
  layers: number,
  config: DenseNetConfig,
  parameters: number,
  gmacs: string,
  [top1, top5]: readonly [number, number],
): ModelVariant => {
  const name = `densenet${layers}`;
  return {
    name,
    title: `DenseNet-${layers}`,
    nativeResolution: 224,
    published: [torchvisionCost(224, parameters, gmacs)],
    accuracy: torchvisionAccuracy(`DenseNet${layers}_Weights.IMAGENET1K_V1`, top1, top5),
    build: (options) => buildDenseNet(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'densenet',
  title: 'DenseNet',
  paper: 'https://arxiv.org/abs/1608.06993',
  notes: [
    'Dropout is off by default and is left out.',
    'Every layer joins all earlier ones anew, as the reference code does: runtimes may keep them side by side and save the copies.',
  ],
  variants: [
    variant(121, { growth: 32, repeats: [6, 12, 24, 16] }, 7_978_856, '2.834', [74.434, 91.972]),
    variant(161, { growth: 48, repeats: [6, 12, 36, 24] }, 28_681_000, '7.728', [77.138, 93.56]),
    variant(169, { growth: 32, repeats: [6, 12, 32, 32] }, 14_149_480, '3.36', [75.6, 92.806]),
    variant(201, { growth: 32, repeats: [6, 12, 48, 32] }, 20_013_928, '4.291', [76.896, 93.37]),
  ],
};
