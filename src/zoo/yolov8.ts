/** YOLOv8 (Ultralytics 2023), detection: as its public configuration describes it, https://docs.ultralytics.com/models/yolov8/. */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { add, concat, type Feature, imageInput, maxPool } from './blocks/conv.ts';
import { convSilu, detectionHead, type Pyramid } from './blocks/detection-head.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost } from './family.ts';
import { type ExtentRule, widthOf } from './options.ts';

export interface YoloV8Config {
  /** Multiplies the repeats of every stage of bottlenecks. */
  readonly depth: number;
  /** Multiplies all channels. */
  readonly width: number;
  /** Limit of channels before they are multiplied. */
  readonly maxChannels: number;
}

/** A map that was halved and is doubled again has to fit the one that it is joined with: five even halvings. */
const RULE: ExtentRule = {
  minimum: 32,
  multipleOf: 32,
  because: 'doubled maps are joined with those of the stride before',
};

const COCO_CLASSES = 80;

/** Two parts of the same number of channels. */
const halves = (g: GraphBuilder, name: string, x: Feature): readonly [Feature, Feature] => {
  const [first, second] = g.nodeWithOutputs('Split', name, [x.tensor], {
    attributes: { axis: 1, num_outputs: 2 },
    outputs: 2,
  }) as readonly [TensorName, TensorName];
  const channels = x.channels / 2;
  return [
    { tensor: first, channels },
    { tensor: second, channels },
  ];
};

/** Two 3x3 convolutions. */
const bottleneck = (g: GraphBuilder, name: string, x: Feature, shortcut: boolean): Feature =>
  g.scope(name, () => {
    const filtered = convSilu(g, 'cv2', convSilu(g, 'cv1', x, x.channels, 3), x.channels, 3);
    return shortcut ? add(g, 'add', x, filtered) : filtered;
  });

interface Stage {
  readonly channels: number;
  readonly repeats: number;
  readonly shortcut: boolean;
}

/** C2f: half of the channels through a chain of bottlenecks; all that was on the way is joined and projected. */
const c2f = (g: GraphBuilder, name: string, x: Feature, { channels, repeats, shortcut }: Stage): Feature =>
  g.scope(name, () => {
    const parts: Feature[] = [...halves(g, 'split', convSilu(g, 'cv1', x, channels))];
    for (let index = 0; index < repeats; index++) {
      parts.push(bottleneck(g, `m.${index}`, parts.at(-1) as Feature, shortcut));
    }
    return convSilu(g, 'cv2', concat(g, 'concat', parts), channels);
  });

/** Spatial pyramid pooling, fast: three 5x5 maxima in a row see 5, 9 and 13 cells. */
const sppf = (g: GraphBuilder, x: Feature): Feature =>
  g.scope('sppf', () => {
    const parts: Feature[] = [convSilu(g, 'cv1', x, x.channels / 2)];
    for (let index = 1; index <= 3; index++) {
      parts.push(maxPool(g, `pool${index}`, parts.at(-1) as Feature, { kernel: 5, stride: 1, padding: 2 }));
    }
    return convSilu(g, 'cv2', concat(g, 'concat', parts), x.channels);
  });

/** Every cell becomes two by two. */
const upsample = (g: GraphBuilder, name: string, x: Feature): Feature => ({
  tensor: g.node('Resize', name, [x.tensor, '', g.constant(`${name}.scales`, [1, 1, 2, 2])], {
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  }),
  channels: x.channels,
});

const buildBackbone = (
  g: GraphBuilder,
  image: Feature,
  channelsOf: (channels: number) => number,
  repeatsOf: (repeats: number) => number,
): Pyramid =>
  g.scope('backbone', () => {
    const stage = (name: string, x: Feature, channels: number, repeats: number): Feature =>
      g.scope(name, () => {
        const halved = convSilu(g, 'down', x, channelsOf(channels), 3, 2);
        return c2f(g, 'c2f', halved, { channels: halved.channels, repeats: repeatsOf(repeats), shortcut: true });
      });
    const quarter = stage('p2', convSilu(g, 'p1', image, channelsOf(64), 3, 2), 128, 3);
    const fine = stage('p3', quarter, 256, 6);
    const middle = stage('p4', fine, 512, 6);
    return [fine, middle, sppf(g, stage('p5', middle, 1024, 3))];
  });

/** Coarse to fine and back (a path aggregation network); each map is joined with the one of its size. */
const buildNeck = (
  g: GraphBuilder,
  [fine, middle, coarse]: Pyramid,
  channelsOf: (channels: number) => number,
  repeatsOf: (repeats: number) => number,
): Pyramid =>
  g.scope('neck', () => {
    const joined = (name: string, channels: number, parts: readonly Feature[]): Feature =>
      c2f(g, name, concat(g, `${name}.join`, parts), {
        channels: channelsOf(channels),
        repeats: repeatsOf(3),
        shortcut: false,
      });
    const down = (name: string, x: Feature) => convSilu(g, name, x, x.channels, 3, 2);
    const upper = joined('up4', 512, [upsample(g, 'up4.resize', coarse), middle]);
    const p3 = joined('up3', 256, [upsample(g, 'up3.resize', upper), fine]);
    const p4 = joined('down4', 512, [down('down4.conv', p3), upper]);
    return [p3, p4, joined('down5', 1024, [down('down5.conv', p4), coarse])];
  });

export const buildYoloV8 = (
  name: string,
  config: YoloV8Config,
  { resolution = 640, imageWidth = resolution, classes = COCO_CLASSES, width }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const multiplier = config.width * widthOf(width);
  const channelsOf = (channels: number) => Math.ceil((Math.min(channels, config.maxChannels) * multiplier) / 8) * 8;
  const repeatsOf = (repeats: number) => Math.max(1, Math.round(repeats * config.depth));
  const pyramid = buildBackbone(g, imageInput(g, { resolution, imageWidth }, RULE), channelsOf, repeatsOf);
  const maps = buildNeck(g, pyramid, channelsOf, repeatsOf);
  return g.finish([detectionHead(g, maps, { resolution, imageWidth, classes })]);
};

const DOCUMENTATION = 'ultralytics/ultralytics: docs/en/models/yolov8.md, detection on COCO';
const CONFIGURATION = 'ultralytics/ultralytics: ultralytics/cfg/models/v8/yolov8.yaml';

const AS_CONFIGURED =
  'thop, which the source counts with, takes a BatchNorm for four multiply-accumulates to an element and the ' +
  'doubling of a map for one to an output; ours are those of the convolutions';

const AS_DOCUMENTED =
  'thop, which the source counts with, takes the doubling of a map for one multiply-accumulate to an output ' +
  '(4,096,000 here): 165.157 in place of 165.149';

interface Figures {
  /** Of the documentation, with BatchNorm folded. */
  readonly millions: string;
  readonly gflops: string;
  /** Of the comments of the configuration, with BatchNorm. */
  readonly parameters: number;
  readonly gflopsUnfused: string;
  /** Box mAP 50-95 on COCO val2017. */
  readonly map: number;
  /** What the documentation has otherwise than we. */
  readonly differs?: NonNullable<PublishedCost['differs']>;
}

const variant = (size: string, config: YoloV8Config, figures: Figures): ModelVariant => {
  const { millions, gflops, parameters, gflopsUnfused, map, differs } = figures;
  const name = `yolov8${size}`;
  const row = { resolution: 640, convention: 'papers' } as const;
  const otherwise = { figures: ['gflops'], reason: AS_CONFIGURED } as const;
  return {
    name,
    title: `YOLOv8${size}`,
    nativeResolution: 640,
    knobs: ['classes', 'width'],
    scaling: { width: config.width, depth: config.depth },
    published: [
      {
        ...row,
        parametersMillions: millions,
        gflops,
        source: DOCUMENTATION,
        ...(differs !== undefined && { differs }),
      },
      { ...row, parameters, gflops: gflopsUnfused, source: CONFIGURATION, differs: otherwise },
    ],
    quality: [
      {
        metric: 'box mAP 50-95',
        value: map,
        unit: '%',
        dataset: 'COCO val2017',
        weights: `${name}.pt`,
        source: DOCUMENTATION,
      },
    ],
    build: (options) => buildYoloV8(name, config, options),
  };
};

const CONFIGS: Readonly<Record<'n' | 's' | 'm' | 'l' | 'x', YoloV8Config>> = {
  n: { depth: 0.33, width: 0.25, maxChannels: 1024 },
  s: { depth: 0.33, width: 0.5, maxChannels: 1024 },
  m: { depth: 0.67, width: 0.75, maxChannels: 768 },
  l: { depth: 1, width: 1, maxChannels: 512 },
  x: { depth: 1, width: 1.25, maxChannels: 512 },
};

const FIGURES: Readonly<Record<keyof typeof CONFIGS, Figures>> = {
  n: { millions: '3.2', gflops: '8.7', parameters: 3157200, gflopsUnfused: '8.9', map: 37.3 },
  s: { millions: '11.2', gflops: '28.6', parameters: 11166560, gflopsUnfused: '28.8', map: 44.9 },
  m: { millions: '25.9', gflops: '78.9', parameters: 25902640, gflopsUnfused: '79.3', map: 50.2 },
  l: {
    millions: '43.7',
    gflops: '165.2',
    parameters: 43691520,
    gflopsUnfused: '165.7',
    map: 52.9,
    differs: { figures: ['gflops'], reason: AS_DOCUMENTED },
  },
  x: { millions: '68.2', gflops: '257.8', parameters: 68229648, gflopsUnfused: '258.5', map: 53.9 },
};

export const family: ModelFamily = {
  id: 'yolov8',
  title: 'YOLOv8',
  paper: 'https://docs.ultralytics.com/models/yolov8/',
  notes: [
    'Ends in the boxes and class scores of every cell, as exported models do: choosing among them (non-maximum suppression) depends on the data and is left out.',
    'The centres of the cells and their strides are constants of the exported model and no parameters; the weights 0 to 15 of the expected distance are not learned, but the source counts them and so do we.',
    'BatchNorm is written out; folded into the convolutions it leaves one parameter of two to a channel.',
  ],
  variants: (['n', 's', 'm', 'l', 'x'] as const).map((size) => variant(size, CONFIGS[size], FIGURES[size])),
};
