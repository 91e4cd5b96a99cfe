/** Vision transformers as published: sizes, and the figures of their sources. */
import type { PublishedAccuracy, PublishedCost } from './family.ts';
import { timmAccuracy, timmCost, timmParameters, torchvisionAccuracy, torchvisionCost } from './published.ts';

export const SIZES = {
  tiny: { channels: 192, depth: 12, heads: 3 },
  small: { channels: 384, depth: 12, heads: 6 },
  medium: { channels: 512, depth: 12, heads: 8 },
  base: { channels: 768, depth: 12, heads: 12 },
  large: { channels: 1024, depth: 24, heads: 16 },
  huge: { channels: 1280, depth: 32, heads: 16 },
} as const;

export interface VisionTransformerRow {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly title: string;
  readonly size: keyof typeof SIZES;
  readonly patch: number;
  readonly layerScale?: boolean;
  readonly headless?: boolean;
  readonly distilled?: boolean;
  readonly resolution?: number;
  readonly published: readonly PublishedCost[];
  /** The first speaks for the variant. */
  readonly accuracies?: readonly PublishedAccuracy[];
}

export const visionTransformerRows: readonly VisionTransformerRow[] = [
  {
    name: 'vit_b_16',
    aliases: ['vit_base_patch16_224', 'deit_base_patch16_224'],
    title: 'ViT-B/16',
    size: 'base',
    patch: 16,
    published: [
      torchvisionCost(224, 86_567_656, '17.564'),
      torchvisionCost(384, 86_859_496, '55.484'),
      timmCost(224, 86_567_656, '17.58', '23.9'),
    ],
    accuracies: [
      torchvisionAccuracy('ViT_B_16_Weights.IMAGENET1K_V1', 81.072, 95.318),
      torchvisionAccuracy('ViT_B_16_Weights.IMAGENET1K_SWAG_E2E_V1', 85.304, 97.65, 384),
      torchvisionAccuracy('ViT_B_16_Weights.IMAGENET1K_SWAG_LINEAR_V1', 81.886, 96.18),
      timmAccuracy('deit_base_patch16_224.fb_in1k', 81.98, 95.742),
      timmAccuracy('vit_base_patch16_224.augreg_in1k', 79.142, 94.09),
      timmAccuracy('vit_base_patch16_224.augreg2_in21k_ft_in1k', 85.096, 97.53),
      timmAccuracy('vit_base_patch16_224.augreg_in21k_ft_in1k', 84.532, 97.292),
    ],
  },
  {
    name: 'vit_b_32',
    aliases: ['vit_base_patch32_224'],
    title: 'ViT-B/32',
    size: 'base',
    patch: 32,
    published: [torchvisionCost(224, 88_224_232, '4.409'), timmCost(224, 88_224_232, '4.41', '5.01')],
    accuracies: [
      torchvisionAccuracy('ViT_B_32_Weights.IMAGENET1K_V1', 75.912, 92.466),
      timmAccuracy('vit_base_patch32_224.augreg_in1k', 74.906, 91.77),
      timmAccuracy('vit_base_patch32_224.augreg_in21k_ft_in1k', 80.716, 95.566),
    ],
  },
  {
    name: 'vit_l_16',
    aliases: ['vit_large_patch16_224'],
    title: 'ViT-L/16',
    size: 'large',
    patch: 16,
    published: [
      torchvisionCost(224, 304_326_632, '61.555'),
      torchvisionCost(512, 305_174_504, '361.986'),
      timmCost(224, 304_326_632, '61.6', '63.52'),
    ],
    accuracies: [
      torchvisionAccuracy('ViT_L_16_Weights.IMAGENET1K_V1', 79.662, 94.638),
      torchvisionAccuracy('ViT_L_16_Weights.IMAGENET1K_SWAG_E2E_V1', 88.064, 98.512, 512),
      torchvisionAccuracy('ViT_L_16_Weights.IMAGENET1K_SWAG_LINEAR_V1', 85.146, 97.422),
      timmAccuracy('vit_large_patch16_224.augreg_in21k_ft_in1k', 85.834, 97.818),
    ],
  },
  {
    name: 'vit_l_32',
    title: 'ViT-L/32',
    size: 'large',
    patch: 32,
    published: [torchvisionCost(224, 306_535_400, '15.378')],
    accuracies: [torchvisionAccuracy('ViT_L_32_Weights.IMAGENET1K_V1', 76.972, 93.07)],
  },
  {
    name: 'vit_h_14',
    title: 'ViT-H/14',
    size: 'huge',
    patch: 14,
    published: [torchvisionCost(224, 632_045_800, '167.295'), torchvisionCost(518, 633_470_440, '1016.717')],
    accuracies: [
      torchvisionAccuracy('ViT_H_14_Weights.IMAGENET1K_SWAG_LINEAR_V1', 85.708, 97.73),
      torchvisionAccuracy('ViT_H_14_Weights.IMAGENET1K_SWAG_E2E_V1', 88.552, 98.694, 518),
    ],
  },
  {
    name: 'vit_tiny_patch16_224',
    aliases: ['deit_tiny_patch16_224'],
    title: 'ViT-Ti/16',
    size: 'tiny',
    patch: 16,
    published: [timmCost(224, 5_717_416, '1.26', '5.97')],
    accuracies: [
      timmAccuracy('vit_tiny_patch16_224.augreg_in21k_ft_in1k', 75.452, 92.854),
      timmAccuracy('deit_tiny_patch16_224.fb_in1k', 72.196, 91.1),
    ],
  },
  {
    name: 'vit_tiny_patch16_384',
    title: 'ViT-Ti/16 at 384',
    size: 'tiny',
    patch: 16,
    resolution: 384,
    published: [timmParameters(384, 5_790_376)],
    accuracies: [timmAccuracy('vit_tiny_patch16_384.augreg_in21k_ft_in1k', 78.446, 94.552, 384)],
  },
  {
    name: 'vit_small_patch32_224',
    title: 'ViT-S/32',
    size: 'small',
    patch: 32,
    published: [timmCost(224, 22_878_952, '1.15', '2.5')],
    accuracies: [timmAccuracy('vit_small_patch32_224.augreg_in21k_ft_in1k', 75.996, 93.272)],
  },
  {
    name: 'vit_small_patch32_384',
    title: 'ViT-S/32 at 384',
    size: 'small',
    patch: 32,
    resolution: 384,
    published: [timmCost(384, 22_915_432, '3.45', '8.25')],
    accuracies: [timmAccuracy('vit_small_patch32_384.augreg_in21k_ft_in1k', 80.486, 95.596, 384)],
  },
  {
    name: 'vit_small_patch16_224',
    aliases: ['deit_small_patch16_224'],
    title: 'ViT-S/16',
    size: 'small',
    patch: 16,
    published: [timmCost(224, 22_050_664, '4.61', '11.95')],
    accuracies: [
      timmAccuracy('deit_small_patch16_224.fb_in1k', 79.862, 95.056),
      timmAccuracy('vit_small_patch16_224.augreg_in1k', 78.842, 94.278),
      timmAccuracy('vit_small_patch16_224.augreg_in21k_ft_in1k', 81.384, 96.136),
    ],
  },
  {
    name: 'vit_small_patch16_384',
    title: 'ViT-S/16 at 384',
    size: 'small',
    patch: 16,
    resolution: 384,
    published: [timmCost(384, 22_196_584, '15.52', '50.78')],
    accuracies: [timmAccuracy('vit_small_patch16_384.augreg_in21k_ft_in1k', 83.804, 97.108, 384)],
  },
  {
    name: 'vit_base_patch32_384',
    title: 'ViT-B/32 at 384',
    size: 'base',
    patch: 32,
    resolution: 384,
    published: [timmCost(384, 88_297_192, '13.06', '16.5')],
    accuracies: [timmAccuracy('vit_base_patch32_384.augreg_in21k_ft_in1k', 83.352, 96.832, 384)],
  },
  {
    name: 'vit_base_patch16_384',
    aliases: ['deit_base_patch16_384'],
    title: 'ViT-B/16 at 384',
    size: 'base',
    patch: 16,
    resolution: 384,
    published: [timmCost(384, 86_859_496, '55.54', '101.56')],
    accuracies: [
      timmAccuracy('vit_base_patch16_384.augreg_in21k_ft_in1k', 85.996, 98.002, 384),
      timmAccuracy('deit_base_patch16_384.fb_in1k', 83.116, 96.366, 384),
    ],
  },
  {
    name: 'vit_large_patch32_224',
    title: 'ViT-L/32 without a classifier',
    size: 'large',
    patch: 32,
    headless: true,
    published: [timmCost(224, 305_510_400, '15.39', '13.3')],
  },
  {
    name: 'vit_large_patch32_384',
    title: 'ViT-L/32 at 384',
    size: 'large',
    patch: 32,
    resolution: 384,
    published: [timmCost(384, 306_632_680, '45.31', '43.86')],
    accuracies: [timmAccuracy('vit_large_patch32_384.orig_in21k_ft_in1k', 81.51, 96.09, 384)],
  },
  {
    name: 'vit_large_patch16_384',
    title: 'ViT-L/16 at 384',
    size: 'large',
    patch: 16,
    resolution: 384,
    published: [timmCost(384, 304_715_752, '191.21', '270.24')],
    accuracies: [timmAccuracy('vit_large_patch16_384.augreg_in21k_ft_in1k', 87.084, 98.302, 384)],
  },
  {
    name: 'vit_base_patch8_224',
    title: 'ViT-B/8',
    size: 'base',
    patch: 8,
    published: [timmParameters(224, 86_576_872)],
    accuracies: [
      timmAccuracy('vit_base_patch8_224.augreg2_in21k_ft_in1k', 86.218, 97.832),
      timmAccuracy('vit_base_patch8_224.augreg_in21k_ft_in1k', 85.798, 97.79),
    ],
  },
  {
    name: 'deit_tiny_distilled_patch16_224',
    title: 'DeiT-Ti/16 distilled',
    size: 'tiny',
    patch: 16,
    distilled: true,
    published: [timmParameters(224, 5_910_800)],
    accuracies: [timmAccuracy('deit_tiny_distilled_patch16_224.fb_in1k', 74.5, 91.892)],
  },
  {
    name: 'deit_small_distilled_patch16_224',
    title: 'DeiT-S/16 distilled',
    size: 'small',
    patch: 16,
    distilled: true,
    published: [timmParameters(224, 22_436_432)],
    accuracies: [timmAccuracy('deit_small_distilled_patch16_224.fb_in1k', 81.218, 95.384)],
  },
  {
    name: 'deit_base_distilled_patch16_224',
    title: 'DeiT-B/16 distilled',
    size: 'base',
    patch: 16,
    distilled: true,
    published: [timmParameters(224, 87_338_192)],
    accuracies: [timmAccuracy('deit_base_distilled_patch16_224.fb_in1k', 83.386, 96.488)],
  },
  {
    name: 'deit_base_distilled_patch16_384',
    title: 'DeiT-B/16 distilled at 384',
    size: 'base',
    patch: 16,
    distilled: true,
    resolution: 384,
    published: [timmParameters(384, 87_630_032)],
    accuracies: [timmAccuracy('deit_base_distilled_patch16_384.fb_in1k', 85.426, 97.33, 384)],
  },
  {
    name: 'deit3_small_patch16_224',
    title: 'DeiT III-S/16',
    size: 'small',
    patch: 16,
    layerScale: true,
    published: [timmCost(224, 22_059_496, '4.61', '11.95')],
    accuracies: [
      timmAccuracy('deit3_small_patch16_224.fb_in22k_ft_in1k', 83.082, 96.78),
      timmAccuracy('deit3_small_patch16_224.fb_in1k', 81.37, 95.456),
    ],
  },
  {
    name: 'deit3_small_patch16_384',
    title: 'DeiT III-S/16 at 384',
    size: 'small',
    patch: 16,
    layerScale: true,
    resolution: 384,
    published: [timmCost(384, 22_205_416, '15.52', '50.78')],
    accuracies: [
      timmAccuracy('deit3_small_patch16_384.fb_in1k', 83.428, 96.676, 384),
      timmAccuracy('deit3_small_patch16_384.fb_in22k_ft_in1k', 84.824, 97.488, 384),
    ],
  },
  {
    name: 'deit3_medium_patch16_224',
    title: 'DeiT III-M/16',
    size: 'medium',
    patch: 16,
    layerScale: true,
    published: [timmParameters(224, 38_849_512)],
    accuracies: [
      timmAccuracy('deit3_medium_patch16_224.fb_in1k', 83.086, 96.286),
      timmAccuracy('deit3_medium_patch16_224.fb_in22k_ft_in1k', 84.552, 97.188),
    ],
  },
  {
    name: 'deit3_base_patch16_224',
    title: 'DeiT III-B/16',
    size: 'base',
    patch: 16,
    layerScale: true,
    published: [timmCost(224, 86_585_320, '17.58', '23.9')],
    accuracies: [
      timmAccuracy('deit3_base_patch16_224.fb_in1k', 83.794, 96.582),
      timmAccuracy('deit3_base_patch16_224.fb_in22k_ft_in1k', 85.7, 97.746),
    ],
  },
  {
    name: 'deit3_base_patch16_384',
    title: 'DeiT III-B/16 at 384',
    size: 'base',
    patch: 16,
    layerScale: true,
    resolution: 384,
    published: [timmCost(384, 86_877_160, '55.54', '101.56')],
    accuracies: [
      timmAccuracy('deit3_base_patch16_384.fb_in22k_ft_in1k', 86.738, 98.114, 384),
      timmAccuracy('deit3_base_patch16_384.fb_in1k', 85.072, 97.252, 384),
    ],
  },
  {
    name: 'deit3_large_patch16_224',
    title: 'DeiT III-L/16',
    size: 'large',
    patch: 16,
    layerScale: true,
    published: [timmParameters(224, 304_374_760)],
    accuracies: [
      timmAccuracy('deit3_large_patch16_224.fb_in22k_ft_in1k', 86.982, 98.236),
      timmAccuracy('deit3_large_patch16_224.fb_in1k', 84.776, 97.038),
    ],
  },
  {
    name: 'deit3_large_patch16_384',
    title: 'DeiT III-L/16 at 384',
    size: 'large',
    patch: 16,
    layerScale: true,
    resolution: 384,
    published: [timmParameters(384, 304_763_880)],
    accuracies: [
      timmAccuracy('deit3_large_patch16_384.fb_in22k_ft_in1k', 87.72, 98.512, 384),
      timmAccuracy('deit3_large_patch16_384.fb_in1k', 85.812, 97.598, 384),
    ],
  },
  {
    name: 'deit3_huge_patch14_224',
    title: 'DeiT III-H/14',
    size: 'huge',
    patch: 14,
    layerScale: true,
    published: [timmParameters(224, 632_126_440)],
    accuracies: [
      timmAccuracy('deit3_huge_patch14_224.fb_in22k_ft_in1k', 87.186, 98.26),
      timmAccuracy('deit3_huge_patch14_224.fb_in1k', 85.224, 97.36),
    ],
  },
];
