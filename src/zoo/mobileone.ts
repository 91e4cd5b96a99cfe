/** MobileOne: Vasu et al. 2022, https://arxiv.org/abs/2206.04040, as timm builds it, as trained and as deployed. */
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { roundChannels } from './blocks/channels.ts';
import { type Feature, flatten, globalAveragePool, imageInput, linear, STRIDE_32 } from './blocks/conv.ts';
import {
  type BranchForm,
  type BranchNames,
  type ParallelBranchesOptions,
  parallelBranches,
} from './blocks/parallel-branches.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { widthOf } from './options.ts';
import { timmAccuracy, timmCost } from './published.ts';

export interface MobileOneConfig {
  readonly form: BranchForm;
  /** Multiplies 64, 128, 256, 512 channels; the stem has at most 64. */
  readonly widths: readonly [number, number, number, number];
  /** Parallel convolutions of the same kernel in every block (not in the stem), while training. */
  readonly branches: number;
  /** How many of the last blocks of a stage squeeze and excite. */
  readonly squeezed: readonly [number, number, number, number];
}

const NAMES: BranchNames = { pointwise: 'scale', spatial: (branch) => `conv.${branch}`, identitySum: 'add' };

const REPEATS = [2, 8, 10, 1] as const;

/** A sixteenth, to the nearest multiple of 8. */
const squeezeTo = (channels: number): number => Math.max(8, Math.floor(channels / 16 / 8 + 0.5) * 8);

export const buildMobileOne = (
  name: string,
  { form, widths, branches, squeezed }: MobileOneConfig,
  { resolution = 224, imageWidth, classes = 1000, width }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const multiplier = widthOf(width);
  const scaled = (stage: number) => roundChannels(64 * 2 ** stage * (widths[stage] ?? 1) * multiplier);
  const block = (
    at: string,
    from: Feature,
    { gated = false, ...options }: Omit<ParallelBranchesOptions, 'form' | 'names' | 'squeeze'> & { gated?: boolean },
  ): Feature =>
    parallelBranches(g, at, from, {
      ...options,
      form,
      names: NAMES,
      ...(gated && {
        squeeze: { squeezeChannels: squeezeTo(options.channels), activation: 'relu', gate: 'sigmoid' },
      }),
    });
  const stem = { channels: Math.min(64, scaled(0)), kernel: 3, stride: 2, groups: 1, branches: 1 };
  let x = block('stem', imageInput(g, { resolution, imageWidth }, STRIDE_32), stem);
  REPEATS.forEach((repeats, stage) => {
    for (let index = 0; index < repeats; index++) {
      const gated = index >= repeats - (squeezed[stage] ?? 0);
      const stride = index === 0 ? 2 : 1;
      const at = `stage${stage + 1}.${index}`;
      const depthwise = { channels: x.channels, kernel: 3, stride, groups: x.channels, branches, gated };
      x = block(`${at}.depthwise`, x, depthwise);
      const pointwise = { channels: scaled(stage), kernel: 1, stride: 1, groups: 1, branches, gated };
      x = block(`${at}.pointwise`, x, pointwise);
    }
  });
  x = linear(g, 'classifier', flatten(g, 'flatten', globalAveragePool(g, 'pool', x)), classes);
  return g.finish([x.tensor]);
};

type Figures = readonly [parameters: number, gmacs: string, mActs: string];

interface VariantRow {
  readonly suffix: string;
  readonly config: Pick<MobileOneConfig, 'widths'> & Partial<MobileOneConfig>;
  readonly train: Figures;
  readonly deploy: Figures;
  readonly accuracy: readonly [top1: number, top5: number];
}

const ROWS: readonly VariantRow[] = [
  {
    suffix: 's0',
    config: { widths: [0.75, 1, 1, 2], branches: 4 },
    train: [5_293_272, '1.09', '15.48'],
    deploy: [2_078_504, '0.28', '3.79'],
    accuracy: [71.398, 89.864],
  },
  {
    suffix: 's1',
    config: { widths: [1.5, 1.5, 2, 2.5] },
    train: [4_825_192, '0.86', '9.67'],
    deploy: [4_764_840, '0.83', '6.27'],
    accuracy: [75.774, 92.788],
  },
  {
    suffix: 's2',
    config: { widths: [1.5, 2, 2.5, 4] },
    train: [7_884_648, '1.34', '11.55'],
    deploy: [7_808_168, '1.3', '7.56'],
    accuracy: [77.504, 93.664],
  },
  {
    suffix: 's3',
    config: { widths: [2, 2.5, 3, 4] },
    train: [10_170_600, '1.94', '13.85'],
    deploy: [10_078_312, '1.9', '9.13'],
    accuracy: [78.002, 93.91],
  },
  {
    suffix: 's4',
    config: { widths: [3, 3.5, 3.5, 4], squeezed: [0, 0, 5, 1] },
    train: [14_951_248, '3.04', '17.74'],
    deploy: [14_838_352, '2.98', '11.81'],
    accuracy: [79.45, 94.49],
  },
];

const variant = (row: VariantRow, form: BranchForm): ModelVariant => {
  const { suffix, config, accuracy } = row;
  const model = `mobileone_${suffix}`;
  const name = form === 'train' ? model : `${model}_deploy`;
  const complete: MobileOneConfig = { branches: 1, squeezed: [0, 0, 0, 0], ...config, form };
  const title = `MobileOne-${suffix.toUpperCase()}`;
  return {
    name,
    ...(form === 'deploy' && { formOf: model }),
    title: form === 'train' ? title : `${title} deployed`,
    nativeResolution: 224,
    knobs: ['classes', 'width'],
    published: [timmCost(224, ...row[form])],
    accuracy: timmAccuracy(`${model}.apple_in1k`, ...accuracy),
    build: (options) => buildMobileOne(name, complete, options),
  };
};

export const family: ModelFamily = {
  id: 'mobileone',
  title: 'MobileOne',
  paper: 'https://arxiv.org/abs/2206.04040',
  notes: [
    'Without a suffix: the training form with its parallel branches. With `_deploy`: the branches of a block folded into one convolution with bias.',
    'Folding leaves every output as it was, so that an accuracy holds for both forms of a model. Parameters and FLOPs of the paper are those of the deployed form.',
  ],
  variants: ROWS.flatMap((row) => [variant(row, 'train'), variant(row, 'deploy')]),
};
