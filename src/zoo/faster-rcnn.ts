/**
 * Detectors in two stages on a feature pyramid, as torchvision builds them: Faster R-CNN (Ren et al. 2015,
 * https://arxiv.org/abs/1506.01497), its second version (https://arxiv.org/abs/2111.11429), and Mask and Keypoint R-CNN (He
 * et al. 2017, https://arxiv.org/abs/1703.06870).
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { activate, conv, convNorm, type Feature, flatten, imageInput, linear } from './blocks/conv.ts';
import { joinRows, rowPerAnchor, sharedConv, sharedTower } from './blocks/dense-head.ts';
import {
  featurePyramid,
  type Level,
  PADDED_TO_32,
  PYRAMID_CHANNELS,
  withSubsampledLevel,
} from './blocks/feature-pyramid.ts';
import { regionFeatures, upsampledConv } from './blocks/regions.ts';
import { scaleLinear } from './blocks/resize.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost, PublishedQuality } from './family.ts';
import { mobileNetV3NormalizedChannels, mobileNetV3Stages } from './mobilenet-v3.ts';
import { TORCHVISION, torchvisionCost } from './published.ts';
import { RESNET50, resnetNormalizedChannels, resnetStages } from './resnet.ts';

export interface FasterRcnnConfig {
  readonly backbone: 'resnet50' | 'mobilenet_v3_large';
  /** 2: BatchNorm in pyramid and heads, one convolution more for proposals and four more for boxes. */
  readonly version?: 1 | 2;
  /** Of one image, at most, that reach the second stage. */
  readonly proposals: number;
  /** A third stage for each of the 100 best boxes of an image. */
  readonly detail?: 'mask' | 'keypoints';
  readonly resolution: number;
  /** With the background. */
  readonly classes: number;
}

/** ONNX Runtime (1.32) does not run the RoiAlign of opset 22, which differs in the types that it takes alone. */
const OPSET = 21;

const BOX_SIDES = 4;
const HEAD_UNITS = 1024;
const BOX_SIDE = 7;
const DETAIL_SIDE = 14;
const DETECTIONS = 100;
const KEYPOINTS = 17;

/** Three shapes; on ResNet one size to a level, on MobileNetV3 five sizes at every level. */
const ANCHORS = { resnet50: 3, mobilenet_v3_large: 15 } as const;

/** Index of the MobileNetV3 block that halves last. */
const LAST_HALVING = 12;

const LAST_STRIDE = 32;

interface Pyramid {
  readonly levels: readonly Level[];
  /** Those that regions are sampled from. */
  readonly sampled: readonly Level[];
}

const pyramidOf = (g: GraphBuilder, image: Feature, { backbone, version }: FasterRcnnConfig): Pyramid =>
  g.scope('backbone', () => {
    const mapsOf = (): readonly Level[] => {
      if (backbone === 'resnet50') {
        const stages = resnetStages(g, image, RESNET50);
        return stages.map((map, index) => ({ ...map, name: `p${index + 2}`, stride: 4 * 2 ** index }));
      }
      const { blocks, head } = mobileNetV3Stages(g, image, { size: 'large' });
      const first = blocks[LAST_HALVING]?.output ?? head;
      return [
        { ...first, name: 'p5', stride: LAST_STRIDE },
        { ...head, name: 'head', stride: LAST_STRIDE },
      ];
    };
    const levels = featurePyramid(g, mapsOf(), { batchNorm: version === 2 });
    // Of two maps of one stride the rule of sizes always takes the first.
    const sampled = backbone === 'resnet50' ? levels : levels.slice(0, 1);
    return { levels: withSubsampledLevel(g, levels), sampled };
  });

/** Whether there is an object, and its box, for every anchor. */
const proposalHead = (
  g: GraphBuilder,
  levels: readonly Level[],
  { backbone, version }: FasterRcnnConfig,
): readonly TensorName[] =>
  g.scope('rpn', () => {
    const tower = sharedTower(g, 'conv', PYRAMID_CHANNELS, version === 2 ? 2 : 1);
    const maps = levels.map((x) => ({ name: x.name, ...tower(x, x.name) }));
    return (
      [
        ['objectness', 1],
        ['box', BOX_SIDES],
      ] as const
    ).map(([what, columns]) => {
      const predict = sharedConv(g, what, PYRAMID_CHANNELS, ANCHORS[backbone] * columns, { kernel: 1 });
      const rows = maps.map((x) => rowPerAnchor(g, `${what}.${x.name}.rows`, predict(x, x.name), columns));
      return joinRows(g, `${what}.concat`, rows);
    });
  });

/** 3x3 convolutions that keep the size, each with a ReLU. */
const convolutions = (
  g: GraphBuilder,
  input: Feature,
  channels: readonly number[],
  { batchNorm }: { readonly batchNorm: boolean },
): Feature => {
  let x = input;
  channels.forEach((outputs, index) => {
    const name = `conv${index}`;
    x = batchNorm
      ? convNorm(g, name, x, outputs, { kernel: 3, activation: 'relu' })
      : activate(g, `${name}.act`, conv(g, name, x, outputs, { kernel: 3, bias: true }), 'relu');
  });
  return x;
};

const FOUR = [PYRAMID_CHANNELS, PYRAMID_CHANNELS, PYRAMID_CHANNELS, PYRAMID_CHANNELS] as const;

/** Class logits and a box for every class, of every region. */
const boxHead = (g: GraphBuilder, regions: Feature, { version }: FasterRcnnConfig, classes: number) =>
  g.scope('box_head', () => {
    const isSecond = version === 2;
    const x = isSecond ? convolutions(g, regions, FOUR, { batchNorm: true }) : regions;
    const flat = { ...flatten(g, 'flatten', x), channels: x.channels * BOX_SIDE ** 2 };
    const layer = (name: string, input: Feature) =>
      activate(g, `${name}.act`, linear(g, name, input, HEAD_UNITS), 'relu');
    const hidden = isSecond ? layer('fc6', flat) : layer('fc7', layer('fc6', flat));
    return [linear(g, 'cls_score', hidden, classes).tensor, linear(g, 'bbox_pred', hidden, BOX_SIDES * classes).tensor];
  });

/** A mask for every class, 28 x 28. */
const maskHead = (g: GraphBuilder, regions: Feature, { version }: FasterRcnnConfig, classes: number): Feature =>
  g.scope('mask_head', () => {
    const x = convolutions(g, regions, FOUR, { batchNorm: version === 2 });
    const upsampled = upsampledConv(g, 'upsample', x, PYRAMID_CHANNELS, { kernel: 2, activation: 'relu' });
    return activate(g, 'masks', conv(g, 'logits', upsampled, classes, { bias: true }), 'sigmoid');
  });

const KEYPOINT_CONVOLUTIONS = Array<number>(8).fill(512);

/** A heat map for every keypoint, 56 x 56. */
const keypointHead = (g: GraphBuilder, regions: Feature): Feature =>
  g.scope('keypoint_head', () => {
    const x = convolutions(g, regions, KEYPOINT_CONVOLUTIONS, { batchNorm: false });
    const heatmaps = upsampledConv(g, 'upsample', x, KEYPOINTS, { kernel: 4 });
    return scaleLinear(g, 'resize', heatmaps, 2);
  });

export const buildFasterRcnn = (name: string, config: FasterRcnnConfig, options: BuildOptions = {}): Graph => {
  const { resolution = config.resolution, imageWidth, classes = config.classes } = options;
  const g = new GraphBuilder(name, { opset: OPSET });
  const { levels, sampled } = pyramidOf(g, imageInput(g, { resolution, imageWidth }, PADDED_TO_32), config);
  const proposed = proposalHead(g, levels, config);
  const regions = regionFeatures(g, 'proposals', sampled, { count: config.proposals, side: BOX_SIDE });
  const outputs = [...proposed, ...boxHead(g, regions, config, classes)];
  if (config.detail === undefined) return g.finish(outputs);
  const best = regionFeatures(g, 'detections', sampled, { count: DETECTIONS, side: DETAIL_SIDE });
  const detail = config.detail === 'mask' ? maskHead(g, best, config, classes) : keypointHead(g, best);
  return g.finish([...outputs, detail.tensor]);
};

/** Frozen BatchNorm: version 1 keeps that of the backbone as it was trained on ImageNet. */
const frozenParameters = ({ backbone }: FasterRcnnConfig): number =>
  2 * (backbone === 'resnet50' ? resnetNormalizedChannels(RESNET50) : mobileNetV3NormalizedChannels({ size: 'large' }));

const NOISE = 'counted at an image of noise, in which the source’s weights';

/** How many regions the published figure is of, where that is not as many as can be. */
const REGIONS = {
  'no proposal': `${NOISE} propose no region: the first stage alone`,
  'no detection': `${NOISE} detect nothing: the first two stages alone`,
  'one detection': `${NOISE} detect one object where there can be ${DETECTIONS}`,
} as const;

interface Weights {
  readonly name: string;
  readonly gmacs: string;
  readonly regions?: keyof typeof REGIONS;
  /** mAP 50-95 on COCO, of boxes and of what else is predicted. */
  readonly box: number;
  readonly mask?: number;
  readonly keypoints?: number;
}

const qualityOf = ({ name, box, mask, keypoints }: Weights): readonly PublishedQuality[] =>
  Object.entries({ box, mask, keypoint: keypoints }).flatMap(([what, value]) =>
    value === undefined
      ? []
      : [
          {
            metric: `${what} mAP 50-95`,
            value,
            unit: '%' as const,
            dataset: 'COCO val2017',
            weights: name,
            source: TORCHVISION,
          },
        ],
  );

const variant = (
  name: string,
  title: string,
  config: FasterRcnnConfig,
  { parameters, weights }: { readonly parameters: number; readonly weights: readonly Weights[] },
): ModelVariant => {
  const costOf = ({ gmacs, regions }: Weights): PublishedCost => ({
    ...torchvisionCost(config.resolution, parameters, gmacs),
    ...(config.version !== 2 && {
      elsewhere: {
        parameters: -frozenParameters(config),
        reason: 'the scales and shifts of its frozen BatchNorm are buffers there',
      },
    }),
    ...(regions !== undefined && { differs: { figures: ['gmacs'], reason: REGIONS[regions] } }),
  });
  return {
    name,
    title,
    nativeResolution: config.resolution,
    published: weights.map(costOf),
    quality: weights.flatMap(qualityOf),
    build: (options) => buildFasterRcnn(name, config, options),
  };
};

const ON_RESNET = { backbone: 'resnet50', proposals: 1000, resolution: 800, classes: 91 } as const;

const ON_MOBILENET = { ...ON_RESNET, backbone: 'mobilenet_v3_large' } as const;

export const family: ModelFamily = {
  id: 'faster_rcnn',
  title: 'Faster, Mask and Keypoint R-CNN',
  paper: 'https://arxiv.org/abs/1506.01497',
  notes: [
    'What lies between the stages depends on the data and is left out: decoding of the boxes, choice of the best, non-maximum suppression and the level of the pyramid that each goes to. The regions of the later stages are inputs of the graph, as many as there can be at most, an equal share at each level.',
    'Ends in objectness and boxes of all anchors, class logits and boxes of all proposals, and masks of all classes or keypoint heat maps of the detections.',
    'torchvision resizes the shorter side of an image to 800 pixels (320 in the model of that name), the longer to at most 1333 (640), and pads both to multiples of 32; the published costs are those of a square.',
    'On MobileNetV3 both maps of the pyramid have a stride of 32, so that all regions are sampled from the first.',
    'The scale and shift of a frozen BatchNorm are counted as parameters, as those of any other.',
  ],
  variants: [
    variant('fasterrcnn_resnet50_fpn', 'Faster R-CNN on ResNet-50 with FPN', ON_RESNET, {
      parameters: 41_755_286,
      weights: [{ name: 'FasterRCNN_ResNet50_FPN_Weights.COCO_V1', gmacs: '134.38', box: 37 }],
    }),
    variant(
      'fasterrcnn_resnet50_fpn_v2',
      'Faster R-CNN v2 on ResNet-50 with FPN',
      { ...ON_RESNET, version: 2 },
      {
        parameters: 43_712_278,
        weights: [{ name: 'FasterRCNN_ResNet50_FPN_V2_Weights.COCO_V1', gmacs: '280.371', box: 46.7 }],
      },
    ),
    variant('fasterrcnn_mobilenet_v3_large_fpn', 'Faster R-CNN on MobileNetV3-Large with FPN', ON_MOBILENET, {
      parameters: 19_386_354,
      weights: [
        {
          name: 'FasterRCNN_MobileNet_V3_Large_FPN_Weights.COCO_V1',
          gmacs: '4.494',
          regions: 'no proposal',
          box: 32.8,
        },
      ],
    }),
    variant(
      'fasterrcnn_mobilenet_v3_large_320_fpn',
      'Faster R-CNN on MobileNetV3-Large with FPN, 320 pixels',
      { ...ON_MOBILENET, proposals: 150, resolution: 320 },
      {
        parameters: 19_386_354,
        weights: [
          {
            name: 'FasterRCNN_MobileNet_V3_Large_320_FPN_Weights.COCO_V1',
            gmacs: '0.719',
            regions: 'no proposal',
            box: 22.8,
          },
        ],
      },
    ),
    variant(
      'maskrcnn_resnet50_fpn',
      'Mask R-CNN on ResNet-50 with FPN',
      { ...ON_RESNET, detail: 'mask' },
      {
        parameters: 44_401_393,
        weights: [
          {
            name: 'MaskRCNN_ResNet50_FPN_Weights.COCO_V1',
            gmacs: '134.38',
            regions: 'no detection',
            box: 37.9,
            mask: 34.6,
          },
        ],
      },
    ),
    variant(
      'maskrcnn_resnet50_fpn_v2',
      'Mask R-CNN v2 on ResNet-50 with FPN',
      { ...ON_RESNET, version: 2, detail: 'mask' },
      {
        parameters: 46_359_409,
        weights: [{ name: 'MaskRCNN_ResNet50_FPN_V2_Weights.COCO_V1', gmacs: '333.577', box: 47.4, mask: 41.8 }],
      },
    ),
    variant(
      'keypointrcnn_resnet50_fpn',
      'Keypoint R-CNN on ResNet-50 with FPN',
      { ...ON_RESNET, detail: 'keypoints', classes: 2 },
      {
        parameters: 59_137_258,
        weights: [
          {
            name: 'KeypointRCNN_ResNet50_FPN_Weights.COCO_V1',
            gmacs: '137.42',
            regions: 'one detection',
            box: 54.6,
            keypoints: 65,
          },
          {
            name: 'KeypointRCNN_ResNet50_FPN_Weights.COCO_LEGACY',
            gmacs: '133.924',
            regions: 'no detection',
            box: 50.6,
            keypoints: 61.1,
          },
        ],
      },
    ),
  ],
};
