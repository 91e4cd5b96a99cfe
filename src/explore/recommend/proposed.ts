/** What somebody recommended for a scenario, held against it and against the figures that they state. */
import type { Candidate } from './candidate.ts';
import type { Check } from './constraints.ts';
import { type Claim, peakRate, type Proposal } from './scenario.ts';
import type { Pair, Search } from './search.ts';

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

const computedFor = ({ load }: Search['scenario'], { figure }: Claim, candidate: Candidate | undefined): number | null => {
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

/** Every proposal on its device, or on each device of the search; one whose pair was not searched is left out. */
export const checkProposals = (search: Search): readonly CheckedProposal[] =>
  search.scenario.proposed.flatMap((proposal) =>
    search.pairs
      .filter(({ entry: { variant }, target: { device } }) => {
        return variant.name === proposal.model && (proposal.device ?? device.id) === device.id;
      })
      .map((pair): CheckedProposal => {
        const candidate = pair.feasible[0]?.candidate ?? pair.nearest;
        return {
          ...{ proposal, pair, candidate },
          survives: pair.holding > 0,
          binding: candidate?.outcome.binding ?? pair.refused,
          claims: proposal.claims.map((claim) => ({
            ...claim,
            computed: computedFor(search.scenario, claim, candidate),
          })),
        };
      }),
  );
