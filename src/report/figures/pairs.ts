/** Depthwise-separable pairs of a graph: a depthwise convolution and the pointwise one that reads its channels. */
import type { AnalyzedGraph, NodeAnalysis } from '../../analysis/nodes.ts';
import { atBatch } from '../../ir/shape.ts';
import type { MatrixView } from '../../ops/nest.ts';
import type { Integer } from '../../units/integer.ts';

export interface SeparablePair {
  readonly depthwise: string;
  readonly pointwise: string;
  /** Elements of the filter window, k^2. */
  readonly window: number;
  readonly channels: number;
  /** N of the quoted formula. */
  readonly outputChannels: number;
  /** At batch 1. */
  readonly separableMacs: number;
  /** The one standard convolution with the same input, output and window. */
  readonly standardMacs: number;
}

const at1 = (value: Integer): number => atBatch(value, 1);
const rows = (view: MatrixView): number => at1(view.m);

/** A pair agrees in channels and in positions, so squeeze-and-excitation's own 1×1 layers between the two are not taken for it. */
export const separablePairs = ({ nodes }: AnalyzedGraph): readonly SeparablePair[] =>
  nodes.flatMap((depthwise, index): readonly SeparablePair[] => {
    const filter = depthwise.view;
    if (depthwise.class !== 'depthwise-conv' || filter === undefined) return [];
    const channels = at1(filter.groups) * at1(filter.n);
    const pointwise = nodes
      .slice(index + 1)
      .find(
        ({ class: name, view }) =>
          name === 'pointwise-conv' && view !== undefined && view.k === channels && rows(view) === rows(filter),
      );
    if (pointwise?.view === undefined) return [];
    const outputChannels = at1(pointwise.view.n);
    const window = at1(filter.window);
    return [
      {
        depthwise: depthwise.name,
        pointwise: pointwise.name,
        window,
        channels,
        outputChannels,
        separableMacs: macsOf(depthwise) + macsOf(pointwise),
        standardMacs: rows(filter) * window * channels * outputChannels,
      },
    ];
  });

const macsOf = ({ macs }: NodeAnalysis): number => at1(macs);

/** k^2 N / (k^2 + N): what one pair saves over the standard convolution, as papers state it. */
export const pairRatio = ({ window, outputChannels }: SeparablePair): number =>
  (window * outputChannels) / (window + outputChannels);

export const summed = (pairs: readonly SeparablePair[], figure: 'separableMacs' | 'standardMacs'): number =>
  pairs.reduce((sum, pair) => sum + pair[figure], 0);
