/** From a search to an answer: the recommendation, its runner-up, what was rejected by what, and what to relax. */
import { type Candidate, type Outcome, outcomeAt } from './candidate.ts';
import { type Check, CONSTRAINTS, type ConstraintName } from './constraints.ts';
import { frontOf, knownObjectives, type ObjectiveName } from './front.ts';
import { type Criterion, compare, decidedBy, ruleText } from './preference.ts';
import type { Feasible, Pair, Search } from './search.ts';

export interface RunnerUp {
  readonly candidate: Candidate;
  /** The first criterion of the rule in which it is behind; `undefined` where the two are alike. */
  readonly behindIn: Criterion | undefined;
}

/** Whether a configuration would still hold if every run took as long as the upper end of its interval. */
export interface Robustness {
  readonly holds: boolean;
  readonly outcome: Outcome;
}

export interface Recommendation {
  readonly candidate: Candidate;
  readonly rule: string;
  /** The best on another model or another device. */
  readonly runnerUp: RunnerUp | undefined;
  readonly robust: Robustness;
  /** Where it does not hold at the upper end: the best by the rule that does. */
  readonly safest: Candidate | undefined;
}

export interface Rejection {
  readonly pair: Pair;
  /** What the configuration that comes nearest misses most. */
  readonly binding: Check;
}

/** A limit, and how many more pairs of model and device hold once it is moved there and all else stays. */
export interface RelaxStep {
  readonly to: number;
  /** Of the limit: at most 2 times as much, or a half of it. */
  readonly factor: number;
  readonly opens: number;
}

export interface Relaxation {
  readonly constraint: ConstraintName;
  readonly unit: string;
  readonly required: number;
  /** Pairs that this constraint alone keeps out. */
  readonly opens: number;
  /** The nearest first; each step opens more than the one before, the last all of them. */
  readonly steps: readonly RelaxStep[];
}

export interface Decision {
  readonly search: Search;
  readonly feasible: readonly Feasible[];
  readonly pareto: { readonly objectives: readonly ObjectiveName[]; readonly front: readonly Candidate[] };
  readonly recommendation: Recommendation | undefined;
  /** Nearest first. */
  readonly rejected: readonly Rejection[];
  /** What opens most first. */
  readonly relax: readonly Relaxation[];
}

export const robustnessOf = ({ scenario, priced }: Search, candidate: Candidate): Robustness => {
  const planned = candidate.outcome.composition.devices;
  // No more devices than were recommended: a load that needs another one no longer holds.
  const outcome = outcomeAt({ ...scenario, maxDevices: planned }, candidate, 'upper', { priced });
  return { holds: outcome.holds, outcome };
};

const isSamePair = (a: Candidate, b: Candidate): boolean => a.model.entry === b.model.entry && a.target === b.target;

const recommend = (search: Search, feasible: readonly Feasible[]): Recommendation | undefined => {
  const candidate = feasible[0]?.candidate;
  if (candidate === undefined) return undefined;
  const { prefer } = search.scenario;
  const second = feasible.find((other) => !isSamePair(other.candidate, candidate))?.candidate;
  const robust = robustnessOf(search, candidate);
  return {
    ...{ candidate, robust },
    rule: ruleText(prefer),
    runnerUp: second && { candidate: second, behindIn: decidedBy(prefer, candidate, second) },
    safest: robust.holds ? undefined : feasible.find((other) => robustnessOf(search, other.candidate).holds)?.candidate,
  };
};

const rejectionOf = (pair: Pair): readonly Rejection[] => {
  if (pair.holding > 0) return [];
  const binding = pair.nearest?.outcome.binding ?? pair.refused;
  return binding === undefined ? [] : [{ pair, binding }];
};

/** Shares of relaxation at which it is said how many hold: the nearest one, all, and these between. */
const MILESTONES: readonly number[] = [1.1, 1.5, 2, 5];

const stepsOf = (checks: readonly Check[]): readonly RelaxStep[] => {
  const sorted = checks.toSorted((a, b) => b.margin - a.margin);
  const all = sorted.map(({ margin }) => 1 / margin);
  const places = new Set<number>([1, sorted.length]);
  for (const milestone of MILESTONES) places.add(all.filter((factor) => factor <= milestone).length);
  // Several need the same: the step is to where all of them hold.
  const steps = [...places]
    .filter((place) => place > 0)
    .map((place): RelaxStep => {
      const { actual, required } = sorted[place - 1] as Check;
      const to = actual as number;
      return { to, factor: to / required, opens: all.filter((factor) => factor <= (all[place - 1] as number)).length };
    });
  return [...new Map(steps.map((step) => [step.opens, step])).values()].sort((a, b) => a.opens - b.opens);
};

const relaxations = (pairs: readonly Pair[]): readonly Relaxation[] => {
  const names = Object.keys(CONSTRAINTS) as ConstraintName[];
  return names
    .flatMap((constraint): readonly Relaxation[] => {
      // What a device's own memories hold differs from device to device: there is no one limit to move.
      if (constraint.startsWith('device memory')) return [];
      const checks = pairs.flatMap(({ opens }) => opens.get(constraint) ?? []);
      const [first] = checks;
      if (first === undefined) return [];
      const { unit, required } = first;
      return [{ constraint, unit, required, opens: checks.length, steps: stepsOf(checks) }];
    })
    .sort((a, b) => b.opens - a.opens);
};

export const decide = (search: Search): Decision => {
  const isBetter = compare(search.scenario.prefer);
  const feasible = search.pairs.flatMap((pair) => pair.feasible).sort((a, b) => isBetter(a.candidate, b.candidate));
  const onFronts = search.pairs.flatMap(({ front }) => front);
  const objectives = knownObjectives(onFronts);
  return {
    ...{ search, feasible },
    pareto: { objectives, front: frontOf(onFronts, objectives) },
    recommendation: recommend(search, feasible),
    rejected: search.pairs.flatMap(rejectionOf).sort((a, b) => b.binding.margin - a.binding.margin),
    relax: relaxations(search.pairs),
  };
};

/** How often each constraint is the one that binds a rejected pair, most often first. */
export const bindingCounts = (
  rejected: readonly Rejection[],
): readonly { readonly constraint: ConstraintName; readonly count: number }[] => {
  const counts = new Map<ConstraintName, number>();
  for (const { binding } of rejected) counts.set(binding.constraint, (counts.get(binding.constraint) ?? 0) + 1);
  return [...counts].map(([constraint, count]) => ({ constraint, count })).sort((a, b) => b.count - a.count);
};
