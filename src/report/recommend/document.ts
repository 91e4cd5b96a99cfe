/** A decision as a document: what is asked, what is recommended and why, what is rejected by what. */
import type { Check } from '../../explore/recommend/constraints.ts';
import { bindingCounts, type Decision, type Recommendation } from '../../explore/recommend/decide.ts';
import type { CheckedProposal } from '../../explore/recommend/proposed.ts';
import type { Remark } from '../../explore/recommend/remarks.ts';
import type { Timing } from '../../explore/recommend/scenario.ts';
import { formatSI, groupThousands } from '../../units/format.ts';
import type { Block, ReportDocument } from '../blocks.ts';
import { capitalized, counted, countedOf, listOf, verb, verbOf } from '../figures/text.ts';
import { askedBlock } from './asked.ts';
import { chartBlocks, type Plot } from './chart.ts';
import { checksTable, feasibleTable, frontTable, proposedBlocks, rejectedTable, relaxTable } from './tables.ts';
import { behindText, candidateTitle, checkText, configurationText, figureText } from './text.ts';

export interface RecommendDocumentOptions {
  readonly proposed: readonly CheckedProposal[];
  readonly remarks: readonly Remark[];
  /** Rows of each table that is as long as the search: all of them where it is left out. */
  readonly rows?: number;
  /** Where charts are drawn, and which two objectives. */
  readonly chart?: { readonly document: Document; readonly plot: Plot };
}

const pairs = (count: number): string => counted(count, 'pair of model and device', 'pairs of model and device');

const whatItTakes = ({ candidate }: Recommendation): string => {
  const { composition, upkeep } = candidate.outcome;
  return [
    `${formatSI(candidate.latencySeconds, 's')} (up to ${formatSI(candidate.highSeconds, 's')}) and ${formatSI(candidate.energyPerInferenceJoules, 'J')} per inference`,
    ...(composition.waitSeconds > 0
      ? [`${formatSI(composition.responseSeconds, 's')} with the wait for the batch`]
      : []),
    ...(composition.streamsPerDevice === null ? [] : [`${counted(composition.streamsPerDevice, 'stream')} per device`]),
    counted(composition.devices, 'device'),
    ...(upkeep.batteryDays === null || !Number.isFinite(upkeep.batteryDays)
      ? []
      : [`${figureText(upkeep.batteryDays, 'days')} on the battery`]),
  ].join(', ');
};

const robustText = ({ robust, candidate, safest }: Recommendation, at: Timing): string => {
  const { binding } = robust.outcome;
  const own = candidate.outcome.binding;
  if (binding === undefined || own === undefined) return '';
  if (at === 'upper')
    return `Times are held to the upper end of the interval already; the tightest is ${checkText(own)}.`;
  const safer = robust.holds
    ? ''
    : safest === undefined
      ? ' Nothing that holds by the median holds there.'
      : ` The best that holds there is ${candidateTitle(safest)} (${configurationText(safest)}).`;
  return (
    `What gives first by the median: ${checkText(own)}. At the upper end of the interval it ` +
    `${robust.holds ? 'still holds' : 'does **not** hold'}: ${checkText(binding)}.${safer}`
  );
};

const recommendedBlocks = (decision: Decision, recommendation: Recommendation): readonly Block[] => {
  const { candidate, rule, runnerUp, robust } = recommendation;
  const { at, prefer } = decision.search.scenario;
  const holding = decision.search.pairs.filter((pair) => pair.holding > 0).length;
  const second =
    runnerUp === undefined
      ? 'There is no runner-up: no other model and device hold.'
      : `Runner-up: ${candidateTitle(runnerUp.candidate)} (${configurationText(runnerUp.candidate)}), ` +
        (runnerUp.behindIn === undefined
          ? 'alike in every criterion of the rule.'
          : `behind in ${behindText(runnerUp.behindIn, candidate, runnerUp.candidate)}.`);
  return [
    {
      kind: 'callout',
      tone: 'finding',
      text: `**Recommended: ${candidateTitle(candidate)}**, ${configurationText(candidate)}: ${whatItTakes(recommendation)}.`,
    },
    {
      kind: 'paragraph',
      text: `By the rule "${prefer}": of ${pairs(holding)} that ${verb(holding, 'holds', 'hold')}, ${rule}. ${second} ${robustText(recommendation, at)}`,
    },
    checksTable(candidate.outcome.checks, at === 'upper' ? [] : robust.outcome.checks),
  ];
};

const missedText = (checks: readonly Check[]): string => {
  const missed = checks.filter(({ holds }) => !holds);
  return missed.length < 2 ? '' : ` It misses ${listOf(missed.map(({ constraint }) => constraint))}.`;
};

const emptyBlocks = ({ rejected }: Decision): readonly Block[] => {
  const [first] = rejected;
  const counts = bindingCounts(rejected);
  const [most] = counts;
  if (first === undefined || most === undefined) return [];
  const nearest =
    first.pair.nearest === undefined
      ? ''
      : ` Nearest is ${candidateTitle(first.pair.nearest)} (${configurationText(first.pair.nearest)}); ${checkText(first.binding)}.${missedText(first.pair.nearest.outcome.checks)}`;
  return [
    {
      kind: 'callout',
      tone: 'finding',
      text: `**Nothing holds.** ${capitalized(most.constraint)} binds most often, in ${countedOf(most.count, rejected.length, 'pair of model and device', 'pairs of model and device')}.${nearest}`,
    },
  ];
};

const rejectedBlocks = (decision: Decision, rows: number): readonly Block[] => {
  const { rejected, relax } = decision;
  if (rejected.length === 0) return [];
  const total = decision.search.pairs.length;
  const counts = bindingCounts(rejected).map(({ constraint, count }) => `${constraint} (${count})`);
  const [best] = relax;
  const last = best?.steps.at(-1);
  const first = best?.steps[0];
  const opened =
    best === undefined || first === undefined || last === undefined
      ? 'No single constraint, relaxed, lets another one in: each misses two or more.'
      : `Relaxing ${best.constraint} alone would open the most: ${figureText(first.to, best.unit)} opens ${first.opens}` +
        (last === first ? '.' : `, ${figureText(last.to, best.unit)} all ${last.opens} that nothing else keeps out.`);
  return [
    {
      kind: 'paragraph',
      text: `${capitalized(countedOf(rejected.length, total, 'pair of model and device', 'pairs of model and device'))} ${verbOf(rejected.length, total, 'is', 'are')} rejected; what binds at the configuration that comes nearest: ${listOf(counts)}. ${opened}`,
    },
    ...(relax.length === 0 ? [] : [relaxTable(relax)]),
    rejectedTable(decision, rows),
  ];
};

const survivors = (proposed: readonly CheckedProposal[]): readonly Block[] => {
  if (proposed.length === 0) return [];
  const surviving = proposed.filter(({ survives }) => survives).length;
  return [
    {
      kind: 'paragraph',
      text: `Of what others recommended, ${countedOf(surviving, proposed.length, 'proposal')} ${verbOf(surviving, proposed.length, 'survives', 'survive')}.`,
    },
    ...proposedBlocks(proposed),
  ];
};

/** Tables of several scenarios in one document have ids of their own. */
const named = (blocks: readonly Block[], id: string | undefined): readonly Block[] =>
  id === undefined
    ? blocks
    : blocks.map((block) => (block.kind === 'table' ? { ...block, id: `${block.id}-${id}` } : block));

/** What is recommended and why, or that nothing holds and what comes nearest. */
export const findingBlocks = (decision: Decision, id?: string): readonly Block[] =>
  named(
    decision.recommendation === undefined
      ? emptyBlocks(decision)
      : recommendedBlocks(decision, decision.recommendation),
    id,
  );

/** Which constraint, relaxed by how much, would let in more; nothing where none would. */
export const relaxBlocks = ({ relax }: Decision, id: string): readonly Block[] =>
  relax.length === 0 ? [] : named([relaxTable(relax)], id);

/** Whether the proposals of others survive. */
export const proposalBlocks = (proposed: readonly CheckedProposal[], id: string): readonly Block[] =>
  named(survivors(proposed), id);

export const recommendDocument = (
  decision: Decision,
  { proposed, remarks, rows = Number.POSITIVE_INFINITY, chart }: RecommendDocumentOptions,
): ReportDocument => {
  const { search, pareto } = decision;
  const { scenario, space } = search;
  const asked = askedBlock(scenario);
  const blocks: readonly Block[] = [
    ...(scenario.workload === '' ? [] : [{ kind: 'paragraph', text: `${capitalized(scenario.workload)}.` } as const]),
    ...(asked.entries.length === 0 ? [] : [asked]),
    ...(scenario.assumptions.length === 0
      ? []
      : [{ kind: 'paragraph', text: `Assumed: ${scenario.assumptions.join('; ')}.` } as const]),
    ...findingBlocks(decision),
    ...remarks.map(({ path, message }): Block => ({ kind: 'callout', tone: 'warning', text: `${path}: ${message}.` })),
    ...(chart === undefined ? [] : chartBlocks(decision, chart.plot, chart.document)),
    ...(decision.feasible.length === 0 ? [] : [feasibleTable(decision, rows)]),
    ...(pareto.front.length === 0 ? [] : [frontTable(decision, rows)]),
    ...rejectedBlocks(decision, rows),
    ...survivors(proposed),
  ];
  return {
    title: `Recommendation: ${scenario.title}`,
    subtitle: '',
    facts: [
      {
        name: 'Searched',
        value: `${groupThousands(search.configurations)} configurations of ${counted(space.models.length, 'model')} on ${counted(space.targets.length, 'device')}`,
      },
    ],
    sections: [{ id: 'recommendation', title: 'Recommendation', blocks }],
  };
};
