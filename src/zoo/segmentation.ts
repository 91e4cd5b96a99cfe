/**
 * Semantic segmentation as torchvision builds it: FCN (Long et al. 2014, https://arxiv.org/abs/1411.4038), DeepLabV3
 * (Chen et al. 2017, https://arxiv.org/abs/1706.05587) and LR-ASPP (https://arxiv.org/abs/1905.02244), on
 * backbones whose last stages dilate instead of striding.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { activate, add, concat, conv, convNorm, type Feature, globalAveragePool, imageInput } from './blocks/conv.ts';
import { resizeLinear, sizeOf } from './blocks/resize.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost } from './family.ts';
import { mobileNetV3Stages } from './mobilenet-v3.ts';
import { TORCHVISION, torchvisionCost } from './published.ts';
import { RESNET50, RESNET101, resnetStages } from './resnet.ts';

export interface SegmentationConfig {
  readonly backbone: 'resnet50' | 'resnet101' | 'mobilenet_v3_large';
  readonly head: 'fcn' | 'deeplabv3' | 'lraspp';
  /** With the classifier on an earlier feature map that only training needs, as a second output. */
  readonly auxiliary?: boolean;
}

interface Features {
  /** Of stride 8; where the auxiliary classifier and LR-ASPP's fine branch read. */
  readonly low: Feature;
  readonly high: Feature;
}

/** Total stride of the last feature map. */
const STRIDES = { resnet50: 8, resnet101: 8, mobilenet_v3_large: 16 } as const;

const LOW_STRIDE = 8;

/** Of `Features.low`. */
const LOW_CHANNELS = { resnet50: 1024, resnet101: 1024, mobilenet_v3_large: 40 } as const;

/** Index of the MobileNetV3 block that ends the stage of stride 4 and opens that of stride 8. */
const LOW_BLOCK = 3;

const CLASSES = 21;

const featuresOf = (g: GraphBuilder, image: Feature, backbone: SegmentationConfig['backbone']): Features =>
  g.scope('backbone', () => {
    if (backbone === 'mobilenet_v3_large') {
      const { blocks, head } = mobileNetV3Stages(g, image, { size: 'large' }, { dilated: true });
      return { low: blocks[LOW_BLOCK]?.output ?? head, high: head };
    }
    const config = backbone === 'resnet50' ? RESNET50 : RESNET101;
    const [, , third, fourth] = resnetStages(g, image, config, { outputStride: STRIDES[backbone] });
    return { low: third, high: fourth };
  });

/** One 3x3 convolution to a quarter of the channels, and the classifier. */
const fcnHead = (g: GraphBuilder, name: string, x: Feature, classes: number): Feature =>
  g.scope(name, () => {
    const hidden = convNorm(g, '0', x, Math.floor(x.channels / 4), { kernel: 3, activation: 'relu' });
    return conv(g, '1', hidden, classes, { bias: true });
  });

const ATROUS_RATES = [12, 24, 36] as const;
const ASPP_CHANNELS = 256;

/** Atrous spatial pyramid pooling: views of several widths beside each other, the widest of the whole map. */
const deepLabHead = (g: GraphBuilder, x: Feature, classes: number): Feature =>
  g.scope('classifier', () => {
    const relu = { activation: 'relu' } as const;
    const pyramid = g.scope('aspp', () => {
      const views = [
        convNorm(g, 'pointwise', x, ASPP_CHANNELS, relu),
        ...ATROUS_RATES.map((dilation) =>
          convNorm(g, `atrous${dilation}`, x, ASPP_CHANNELS, { kernel: 3, dilation, ...relu }),
        ),
        resizeLinear(
          g,
          'pooled.resize',
          convNorm(g, 'pooled', globalAveragePool(g, 'pool', x), ASPP_CHANNELS, relu),
          sizeOf(g, 'size', x),
        ),
      ];
      return convNorm(g, 'project', concat(g, 'concat', views), ASPP_CHANNELS, relu);
    });
    return conv(g, '1', convNorm(g, '0', pyramid, ASPP_CHANNELS, { kernel: 3, ...relu }), classes, { bias: true });
  });

const LRASPP_CHANNELS = 128;

/** Coarse features gated by their mean over the image, and classes of coarse and fine features added. */
const lrasppHead = (g: GraphBuilder, { low, high }: Features, classes: number): Feature =>
  g.scope('classifier', () => {
    const features = convNorm(g, 'cbr', high, LRASPP_CHANNELS, { activation: 'relu' });
    const pooled = conv(g, 'scale', globalAveragePool(g, 'pool', high), LRASPP_CHANNELS);
    const gate = activate(g, 'gate', pooled, 'sigmoid');
    const gated = { tensor: g.node('Mul', 'mul', [features.tensor, gate.tensor]), channels: LRASPP_CHANNELS };
    const fine = conv(g, 'low_classifier', low, classes, { bias: true });
    const enlarged = resizeLinear(g, 'resize', gated, sizeOf(g, 'size', low));
    const coarse = conv(g, 'high_classifier', enlarged, classes, { bias: true });
    return add(g, 'add', fine, coarse);
  });

export const buildSegmentation = (
  name: string,
  { backbone, head, auxiliary = false }: SegmentationConfig,
  { resolution = 520, imageWidth, classes = CLASSES }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const stride = STRIDES[backbone];
  const image = imageInput(g, { resolution, imageWidth }, { minimum: stride, because: 'its total stride' });
  const size = sizeOf(g, 'size', image);
  const features = featuresOf(g, image, backbone);
  const heads: Readonly<Record<SegmentationConfig['head'], () => Feature>> = {
    fcn: () => fcnHead(g, 'classifier', features.high, classes),
    deeplabv3: () => deepLabHead(g, features.high, classes),
    lraspp: () => lrasppHead(g, features, classes),
  };
  const out = resizeLinear(g, 'out', heads[head](), size);
  if (!auxiliary) return g.finish([out.tensor]);
  const aux = resizeLinear(g, 'aux', fcnHead(g, 'aux_classifier', features.low, classes), size);
  return g.finish([out.tensor, aux.tensor]);
};

/** Of the auxiliary classifier: weights of its convolutions and everything that it learns. */
const auxiliaryCounts = (backbone: SegmentationConfig['backbone']): { weights: number; parameters: number } => {
  const channels = LOW_CHANNELS[backbone];
  const hidden = Math.floor(channels / 4);
  const weights = channels * hidden * 9 + hidden * CLASSES;
  // A scale and a shift per hidden channel, a bias per class.
  return { weights, parameters: weights + 2 * hidden + CLASSES };
};

const RESOLUTION = 520;

/** torchvision counts the auxiliary classifier, in parameters and in multiply-accumulates, where there is one. */
const costOf = ({ backbone, head }: SegmentationConfig, parameters: number, gmacs: string): PublishedCost => {
  const cost = torchvisionCost(RESOLUTION, parameters, gmacs);
  if (head === 'lraspp') return cost;
  const { weights, parameters: learned } = auxiliaryCounts(backbone);
  const cells = Math.ceil(RESOLUTION / LOW_STRIDE) ** 2;
  const reason = 'the source counts the auxiliary classifier, which serves training alone';
  return {
    ...cost,
    elsewhere: { parameters: learned, reason },
    differs: {
      figures: ['gmacs'],
      reason: `${reason}: ${((weights * cells) / 1e9).toFixed(3)} GMACs of it`,
    },
  };
};

interface Figures {
  readonly parameters: number;
  readonly gmacs: string;
  readonly weights: string;
  readonly miou: number;
  readonly pixelAccuracy: number;
}

const variant = (
  name: string,
  title: string,
  config: SegmentationConfig,
  { parameters, gmacs, weights, miou, pixelAccuracy }: Figures,
): ModelVariant => {
  const quality = (metric: string, value: number) => ({
    metric,
    value,
    unit: '%' as const,
    dataset: 'COCO val2017, 20 classes of Pascal VOC',
    weights: `${weights}_Weights.COCO_WITH_VOC_LABELS_V1`,
    source: TORCHVISION,
  });
  return {
    name,
    title,
    nativeResolution: RESOLUTION,
    published: [costOf(config, parameters, gmacs)],
    quality: [quality('mIoU', miou), quality('pixel accuracy', pixelAccuracy)],
    build: (options) => buildSegmentation(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'segmentation',
  title: 'Semantic segmentation',
  paper: 'https://arxiv.org/abs/1706.05587',
  notes: [
    'The auxiliary classifier, which torchvision’s pretrained models carry and run at inference as well, serves training alone and is left out; `auxiliary` of the builder adds it.',
    'Ends in the scores of the classes at the size of the image, background among them; the choice of the best is left out.',
    'Dropout in the heads is the identity at inference and is left out.',
    'torchvision resizes the shorter side of an image to 520 pixels; the published costs are those of a square.',
  ],
  variants: [
    variant(
      'deeplabv3_mobilenet_v3_large',
      'DeepLabV3 on MobileNetV3-Large',
      { backbone: 'mobilenet_v3_large', head: 'deeplabv3' },
      {
        parameters: 11_029_328,
        gmacs: '10.452',
        weights: 'DeepLabV3_MobileNet_V3_Large',
        miou: 60.3,
        pixelAccuracy: 91.2,
      },
    ),
    variant(
      'deeplabv3_resnet50',
      'DeepLabV3 on ResNet-50',
      { backbone: 'resnet50', head: 'deeplabv3' },
      {
        parameters: 42_004_074,
        gmacs: '178.722',
        weights: 'DeepLabV3_ResNet50',
        miou: 66.4,
        pixelAccuracy: 92.4,
      },
    ),
    variant(
      'deeplabv3_resnet101',
      'DeepLabV3 on ResNet-101',
      { backbone: 'resnet101', head: 'deeplabv3' },
      {
        parameters: 60_996_202,
        gmacs: '258.743',
        weights: 'DeepLabV3_ResNet101',
        miou: 67.4,
        pixelAccuracy: 92.4,
      },
    ),
    variant(
      'fcn_resnet50',
      'FCN on ResNet-50',
      { backbone: 'resnet50', head: 'fcn' },
      {
        parameters: 35_322_218,
        gmacs: '152.717',
        weights: 'FCN_ResNet50',
        miou: 60.5,
        pixelAccuracy: 91.4,
      },
    ),
    variant(
      'fcn_resnet101',
      'FCN on ResNet-101',
      { backbone: 'resnet101', head: 'fcn' },
      {
        parameters: 54_314_346,
        gmacs: '232.738',
        weights: 'FCN_ResNet101',
        miou: 63.7,
        pixelAccuracy: 91.9,
      },
    ),
    variant(
      'lraspp_mobilenet_v3_large',
      'LR-ASPP on MobileNetV3-Large',
      { backbone: 'mobilenet_v3_large', head: 'lraspp' },
      {
        parameters: 3_221_538,
        gmacs: '2.086',
        weights: 'LRASPP_MobileNet_V3_Large',
        miou: 57.9,
        pixelAccuracy: 91.2,
      },
    ),
  ],
};
