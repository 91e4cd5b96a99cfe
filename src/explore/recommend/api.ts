/** What a deployment needs, searched and decided: the part of the public API that `assay recommend` is made of. */
export { TOP_1 } from './accuracy.ts';
export { type Candidate, memoryBytes, type Outcome, resolutionOf } from './candidate.ts';
export { type Composition, compose } from './composition.ts';
export { bindingOf, type Check, type ConstraintName } from './constraints.ts';
export { type Contradiction, contradictionsOf } from './contradictions.ts';
export {
  bindingCounts,
  type Decision,
  decide,
  type Recommendation,
  type Rejection,
  type Relaxation,
  type RelaxStep,
  type Robustness,
} from './decide.ts';
export { frontOf, isObjective, OBJECTIVES, type ObjectiveName, objectiveValue } from './front.ts';
export { type CheckedClaim, type CheckedProposal, checkProposals, type ResolvedProposal } from './proposed.ts';
export { REFERENCE_DEPLOYMENTS, type ReferenceDeployment } from './reference.ts';
export { type Remark, remarksOf } from './remarks.ts';
export {
  averageRate,
  CLAIM_FIGURES,
  type ClaimFigure,
  type DeploymentScenario,
  type Load,
  PREFERENCES,
  type Preference,
  type Proposal,
  peakRate,
  type SearchSpace,
  type Target,
  type Timing,
  targetName,
} from './scenario.ts';
export {
  type Feasible,
  type Pair,
  type RunningSearch,
  type Search,
  type SearchOptions,
  search,
  startSearch,
} from './search.ts';
