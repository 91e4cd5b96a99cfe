/** ShuffleNetV2: Ma et al. 2018, https://arxiv.org/abs/1807.11164, as torchvision builds it. */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import {
  concat,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
  maxPool,
  STRIDE_32,
} from './blocks/conv.ts';
import { reshape, transpose } from './blocks/tokens.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { torchvisionAccuracy, torchvisionCost } from './published.ts';

export interface ShuffleNetConfig {
  /** Output channels of the three stages, all even: half of them passes a block unchanged. */
  readonly stages: readonly [number, number, number];
  readonly head: number;
}

const STEM = 24;
const REPEATS = [4, 8, 4] as const;
const BRANCHES = 2;

/** Height and width of a feature map: the shuffle has to state them. */
interface Size {
  readonly height: number;
  readonly width: number;
}

const halved = ({ height, width }: Size): Size => ({ height: Math.ceil(height / 2), width: Math.ceil(width / 2) });

/** Channels of the two branches in turn, so that the next block mixes them. */
const shuffle = (g: GraphBuilder, x: Feature, { height, width }: Size): Feature =>
  g.scope('shuffle', () => {
    const grouped = reshape(g, 'group', x.tensor, [-1, BRANCHES, x.channels / BRANCHES, height, width]);
    const exchanged = transpose(g, 'exchange', grouped, [0, 2, 1, 3, 4]);
    return { tensor: reshape(g, 'ungroup', exchanged, [-1, x.channels, height, width]), channels: x.channels };
  });

/** 1x1, depthwise 3x3 without activation, 1x1. */
const filteredBranch = (g: GraphBuilder, x: Feature, channels: number, stride: number): Feature => {
  const mixed = convNorm(g, 'branch2.mix1', x, channels, { activation: 'relu' });
  const filtered = convNorm(g, 'branch2.filter', mixed, channels, { kernel: 3, stride, groups: channels });
  return convNorm(g, 'branch2.mix2', filtered, channels, { activation: 'relu' });
};

/** Half of the channels as they are, half through the branch. */
const plainBlock = (g: GraphBuilder, x: Feature, size: Size): Feature => {
  const channels = x.channels / BRANCHES;
  const [kept, changed] = g.nodeWithOutputs('Split', 'split', [x.tensor], {
    attributes: { axis: 1, num_outputs: BRANCHES },
    outputs: BRANCHES,
  }) as readonly [TensorName, TensorName];
  const branch = filteredBranch(g, { tensor: changed, channels }, channels, 1);
  return shuffle(g, concat(g, 'concat', [{ tensor: kept, channels }, branch]), size);
};

/** Half the height and width: both branches see all channels. */
const halvingBlock = (g: GraphBuilder, x: Feature, channels: number, size: Size): Feature => {
  const each = channels / BRANCHES;
  const filtered = convNorm(g, 'branch1.filter', x, x.channels, { kernel: 3, stride: 2, groups: x.channels });
  const first = convNorm(g, 'branch1.mix', filtered, each, { activation: 'relu' });
  return shuffle(g, concat(g, 'concat', [first, filteredBranch(g, x, each, 2)]), size);
};

export const buildShuffleNetV2 = (
  name: string,
  { stages, head }: ShuffleNetConfig,
  { resolution = 224, imageWidth = resolution, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const image = imageInput(g, { resolution, imageWidth }, STRIDE_32);
  const stem = convNorm(g, 'stem', image, STEM, { kernel: 3, stride: 2, activation: 'relu' });
  let x = maxPool(g, 'maxpool', stem, { kernel: 3, stride: 2, padding: 1 });
  let size = halved(halved({ height: resolution, width: imageWidth }));
  stages.forEach((channels, stage) => {
    size = halved(size);
    for (let block = 0; block < (REPEATS[stage] ?? 0); block++) {
      x = g.scope(`stage${stage + 2}.${block}`, () =>
        block === 0 ? halvingBlock(g, x, channels, size) : plainBlock(g, x, size),
      );
    }
  });
  const pooled = globalAveragePool(g, 'pool', convNorm(g, 'head', x, head, { activation: 'relu' }));
  return g.finish([linear(g, 'fc', flatten(g, 'flatten', pooled), classes).tensor]);
};

const variant = (
  width: '0_5' | '1_0' | '1_5' | '2_0',
  config: ShuffleNetConfig,
  parameters: number,
  gmacs: string,
  [top1, top5]: readonly [number, number],
): ModelVariant => {
  const name = `shufflenet_v2_x${width}`;
  return {
    name,
    title: `ShuffleNetV2 ${width.replace('_', '.')}×`,
    nativeResolution: 224,
    published: [torchvisionCost(224, parameters, gmacs)],
    accuracy: torchvisionAccuracy(`ShuffleNet_V2_X${width}_Weights.IMAGENET1K_V1`, top1, top5),
    build: (options) => buildShuffleNetV2(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'shufflenet_v2',
  title: 'ShuffleNetV2',
  paper: 'https://arxiv.org/abs/1807.11164',
  notes: ['Widths are tables of channels and no multiples of each other, so that there is no width multiplier.'],
  variants: [
    variant('0_5', { stages: [48, 96, 192], head: 1024 }, 1_366_792, '0.04', [60.552, 81.746]),
    variant('1_0', { stages: [116, 232, 464], head: 1024 }, 2_278_604, '0.145', [69.362, 88.316]),
    variant('1_5', { stages: [176, 352, 704], head: 1024 }, 3_503_624, '0.296', [72.996, 91.086]),
    variant('2_0', { stages: [244, 488, 976], head: 2048 }, 7_393_996, '0.583', [76.23, 93.006]),
  ],
};
