/** Compound scaling: what the stated multipliers predict, and what rounding makes of them. */
import type { AnalyzedGraph } from '../analysis/nodes.ts';
import type { Study, StudyModel } from '../explore/study.ts';
import { leastBy } from './compute-lookup.ts';
import { groupedBy } from './compute-text.ts';
import { separablePairs, summed } from './figures-pairs.ts';

export interface StudyFamily {
  readonly title: string;
  /** By parameters; the other members are stated relative to it. */
  readonly smallest: StudyModel;
  /** In the study's order. */
  readonly members: readonly StudyModel[];
}

/** Families of which the study has two members or more. */
export const familiesOf = ({ models }: Study): readonly StudyFamily[] =>
  groupedBy(models, ({ family }) => family)
    .filter(({ items }) => items.length > 1)
    .map(({ items }) => ({
      title: items[0]?.entry.family.title ?? '',
      smallest: leastBy(items, ({ common }) => common.totals.params),
      members: items,
    }));

const nativeGraph = (study: Study, model: StudyModel): AnalyzedGraph =>
  study.compiled(model, model.nativeResolution).analyzed;

/** Output channels of the blocks, repeats of one width left out: one entry per stage. */
const stageWidths = (graph: AnalyzedGraph): readonly number[] =>
  separablePairs(graph)
    .map(({ outputChannels }) => outputChannels)
    .filter((channels, index, all) => channels !== all[index - 1]);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export interface CompoundScaling {
  readonly model: StudyModel;
  readonly width: number;
  readonly depth: number;
  readonly resolution: number;
  /** width^2 x depth x resolution^2, all relative to the smallest member. */
  readonly stated: number;
  /** Growth of FLOPs at native resolutions. */
  readonly actual: number;
  /** Blocks over blocks of the smallest: depth after rounding. */
  readonly depthBuilt: number;
  /** Mean over stages of the ratio of output channels: width after rounding; null where stages do not correspond. */
  readonly widthBuilt: number | null;
  /** widthBuilt^2 x depthBuilt x resolution^2. */
  readonly rebuilt: number | null;
  /** Share of the MACs of the model outside its separable pairs: stem, expansions, head, which scale otherwise. */
  readonly pairShare: number;
}

/** One record per larger member whose width and depth multipliers are stated. */
export const compoundScaling = (study: Study, { smallest, members }: StudyFamily): readonly CompoundScaling[] => {
  const base = smallest.entry.variant.scaling;
  if (base === undefined) return [];
  const baseGraph = nativeGraph(study, smallest);
  const baseWidths = stageWidths(baseGraph);
  return members.flatMap((model): readonly CompoundScaling[] => {
    const { scaling } = model.entry.variant;
    if (model === smallest || scaling === undefined) return [];
    const graph = nativeGraph(study, model);
    const pairs = separablePairs(graph);
    const widths = stageWidths(graph);
    const width = scaling.width / base.width;
    const depth = scaling.depth / base.depth;
    const resolution = model.nativeResolution / smallest.nativeResolution;
    const depthBuilt = pairs.length / separablePairs(baseGraph).length;
    const widthBuilt =
      widths.length === baseWidths.length && widths.length > 0
        ? mean(widths.map((channels, stage) => channels / (baseWidths[stage] as number)))
        : null;
    return [
      {
        model,
        width,
        depth,
        resolution,
        stated: width ** 2 * depth * resolution ** 2,
        actual: model.native.totals.flops / smallest.native.totals.flops,
        depthBuilt,
        widthBuilt,
        rebuilt: widthBuilt === null ? null : widthBuilt ** 2 * depthBuilt * resolution ** 2,
        pairShare: summed(pairs, 'separableMacs') / model.native.totals.macs,
      },
    ];
  });
};
