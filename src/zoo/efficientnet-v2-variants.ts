/** The EfficientNetV2s, with the counts and accuracies published for them. */
import type { Activation } from './blocks/conv.ts';
import type { PublishedAccuracy, PublishedCost } from './family.ts';
import { timmAccuracy, timmCost, torchvisionAccuracy, torchvisionCost } from './published.ts';

/** Those of the paper; 'b' is what B0 to B3 multiply; 'rw' are timm's of before the reference code was public. */
export type EfficientNetV2Size = 's' | 'm' | 'l' | 'xl' | 'b' | 'rw_s' | 'rw_m';

export interface EfficientNetV2Config {
  readonly size: EfficientNetV2Size;
  readonly width?: number;
  readonly depth?: number;
  readonly padding?: 'same';
  /** 'mbconv' replaces every fused block by the depthwise one it was derived from. */
  readonly fused?: 'fused' | 'mbconv';
  readonly squeezeExcitation?: boolean;
  readonly activation?: Activation;
}

export interface EfficientNetV2Row {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly title: string;
  readonly config: EfficientNetV2Config;
  readonly resolution: number;
  readonly published: readonly PublishedCost[];
  /** The first is that of the variant at its resolution. */
  readonly accuracies: readonly PublishedAccuracy[];
}

type Counted = readonly [resolution: number, gmacs: string, mActs: string];

const timm = (parameters: number, rows: readonly Counted[]): readonly PublishedCost[] =>
  rows.map(([resolution, gmacs, mActs]) => timmCost(resolution, parameters, gmacs, mActs));

export const efficientNetV2Rows: readonly EfficientNetV2Row[] = [
  {
    name: 'efficientnet_v2_s',
    aliases: ['efficientnetv2_s'],
    title: 'EfficientNetV2-S',
    config: { size: 's' },
    resolution: 384,
    published: [
      torchvisionCost(384, 21_458_488, '8.366'),
      ...timm(21_458_488, [
        [288, '4.75', '20.13'],
        [384, '8.44', '35.77'],
      ]),
    ],
    accuracies: [torchvisionAccuracy('EfficientNet_V2_S_Weights.IMAGENET1K_V1', 84.228, 96.878, 384)],
  },
  {
    name: 'efficientnet_v2_m',
    aliases: ['efficientnetv2_m'],
    title: 'EfficientNetV2-M',
    config: { size: 'm' },
    resolution: 480,
    published: [
      torchvisionCost(480, 54_139_356, '24.582'),
      ...timm(54_139_356, [
        [320, '11.01', '39.97'],
        [416, '18.6', '67.5'],
      ]),
    ],
    accuracies: [torchvisionAccuracy('EfficientNet_V2_M_Weights.IMAGENET1K_V1', 85.112, 97.156, 480)],
  },
  {
    name: 'efficientnet_v2_l',
    aliases: ['efficientnetv2_l'],
    title: 'EfficientNetV2-L',
    config: { size: 'l' },
    resolution: 480,
    published: [
      torchvisionCost(480, 118_515_272, '56.08'),
      ...timm(118_515_272, [
        [384, '36.1', '101.16'],
        [480, '56.4', '157.99'],
      ]),
    ],
    accuracies: [torchvisionAccuracy('EfficientNet_V2_L_Weights.IMAGENET1K_V1', 85.808, 97.788, 480)],
  },
  {
    name: 'efficientnetv2_xl',
    title: 'EfficientNetV2-XL',
    config: { size: 'xl' },
    resolution: 512,
    published: timm(208_119_808, [
      [384, '52.81', '139.2'],
      [512, '93.85', '247.32'],
    ]),
    accuracies: [],
  },
  {
    name: 'efficientnetv2_rw_t',
    title: 'EfficientNetV2-T (timm)',
    config: { size: 's', width: 0.8, depth: 0.9 },
    resolution: 288,
    published: timm(13_649_388, [
      [224, '1.93', '9.94'],
      [288, '3.19', '16.42'],
    ]),
    accuracies: [timmAccuracy('efficientnetv2_rw_t.ra2_in1k', 82.35, 96.192, 288)],
  },
  {
    name: 'efficientnetv2_rw_s',
    title: 'EfficientNetV2-S (timm)',
    config: { size: 'rw_s' },
    resolution: 384,
    published: timm(23_941_296, [
      [288, '4.91', '21.41'],
      [384, '8.72', '38.03'],
    ]),
    accuracies: [timmAccuracy('efficientnetv2_rw_s.ra2_in1k', 83.808, 96.732, 384)],
  },
  {
    name: 'efficientnetv2_rw_m',
    title: 'EfficientNetV2-M (timm)',
    config: { size: 'rw_m', width: 1.2 },
    resolution: 416,
    published: timm(53_236_442, [
      [320, '12.72', '47.14'],
      [416, '21.49', '79.62'],
    ]),
    accuracies: [timmAccuracy('efficientnetv2_rw_m.agc_in1k', 84.812, 97.15, 416)],
  },
  {
    name: 'tf_efficientnetv2_b0',
    title: 'EfficientNetV2-B0',
    config: { size: 'b', width: 1, depth: 1, padding: 'same' },
    resolution: 224,
    published: timm(7_139_704, [
      [192, '0.54', '3.51'],
      [224, '0.73', '4.77'],
    ]),
    accuracies: [timmAccuracy('tf_efficientnetv2_b0.in1k', 78.358, 94.014)],
  },
  {
    name: 'tf_efficientnetv2_b1',
    title: 'EfficientNetV2-B1',
    config: { size: 'b', width: 1, depth: 1.1, padding: 'same' },
    resolution: 240,
    published: timm(8_141_052, [
      [192, '0.76', '4.59'],
      [240, '1.21', '7.34'],
    ]),
    accuracies: [timmAccuracy('tf_efficientnetv2_b1.in1k', 79.462, 94.722, 240)],
  },
  {
    name: 'tf_efficientnetv2_b2',
    title: 'EfficientNetV2-B2',
    config: { size: 'b', width: 1.1, depth: 1.2, padding: 'same' },
    resolution: 260,
    published: timm(10_096_086, [
      [208, '1.06', '6.0'],
      [260, '1.72', '9.84'],
    ]),
    accuracies: [timmAccuracy('tf_efficientnetv2_b2.in1k', 80.194, 95.042, 260)],
  },
  {
    name: 'tf_efficientnetv2_b3',
    title: 'EfficientNetV2-B3',
    config: { size: 'b', width: 1.2, depth: 1.4, padding: 'same' },
    resolution: 300,
    published: timm(14_358_406, [
      [240, '1.93', '9.95'],
      [300, '3.04', '15.74'],
    ]),
    accuracies: [
      timmAccuracy('tf_efficientnetv2_b3.in1k', 81.97, 95.788, 300),
      timmAccuracy('tf_efficientnetv2_b3.in21k_ft_in1k', 82.67, 96.626, 300),
    ],
  },
  {
    name: 'tf_efficientnetv2_s',
    title: 'EfficientNetV2-S (TensorFlow)',
    config: { size: 's', padding: 'same' },
    resolution: 384,
    published: timm(21_458_488, [
      [300, '5.35', '22.73'],
      [384, '8.44', '35.77'],
    ]),
    accuracies: [
      timmAccuracy('tf_efficientnetv2_s.in1k', 83.9, 96.698, 384),
      timmAccuracy('tf_efficientnetv2_s.in21k_ft_in1k', 84.288, 97.252, 384),
    ],
  },
  {
    name: 'tf_efficientnetv2_m',
    title: 'EfficientNetV2-M (TensorFlow)',
    config: { size: 'm', padding: 'same' },
    resolution: 480,
    published: timm(54_139_356, [
      [384, '15.85', '57.52'],
      [480, '24.76', '89.84'],
    ]),
    accuracies: [
      timmAccuracy('tf_efficientnetv2_m.in1k', 85.204, 97.364, 480),
      timmAccuracy('tf_efficientnetv2_m.in21k_ft_in1k', 86, 97.946, 480),
    ],
  },
  {
    name: 'tf_efficientnetv2_l',
    title: 'EfficientNetV2-L (TensorFlow)',
    config: { size: 'l', padding: 'same' },
    resolution: 480,
    published: timm(118_515_272, [
      [384, '36.1', '101.16'],
      [480, '56.4', '157.99'],
    ]),
    accuracies: [
      timmAccuracy('tf_efficientnetv2_l.in1k', 85.664, 97.474, 480),
      timmAccuracy('tf_efficientnetv2_l.in21k_ft_in1k', 86.802, 98.136, 480),
    ],
  },
  {
    name: 'tf_efficientnetv2_xl',
    title: 'EfficientNetV2-XL (TensorFlow)',
    config: { size: 'xl', padding: 'same' },
    resolution: 512,
    published: timm(208_119_808, [
      [384, '52.81', '139.2'],
      [512, '93.85', '247.32'],
    ]),
    accuracies: [timmAccuracy('tf_efficientnetv2_xl.in21k_ft_in1k', 86.748, 98.014, 512)],
  },
];
