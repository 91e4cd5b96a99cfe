/** AlexNet in the one-column form of Krizhevsky 2014, https://arxiv.org/abs/1404.5997, as torchvision builds it. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { activate, averagePool, conv, type Feature, flatten, imageInput, linear, maxPool } from './blocks/conv.ts';
import type { BuildOptions, ModelFamily } from './family.ts';
import type { ExtentRule } from './options.ts';
import { torchvisionAccuracy, torchvisionCost } from './published.ts';

/** Channels, kernel, stride, padding, and whether a 3x3 maximum with stride 2 follows. */
const LAYERS: readonly (readonly [number, number, number, number, boolean])[] = [
  [64, 11, 4, 2, true],
  [192, 5, 1, 2, true],
  [384, 3, 1, 1, false],
  [256, 3, 1, 1, false],
  [256, 3, 1, 1, true],
];

const POOL = 3;
const POOL_STRIDE = 2;
const HIDDEN = 4096;

/** Side of the feature map that the first fully connected layer reads. */
const HEAD_SIDE = 6;

/** Side of the feature map after all layers. */
const lastSide = (resolution: number): number =>
  LAYERS.reduce((side, [, kernel, stride, padding, pooled]) => {
    const filtered = Math.floor((side + 2 * padding - kernel) / stride) + 1;
    return pooled ? Math.floor((filtered - POOL) / POOL_STRIDE) + 1 : filtered;
  }, resolution);

/** 223 pixels leave 6x6 positions, one pixel less 5x5. */
const RULE: ExtentRule = { minimum: 223, because: `its classifier reads ${HEAD_SIDE}×${HEAD_SIDE} positions` };

/** torchvision's adaptive pooling to 6x6: the same windows where the side is a multiple of 6, as many and nearly as large elsewhere. */
const poolToHead = (g: GraphBuilder, x: Feature, side: number): Feature => {
  if (side === HEAD_SIDE) return x;
  const stride = Math.floor(side / HEAD_SIDE);
  return averagePool(g, 'avgpool', x, { kernel: side - (HEAD_SIDE - 1) * stride, stride });
};

export const buildAlexNet = (name: string, { resolution = 224, classes = 1000 }: BuildOptions = {}): Graph => {
  const g = new GraphBuilder(name);
  let x = imageInput(g, { resolution }, RULE);
  LAYERS.forEach(([channels, kernel, stride, padding, pooled], layer) => {
    const filtered = conv(g, `features.${layer}.conv`, x, channels, { kernel, stride, padding, bias: true });
    x = activate(g, `features.${layer}.act`, filtered, 'relu');
    if (pooled) x = maxPool(g, `features.${layer}.pool`, x, { kernel: POOL, stride: POOL_STRIDE });
  });
  const pooled = poolToHead(g, x, lastSide(resolution));
  x = { tensor: flatten(g, 'flatten', pooled).tensor, channels: pooled.channels * HEAD_SIDE ** 2 };
  x = activate(g, 'classifier.act1', linear(g, 'classifier.fc1', x, HIDDEN), 'relu');
  x = activate(g, 'classifier.act2', linear(g, 'classifier.fc2', x, HIDDEN), 'relu');
  return g.finish([linear(g, 'classifier.fc3', x, classes).tensor]);
};

export const family: ModelFamily = {
  id: 'alexnet',
  title: 'AlexNet',
  paper: 'https://arxiv.org/abs/1404.5997',
  notes: [
    'Dropout in the classifier is the identity at inference and is left out.',
    'Where the last feature map is larger than 6×6, the windows of the adaptive pooling are equal ones: PyTorch’s own differ by a position.',
  ],
  variants: [
    {
      name: 'alexnet',
      title: 'AlexNet',
      nativeResolution: 224,
      published: [torchvisionCost(224, 61_100_840, '0.714')],
      accuracy: torchvisionAccuracy('AlexNet_Weights.IMAGENET1K_V1', 56.522, 79.066),
      build: (options) => buildAlexNet('alexnet', options),
    },
  ],
};
