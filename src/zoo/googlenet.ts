/**
 * GoogLeNet (Inception v1): Szegedy et al. 2014, https://arxiv.org/abs/1409.4842, with BatchNorm as torchvision builds
 * it: the branch that the paper filters 5x5 has 3x3 there.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import {
  concat,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
  maxPool,
  type PoolOptions,
  STRIDE_32,
} from './blocks/conv.ts';
import type { BuildOptions, ModelFamily } from './family.ts';
import { torchvisionAccuracy, torchvisionCost } from './published.ts';

/** Output channels of the 1x1, of the reduction and the filter of two branches, and of the 1x1 after the pooling. */
type InceptionRow = readonly [number, number, number, number, number, number];

/** Table 1 of the paper; a maximum stands between stages. */
const STAGES: readonly (readonly InceptionRow[])[] = [
  [
    [64, 96, 128, 16, 32, 32],
    [128, 128, 192, 32, 96, 64],
  ],
  [
    [192, 96, 208, 16, 48, 64],
    [160, 112, 224, 24, 64, 64],
    [128, 128, 256, 24, 64, 64],
    [112, 144, 288, 32, 64, 64],
    [256, 160, 320, 32, 128, 128],
  ],
  [
    [256, 160, 320, 32, 128, 128],
    [384, 192, 384, 48, 128, 128],
  ],
];

const HALVING: PoolOptions = { kernel: 3, stride: 2, ceilMode: true };
/** Before the last stage the window is 2x2. */
const LAST_HALVING: PoolOptions = { kernel: 2, stride: 2, ceilMode: true };

const filtered = (g: GraphBuilder, name: string, x: Feature, channels: number, kernel = 1): Feature =>
  convNorm(g, name, x, channels, { kernel, activation: 'relu' });

/** Four branches of the same size side by side. */
const inception = (g: GraphBuilder, name: string, x: Feature, row: InceptionRow): Feature =>
  g.scope(name, () => {
    const [plain, reduced, wide, reducedMore, wider, pooled] = row;
    return concat(g, 'concat', [
      filtered(g, 'branch1', x, plain),
      filtered(g, 'branch2.1', filtered(g, 'branch2.0', x, reduced), wide, 3),
      filtered(g, 'branch3.1', filtered(g, 'branch3.0', x, reducedMore), wider, 3),
      filtered(
        g,
        'branch4.1',
        maxPool(g, 'branch4.0', x, { kernel: 3, stride: 1, padding: 1, ceilMode: true }),
        pooled,
      ),
    ]);
  });

export const buildGoogLeNet = (
  name: string,
  { resolution = 224, imageWidth, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, STRIDE_32);
  const stem = convNorm(g, 'conv1', image, 64, { kernel: 7, stride: 2, activation: 'relu' });
  const reduced = filtered(g, 'conv2', maxPool(g, 'maxpool1', stem, HALVING), 64);
  let x = maxPool(g, 'maxpool2', filtered(g, 'conv3', reduced, 192, 3), HALVING);
  STAGES.forEach((rows, stage) => {
    if (stage > 0) x = maxPool(g, `maxpool${stage + 2}`, x, stage === STAGES.length - 1 ? LAST_HALVING : HALVING);
    rows.forEach((row, index) => {
      x = inception(g, `inception${stage + 3}.${index}`, x, row);
    });
  });
  return g.finish([linear(g, 'fc', flatten(g, 'flatten', globalAveragePool(g, 'avgpool', x)), classes).tensor]);
};

export const family: ModelFamily = {
  id: 'googlenet',
  title: 'GoogLeNet',
  paper: 'https://arxiv.org/abs/1409.4842',
  notes: [
    'Dropout is the identity at inference; the two auxiliary classifiers are for training. Both are left out, and the published parameters have neither.',
    'Filters of 3×3 where the paper has 5×5, as the reference code has them.',
    'The change of normalization that goes with converted weights (a product and a sum per pixel) is left out.',
  ],
  variants: [
    {
      name: 'googlenet',
      title: 'GoogLeNet',
      nativeResolution: 224,
      published: [torchvisionCost(224, 6_624_904, '1.498')],
      accuracy: torchvisionAccuracy('GoogLeNet_Weights.IMAGENET1K_V1', 69.778, 89.53),
      build: (options) => buildGoogLeNet('googlenet', options),
    },
  ],
};
