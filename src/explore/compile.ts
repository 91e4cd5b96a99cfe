import type { FusionRulesId } from '../analysis/fusion.ts';
import { type AnalyzedGraph, analyzeGraph } from '../analysis/nodes.ts';
import { compileWorkload, type Workload } from '../analysis/workload.ts';
import type { BuildOptions, Counterfactual, ModelFamily, ModelVariant } from '../zoo/family.ts';
import { varied } from '../zoo/variation.ts';

/** What can be analyzed and estimated: a variant of the zoo, or a graph from elsewhere. */
export type ModelSource = ModelVariant;

export interface ModelEntry {
  readonly family: ModelFamily;
  readonly variant: ModelSource;
}

/** A model at one resolution: analyzed once, compiled once per fusion rule set. */
export interface CompiledModel {
  readonly variant: ModelSource;
  /** `undefined` where the input is no square image. */
  readonly resolution: number | undefined;
  readonly analyzed: AnalyzedGraph;
  /** Throws `UnboundSymbolError` while a dimension other than the batch is open. */
  workload(fusion: FusionRulesId): Workload;
}

/** Those that a family knows of, and what can be done to any graph: separable convolutions as standard ones. */
export type StudyCounterfactual = Counterfactual | 'standard-convolutions';

export interface CompileOptions extends BuildOptions {
  readonly counterfactual?: StudyCounterfactual;
}

const builderOf = (variant: ModelSource, counterfactual: StudyCounterfactual | undefined): ModelSource['build'] => {
  if (counterfactual === undefined) return variant.build;
  if (counterfactual === 'standard-convolutions') return varied(variant, { convolutions: 'standard' }).build;
  const build = variant.counterfactuals?.[counterfactual];
  if (build === undefined) throw new RangeError(`${variant.name} has no counterfactual "${counterfactual}"`);
  return build;
};

/** Builds, infers and counts a model; workloads are made when first asked for. */
export const compileModel = (variant: ModelSource, options: CompileOptions = {}): CompiledModel => {
  const { counterfactual, resolution = variant.nativeResolution, ...rest } = options;
  const build = builderOf(variant, counterfactual);
  const analyzed = analyzeGraph(build({ ...rest, ...(resolution !== undefined && { resolution }) }));
  const workloads = new Map<FusionRulesId, Workload>();
  return {
    variant,
    resolution,
    analyzed,
    workload: (fusion) => {
      const known = workloads.get(fusion);
      if (known !== undefined) return known;
      const made = compileWorkload(analyzed, fusion);
      workloads.set(fusion, made);
      return made;
    },
  };
};
