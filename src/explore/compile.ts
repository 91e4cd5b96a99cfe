import type { FusionRulesId } from '../analysis/fusion.ts';
import { type AnalyzedGraph, analyzeGraph } from '../analysis/nodes.ts';
import { compileWorkload, type Workload } from '../analysis/workload.ts';
import type { BuildOptions, Counterfactual, ModelVariant } from '../zoo/family.ts';

/** A model at one resolution: analyzed once, compiled once per fusion rule set. */
export interface CompiledModel {
  readonly variant: ModelVariant;
  readonly resolution: number;
  readonly analyzed: AnalyzedGraph;
  workload(fusion: FusionRulesId): Workload;
}

export interface CompileOptions extends BuildOptions {
  readonly counterfactual?: Counterfactual;
}

/** Builds, infers and counts a model; workloads are made when first asked for. */
export const compileModel = (variant: ModelVariant, options: CompileOptions = {}): CompiledModel => {
  const { counterfactual, resolution = variant.nativeResolution, ...rest } = options;
  const build = counterfactual === undefined ? variant.build : variant.counterfactuals?.[counterfactual];
  if (build === undefined) throw new RangeError(`${variant.name} has no counterfactual "${counterfactual}"`);
  const analyzed = analyzeGraph(build({ ...rest, resolution }));
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
