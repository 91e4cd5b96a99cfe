/** Compound scaling: what the stated multipliers predict, and what rounding makes of them. */
import type { AnalyzedGraph } from '../../analysis/nodes.ts';
import type { Study, StudyModel } from '../../explore/study.ts';
import { leastBy } from './lookup.ts';
import { separablePairs, summed } from './pairs.ts';
import { groupedBy } from './text.ts';

export interface StudyFamily {
  readonly title: string;
  /** By parameters; the other members are stated relative to it. */
  readonly smallest: StudyModel;
  /** In the study's order. */
  readonly members: readonly StudyModel[];
}

/** Families of which the study has two members or more. Files are no family: nothing says that they belong together. */
export const familiesOf = ({ models }: Study): readonly StudyFamily[] =>
  groupedBy(
    models.filter(({ entry }) => entry.family.variants.length > 0),
    ({ family }) => family,
  )
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
  /** Blocks over blocks of the base: depth after rounding. */
  readonly depthBuilt: number;
  /** Mean over stages of the ratio of output channels: width after rounding. */
  readonly widthBuilt: number;
  /** widthBuilt^2 x depthBuilt x resolution^2. */
  readonly rebuilt: number;
  /** Share of the MACs of the model outside its separable pairs: stem, expansions, head, which scale otherwise. */
  readonly pairShare: number;
}

export interface FamilyScaling {
  /** The member with multipliers of 1, the smallest of them; every ratio is against it. */
  readonly base: StudyModel;
  readonly records: readonly CompoundScaling[];
  /** Members with multipliers whose stages do not correspond to the base's: not scaled from it. */
  readonly leftOut: readonly StudyModel[];
}

/** Members whose width and depth multipliers are stated, against the one that is not scaled; undefined without any. */
export const compoundScaling = (study: Study, { members }: StudyFamily): FamilyScaling | undefined => {
  const scaled = members.filter(({ entry }) => entry.variant.scaling !== undefined);
  const unscaled = scaled.filter(
    ({ entry }) => entry.variant.scaling?.width === 1 && entry.variant.scaling.depth === 1,
  );
  if (unscaled.length === 0 || scaled.length < 2) return undefined;
  const base = leastBy(unscaled, ({ common }) => common.totals.params);
  const baseGraph = nativeGraph(study, base);
  const baseWidths = stageWidths(baseGraph);
  const basePairs = separablePairs(baseGraph).length;
  const leftOut: StudyModel[] = [];
  const records = scaled.flatMap((model): readonly CompoundScaling[] => {
    const { scaling } = model.entry.variant;
    const resolution = (model.nativeResolution ?? 0) / (base.nativeResolution ?? 0);
    if (model === base || scaling === undefined || !(resolution > 0)) return [];
    const graph = nativeGraph(study, model);
    const pairs = separablePairs(graph);
    const widths = stageWidths(graph);
    if (widths.length !== baseWidths.length || widths.length === 0) {
      leftOut.push(model);
      return [];
    }
    const { width, depth } = scaling;
    const depthBuilt = pairs.length / basePairs;
    const widthBuilt = mean(widths.map((channels, stage) => channels / (baseWidths[stage] as number)));
    return [
      {
        model,
        width,
        depth,
        resolution,
        stated: width ** 2 * depth * resolution ** 2,
        actual: model.native.totals.flops / base.native.totals.flops,
        depthBuilt,
        widthBuilt,
        rebuilt: widthBuilt ** 2 * depthBuilt * resolution ** 2,
        pairShare: summed(pairs, 'separableMacs') / model.native.totals.macs,
      },
    ];
  });
  return { base, records, leftOut };
};
