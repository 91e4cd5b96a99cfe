/**
 * A convolution that is trained as parallel branches and deployed as one: RepVGG
 * (https://arxiv.org/abs/2101.03697) and MobileOne (https://arxiv.org/abs/2206.04040).
 */
import type { GraphBuilder } from '../../ir/builder.ts';
import { type Activation, activate, add, batchNorm, conv, convNorm, type Feature } from './conv.ts';
import { type SqueezeExciteOptions, squeezeExcite } from './inverted-residual.ts';

/**
 * 'train': every branch with its BatchNorm. 'deploy': kernels and normalizations summed into one convolution with
 * bias, which gives the same outputs.
 */
export type BranchForm = 'train' | 'deploy';

/** What the branches and their sums are called in the training form. */
export interface BranchNames {
  /** The 1x1 beside a larger kernel. */
  readonly pointwise: string;
  readonly spatial: (branch: number) => string;
  /** The sum that the bare BatchNorm of the input enters. */
  readonly identitySum: string;
}

export interface ParallelBranchesOptions {
  readonly form: BranchForm;
  readonly names: BranchNames;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly groups: number;
  /** Parallel convolutions of the full kernel. */
  readonly branches: number;
  /** Stays in both forms: it depends on the input. */
  readonly squeeze?: SqueezeExciteOptions;
  /** ReLU unless stated. */
  readonly activation?: Activation | 'none';
}

/**
 * Convolutions of one kernel, a 1x1 beside a larger kernel and, where the shapes agree, a bare BatchNorm of the input,
 * all added; or the one convolution that they fold into. Then, optionally, squeeze-and-excitation, then an activation.
 */
export const parallelBranches = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  { form, names, channels, kernel, stride, groups, branches, squeeze, activation = 'relu' }: ParallelBranchesOptions,
): Feature =>
  g.scope(name, () => {
    const trained = (): Feature => {
      const parallel: Feature[] = [];
      if (kernel > 1) parallel.push(convNorm(g, names.pointwise, x, channels, { stride, groups }));
      for (let branch = 0; branch < branches; branch++) {
        parallel.push(convNorm(g, names.spatial(branch), x, channels, { kernel, stride, groups }));
      }
      const identity = stride === 1 && x.channels === channels ? batchNorm(g, 'identity', x) : undefined;
      const sum = parallel.reduce((left, right) => add(g, 'add', left, right));
      return identity === undefined ? sum : add(g, names.identitySum, sum, identity);
    };
    const filtered =
      form === 'train' ? trained() : conv(g, 'conv', x, channels, { kernel, stride, groups, bias: true });
    const squeezed = squeeze === undefined ? filtered : squeezeExcite(g, filtered, squeeze);
    return activation === 'none' ? squeezed : activate(g, 'act', squeezed, activation);
  });
