/** RepVGG: Ding et al. 2021, https://arxiv.org/abs/2101.03697, as timm builds it, as trained and as deployed. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import { type Feature, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import { type BranchForm, type BranchNames, parallelBranches } from './blocks/parallel-branches.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedAccuracy } from './family.ts';
import { widthOf } from './options.ts';
import { timmAccuracy, timmCost, timmParameters } from './published.ts';

export interface RepVggConfig {
  readonly form: BranchForm;
  readonly repeats: readonly [number, number, number, number];
  /** Multiplies 64, 128, 256, 512 channels; the stem has at most 64. */
  readonly widths: readonly [number, number, number, number];
  /** Groups of every second block of a stage. */
  readonly groups: number;
  /** Every block squeezes to a sixteenth and excites. */
  readonly squeezed: boolean;
}

const NAMES: BranchNames = { pointwise: 'conv1x1', spatial: () => 'conv3x3', identitySum: 'add_identity' };

const SQUEEZE_RATIO = 16;

export const buildRepVgg = (
  name: string,
  { form, repeats, widths, groups, squeezed }: RepVggConfig,
  { resolution = 224, imageWidth, classes = 1000, width }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const multiplier = widthOf(width);
  const scaled = (stage: number) => roundChannels(64 * 2 ** stage * (widths[stage] ?? 1) * multiplier);
  const block = (at: string, from: Feature, channels: number, stride: number, groupsHere = 1): Feature =>
    parallelBranches(g, at, from, {
      form,
      names: NAMES,
      channels,
      kernel: 3,
      stride,
      groups: groupsHere,
      branches: 1,
      ...(squeezed && {
        squeeze: { squeezeChannels: Math.round(channels / SQUEEZE_RATIO), activation: 'relu', gate: 'sigmoid' },
      }),
    });
  let x = block('stem', imageInput(g, { resolution, imageWidth }, STRIDE_32), Math.min(64, scaled(0)), 2);
  repeats.forEach((count, stage) => {
    for (let index = 0; index < count; index++) {
      const stride = index === 0 ? 2 : 1;
      x = block(`stage${stage + 1}.${index}`, x, scaled(stage), stride, index % 2 === 1 ? groups : 1);
    }
  });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

/** What timm prints of one form; its tables leave RepVGG-D2se out. */
interface FormFigures {
  readonly parameters: number;
  readonly counts?: readonly [gmacs: string, mActs: string];
}

interface VariantRow {
  readonly suffix: string;
  readonly repeats: RepVggConfig['repeats'];
  /** Of the first three stages, and of the last. */
  readonly widths: readonly [inner: number, last: number];
  readonly groups?: number;
  readonly squeezed?: boolean;
  readonly resolution?: number;
  readonly train: FormFigures;
  readonly deploy: FormFigures;
  /** Of timm's conversion of the weights of the authors. */
  readonly accuracy?: readonly [top1: number, top5: number];
  /** As the authors report it, where the table of timm was not seen. */
  readonly authors?: readonly Pick<PublishedAccuracy, 'top1' | 'resolution'>[];
}

const A = [2, 4, 14, 1] as const;
const B = [4, 6, 16, 1] as const;
const D = [8, 14, 24, 1] as const;

const ROWS: readonly VariantRow[] = [
  {
    suffix: 'a0',
    repeats: A,
    widths: [0.75, 2.5],
    train: { parameters: 9_108_968, counts: ['1.52', '3.59'] },
    deploy: { parameters: 8_309_384, counts: ['1.36', '1.79'] },
    accuracy: [72.424, 90.514],
  },
  {
    suffix: 'a1',
    repeats: A,
    widths: [1, 2.5],
    train: { parameters: 14_092_264, counts: ['2.64', '4.74'] },
    deploy: { parameters: 12_789_864, counts: ['2.36', '2.37'] },
    accuracy: [74.468, 91.84],
  },
  {
    suffix: 'a2',
    repeats: A,
    widths: [1.5, 2.75],
    train: { parameters: 28_210_600, counts: ['5.7', '6.26'] },
    deploy: { parameters: 25_499_944, counts: ['5.12', '3.13'] },
    accuracy: [76.492, 93.016],
  },
  {
    suffix: 'b0',
    repeats: B,
    widths: [1, 2.5],
    train: { parameters: 15_817_960, counts: ['3.41', '6.15'] },
    deploy: { parameters: 14_339_048, counts: ['3.06', '3.07'] },
    accuracy: [75.162, 92.42],
  },
  {
    suffix: 'b1',
    repeats: B,
    widths: [2, 4],
    train: { parameters: 57_415_016, counts: ['13.16', '10.64'] },
    deploy: { parameters: 51_829_480, counts: ['11.82', '5.32'] },
    accuracy: [78.372, 94.108],
  },
  {
    suffix: 'b1g4',
    repeats: B,
    widths: [2, 4],
    groups: 4,
    train: { parameters: 39_966_056, counts: ['8.15', '10.64'] },
    deploy: { parameters: 36_125_416, counts: ['7.31', '5.32'] },
    accuracy: [77.602, 93.844],
  },
  {
    suffix: 'b2',
    repeats: B,
    widths: [2.5, 5],
    train: { parameters: 89_022_376, counts: ['20.45', '12.9'] },
    deploy: { parameters: 80_315_112, counts: ['18.38', '6.45'] },
    accuracy: [78.794, 94.414],
  },
  {
    suffix: 'b2g4',
    repeats: B,
    widths: [2.5, 5],
    groups: 4,
    train: { parameters: 61_758_376, counts: ['12.63', '12.9'] },
    deploy: { parameters: 55_777_512, counts: ['11.33', '6.45'] },
    accuracy: [79.396, 94.68],
  },
  {
    suffix: 'b3',
    repeats: B,
    widths: [3, 5],
    train: { parameters: 123_085_288, counts: ['29.16', '15.1'] },
    deploy: { parameters: 110_960_872, counts: ['26.21', '7.55'] },
    accuracy: [80.518, 95.254],
  },
  {
    suffix: 'b3g4',
    repeats: B,
    widths: [3, 5],
    groups: 4,
    train: { parameters: 83_825_128, counts: ['17.89', '15.1'] },
    deploy: { parameters: 75_626_728, counts: ['16.06', '7.55'] },
    accuracy: [80.248, 95.102],
  },
  {
    suffix: 'd2se',
    repeats: D,
    widths: [2.5, 5],
    squeezed: true,
    resolution: 320,
    train: { parameters: 133_334_836 },
    deploy: { parameters: 120_387_572 },
    authors: [
      { resolution: 320, top1: 83.55 },
      { resolution: 224, top1: 81.82 },
    ],
  },
];

const variant = (row: VariantRow, form: BranchForm): ModelVariant => {
  const { suffix, repeats, widths, groups = 1, squeezed = false, resolution = 224, accuracy, authors = [] } = row;
  const [inner, last] = widths;
  const model = `repvgg_${suffix}`;
  const name = form === 'train' ? model : `${model}_deploy`;
  const config: RepVggConfig = { form, repeats, widths: [inner, inner, inner, last], groups, squeezed };
  const { parameters, counts } = row[form];
  const [reported, ...otherReported] = authors.map((figures) => ({
    ...figures,
    weights: 'RepVGG-D2se-200epochs',
    source: 'README of DingXiaoH/RepVGG',
  }));
  const title = `RepVGG-${suffix.charAt(0).toUpperCase()}${suffix.slice(1)}`;
  return {
    name,
    ...(form === 'deploy' && { formOf: model }),
    title: form === 'train' ? title : `${title} deployed`,
    nativeResolution: resolution,
    knobs: ['classes', 'width'],
    published: [
      counts === undefined ? timmParameters(resolution, parameters) : timmCost(resolution, parameters, ...counts),
    ],
    ...(accuracy && { accuracy: timmAccuracy(`${model}.rvgg_in1k`, ...accuracy, resolution) }),
    ...(reported && { accuracy: reported, otherAccuracies: otherReported }),
    build: (options) => buildRepVgg(name, config, { resolution, ...options }),
  };
};

export const family: ModelFamily = {
  id: 'repvgg',
  title: 'RepVGG',
  paper: 'https://arxiv.org/abs/2101.03697',
  notes: [
    'Without a suffix: the training form with its parallel branches. With `_deploy`: the branches of a block folded into one 3×3 convolution with bias.',
    'Folding leaves every output as it was, so that an accuracy holds for both forms of a model.',
  ],
  variants: ROWS.flatMap((row) => [variant(row, 'train'), variant(row, 'deploy')]),
};
