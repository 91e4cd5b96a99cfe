/** The EfficientNets, with the counts and accuracies published for them. */
import type { Activation } from './blocks/conv.ts';
import type { PublishedAccuracy } from './family.ts';
import { timmAccuracy, torchvisionAccuracy } from './published.ts';

export interface EfficientNetConfig {
  readonly width: number;
  readonly depth: number;
  readonly lite?: boolean;
  /** 'same': zeros as TensorFlow places them, one more after than before where the stride is 2 and the extent even. */
  readonly padding?: 'same';
  readonly squeezeExcitation?: boolean;
  readonly activation?: Activation;
}

export interface EfficientNetRow {
  readonly name: string;
  readonly title: string;
  readonly config: EfficientNetConfig;
  readonly resolution: number;
  readonly parameters: number;
  /** torchvision's, at the resolution of the variant. */
  readonly gmacs?: string;
  readonly timm: readonly (readonly [resolution: number, gmacs: string, mActs: string])[];
  /** The first is that of the variant at its resolution. */
  readonly accuracies: readonly PublishedAccuracy[];
}

/** Its Lite3 and Lite4 take smaller images than timm gives them. */
const readmeAccuracy = (weights: string, top1: number, resolution: number): PublishedAccuracy => ({
  top1,
  weights,
  resolution,
  source: 'README of EfficientNet-lite (tensorflow/tpu, models/official/efficientnet/lite)',
});

export const efficientNetRows: readonly EfficientNetRow[] = [
  {
    name: 'efficientnet_b0',
    title: 'EfficientNet-B0',
    config: { width: 1, depth: 1 },
    resolution: 224,
    parameters: 5_288_548,
    gmacs: '0.386',
    timm: [
      [224, '0.4', '6.75'],
      [256, '0.52', '8.81'],
    ],
    accuracies: [
      torchvisionAccuracy('EfficientNet_B0_Weights.IMAGENET1K_V1', 77.692, 93.532),
      timmAccuracy('efficientnet_b0.ra_in1k', 77.694, 93.532),
    ],
  },
  {
    name: 'efficientnet_b1',
    title: 'EfficientNet-B1',
    config: { width: 1, depth: 1.1 },
    resolution: 240,
    parameters: 7_794_184,
    gmacs: '0.687',
    timm: [
      [224, '0.59', '9.36'],
      [240, '0.71', '10.88'],
      [256, '0.77', '12.22'],
      [288, '0.97', '15.46'],
    ],
    accuracies: [
      torchvisionAccuracy('EfficientNet_B1_Weights.IMAGENET1K_V2', 79.838, 94.934, 240),
      torchvisionAccuracy('EfficientNet_B1_Weights.IMAGENET1K_V1', 78.642, 94.186, 240),
      timmAccuracy('efficientnet_b1.ft_in1k', 78.8, 94.342, 256),
    ],
  },
  {
    name: 'efficientnet_b2',
    title: 'EfficientNet-B2',
    config: { width: 1.1, depth: 1.2 },
    resolution: 288,
    parameters: 9_109_994,
    gmacs: '1.088',
    timm: [
      [256, '0.89', '12.81'],
      [288, '1.12', '16.2'],
    ],
    accuracies: [
      torchvisionAccuracy('EfficientNet_B2_Weights.IMAGENET1K_V1', 80.608, 95.31, 288),
      timmAccuracy('efficientnet_b2.ra_in1k', 80.61, 95.314, 288),
    ],
  },
  {
    name: 'efficientnet_b3',
    title: 'EfficientNet-B3',
    config: { width: 1.2, depth: 1.4 },
    resolution: 300,
    parameters: 12_233_232,
    gmacs: '1.827',
    timm: [
      [288, '1.63', '21.49'],
      [320, '2.01', '26.52'],
    ],
    accuracies: [
      torchvisionAccuracy('EfficientNet_B3_Weights.IMAGENET1K_V1', 82.008, 96.054, 300),
      timmAccuracy('efficientnet_b3.ra2_in1k', 82.242, 96.118, 320),
    ],
  },
  {
    name: 'efficientnet_b4',
    title: 'EfficientNet-B4',
    config: { width: 1.4, depth: 1.8 },
    resolution: 380,
    parameters: 19_341_616,
    gmacs: '4.394',
    timm: [
      [320, '3.13', '34.76'],
      [384, '4.51', '50.04'],
    ],
    accuracies: [
      torchvisionAccuracy('EfficientNet_B4_Weights.IMAGENET1K_V1', 83.384, 96.594, 380),
      timmAccuracy('efficientnet_b4.ra2_in1k', 83.414, 96.598, 384),
    ],
  },
  {
    name: 'efficientnet_b5',
    title: 'EfficientNet-B5',
    config: { width: 1.6, depth: 2.2 },
    resolution: 456,
    parameters: 30_389_784,
    gmacs: '10.266',
    timm: [
      [416, '8.27', '80.68'],
      [448, '9.59', '93.56'],
    ],
    accuracies: [
      torchvisionAccuracy('EfficientNet_B5_Weights.IMAGENET1K_V1', 83.444, 96.628, 456),
      timmAccuracy('efficientnet_b5.sw_in12k_ft_in1k', 85.892, 97.736, 448),
    ],
  },
  {
    name: 'efficientnet_b6',
    title: 'EfficientNet-B6',
    config: { width: 1.8, depth: 2.6 },
    resolution: 528,
    parameters: 43_040_704,
    gmacs: '19.068',
    timm: [[528, '19.4', '167.39']],
    accuracies: [torchvisionAccuracy('EfficientNet_B6_Weights.IMAGENET1K_V1', 84.008, 96.916, 528)],
  },
  {
    name: 'efficientnet_b7',
    title: 'EfficientNet-B7',
    config: { width: 2, depth: 3.1 },
    resolution: 600,
    parameters: 66_347_960,
    gmacs: '37.746',
    timm: [[600, '38.33', '289.94']],
    accuracies: [torchvisionAccuracy('EfficientNet_B7_Weights.IMAGENET1K_V1', 84.122, 96.908, 600)],
  },
  {
    name: 'efficientnet_b8',
    title: 'EfficientNet-B8',
    config: { width: 2.2, depth: 3.6 },
    resolution: 672,
    parameters: 87_413_142,
    timm: [[672, '63.48', '442.89']],
    accuracies: [],
  },
  {
    name: 'efficientnet_l2',
    title: 'EfficientNet-L2',
    config: { width: 4.3, depth: 5.3 },
    resolution: 800,
    parameters: 480_309_308,
    timm: [[800, '479.12', '1707.39']],
    accuracies: [],
  },
  {
    name: 'efficientnet_lite0',
    title: 'EfficientNet-Lite0',
    config: { width: 1, depth: 1, lite: true },
    resolution: 224,
    parameters: 4_652_008,
    timm: [[224, '0.4', '6.74']],
    accuracies: [timmAccuracy('efficientnet_lite0.ra_in1k', 75.48, 92.522)],
  },
  {
    name: 'efficientnet_lite1',
    title: 'EfficientNet-Lite1',
    config: { width: 1, depth: 1.1, lite: true },
    resolution: 240,
    parameters: 5_416_680,
    timm: [[240, '0.62', '10.14']],
    accuracies: [],
  },
  {
    name: 'efficientnet_lite2',
    title: 'EfficientNet-Lite2',
    config: { width: 1.1, depth: 1.2, lite: true },
    resolution: 260,
    parameters: 6_092_072,
    timm: [[260, '0.89', '12.9']],
    accuracies: [],
  },
  {
    name: 'efficientnet_lite3',
    title: 'EfficientNet-Lite3',
    config: { width: 1.2, depth: 1.4, lite: true },
    resolution: 300,
    parameters: 8_197_096,
    timm: [[300, '1.65', '21.85']],
    accuracies: [],
  },
  {
    name: 'efficientnet_lite4',
    title: 'EfficientNet-Lite4',
    config: { width: 1.4, depth: 1.8, lite: true },
    resolution: 380,
    parameters: 13_006_568,
    timm: [[380, '4.04', '45.66']],
    accuracies: [],
  },
  {
    name: 'tf_efficientnet_b0',
    title: 'EfficientNet-B0 (TensorFlow)',
    config: { width: 1, depth: 1, padding: 'same' },
    resolution: 224,
    parameters: 5_288_548,
    timm: [[224, '0.4', '6.75']],
    accuracies: [
      timmAccuracy('tf_efficientnet_b0.in1k', 76.532, 93.008),
      timmAccuracy('tf_efficientnet_b0.aa_in1k', 76.834, 93.22),
      timmAccuracy('tf_efficientnet_b0.ap_in1k', 77.09, 93.262),
      timmAccuracy('tf_efficientnet_b0.ns_jft_in1k', 78.67, 94.374),
    ],
  },
  {
    name: 'tf_efficientnet_b1',
    title: 'EfficientNet-B1 (TensorFlow)',
    config: { width: 1, depth: 1.1, padding: 'same' },
    resolution: 240,
    parameters: 7_794_184,
    timm: [[240, '0.71', '10.88']],
    accuracies: [
      timmAccuracy('tf_efficientnet_b1.in1k', 78.56, 94.094, 240),
      timmAccuracy('tf_efficientnet_b1.aa_in1k', 78.83, 94.198, 240),
      timmAccuracy('tf_efficientnet_b1.ap_in1k', 79.28, 94.308, 240),
      timmAccuracy('tf_efficientnet_b1.ns_jft_in1k', 81.394, 95.736, 240),
    ],
  },
  {
    name: 'tf_efficientnet_b2',
    title: 'EfficientNet-B2 (TensorFlow)',
    config: { width: 1.1, depth: 1.2, padding: 'same' },
    resolution: 260,
    parameters: 9_109_994,
    timm: [[260, '1.02', '13.83']],
    accuracies: [
      timmAccuracy('tf_efficientnet_b2.in1k', 79.604, 94.714, 260),
      timmAccuracy('tf_efficientnet_b2.aa_in1k', 80.084, 94.906, 260),
      timmAccuracy('tf_efficientnet_b2.ap_in1k', 80.308, 95.028, 260),
      timmAccuracy('tf_efficientnet_b2.ns_jft_in1k', 82.378, 96.254, 260),
    ],
  },
  {
    name: 'tf_efficientnet_b3',
    title: 'EfficientNet-B3 (TensorFlow)',
    config: { width: 1.2, depth: 1.4, padding: 'same' },
    resolution: 300,
    parameters: 12_233_232,
    timm: [[300, '1.87', '23.83']],
    accuracies: [
      timmAccuracy('tf_efficientnet_b3.in1k', 80.878, 95.3, 300),
      timmAccuracy('tf_efficientnet_b3.aa_in1k', 81.644, 95.722, 300),
      timmAccuracy('tf_efficientnet_b3.ap_in1k', 81.826, 95.626, 300),
      timmAccuracy('tf_efficientnet_b3.ns_jft_in1k', 84.056, 96.918, 300),
    ],
  },
  {
    name: 'tf_efficientnet_b4',
    title: 'EfficientNet-B4 (TensorFlow)',
    config: { width: 1.4, depth: 1.8, padding: 'same' },
    resolution: 380,
    parameters: 19_341_616,
    timm: [[380, '4.49', '49.49']],
    accuracies: [
      timmAccuracy('tf_efficientnet_b4.in1k', 82.608, 96.128, 380),
      timmAccuracy('tf_efficientnet_b4.aa_in1k', 83.018, 96.3, 380),
      timmAccuracy('tf_efficientnet_b4.ap_in1k', 83.25, 96.394, 380),
      timmAccuracy('tf_efficientnet_b4.ns_jft_in1k', 85.162, 97.47, 380),
    ],
  },
  {
    name: 'tf_efficientnet_b5',
    title: 'EfficientNet-B5 (TensorFlow)',
    config: { width: 1.6, depth: 2.2, padding: 'same' },
    resolution: 456,
    parameters: 30_389_784,
    timm: [[456, '10.46', '98.86']],
    accuracies: [
      timmAccuracy('tf_efficientnet_b5.in1k', 83.176, 96.536, 456),
      timmAccuracy('tf_efficientnet_b5.aa_in1k', 83.688, 96.712, 456),
      timmAccuracy('tf_efficientnet_b5.ra_in1k', 83.81, 96.754, 456),
      timmAccuracy('tf_efficientnet_b5.ap_in1k', 84.258, 96.974, 456),
      timmAccuracy('tf_efficientnet_b5.ns_jft_in1k', 86.088, 97.754, 456),
    ],
  },
  {
    name: 'tf_efficientnet_b6',
    title: 'EfficientNet-B6 (TensorFlow)',
    config: { width: 1.8, depth: 2.6, padding: 'same' },
    resolution: 528,
    parameters: 43_040_704,
    timm: [[528, '19.4', '167.39']],
    accuracies: [
      timmAccuracy('tf_efficientnet_b6.aa_in1k', 84.116, 96.88, 528),
      timmAccuracy('tf_efficientnet_b6.ap_in1k', 84.786, 97.136, 528),
      timmAccuracy('tf_efficientnet_b6.ns_jft_in1k', 86.456, 97.884, 528),
    ],
  },
  {
    name: 'tf_efficientnet_b7',
    title: 'EfficientNet-B7 (TensorFlow)',
    config: { width: 2, depth: 3.1, padding: 'same' },
    resolution: 600,
    parameters: 66_347_960,
    timm: [[600, '38.33', '289.94']],
    accuracies: [
      timmAccuracy('tf_efficientnet_b7.aa_in1k', 84.414, 96.906, 600),
      timmAccuracy('tf_efficientnet_b7.ra_in1k', 84.932, 97.208, 600),
      timmAccuracy('tf_efficientnet_b7.ap_in1k', 85.122, 97.252, 600),
      timmAccuracy('tf_efficientnet_b7.ns_jft_in1k', 86.84, 98.094, 600),
    ],
  },
  {
    name: 'tf_efficientnet_b8',
    title: 'EfficientNet-B8 (TensorFlow)',
    config: { width: 2.2, depth: 3.6, padding: 'same' },
    resolution: 672,
    parameters: 87_413_142,
    timm: [[672, '63.48', '442.89']],
    accuracies: [
      timmAccuracy('tf_efficientnet_b8.ra_in1k', 85.368, 97.394, 672),
      timmAccuracy('tf_efficientnet_b8.ap_in1k', 85.364, 97.292, 672),
    ],
  },
  {
    name: 'tf_efficientnet_l2',
    title: 'EfficientNet-L2 (TensorFlow)',
    config: { width: 4.3, depth: 5.3, padding: 'same' },
    resolution: 800,
    parameters: 480_309_308,
    timm: [
      [475, '172.11', '609.89'],
      [800, '479.12', '1707.39'],
    ],
    accuracies: [
      timmAccuracy('tf_efficientnet_l2.ns_jft_in1k', 88.352, 98.648, 800),
      timmAccuracy('tf_efficientnet_l2.ns_jft_in1k_475', 88.234, 98.546, 475),
    ],
  },
  {
    name: 'tf_efficientnet_lite0',
    title: 'EfficientNet-Lite0 (TensorFlow)',
    config: { width: 1, depth: 1, lite: true, padding: 'same' },
    resolution: 224,
    parameters: 4_652_008,
    timm: [[224, '0.4', '6.74']],
    accuracies: [
      timmAccuracy('tf_efficientnet_lite0.in1k', 74.83, 92.172),
      readmeAccuracy('EfficientNet-lite0', 75.1, 224),
    ],
  },
  {
    name: 'tf_efficientnet_lite1',
    title: 'EfficientNet-Lite1 (TensorFlow)',
    config: { width: 1, depth: 1.1, lite: true, padding: 'same' },
    resolution: 240,
    parameters: 5_416_680,
    timm: [[240, '0.62', '10.14']],
    accuracies: [
      timmAccuracy('tf_efficientnet_lite1.in1k', 76.644, 93.23, 240),
      readmeAccuracy('EfficientNet-lite1', 76.7, 240),
    ],
  },
  {
    name: 'tf_efficientnet_lite2',
    title: 'EfficientNet-Lite2 (TensorFlow)',
    config: { width: 1.1, depth: 1.2, lite: true, padding: 'same' },
    resolution: 260,
    parameters: 6_092_072,
    timm: [[260, '0.89', '12.9']],
    accuracies: [
      timmAccuracy('tf_efficientnet_lite2.in1k', 77.464, 93.75, 260),
      readmeAccuracy('EfficientNet-lite2', 77.6, 260),
    ],
  },
  {
    name: 'tf_efficientnet_lite3',
    title: 'EfficientNet-Lite3 (TensorFlow)',
    config: { width: 1.2, depth: 1.4, lite: true, padding: 'same' },
    resolution: 300,
    parameters: 8_197_096,
    timm: [[300, '1.65', '21.85']],
    accuracies: [
      timmAccuracy('tf_efficientnet_lite3.in1k', 79.808, 94.912, 300),
      readmeAccuracy('EfficientNet-lite3', 79.8, 280),
    ],
  },
  {
    name: 'tf_efficientnet_lite4',
    title: 'EfficientNet-Lite4 (TensorFlow)',
    config: { width: 1.4, depth: 1.8, lite: true, padding: 'same' },
    resolution: 380,
    parameters: 13_006_568,
    timm: [[380, '4.04', '45.66']],
    accuracies: [
      timmAccuracy('tf_efficientnet_lite4.in1k', 81.532, 95.664, 380),
      readmeAccuracy('EfficientNet-lite4', 81.5, 300),
    ],
  },
];
