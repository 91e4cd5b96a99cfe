/** Sizes of ConvNeXt and ConvNeXt V2, with the counts and accuracies published for them. */
import type { PublishedAccuracy, PublishedCost } from './family.ts';
import { timmAccuracy, timmCost, torchvisionAccuracy, torchvisionCost } from './published.ts';

export interface ConvNeXtConfig {
  readonly depths: readonly [number, number, number, number];
  /** Channels of the first stage; every stage doubles them. */
  readonly channels: number;
  /** The perceptron of a block as fully connected layers over channels last, or as 1x1 convolutions. */
  readonly perceptron: 'linear' | 'convolution';
  /** 2: global response normalization inside the perceptron in place of the scale of the branch. */
  readonly version?: 1 | 2;
}

export interface ConvNeXtRow {
  readonly name: string;
  readonly title: string;
  readonly config: ConvNeXtConfig;
  readonly resolution?: number;
  readonly published: readonly PublishedCost[];
  /** The first is that of the variant at its native resolution. */
  readonly accuracies: readonly PublishedAccuracy[];
}

type Counted = readonly [resolution: number, gmacs: string, mActs: string];

const timm = (parameters: number, rows: readonly Counted[]): readonly PublishedCost[] =>
  rows.map(([resolution, gmacs, mActs]) => timmCost(resolution, parameters, gmacs, mActs));

const linear = (depths: ConvNeXtConfig['depths'], channels: number): ConvNeXtConfig => ({
  depths,
  channels,
  perceptron: 'linear',
});

const convolution = (depths: ConvNeXtConfig['depths'], channels: number): ConvNeXtConfig => ({
  depths,
  channels,
  perceptron: 'convolution',
});

const second = (config: ConvNeXtConfig): ConvNeXtConfig => ({ ...config, version: 2 });

const ATTO = convolution([2, 2, 6, 2], 40);
const FEMTO = convolution([2, 2, 6, 2], 48);
const PICO = convolution([2, 2, 6, 2], 64);
const NANO = convolution([2, 2, 8, 2], 80);
const TINY = linear([3, 3, 9, 3], 96);
const SMALL = linear([3, 3, 27, 3], 96);
const BASE = linear([3, 3, 27, 3], 128);
const LARGE = linear([3, 3, 27, 3], 192);

const first: readonly ConvNeXtRow[] = [
  {
    name: 'convnext_tiny',
    title: 'ConvNeXt-T',
    config: TINY,
    published: [
      torchvisionCost(224, 28_589_128, '4.456'),
      ...timm(28_589_128, [
        [224, '4.47', '13.44'],
        [288, '7.39', '22.21'],
        [384, '13.14', '39.48'],
      ]),
    ],
    accuracies: [
      torchvisionAccuracy('ConvNeXt_Tiny_Weights.IMAGENET1K_V1', 82.52, 96.146),
      timmAccuracy('convnext_tiny.fb_in1k', 82.698, 96.144, 288),
      timmAccuracy('convnext_tiny.in12k_ft_in1k', 84.45, 97.34, 288),
      timmAccuracy('convnext_tiny.in12k_ft_in1k_384', 85.122, 97.606, 384),
      timmAccuracy('convnext_tiny.fb_in22k_ft_in1k', 78.898, 94.674, 288),
      timmAccuracy('convnext_tiny.fb_in22k_ft_in1k_384', 84.088, 97.144, 384),
    ],
  },
  {
    name: 'convnext_small',
    title: 'ConvNeXt-S',
    config: SMALL,
    published: [
      torchvisionCost(224, 50_223_688, '8.684'),
      ...timm(50_223_688, [
        [224, '8.71', '21.56'],
        [288, '14.39', '35.65'],
        [384, '25.58', '63.37'],
      ]),
    ],
    accuracies: [
      torchvisionAccuracy('ConvNeXt_Small_Weights.IMAGENET1K_V1', 83.616, 96.65),
      timmAccuracy('convnext_small.fb_in1k', 83.7, 96.808, 288),
      timmAccuracy('convnext_small.in12k_ft_in1k', 85.33, 97.546, 288),
      timmAccuracy('convnext_small.in12k_ft_in1k_384', 86.182, 97.922, 384),
      timmAccuracy('convnext_small.fb_in22k_ft_in1k', 85.262, 97.682, 288),
      timmAccuracy('convnext_small.fb_in22k_ft_in1k_384', 85.778, 97.89, 384),
    ],
  },
  {
    name: 'convnext_base',
    title: 'ConvNeXt-B',
    config: BASE,
    published: [
      torchvisionCost(224, 88_591_464, '15.355'),
      ...timm(88_591_464, [
        [224, '15.38', '28.75'],
        [256, '20.09', '37.55'],
        [288, '25.43', '47.53'],
        [320, '31.39', '58.68'],
        [384, '45.21', '84.49'],
      ]),
    ],
    accuracies: [
      torchvisionAccuracy('ConvNeXt_Base_Weights.IMAGENET1K_V1', 84.062, 96.87),
      timmAccuracy('convnext_base.fb_in1k', 84.428, 96.968, 288),
      timmAccuracy('convnext_base.fb_in22k_ft_in1k', 86.274, 98.092, 288),
      timmAccuracy('convnext_base.fb_in22k_ft_in1k_384', 86.796, 98.264, 384),
      timmAccuracy('convnext_base.clip_laion2b_augreg_ft_in1k', 86.158, 97.68, 256),
      timmAccuracy('convnext_base.clip_laiona_augreg_ft_in1k_384', 86.502, 97.968, 384),
      timmAccuracy('convnext_base.clip_laion2b_augreg_ft_in12k_in1k', 86.37, 97.984, 256),
      timmAccuracy('convnext_base.clip_laion2b_augreg_ft_in12k_in1k_384', 87.134, 98.222, 384),
    ],
  },
  {
    name: 'convnext_large',
    title: 'ConvNeXt-L',
    config: LARGE,
    published: [
      torchvisionCost(224, 197_767_336, '34.361'),
      ...timm(197_767_336, [
        [224, '34.4', '43.13'],
        [288, '56.87', '71.29'],
        [384, '101.1', '126.74'],
      ]),
    ],
    accuracies: [
      torchvisionAccuracy('ConvNeXt_Large_Weights.IMAGENET1K_V1', 84.414, 96.976),
      timmAccuracy('convnext_large.fb_in1k', 84.846, 97.214, 288),
      timmAccuracy('convnext_large.fb_in22k_ft_in1k', 87.026, 98.204, 288),
      timmAccuracy('convnext_large.fb_in22k_ft_in1k_384', 87.472, 98.528, 384),
    ],
  },
  {
    name: 'convnext_xlarge',
    title: 'ConvNeXt-XL',
    config: linear([3, 3, 27, 3], 256),
    resolution: 288,
    published: timm(350_196_968, [
      [224, '60.98', '57.5'],
      [288, '100.8', '95.05'],
      [384, '179.2', '168.99'],
    ]),
    accuracies: [
      timmAccuracy('convnext_xlarge.fb_in22k_ft_in1k', 87.33, 98.328, 288),
      timmAccuracy('convnext_xlarge.fb_in22k_ft_in1k_384', 87.752, 98.556, 384),
    ],
  },
  {
    name: 'convnext_xxlarge',
    title: 'ConvNeXt-XXL',
    config: linear([3, 4, 30, 3], 384),
    resolution: 256,
    published: timm(846_471_016, [[256, '198.09', '124.45']]),
    accuracies: [timmAccuracy('convnext_xxlarge.clip_laion2b_soup_ft_in1k', 88.604, 98.708, 256)],
  },
  {
    name: 'convnext_atto',
    title: 'ConvNeXt-A',
    config: ATTO,
    resolution: 288,
    published: timm(3_695_520, [
      [224, '0.55', '3.81'],
      [288, '0.91', '6.3'],
    ]),
    accuracies: [timmAccuracy('convnext_atto.d2_in1k', 77.008, 93.702, 288)],
  },
  {
    name: 'convnext_femto',
    title: 'ConvNeXt-F',
    config: FEMTO,
    resolution: 288,
    published: timm(5_217_784, [
      [224, '0.79', '4.57'],
      [288, '1.3', '7.56'],
    ]),
    accuracies: [timmAccuracy('convnext_femto.d1_in1k', 78.716, 94.43, 288)],
  },
  {
    name: 'convnext_pico',
    title: 'ConvNeXt-P',
    config: PICO,
    resolution: 288,
    published: timm(9_045_672, [
      [224, '1.37', '6.1'],
      [288, '2.27', '10.08'],
    ]),
    accuracies: [timmAccuracy('convnext_pico.d1_in1k', 80.414, 95.05, 288)],
  },
  {
    name: 'convnext_nano',
    title: 'ConvNeXt-N',
    config: NANO,
    resolution: 288,
    published: timm(15_593_560, [
      [224, '2.46', '8.37'],
      [288, '4.06', '13.84'],
    ]),
    accuracies: [
      timmAccuracy('convnext_nano.d1h_in1k', 81.482, 95.658, 288),
      timmAccuracy('convnext_nano.in12k_ft_in1k', 82.862, 96.556, 288),
    ],
  },
];

interface SecondRow {
  readonly size: string;
  readonly letter: string;
  readonly config: ConvNeXtConfig;
  readonly parameters: number;
  readonly counted: readonly Counted[];
  /** Weights as timm names them after the model; the first are trained on ImageNet-1k alone. */
  readonly weights: readonly (readonly [weights: string, top1: number, top5: number, resolution: number])[];
}

const secondRows: readonly SecondRow[] = [
  {
    size: 'atto',
    letter: 'A',
    config: ATTO,
    parameters: 3_708_400,
    counted: [
      [224, '0.55', '3.81'],
      [288, '0.91', '6.3'],
    ],
    weights: [['fcmae_ft_in1k', 77.76, 93.726, 288]],
  },
  {
    size: 'femto',
    letter: 'F',
    config: FEMTO,
    parameters: 5_233_240,
    counted: [
      [224, '0.79', '4.57'],
      [288, '1.3', '7.56'],
    ],
    weights: [['fcmae_ft_in1k', 79.338, 94.56, 288]],
  },
  {
    size: 'pico',
    letter: 'P',
    config: PICO,
    parameters: 9_066_280,
    counted: [
      [224, '1.37', '6.1'],
      [288, '2.27', '10.08'],
    ],
    weights: [['fcmae_ft_in1k', 81.086, 95.48, 288]],
  },
  {
    size: 'nano',
    letter: 'N',
    config: NANO,
    parameters: 15_623_800,
    counted: [
      [224, '2.46', '8.37'],
      [288, '4.06', '13.84'],
      [384, '7.22', '24.61'],
    ],
    weights: [
      ['fcmae_ft_in1k', 82.486, 96.226, 288],
      ['fcmae_ft_in22k_in1k', 82.664, 96.52, 288],
      ['fcmae_ft_in22k_in1k_384', 83.374, 96.744, 384],
    ],
  },
  {
    size: 'tiny',
    letter: 'T',
    config: TINY,
    parameters: 28_635_496,
    counted: [
      [224, '4.47', '13.44'],
      [288, '7.39', '22.21'],
      [384, '13.14', '39.48'],
    ],
    weights: [
      ['fcmae_ft_in1k', 83.464, 96.718, 288],
      ['fcmae_ft_in22k_in1k', 84.416, 97.26, 288],
      ['fcmae_ft_in22k_in1k_384', 85.106, 97.628, 384],
    ],
  },
  {
    size: 'small',
    letter: 'S',
    config: SMALL,
    parameters: 50_318_440,
    counted: [[224, '8.71', '21.56']],
    weights: [],
  },
  {
    size: 'base',
    letter: 'B',
    config: BASE,
    parameters: 88_717_800,
    counted: [
      [224, '15.38', '28.75'],
      [288, '25.43', '47.53'],
      [384, '45.21', '84.49'],
    ],
    weights: [
      ['fcmae_ft_in1k', 85.474, 97.384, 288],
      ['fcmae_ft_in22k_in1k', 86.998, 98.168, 288],
      ['fcmae_ft_in22k_in1k_384', 87.644, 98.416, 384],
    ],
  },
  {
    size: 'large',
    letter: 'L',
    config: LARGE,
    parameters: 197_956_840,
    counted: [
      [224, '34.4', '43.13'],
      [288, '56.87', '71.29'],
      [384, '101.1', '126.74'],
    ],
    weights: [
      ['fcmae_ft_in1k', 86.118, 97.822, 288],
      ['fcmae_ft_in22k_in1k', 87.484, 98.356, 288],
      ['fcmae_ft_in22k_in1k_384', 88.198, 98.528, 384],
    ],
  },
  {
    size: 'huge',
    letter: 'H',
    config: linear([3, 3, 27, 3], 352),
    parameters: 660_289_640,
    counted: [
      [224, '115.0', '79.07'],
      [288, '190.1', '130.7'],
      [384, '337.96', '232.35'],
      [512, '600.81', '413.07'],
    ],
    weights: [
      ['fcmae_ft_in1k', 86.58, 97.972, 288],
      ['fcmae_ft_in22k_in1k_384', 88.67, 98.738, 384],
      ['fcmae_ft_in22k_in1k_512', 88.858, 98.748, 512],
    ],
  },
];

export const convNeXtRows: readonly ConvNeXtRow[] = [
  ...first,
  ...secondRows.map(({ size, letter, config, parameters, counted, weights }) => ({
    name: `convnextv2_${size}`,
    title: `ConvNeXt V2-${letter}`,
    config: second(config),
    // Without weights there is no resolution that they were measured at.
    resolution: weights[0]?.[3] ?? 224,
    published: timm(parameters, counted),
    accuracies: weights.map(([tag, top1, top5, at]) => timmAccuracy(`convnextv2_${size}.${tag}`, top1, top5, at)),
  })),
];
