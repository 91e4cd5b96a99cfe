/** The operators of a model one by one. */
import { countAt, DTYPE_BYTES, type DType, type Integer, type NodeAnalysis } from '../../index.ts';
import type { Analysis } from './analysis.ts';
import { fixedArithmetic } from './arithmetic.ts';
import { atBatchOf } from './figures.ts';

export interface Layer {
  readonly node: NodeAnalysis;
  /** Read and written by this operator alone, as written, before any fusion; `undefined` while dimensions are open. */
  readonly bytes: number | undefined;
  /** How often it runs for one run of the model. */
  readonly times: Integer;
  /** Not so for the branches of which another one is taken to run: their work is in no total. */
  readonly counted: boolean;
  readonly macs: Integer;
  readonly flops: Integer;
  /** The type in which it multiplies, where the file fixes it. */
  readonly arithmetic: DType | undefined;
}

/** The operators in execution order, then those of branches that are not counted. */
export const layersOf = (analysis: Analysis): readonly Layer[] => {
  const { compiled, batch = 1, precision, open } = analysis;
  const { nodes, alternatives } = compiled.analyzed;
  const moved = new Map<string, number>();
  // Without fusion every operator is a kernel of its own, and views move nothing.
  for (const kernel of open.length > 0 ? [] : compiled.workload('none').kernels) {
    const { readElements, writeElements, weightElements, narrowWeightBytes, launches } = kernel;
    const elements = weightElements + countAt(readElements, batch) + countAt(writeElements, batch);
    const bytes = elements * DTYPE_BYTES[kernel.precision ?? precision] + narrowWeightBytes;
    // A loop launches its kernels once for every iteration.
    for (const name of kernel.nodes) moved.set(name, (moved.get(name) ?? 0) + bytes * launches);
  }
  const layer = (node: NodeAnalysis, counted: boolean): Layer => ({
    node,
    counted,
    bytes: open.length > 0 || !counted ? undefined : (moved.get(node.name) ?? 0),
    times: atBatchOf(analysis, node.times),
    macs: atBatchOf(analysis, node.macs),
    flops: atBatchOf(analysis, node.flops),
    arithmetic: fixedArithmetic(node),
  });
  return [...nodes.map((node) => layer(node, true)), ...alternatives.map((node) => layer(node, false))];
};
