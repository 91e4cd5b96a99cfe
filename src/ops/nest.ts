import type { Dim } from '../ir/graph.ts';
import { type Integer, multiply, product, sameInteger } from '../units/integer.ts';
import type { OperatorClass } from './classes.ts';

/**
 * Work as loops over named dimensions, with the projection of each operand onto them, the way
 * Timeloop describes problems. Models of hardware read this and never an operator's name.
 */
export interface LoopNest {
  readonly dims: readonly { readonly name: string; readonly extent: Dim }[];
  /**
   * One entry per tensor axis: the loops that index it. An axis with two loops is a sliding
   * window: `P x stride + R x dilation`.
   */
  readonly input: readonly (readonly AxisTerm[])[];
  readonly weight: readonly (readonly AxisTerm[])[];
  readonly output: readonly (readonly AxisTerm[])[];
}

export interface AxisTerm {
  readonly dim: string;
  readonly step: number;
}

/**
 * A loop nest seen as matrix products: `groups` independent products of an m x k by a k x n
 * matrix. Which loop goes where follows from the operands that it indexes:
 * input and output -> m, weight and output -> n, input and weight -> k, all three -> groups.
 */
export interface MatrixView {
  readonly groups: Integer;
  readonly m: Integer;
  readonly n: Integer;
  readonly k: Integer;
  /** The part of k that slides over an axis of the input (3 x 3 = 9); 1 when nothing slides. */
  readonly window: Integer;
  /** Whether some axis of the input is swept by a window at all, even one of a single element. */
  readonly spatial: boolean;
}

/** Whether a loop indexes an operand at all (1) and as one of several loops of an axis (2). */
const indexing = (operand: LoopNest['input'], dim: string): 0 | 1 | 2 => {
  for (const axis of operand) {
    for (const term of axis) if (term.dim === dim) return axis.length > 1 ? 2 : 1;
  }
  return 0;
};

export const matrixView = (nest: LoopNest): MatrixView => {
  let groups: Integer = 1;
  let m: Integer = 1;
  let n: Integer = 1;
  let k: Integer = 1;
  let window: Integer = 1;
  for (const { name, extent } of nest.dims) {
    if (indexing(nest.weight, name) === 0) {
      m = multiply(m, extent);
      continue;
    }
    const inInput = indexing(nest.input, name);
    if (indexing(nest.output, name) === 0) {
      k = multiply(k, extent);
      if (inInput === 2) window = multiply(window, extent);
    } else if (inInput > 0) groups = multiply(groups, extent);
    else n = multiply(n, extent);
  }
  return { groups, m, n, k, window, spatial: nest.input.some((axis) => axis.length > 1) };
};

/** One multiply-accumulate per point of the nest. */
export const nestMacs = ({ groups, m, n, k }: MatrixView): Integer => product([groups, m, n, k]);

/** One filter per channel: no operand is shared among output channels, so no matrix unit can be filled. */
export const isDepthwise = ({
  spatial,
  groups,
  k,
  window,
}: Pick<MatrixView, 'spatial' | 'groups' | 'k' | 'window'>): boolean =>
  spatial && groups !== 1 && sameInteger(k, window);

/** The class of a multiply-accumulate operator follows from its loops alone. */
export const classOfNest = (view: MatrixView): OperatorClass => {
  // Products without a window that come in groups are the per-head products of attention.
  if (!view.spatial) return view.groups !== 1 ? 'attention' : 'linear';
  if (view.groups !== 1) return isDepthwise(view) ? 'depthwise-conv' : 'grouped-conv';
  return view.window === 1 ? 'pointwise-conv' : 'dense-conv';
};
