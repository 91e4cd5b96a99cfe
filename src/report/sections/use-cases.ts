import { resolutionOf } from '../../explore/recommend/candidate.ts';
import { type Decision, decide } from '../../explore/recommend/decide.ts';
import { type CheckedProposal, checkProposals } from '../../explore/recommend/proposed.ts';
import { REFERENCE_DEPLOYMENTS, type ReferenceDeployment } from '../../explore/recommend/reference.ts';
import type { Target } from '../../explore/recommend/scenario.ts';
import { type Pair, type SearchOptions, search, startSearch } from '../../explore/recommend/search.ts';
import type { Study, StudyDevice } from '../../explore/study.ts';
import { formatPercent } from '../../units/format.ts';
import type { Block, TableBlock } from '../blocks.ts';
import { targetTitle } from '../figures/target.ts';
import { capitalized, countedOf, listOf, verbOf } from '../figures/text.ts';
import { askedBlock } from '../recommend/asked.ts';
import { findingBlocks, proposalBlocks, relaxBlocks } from '../recommend/document.ts';
import { checkText } from '../recommend/text.ts';
import type { Section } from '../section.ts';

const targetOf = ({ device, runtime, powerMode }: StudyDevice): Target => ({
  ...{ device, runtime },
  ...(powerMode !== undefined && { powerMode }),
});

interface UseCase {
  readonly deployment: ReferenceDeployment;
  readonly decision: Decision;
  readonly proposed: readonly CheckedProposal[];
  readonly deviceOf: ReadonlyMap<Target, StudyDevice>;
}

/** The deployment on the devices that it and the study have in common, each at the study's precision. */
const useCaseOf = (study: Study, deployment: ReferenceDeployment): UseCase | undefined => {
  const { scenario, devices } = deployment;
  const chosen = devices.flatMap((id) => study.devices.filter(({ device }) => device.id === id));
  if (chosen.length === 0) return undefined;
  const models = study.models.map(({ entry }) => entry);
  const byEntry = new Map(study.models.map((model) => [model.entry, model] as const));
  const options: SearchOptions = {
    compile: (entry, { resolution }) => {
      const model = byEntry.get(entry);
      if (model === undefined) throw new RangeError(`${entry.variant.name} is not of the study`);
      return study.compiled(model, resolution ?? model.nativeResolution);
    },
  };
  const deviceOf = new Map(chosen.map((device) => [targetOf(device), device] as const));
  const pairs = [...deviceOf].flatMap(
    ([target, { precision }]): readonly Pair[] =>
      search({ ...scenario, precisions: [precision] }, { models, targets: [target] }, options).pairs,
  );
  const found = startSearch(scenario, { models, targets: [...deviceOf.keys()] }, options).done(pairs);
  const proposals = scenario.proposed.flatMap((proposal) => {
    const entry = models.find(({ variant }) => variant.name === proposal.model);
    const targets = [...deviceOf.keys()].filter(
      ({ device }) => proposal.device === undefined || device.id === proposal.device,
    );
    return entry === undefined ? [] : [{ proposal, entry, targets }];
  });
  return { deployment, decision: decide(found), proposed: checkProposals(found, proposals, options), deviceOf };
};

const resultTable = (study: Study, { deployment, decision, deviceOf }: UseCase): TableBlock => {
  const { scenario } = deployment;
  const candidateOf = (pair: Pair) => pair.feasible[0]?.candidate ?? pair.nearest;
  return {
    kind: 'table',
    id: `use-case-${scenario.id}`,
    caption: `${scenario.title}: every model against every constraint`,
    columns: [
      { key: 'device', title: 'Device', format: { kind: 'text' } },
      { key: 'model', title: 'Model', format: { kind: 'text' } },
      { key: 'resolution', title: 'Resolution', unit: 'px', format: { kind: 'integer' } },
      { key: 'batch', title: 'Batch', format: { kind: 'integer' } },
      { key: 'latency', title: 'Predicted latency', unit: 'ms', format: { kind: 'number', digits: 3, scale: 1e-3 } },
      { key: 'high', title: 'Upper end', unit: 'ms', format: { kind: 'number', digits: 3, scale: 1e-3 } },
      { key: 'top1', title: 'Top-1', unit: '%', format: { kind: 'fixed', decimals: 1 } },
      { key: 'energy', title: 'Energy per inference', unit: 'mJ', format: { kind: 'number', digits: 3, scale: 1e-3 } },
      { key: 'streams', title: 'Streams per device', format: { kind: 'integer' } },
      { key: 'devices', title: 'Devices needed', format: { kind: 'integer' } },
      { key: 'verdict', title: 'Holds', format: { kind: 'verdict' } },
      { key: 'binding', title: 'Binding constraint', format: { kind: 'text' } },
    ],
    rows: decision.search.pairs.map((pair) => {
      const candidate = candidateOf(pair);
      const device = deviceOf.get(pair.target);
      const binding = candidate?.outcome.binding ?? pair.refused;
      return {
        device: device === undefined ? pair.target.device.name : targetTitle(study, device),
        model: pair.entry.variant.title,
        resolution: (candidate && resolutionOf(candidate)) ?? null,
        batch: candidate?.batch ?? null,
        latency: candidate?.latencySeconds ?? null,
        high: candidate?.highSeconds ?? null,
        top1: candidate?.model.accuracy ?? null,
        energy: candidate?.energyPerInferenceJoules ?? null,
        streams: candidate?.outcome.composition.streamsPerDevice ?? null,
        devices: candidate?.outcome.composition.devices ?? null,
        verdict: pair.holding > 0,
        binding: binding === undefined ? null : checkText(binding),
      };
    }),
    notes: [
      'Each model at its native resolution, where its accuracy was measured, and each device at its own precision: the best batch by the rule, or where none holds the one that comes nearest.',
    ],
  };
};

const useCaseBlocks = (study: Study, useCase: UseCase): readonly Block[] => {
  const { deployment, decision, proposed } = useCase;
  const { scenario } = deployment;
  const isHypothetical = decision.search.space.targets.some(({ device }) => device.status === 'hypothetical');
  return [
    { kind: 'heading', level: 3, text: scenario.title },
    {
      kind: 'paragraph',
      text: `${capitalized(scenario.workload)}. Assumed: ${scenario.assumptions.join('; ')}.`,
    },
    askedBlock(scenario),
    ...findingBlocks(decision, scenario.id),
    ...(isHypothetical
      ? [
          {
            kind: 'callout',
            tone: 'warning',
            text: 'A device of this scenario is hypothetical: no silicon was measured.',
          } as const,
        ]
      : []),
    resultTable(study, useCase),
    ...relaxBlocks(decision, scenario.id),
    ...proposalBlocks(proposed, scenario.id),
  ];
};

export const section: Section = {
  id: 'use-cases',
  title: 'Use-case scenarios',
  order: 170,
  build: ({ study }) => {
    const useCases = REFERENCE_DEPLOYMENTS.map((deployment) => ({ deployment, useCase: useCaseOf(study, deployment) }));
    const tried = useCases.flatMap(({ useCase }) => useCase ?? []);
    const failing = tried.filter(({ decision }) => decision.recommendation === undefined);
    const holding = tried.length - failing.length;
    const failText =
      failing.length === 0
        ? ''
        : ` Without a solution: ${listOf(failing.map(({ deployment }) => deployment.scenario.title.toLowerCase()))}.`;
    const level = study.cells[0]?.estimate.interval.level ?? 0;
    return [
      {
        kind: 'paragraph',
        text:
          `${capitalized(countedOf(holding, tried.length, 'scenario'))} ${verbOf(holding, tried.length, 'has', 'have')} ` +
          `a combination of model and device that meets every constraint, with times and energies at the upper end of the ${formatPercent(level, 0)} interval.${failText} ` +
          '`assay recommend --scenario NAME` searches the same scenarios over the whole zoo.',
      },
      ...useCases.flatMap(({ deployment, useCase }): readonly Block[] =>
        useCase === undefined
          ? [
              { kind: 'heading', level: 3, text: deployment.scenario.title },
              {
                kind: 'callout',
                tone: 'note',
                text: 'None of the devices that this scenario is about is in the study.',
              },
            ]
          : useCaseBlocks(study, useCase),
      ),
    ];
  },
};
