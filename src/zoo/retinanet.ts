/**
 * Dense detectors on a feature pyramid of ResNet-50, as torchvision builds them: RetinaNet (Lin et al. 2017,
 * https://arxiv.org/abs/1708.02002), its second version (https://arxiv.org/abs/1912.02424) and FCOS (Tian et al. 2019,
 * https://arxiv.org/abs/1904.01355).
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { activate, type Feature, imageInput } from './blocks/conv.ts';
import { joinRows, rowPerAnchor, type SharedConvOptions, sharedConv, sharedTower } from './blocks/dense-head.ts';
import {
  featurePyramid,
  type Level,
  PADDED_TO_32,
  PYRAMID_CHANNELS,
  withStridedLevels,
} from './blocks/feature-pyramid.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { torchvisionBoxes, torchvisionCost } from './published.ts';
import { RESNET50, resnetNormalizedChannels, resnetStages } from './resnet.ts';

export interface RetinaNetConfig {
  /** Of a cell. */
  readonly anchors: number;
  /** The two coarsest levels are made from the level before them or from the last map of the backbone. */
  readonly stridedFrom: 'pyramid' | 'backbone';
  /** Of the four convolutions before each prediction. */
  readonly tower: Pick<SharedConvOptions, 'bias' | 'normGroups'>;
  /** FCOS: distances to the sides of a box are above zero, and how central the cell is in it is predicted as well. */
  readonly centerness?: boolean;
}

/** With the background and the categories that COCO has left unused. */
const CLASSES = 91;

const BOX_SIDES = 4;
const TOWER_DEPTH = 4;
const NORM_GROUPS = 32;
const RESOLUTION = 800;

const pyramidOf = (g: GraphBuilder, image: Feature, stridedFrom: RetinaNetConfig['stridedFrom']): readonly Level[] =>
  g.scope('backbone', () => {
    const stages = resnetStages(g, image, RESNET50);
    const maps = stages.slice(1).map((map, index) => ({ ...map, name: `p${index + 3}`, stride: 8 * 2 ** index }));
    const levels = featurePyramid(g, maps);
    const from = (stridedFrom === 'pyramid' ? levels : maps).at(-1);
    return from === undefined ? levels : withStridedLevels(g, levels, from);
  });

export const buildRetinaNet = (
  name: string,
  { anchors, stridedFrom, tower, centerness = false }: RetinaNetConfig,
  { resolution = RESOLUTION, imageWidth, classes = CLASSES }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const levels = pyramidOf(g, imageInput(g, { resolution, imageWidth }, PADDED_TO_32), stridedFrom);
  const branch = () => sharedTower(g, 'conv', PYRAMID_CHANNELS, TOWER_DEPTH, tower);
  const classification = g.scope('classification', () => {
    const convolutions = branch();
    const predict = sharedConv(g, 'logits', PYRAMID_CHANNELS, anchors * classes);
    const rows = levels.map((x) =>
      rowPerAnchor(g, `${x.name}.rows`, predict(convolutions(x, x.name), x.name), classes),
    );
    return joinRows(g, 'concat', rows);
  });
  const regression = g.scope('regression', (): readonly TensorName[] => {
    const convolutions = branch();
    const maps = levels.map((x) => ({ name: x.name, ...convolutions(x, x.name) }));
    const predictBox = sharedConv(g, 'box', PYRAMID_CHANNELS, anchors * BOX_SIDES);
    const boxes = maps.map((x) => {
      const box = predictBox(x, x.name);
      const positive = centerness ? activate(g, `box.${x.name}.act`, box, 'relu') : box;
      return rowPerAnchor(g, `${x.name}.rows`, positive, BOX_SIDES);
    });
    if (!centerness) return [joinRows(g, 'concat', boxes)];
    const predictCenterness = sharedConv(g, 'centerness', PYRAMID_CHANNELS, anchors);
    const centers = maps.map((x) => rowPerAnchor(g, `${x.name}.centerness.rows`, predictCenterness(x, x.name), 1));
    return [joinRows(g, 'concat', boxes), joinRows(g, 'centerness.concat', centers)];
  });
  return g.finish([classification, ...regression]);
};

interface Figures {
  readonly parameters: number;
  readonly gmacs: string;
  readonly weights: string;
  readonly map: number;
  /** BatchNorm of the backbone kept as it was trained on ImageNet. */
  readonly frozen: boolean;
}

const variant = (name: string, title: string, config: RetinaNetConfig, figures: Figures): ModelVariant => {
  const cost = torchvisionCost(RESOLUTION, figures.parameters, figures.gmacs);
  const buffers = {
    parameters: -2 * resnetNormalizedChannels(RESNET50),
    reason: 'the scales and shifts of its frozen BatchNorm are buffers there',
  };
  return {
    name,
    title,
    nativeResolution: RESOLUTION,
    published: [figures.frozen ? { ...cost, elsewhere: buffers } : cost],
    quality: [torchvisionBoxes(figures.weights, figures.map)],
    build: (options) => buildRetinaNet(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'retinanet',
  title: 'RetinaNet and FCOS',
  paper: 'https://arxiv.org/abs/1708.02002',
  notes: [
    'Ends in the class logits (background included), the box regressions and, for FCOS, the centerness of every anchor: decoding of the boxes and non-maximum suppression depend on the data and are left out.',
    'torchvision resizes the shorter side of an image to 800 pixels, the longer to at most 1333, and pads both to multiples of 32; the published costs are those of a square.',
    'The scale and shift of a frozen BatchNorm are counted as parameters, as those of any other.',
  ],
  variants: [
    variant(
      'retinanet_resnet50_fpn',
      'RetinaNet on ResNet-50 with FPN',
      { anchors: 9, stridedFrom: 'pyramid', tower: {} },
      { parameters: 34_014_999, gmacs: '151.54', weights: 'RetinaNet_ResNet50_FPN', map: 36.4, frozen: true },
    ),
    variant(
      'retinanet_resnet50_fpn_v2',
      'RetinaNet v2 on ResNet-50 with FPN',
      { anchors: 9, stridedFrom: 'backbone', tower: { normGroups: NORM_GROUPS, bias: false } },
      { parameters: 38_198_935, gmacs: '152.238', weights: 'RetinaNet_ResNet50_FPN_V2', map: 41.5, frozen: false },
    ),
    variant(
      'fcos_resnet50_fpn',
      'FCOS on ResNet-50 with FPN',
      { anchors: 1, stridedFrom: 'pyramid', tower: { normGroups: NORM_GROUPS }, centerness: true },
      { parameters: 32_269_600, gmacs: '128.207', weights: 'FCOS_ResNet50_FPN', map: 39.2, frozen: true },
    ),
  ],
};
