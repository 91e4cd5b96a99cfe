import type { FusionRulesId } from '../analysis/fusion.ts';
import { type AnalyzedGraph, analyzeGraph } from '../analysis/nodes.ts';
import { compileWorkload, type Workload } from '../analysis/workload.ts';
import type { BuildOptions, Counterfactual, ModelFamily, ModelVariant } from '../zoo/family.ts';

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

export interface CompileOptions extends BuildOptions {
  readonly counterfactual?: Counterfactual;
}

/** Builds, infers and counts a model; workloads are made when first asked for. */
export const compileModel = (variant: ModelSource, options: CompileOptions = {}): CompiledModel => {
  const { counterfactual, resolution = variant.nativeResolution, ...rest } = options;
  const build = counterfactual === undefined ? variant.build : variant.counterfactuals?.[counterfactual];
  if (build === undefined) throw new RangeError(`${variant.name} has no counterfactual "${counterfactual}"`);
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
