/** What somebody recommended for a scenario, held against it and against the figures that they state. */
import type { ModelEntry } from '../compile.ts';
import type { Candidate } from './candidate.ts';
import type { Check } from './constraints.ts';
import { type Claim, type Proposal, peakRate, type Target } from './scenario.ts';
import { type Pair, type Search, type SearchOptions, search } from './search.ts';

export interface CheckedClaim extends Claim {
  /** Of the configuration beside it; null where the scenario gives none. */
  readonly computed: number | null;
}

export interface CheckedProposal {
  readonly proposal: Proposal;
  readonly pair: Pair;
  readonly survives: boolean;
  /** The best that holds, or the one that comes nearest. */
  readonly candidate: Candidate | undefined;
  readonly binding: Check | undefined;
  readonly claims: readonly CheckedClaim[];
}

const computedFor = (
  { load }: Search['scenario'],
  { figure }: Claim,
  candidate: Candidate | undefined,
): number | null => {
  if (candidate === undefined) return null;
  const { latencySeconds, energyPerInferenceJoules, batch, outcome } = candidate;
  const rate = batch / latencySeconds;
  switch (figure) {
    case 'latencySeconds':
      return latencySeconds;
    case 'energyPerInferenceJoules':
      return energyPerInferenceJoules;
    case 'ratePerSecond':
      return rate;
    case 'streamsPerDevice':
      return outcome.composition.streamsPerDevice;
    case 'peakHeadroom':
      return load === undefined ? null : rate / peakRate(load);
  }
};

/** A proposal with what its names mean. */
export interface ResolvedProposal {
  readonly proposal: Proposal;
  readonly entry: ModelEntry;
  readonly targets: readonly Target[];
}

/** What was searched, or a search of its own where a proposal is not among the allowed. */
const pairOf = (found: Search, entry: ModelEntry, target: Target, options: SearchOptions): Pair | undefined =>
  found.pairs.find((pair) => pair.entry.variant.name === entry.variant.name && pair.target === target) ??
  search(found.scenario, { models: [entry], targets: [target] }, { ...options, priced: found.priced }).pairs[0];

/** Every proposal on each of its targets. */
export const checkProposals = (
  found: Search,
  proposals: readonly ResolvedProposal[],
  { compile }: Pick<SearchOptions, 'compile'> = {},
): readonly CheckedProposal[] =>
  proposals.flatMap(({ proposal, entry, targets }) =>
    targets.flatMap((target): readonly CheckedProposal[] => {
      const pair = pairOf(found, entry, target, compile === undefined ? {} : { compile });
      if (pair === undefined) return [];
      const candidate = pair.feasible[0]?.candidate ?? pair.nearest;
      const claims = proposal.claims.map((claim) => ({
        ...claim,
        computed: computedFor(found.scenario, claim, candidate),
      }));
      const binding = candidate?.outcome.binding ?? pair.refused;
      return [{ proposal, pair, survives: pair.holding > 0, candidate, binding, claims }];
    }),
  );
