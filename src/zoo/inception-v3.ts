/** Inception-v3: Szegedy et al. 2015, https://arxiv.org/abs/1512.00567, as torchvision (and timm) build it. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import {
  activate,
  averagePool,
  batchNorm,
  concat,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
  maxPool,
} from './blocks/conv.ts';
import type { BuildOptions, ModelFamily } from './family.ts';
import type { ExtentRule } from './options.ts';
import { timmCost, torchvisionAccuracy, torchvisionCost } from './published.ts';

/** Height and width of a kernel. */
type Kernel = readonly [number, number];

interface Step {
  readonly channels: number;
  readonly kernel?: Kernel;
  readonly stride?: number;
  /** Without padding the feature map shrinks by the kernel: the stem and the reductions. */
  readonly padded?: boolean;
}

/** Convolution, BatchNorm, ReLU; kernels need not be square. */
const basicConv = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  { channels, kernel = [1, 1], stride = 1, padded = true }: Step,
): Feature =>
  g.scope(name, () => {
    const pads = kernel.map((extent) => (padded ? Math.floor(extent / 2) : 0));
    const tensor = g.node('Conv', 'conv', [x.tensor, g.weight('conv.weight', [channels, x.channels, ...kernel])], {
      attributes: { kernel_shape: kernel, strides: [stride, stride], group: 1, pads: [...pads, ...pads] },
    });
    return activate(g, 'act', batchNorm(g, 'bn', { tensor, channels }), 'relu');
  });

const chain = (g: GraphBuilder, name: string, x: Feature, steps: readonly Step[]): Feature =>
  steps.reduce((from, step, index) => basicConv(g, `${name}.${index}`, from, step), x);

const maximum = (g: GraphBuilder, name: string, x: Feature): Feature => maxPool(g, name, x, { kernel: 3, stride: 2 });

/** The pooling branch of the blocks that keep their size: a 3x3 mean, then a pointwise convolution. */
const pooledBranch = (g: GraphBuilder, x: Feature, channels: number): Feature => {
  const pooled = averagePool(g, 'pool', x, { kernel: 3, stride: 1, padding: 1 });
  return basicConv(g, 'pool_project', pooled, { channels });
};

const SQUARE = { 3: [3, 3], 5: [5, 5] } as const;

/** Figure 5 of the paper: a 5x5 and two stacked 3x3. */
const blockA = (g: GraphBuilder, x: Feature, poolChannels: number): Feature =>
  concat(g, 'concat', [
    basicConv(g, 'branch1x1', x, { channels: 64 }),
    chain(g, 'branch5x5', x, [{ channels: 48 }, { channels: 64, kernel: SQUARE[5] }]),
    chain(g, 'branch3x3', x, [
      { channels: 64 },
      { channels: 96, kernel: SQUARE[3] },
      { channels: 96, kernel: SQUARE[3] },
    ]),
    pooledBranch(g, x, poolChannels),
  ]);

/** 35x35 to 17x17. */
const reductionA = (g: GraphBuilder, x: Feature): Feature =>
  concat(g, 'concat', [
    basicConv(g, 'branch3x3', x, { channels: 384, kernel: SQUARE[3], stride: 2, padded: false }),
    chain(g, 'branch3x3dbl', x, [
      { channels: 64 },
      { channels: 96, kernel: SQUARE[3] },
      { channels: 96, kernel: SQUARE[3], stride: 2, padded: false },
    ]),
    maximum(g, 'pool', x),
  ]);

/** Figure 6 of the paper: a 7x7 as 1x7 and 7x1. */
const blockB = (g: GraphBuilder, x: Feature, inner: number): Feature =>
  concat(g, 'concat', [
    basicConv(g, 'branch1x1', x, { channels: 192 }),
    chain(g, 'branch7x7', x, [
      { channels: inner },
      { channels: inner, kernel: [1, 7] },
      { channels: 192, kernel: [7, 1] },
    ]),
    chain(g, 'branch7x7dbl', x, [
      { channels: inner },
      { channels: inner, kernel: [7, 1] },
      { channels: inner, kernel: [1, 7] },
      { channels: inner, kernel: [7, 1] },
      { channels: 192, kernel: [1, 7] },
    ]),
    pooledBranch(g, x, 192),
  ]);

/** 17x17 to 8x8. */
const reductionB = (g: GraphBuilder, x: Feature): Feature =>
  concat(g, 'concat', [
    chain(g, 'branch3x3', x, [{ channels: 192 }, { channels: 320, kernel: SQUARE[3], stride: 2, padded: false }]),
    chain(g, 'branch7x7x3', x, [
      { channels: 192 },
      { channels: 192, kernel: [1, 7] },
      { channels: 192, kernel: [7, 1] },
      { channels: 192, kernel: SQUARE[3], stride: 2, padded: false },
    ]),
    maximum(g, 'pool', x),
  ]);

/** Figure 7 of the paper: 1x3 and 3x1 side by side. */
const blockC = (g: GraphBuilder, x: Feature): Feature => {
  const split = (name: string, from: Feature): Feature =>
    concat(g, `${name}.concat`, [
      basicConv(g, `${name}.wide`, from, { channels: 384, kernel: [1, 3] }),
      basicConv(g, `${name}.tall`, from, { channels: 384, kernel: [3, 1] }),
    ]);
  return concat(g, 'concat', [
    basicConv(g, 'branch1x1', x, { channels: 320 }),
    split('branch3x3', basicConv(g, 'branch3x3.reduce', x, { channels: 384 })),
    split('branch3x3dbl', chain(g, 'branch3x3dbl', x, [{ channels: 448 }, { channels: 384, kernel: SQUARE[3] }])),
    pooledBranch(g, x, 192),
  ]);
};

/** Images of 74 pixels leave the last reduction fewer positions than its window has. */
const RULE: ExtentRule = { minimum: 75, because: 'its unpadded stem and reductions' };

const CLASSES = 1000;

/**
 * Learned parameters of the auxiliary classifier of the reference code: a 1x1 from 768 channels to 128 and a 5x5 to 768,
 * each with a scale and a shift per channel, and a fully connected layer with bias.
 */
const auxiliaryParameters = (): number => {
  const [channels, inner, kernel] = [768, 128, 5];
  return channels * inner + 2 * inner + inner * channels * kernel ** 2 + 2 * channels + (channels + 1) * CLASSES;
};

export const buildInceptionV3 = (
  name: string,
  { resolution = 299, imageWidth, classes = CLASSES }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  let x = chain(g, 'stem1', imageInput(g, { resolution, imageWidth }, RULE), [
    { channels: 32, kernel: SQUARE[3], stride: 2, padded: false },
    { channels: 32, kernel: SQUARE[3], padded: false },
    { channels: 64, kernel: SQUARE[3] },
  ]);
  x = maximum(g, 'pool1', x);
  x = chain(g, 'stem2', x, [{ channels: 80 }, { channels: 192, kernel: SQUARE[3], padded: false }]);
  x = maximum(g, 'pool2', x);
  const stages: readonly ((from: Feature) => Feature)[] = [
    ...[32, 64, 64].map((poolChannels) => (from: Feature) => blockA(g, from, poolChannels)),
    (from) => reductionA(g, from),
    ...[128, 160, 160, 192].map((inner) => (from: Feature) => blockB(g, from, inner)),
    (from) => reductionB(g, from),
    (from) => blockC(g, from),
    (from) => blockC(g, from),
  ];
  stages.forEach((build, index) => {
    x = g.scope(`mixed${index + 1}`, () => build(x));
  });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'avgpool', x)), classes);
  return g.finish([x.tensor]);
};

export const family: ModelFamily = {
  id: 'inception_v3',
  title: 'Inception-v3',
  paper: 'https://arxiv.org/abs/1512.00567',
  notes: [
    'The inference graph: without the auxiliary classifier, whose parameters torchvision counts.',
    'Dropout before the classifier is the identity at inference and is left out; so is the rescaling of the input that torchvision adds for its weights.',
  ],
  variants: [
    {
      name: 'inception_v3',
      title: 'Inception-v3',
      nativeResolution: 299,
      published: [
        {
          ...torchvisionCost(299, 27_161_264, '5.713'),
          elsewhere: {
            parameters: auxiliaryParameters(),
            reason: 'those of the auxiliary classifier, which is for training, added',
          },
        },
        timmCost(299, 23_834_568, '5.73', '8.97'),
      ],
      accuracy: torchvisionAccuracy('Inception_V3_Weights.IMAGENET1K_V1', 77.294, 93.45, 299),
      build: (options) => buildInceptionV3('inception_v3', options),
    },
  ],
};
