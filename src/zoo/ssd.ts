/**
 * SSD: Liu et al. 2015, https://arxiv.org/abs/1512.02325, on VGG-16, and SSDLite (https://arxiv.org/abs/1801.04381) on
 * MobileNetV3-Large, as torchvision builds them.
 */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { activate, conv, convNorm, type Feature, imageInput, maxPool, STRIDE_32 } from './blocks/conv.ts';
import { joinRows, rowPerAnchor } from './blocks/dense-head.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { mobileNetV3Stages } from './mobilenet-v3.ts';
import type { ExtentRule } from './options.ts';
import { torchvisionBoxes, torchvisionCost } from './published.ts';
import { VGG_REPEATS, vggPool, vggStage } from './vgg.ts';

/** With the background. */
const CLASSES = 91;

const BOX_SIDES = 4;

/** The last two convolutions are not padded: a smaller image leaves them less than their 3x3 cells. */
const SSD_RULE: ExtentRule = { minimum: 268, because: 'its last convolutions are not padded' };

const convRelu = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  channels: number,
  options: { kernel?: number; stride?: number; padding?: number; dilation?: number } = {},
): Feature => g.scope(name, () => activate(g, 'act', conv(g, 'conv', x, channels, { ...options, bias: true }), 'relu'));

const VGG = { repeats: VGG_REPEATS[16], batchNorm: false };

/** Stage whose output is the first map, and stage before whose pooling extents are rounded up. */
const FIRST_MAP_STAGE = 3;
const ROUNDED_UP_STAGE = 2;
const LAST_STAGE = 4;

/** Channels of the 1x1 and of the 3x3 convolution of each further map; those that stride are padded. */
const VGG_EXTRAS = [
  [256, 512, true],
  [128, 256, true],
  [128, 256, false],
  [128, 256, false],
] as const;

/** Anchors of a cell, by map. */
const VGG_ANCHORS = [4, 6, 6, 6, 4, 4] as const;

/** Each position divided by the length of its vector of channels, then scaled by a learned factor per channel. */
const normalized = (g: GraphBuilder, x: Feature): Feature => {
  const unit = g.node('LpNormalization', 'norm', [x.tensor], { attributes: { axis: 1, p: 2 } });
  return { ...x, tensor: g.node('Mul', 'scale', [unit, g.weight('scale.weight', [x.channels, 1, 1])]) };
};

const vggMaps = (g: GraphBuilder, image: Feature): readonly Feature[] =>
  g.scope('backbone', () => {
    let x = image;
    for (let stage = 0; stage < FIRST_MAP_STAGE; stage++) {
      x = vggPool(g, vggStage(g, x, stage, VGG), stage, { ceilMode: stage === ROUNDED_UP_STAGE });
    }
    const first = vggStage(g, x, FIRST_MAP_STAGE, VGG);
    x = vggStage(g, vggPool(g, first, FIRST_MAP_STAGE), LAST_STAGE, VGG);
    x = maxPool(g, 'extra.0.pool', x, { kernel: 3, stride: 1, padding: 1 });
    // VGG's first two fully connected layers as convolutions, the first thinned out to 3x3 taps.
    x = convRelu(g, 'extra.0.fc6', x, 1024, { kernel: 3, padding: 6, dilation: 6 });
    x = convRelu(g, 'extra.0.fc7', x, 1024);
    const maps = [normalized(g, first), x];
    VGG_EXTRAS.forEach(([reduced, channels, strides], index) => {
      const filter = strides ? { kernel: 3, stride: 2 } : { kernel: 3, padding: 0 };
      x = convRelu(g, `extra.${index + 1}.1`, convRelu(g, `extra.${index + 1}.0`, x, reduced), channels, filter);
      maps.push(x);
    });
    return maps;
  });

const LITE_EXTRAS = [512, 256, 256, 128] as const;

const LITE_ANCHORS = 6;

/** Index of the MobileNetV3 block that halves last: its expansion is the first map. */
const LITE_FIRST_BLOCK = 12;

const relu6 = { activation: 'relu6' } as const;

const depthwise = (g: GraphBuilder, name: string, x: Feature, stride = 1): Feature =>
  convNorm(g, name, x, x.channels, { kernel: 3, stride, groups: x.channels, ...relu6 });

const liteMaps = (g: GraphBuilder, image: Feature): readonly Feature[] =>
  g.scope('backbone', () => {
    const { blocks, head } = mobileNetV3Stages(g, image, { size: 'large' }, { reducedTail: true });
    const maps = [blocks[LITE_FIRST_BLOCK]?.expanded ?? head, head];
    let x = head;
    LITE_EXTRAS.forEach((channels, index) => {
      x = g.scope(`extra.${index}`, () =>
        convNorm(g, '2', depthwise(g, '1', convNorm(g, '0', x, channels / 2, relu6), 2), channels, relu6),
      );
      maps.push(x);
    });
    return maps;
  });

export type SsdBackbone = 'vgg16' | 'mobilenet_v3_large';

interface Architecture {
  readonly maps: (g: GraphBuilder, image: Feature) => readonly Feature[];
  readonly anchors: (map: number) => number;
  readonly predict: (g: GraphBuilder, name: string, x: Feature, channels: number) => Feature;
  readonly resolution: number;
  readonly rule: ExtentRule;
}

const ARCHITECTURES: Readonly<Record<SsdBackbone, Architecture>> = {
  vgg16: {
    maps: vggMaps,
    anchors: (map) => VGG_ANCHORS[map] ?? 0,
    predict: (g, name, x, channels) => conv(g, name, x, channels, { kernel: 3, bias: true }),
    resolution: 300,
    rule: SSD_RULE,
  },
  mobilenet_v3_large: {
    maps: liteMaps,
    anchors: () => LITE_ANCHORS,
    predict: (g, name, x, channels) => conv(g, name, depthwise(g, `${name}.filter`, x), channels, { bias: true }),
    resolution: 320,
    rule: STRIDE_32,
  },
};

export const buildSsd = (name: string, backbone: SsdBackbone, options: BuildOptions = {}): Graph => {
  const { maps: mapsOf, anchors, predict, resolution: native, rule } = ARCHITECTURES[backbone];
  const { resolution = native, imageWidth, classes = CLASSES } = options;
  const g = new GraphBuilder(name);
  const maps = mapsOf(g, imageInput(g, { resolution, imageWidth }, rule));
  const tableOf = (what: string, columns: number) =>
    g.scope(what, () => {
      const rows = maps.map((x, map) =>
        rowPerAnchor(g, `${map}.rows`, predict(g, `${map}`, x, anchors(map) * columns), columns),
      );
      return joinRows(g, 'concat', rows);
    });
  return g.finish([tableOf('classification', classes), tableOf('regression', BOX_SIDES)]);
};

const variant = (
  name: string,
  title: string,
  backbone: SsdBackbone,
  figures: { readonly parameters: number; readonly gmacs: string; readonly weights: string; readonly map: number },
): ModelVariant => {
  const { resolution } = ARCHITECTURES[backbone];
  return {
    name,
    title,
    nativeResolution: resolution,
    published: [torchvisionCost(resolution, figures.parameters, figures.gmacs)],
    quality: [torchvisionBoxes(figures.weights, figures.map)],
    build: (options) => buildSsd(name, backbone, options),
  };
};

export const family: ModelFamily = {
  id: 'ssd',
  title: 'SSD and SSDLite',
  paper: 'https://arxiv.org/abs/1512.02325',
  notes: [
    'Ends in the class logits (background included) and the box regressions of every anchor: decoding of the boxes and non-maximum suppression depend on the data and are left out.',
    'torchvision resizes every image to the one resolution of the model; the network itself is fully convolutional and takes others.',
  ],
  variants: [
    variant('ssdlite320_mobilenet_v3_large', 'SSDLite320 on MobileNetV3-Large', 'mobilenet_v3_large', {
      parameters: 3_440_060,
      gmacs: '0.583',
      weights: 'SSDLite320_MobileNet_V3_Large',
      map: 21.3,
    }),
    variant('ssd300_vgg16', 'SSD300 on VGG-16', 'vgg16', {
      parameters: 35_641_826,
      gmacs: '34.858',
      weights: 'SSD300_VGG16',
      map: 25.1,
    }),
  ],
};
