/**
 * The four reference networks of MLPerf Tiny: Banbury et al. 2021, https://arxiv.org/abs/2106.07597, layer by layer as
 * the Keras code of mlcommons/tiny (benchmark/training) builds them. All convolutions have a bias in front of their
 * BatchNorm and are padded as TensorFlow pads.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { BATCH } from '../ir/shape.ts';
import { roundChannels } from './blocks/channels.ts';
import {
  activate,
  add,
  averagePool,
  batchNorm,
  type ConvNormOptions,
  conv,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
  STRIDE_32,
} from './blocks/conv.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost, PublishedQuality } from './family.ts';
import { type ExtentRule, widthOf } from './options.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const biasedConvNorm = (g: GraphBuilder, name: string, x: Feature, channels: number, options: ConvNormOptions) =>
  convNorm(g, name, x, channels, { padding: 'same', bias: true, ...options });

/** A depthwise 3x3 and a pointwise convolution, both with BatchNorm and ReLU. */
const separableConv = (g: GraphBuilder, name: string, x: Feature, channels: number, stride = 1): Feature =>
  g.scope(name, () => {
    const activation = 'relu';
    const filtered = biasedConvNorm(g, 'filter', x, x.channels, { kernel: 3, stride, groups: x.channels, activation });
    return biasedConvNorm(g, 'project', filtered, channels, { activation });
  });

const classifier = (g: GraphBuilder, pooled: Feature, classes: number): Graph => {
  const scores = linear(g, 'classifier', flatten(g, 'flatten', pooled), classes);
  return g.finish([g.node('Softmax', 'softmax', [scores.tensor], { attributes: { axis: -1 } })]);
};

/** Keyword spotting: 49 windows of 10 mel-frequency cepstral coefficients, one second of speech. */
const KEYWORDS = { windows: 49, coefficients: 10, channels: 64, blocks: 4, words: 12 } as const;

/** DS-CNN (Zhang et al. 2017, https://arxiv.org/abs/1711.07128). */
export const buildDsCnn = (name: string, { classes = KEYWORDS.words }: BuildOptions = {}): Graph => {
  const { windows, coefficients, channels, blocks } = KEYWORDS;
  const g = new GraphBuilder(name);
  const features = { tensor: g.input('input', [BATCH, 1, windows, coefficients]), channels: 1 };
  let x = biasedConvNorm(g, 'stem', features, channels, { kernel: [10, 4], stride: 2, activation: 'relu' });
  for (let block = 0; block < blocks; block++) x = separableConv(g, `block${block + 1}`, x, channels);
  // Half the input, rounded down: 24 x 5 of the map's 25 x 5 cells, so that the last row is not looked at.
  const kernel = [Math.floor(windows / 2), Math.floor(coefficients / 2)] as const;
  return classifier(g, averagePool(g, 'pool', x, { kernel }), classes);
};

/** Channels per channel of the first convolution, repeats, stride of the first repeat: MobileNetV1. */
const MOBILENET_STAGES: readonly (readonly [number, number, number])[] = [
  [2, 1, 1],
  [4, 2, 2],
  [8, 2, 2],
  [16, 6, 2],
  [32, 2, 2],
];

const PERSON_STEM_CHANNELS = 8;

/** Visual wake words, whether there is a person in an image: MobileNetV1 at a quarter of its width. */
export const buildVisualWakeWords = (
  name: string,
  { resolution = 96, imageWidth, classes = 2, width }: BuildOptions = {},
): Graph => {
  const stemChannels = PERSON_STEM_CHANNELS * widthOf(width);
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, STRIDE_32);
  let x = biasedConvNorm(g, 'stem', image, roundChannels(stemChannels), { kernel: 3, stride: 2, activation: 'relu' });
  MOBILENET_STAGES.forEach(([multiple, repeats, firstStride], stage) => {
    for (let block = 0; block < repeats; block++) {
      const stride = block === 0 ? firstStride : 1;
      x = separableConv(g, `stage${stage + 1}.${block}`, x, roundChannels(multiple * stemChannels), stride);
    }
  });
  return classifier(g, globalAveragePool(g, 'pool', x), classes);
};

const RESNET_STACKS: readonly (readonly [channels: number, stride: number])[] = [
  [16, 1],
  [32, 2],
  [64, 2],
];

const STRIDE_4: ExtentRule = { minimum: 4, because: 'its total stride' };

/** Image classification: ResNet with one residual block in each of three stacks. */
export const buildResNet8 = (name: string, { resolution = 32, classes = 10 }: BuildOptions = {}): Graph => {
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution }, STRIDE_4);
  let x = biasedConvNorm(g, 'stem', image, RESNET_STACKS[0]?.[0] as number, { kernel: 3, activation: 'relu' });
  RESNET_STACKS.forEach(([channels, stride], stack) => {
    x = g.scope(`stack${stack + 1}`, () => {
      const first = biasedConvNorm(g, 'conv1', x, channels, { kernel: 3, stride, activation: 'relu' });
      const second = biasedConvNorm(g, 'conv2', first, channels, { kernel: 3 });
      // Without a BatchNorm.
      const shortcut = stride === 1 ? x : conv(g, 'shortcut', x, channels, { stride, padding: 'same', bias: true });
      return activate(g, 'act', add(g, 'add', shortcut, second), 'relu');
    });
  });
  return classifier(g, globalAveragePool(g, 'pool', x), classes);
};

/** Five frames of 128 mel bands. */
const SOUND_FEATURES = 5 * 128;
const HIDDEN_LAYERS: readonly number[] = [128, 128, 128, 128, 8, 128, 128, 128, 128];

/** Anomaly detection: fully connected layers that restore a normal sound, and no other, after a bottleneck. */
export const buildSoundAutoencoder = (name: string): Graph => {
  const g = new GraphBuilder(name);
  let x: Feature = { tensor: g.input('input', [BATCH, SOUND_FEATURES]), channels: SOUND_FEATURES };
  HIDDEN_LAYERS.forEach((units, layer) => {
    x = g.scope(`layer${layer + 1}`, () =>
      activate(g, 'act', batchNorm(g, 'bn', linear(g, 'linear', x, units)), 'relu'),
    );
  });
  return g.finish([linear(g, 'output', x, SOUND_FEATURES).tensor]);
};

/** What Keras counts in all, given the channels of the layers with a BatchNorm. */
const kerasCost = (
  parameters: number,
  normalized: readonly number[],
  source: string,
  resolution?: number,
): PublishedCost => ({
  ...(resolution !== undefined && { resolution }),
  parameters,
  convention: 'papers',
  source,
  elsewhere: {
    parameters: 2 * sum(normalized),
    reason: 'Keras counts the moving means and variances of BatchNorm, which are not learned, among all parameters',
  },
});

interface Task {
  readonly metric: string;
  readonly unit: PublishedQuality['unit'];
  readonly dataset: string;
  /** Of the closed division. */
  readonly target: number;
  /** Of the int8 model on the reference board, and the file that says so. */
  readonly measured: number;
  readonly log: string;
}

const quality = ({ metric, unit, dataset, target, measured, log }: Task): readonly PublishedQuality[] => [
  {
    metric: `${metric}, target`,
    value: target,
    unit,
    dataset,
    weights: 'any of the closed division',
    source: 'mlcommons/tiny: benchmark/README.md',
  },
  {
    metric,
    value: measured,
    unit,
    dataset,
    weights: 'reference model in int8',
    source: `mlcommons/tiny_results_v0.5: closed/reference/results/Nucleo-L4R5ZI/${log}`,
  },
];

const TRAINING = 'mlcommons/tiny: benchmark/training';

const keywordSpotting: ModelVariant = {
  name: 'mlperf_tiny_ds_cnn',
  aliases: ['kws_ref_model'],
  title: 'MLPerf Tiny keyword spotting (DS-CNN)',
  nativeResolution: undefined,
  withoutResolution: true,
  published: [
    kerasCost(
      24_908,
      Array.from({ length: 1 + 2 * KEYWORDS.blocks }, () => KEYWORDS.channels),
      'dmorn/mlperf-jetson: README.md, what Keras prints of kws_ref_model',
    ),
  ],
  quality: quality({
    metric: 'top-1 accuracy',
    unit: '%',
    dataset: 'Speech Commands',
    target: 90,
    measured: 90.1,
    log: 'kws/accuracy/results.txt',
  }),
  build: (options) => buildDsCnn('mlperf_tiny_ds_cnn', options),
};

/** Both halves of every block. */
const personNormalized = (): readonly number[] => {
  const outputs = MOBILENET_STAGES.flatMap(([multiple, repeats]) =>
    Array.from({ length: repeats }, () => multiple * PERSON_STEM_CHANNELS),
  );
  const inputs = [PERSON_STEM_CHANNELS, ...outputs.slice(0, -1)];
  return [PERSON_STEM_CHANNELS, ...inputs, ...outputs];
};

const visualWakeWords: ModelVariant = {
  name: 'mlperf_tiny_mobilenetv1_025',
  aliases: ['vww_96'],
  title: 'MLPerf Tiny visual wake words (MobileNetV1 0.25)',
  nativeResolution: 96,
  knobs: ['classes', 'width'],
  published: [
    kerasCost(221_794, personNormalized(), `${TRAINING}/visual_wake_words/vww_model.py, as Keras 3.15 counts it`, 96),
  ],
  quality: quality({
    metric: 'top-1 accuracy',
    unit: '%',
    dataset: 'Visual Wake Words',
    target: 80,
    measured: 85.4,
    log: 'vww/accuracy/results.txt',
  }),
  build: (options) => buildVisualWakeWords('mlperf_tiny_mobilenetv1_025', options),
};

const imageClassification: ModelVariant = {
  name: 'mlperf_tiny_resnet8',
  aliases: ['resnet8'],
  title: 'MLPerf Tiny image classification (ResNet-8)',
  nativeResolution: 32,
  published: [
    kerasCost(
      78_666,
      [RESNET_STACKS[0]?.[0] as number, ...RESNET_STACKS.flatMap(([channels]) => [channels, channels])],
      `${TRAINING}/image_classification/Logs/training_log.txt`,
      32,
    ),
  ],
  quality: quality({
    metric: 'top-1 accuracy',
    unit: '%',
    dataset: 'CIFAR-10',
    target: 85,
    measured: 86.5,
    log: 'ic/accuracy/results.txt',
  }),
  build: (options) => buildResNet8('mlperf_tiny_resnet8', options),
};

const anomalyDetection: ModelVariant = {
  name: 'mlperf_tiny_autoencoder',
  aliases: ['ad01'],
  title: 'MLPerf Tiny anomaly detection (autoencoder)',
  nativeResolution: undefined,
  withoutResolution: true,
  knobs: [],
  published: [
    kerasCost(269_992, HIDDEN_LAYERS, `${TRAINING}/anomaly_detection/keras_model.py, as Keras 3.15 counts it`),
  ],
  quality: [
    ...quality({
      metric: 'AUC',
      unit: 'AUC',
      dataset: 'ToyADMOS, ToyCar',
      target: 0.85,
      measured: 0.86,
      log: 'ad/accuracy/postproc.txt',
    }),
    {
      metric: 'AUC',
      value: 0.864,
      unit: 'AUC',
      dataset: 'ToyADMOS, ToyCar',
      weights: 'reference model, mean of four machines',
      source: `${TRAINING}/anomaly_detection/trained_models/ToyCar/baseline_tf23/result/result.csv`,
    },
  ],
  build: () => buildSoundAutoencoder('mlperf_tiny_autoencoder'),
};

export const family: ModelFamily = {
  id: 'mlperf_tiny',
  title: 'MLPerf Tiny',
  paper: 'https://arxiv.org/abs/2106.07597',
  notes: [
    'Images and features are laid out with channels first, in Keras last: the same counts.',
    'Spectral features are inputs: computing them is not timed by the benchmark and not counted.',
    'Dropout is the identity at inference and is left out.',
  ],
  variants: [keywordSpotting, visualWakeWords, imageClassification, anomalyDetection],
};
