/** The objectives among which no configuration on the Pareto front is beaten in all. */
import { type Objective, paretoFront } from '../pareto.ts';
import type { Candidate } from './candidate.ts';
import { CRITERIA } from './preference.ts';
import type { Preference } from './scenario.ts';

export const OBJECTIVES = ['latency', 'energy', 'accuracy', 'memory', 'cost'] as const satisfies readonly Preference[];
export type ObjectiveName = (typeof OBJECTIVES)[number];

export const isObjective = (name: string): name is ObjectiveName => (OBJECTIVES as readonly string[]).includes(name);

/** Null where it is not known. */
export const objectiveValue = (candidate: Candidate, name: ObjectiveName): number | null =>
  CRITERIA[name].value(candidate);

/** Those that are known of any candidate: what nobody knows decides nothing. */
export const knownObjectives = (candidates: readonly Candidate[]): readonly ObjectiveName[] =>
  OBJECTIVES.filter((name) => candidates.some((candidate) => objectiveValue(candidate, name) !== null));

const objective = (name: ObjectiveName): Objective<Candidate> => ({
  goal: CRITERIA[name].better === 'lower' ? 'minimize' : 'maximize',
  // A front leaves out what is not finite: a point whose accuracy nobody knows is on no front of accuracies.
  value: (candidate) => objectiveValue(candidate, name) ?? Number.NaN,
});

export const objectivesOf = (
  candidates: readonly Candidate[],
  names: readonly ObjectiveName[] = knownObjectives(candidates),
): readonly Objective<Candidate>[] => names.map(objective);

export const frontOf = (candidates: readonly Candidate[], names: readonly ObjectiveName[]): readonly Candidate[] =>
  paretoFront(candidates, objectivesOf(candidates, names));
