/** Kernels under eager execution, held to what PyTorch itself dispatches: reference/dispatched-kernels.json. */
import { describe, expect, it } from 'vitest';
import dispatched from '../../reference/dispatched-kernels.json' with { type: 'json' };
import type { FusionRulesId } from '../../src/analysis/fusion.ts';
import type { Kernel } from '../../src/analysis/kernel.ts';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import { findModel } from '../../src/zoo/api.ts';

interface Counts {
  readonly operators: number;
  readonly copies: number;
  readonly conversions: number;
}

/** What ours are more, and why. */
interface Difference extends Partial<Counts> {
  readonly why: string;
  /** Where it is not the same under all rules. */
  readonly only?: (mode: Mode) => boolean;
}

const RULES = {
  'fp32/nchw': 'none',
  'fp32/nhwc': 'none-nhwc',
  'fp16/nchw': 'autocast',
  'fp16/nhwc': 'autocast-nhwc',
} as const satisfies Record<string, FusionRulesId>;
type Mode = keyof typeof RULES;

const isMixed = (mode: Mode) => mode.startsWith('fp16');
const isLast = (mode: Mode) => mode.endsWith('nhwc');
const isFirst = (mode: Mode) => !isLast(mode);

/** Additions of a convolution's bias are operators: there they are one call, and cuDNN makes two kernels of it. */
const launchedBy = (kernels: readonly Kernel[]): Counts => {
  const counts = { operators: 0, copies: 0, conversions: 0 };
  for (const { name, launches } of kernels) {
    if (/\.convert\d+$/.test(name)) counts.conversions += launches;
    else if (/\.copy\d*$/.test(name)) counts.copies += launches;
    else counts.operators += launches;
  }
  return counts;
};

const POOL_OF_ONE: Difference = { operators: -1, why: 'adaptive pooling to the size that is there computes nothing' };
const CLASS_TOKEN: Difference = {
  operators: 2,
  why: 'the token joins by padding and an addition, and is taken off by a kernel; there by a concatenation and a view',
};
const SUM_FROM_ZERO: Difference = { operators: -17, why: 'the sum over branches starts with the addition of 0' };
/** Of Swin: shifted blocks, all blocks, mergings of patches. */
const windows = (shifted: number, blocks: number): readonly Difference[] => [
  { operators: 2 * shifted, why: 'a shift along both axes is two kernels, as is the shift back' },
  { operators: -(blocks + MERGES), why: 'padding by nothing is called; here it is no kernel' },
  { operators: MERGES, copies: -MERGES, why: 'four patches are joined by a kernel; there by a copy' },
  {
    operators: -blocks,
    copies: -blocks,
    why: 'biases of relative positions are looked up in every run; here on loading',
  },
];
const MERGES = 3;
/** Of Swin V2, whose biases come of a small network. */
const computedBiases = (blocks: number): readonly Difference[] => [
  {
    operators: -8 * blocks,
    why: 'that network and the scales of the scores are computed in every run; here on loading',
  },
  {
    operators: -blocks,
    only: isLast,
    why: 'the table of positions has four axes, lies channels last, and its bias is added apart',
  },
  { conversions: -4 * blocks, only: isMixed, why: 'of that network' },
];

const DIFFERENCES: Readonly<Record<string, readonly Difference[]>> = {
  alexnet: [POOL_OF_ONE],
  vgg16: [POOL_OF_ONE],
  vgg16_bn: [POOL_OF_ONE],
  densenet121: [{ operators: -4, why: 'a concatenation of one tensor is called at the start of each block' }],
  shufflenet_v2_x1_0: [
    {
      copies: -13,
      only: isFirst,
      why: 'half of the channels is copied for the convolution, of two images; of one it lies dense, and ours are the kernels at every batch',
    },
  ],
  tf_efficientnetv2_s: [
    { operators: -2, why: 'padding is a kernel even where it is the same on both sides and convolutions could do it' },
  ],
  convnextv2_tiny: [{ operators: 18, why: 'addcmul is a multiplication and an addition here' }],
  mobileone_s1: [{ ...SUM_FROM_ZERO, operators: -30 }],
  fastvit_t8: [SUM_FROM_ZERO],
  fastvit_sa12: [SUM_FROM_ZERO, { operators: 2, why: 'queries are scaled before attention; there in its call' }],
  vit_small_patch16_224: [CLASS_TOKEN],
  vit_b_16: [CLASS_TOKEN],
  vit_base_patch32_384: [CLASS_TOKEN],
  deit_small_distilled_patch16_224: [CLASS_TOKEN, { ...CLASS_TOKEN, why: 'the second token likewise' }],
  deit3_base_patch16_224: [CLASS_TOKEN],
  mobilenetv3_large_075: [
    { operators: -1, why: 'the convolution of the head, at one position, is a product that takes its bias' },
  ],
  swin_t: windows(5, 12),
  swin_large_patch4_window7_224: windows(11, 24),
  swin_v2_t: [...windows(5, 12), ...computedBiases(12)],
  swinv2_tiny_window16_256: [...windows(2, 12), ...computedBiases(12)],
  maxvit_tiny_rw_224: [
    { copies: -22, why: 'biases of relative positions are brought into order in every run; here on loading' },
    { conversions: -22, only: isMixed, why: 'those biases are in 32 bits' },
  ],
  maxvit_t: [
    { operators: -22, copies: -22, why: 'biases of relative positions are looked up in every run; here on loading' },
    {
      copies: -25,
      only: isFirst,
      why: 'windows and grids are brought into order in more steps, of which not all were traced',
    },
    { copies: -18, only: isLast, why: 'likewise' },
  ],
};

const { rows } = dispatched;

describe.each(rows.map((row) => [row.model, row] as const))(
  '%s under eager execution',
  (name, { code, resolution, counts }) => {
    const variant = findModel(name)?.variant;
    if (variant === undefined) throw new Error(`the zoo has no ${name}`);
    const graph = analyzeGraph(variant.build({ resolution }));

    it.each(Object.keys(RULES) as readonly Mode[])(`launches what ${code} dispatches, %s`, (mode) => {
      const differences = (DIFFERENCES[name] ?? []).filter(({ only }) => only?.(mode) ?? true);
      const expected = { ...counts[mode] };
      for (const field of ['operators', 'copies', 'conversions'] as const)
        for (const difference of differences) expected[field] += difference[field] ?? 0;
      expect(launchedBy(compileWorkload(graph, RULES[mode]).kernels)).toEqual(expected);
    });
  },
);

describe('the table of dispatched kernels', () => {
  it('says where it comes from', () => {
    expect(dispatched.source).toMatch(/PyTorch [\d.]+, torchvision [\d.]+, timm [\d.]+/);
  });

  it('agrees without any difference for more than half of the networks', () => {
    const exact = rows.filter(({ model }) => DIFFERENCES[model] === undefined);
    expect(exact.length / rows.length).toBeGreaterThan(0.5);
    for (const model of Object.keys(DIFFERENCES)) expect(rows.map((row) => row.model)).toContain(model);
  });
});
