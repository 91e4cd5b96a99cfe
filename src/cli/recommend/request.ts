/** What `assay recommend` is asked, with everything that it names found. */
import { recommend, type ScenarioRequest } from '../../index.ts';
import type { FileOperations } from '../../node/api.ts';
import type { SelectedModel } from '../model/select.ts';
import type { Warning } from '../output.ts';
import {
  checkMetric,
  chosenDevices,
  chosenModels,
  contradictory,
  leftOut,
  resolvedProposals,
  targetsOf,
  withNamedValues,
} from './selection.ts';
import { type ScenarioSource, writtenScenario } from './source.ts';

export interface RecommendRequest {
  readonly scenario: recommend.DeploymentScenario;
  readonly space: recommend.SearchSpace;
  readonly models: readonly SelectedModel[];
  readonly proposals: readonly recommend.ResolvedProposal[];
  readonly warnings: readonly { readonly place: string; readonly issues: readonly Warning[] }[];
}

export interface RequestOptions extends ScenarioSource {
  readonly files: FileOperations;
  readonly on?: readonly string[] | undefined;
  readonly models?: readonly string[] | undefined;
  readonly override?: Partial<recommend.DeploymentScenario>;
}

/** Throws `InputError` for what is unknown and for constraints that contradict each other. */
export const recommendRequest = async (options: RequestOptions): Promise<RecommendRequest> => {
  const { files, on, models: words, override = {} } = options;
  const asked = await writtenScenario(options);
  const request: ScenarioRequest = {
    ...asked,
    scenario: { ...asked.scenario, ...override },
    ...(on !== undefined && {
      devices: on.map((word) => asked.devices?.find((choice) => choice.word === word) ?? { word }),
    }),
    ...(words !== undefined && { models: words }),
  };
  checkMetric(request.scenario);
  const models = await chosenModels(request, files);
  const chosen = await chosenDevices(request, files);
  const targets = targetsOf(chosen, request.runtimes);
  const scenario = withNamedValues(request.scenario, models);
  const space: recommend.SearchSpace = { models: models.map(({ entry }) => entry), targets };
  const [first] = recommend.contradictionsOf(scenario, space);
  if (first !== undefined) throw contradictory(...first.between, first.message, options.file);
  return {
    ...{ scenario, space, models },
    proposals: await resolvedProposals(scenario.proposed, targets, models, files),
    warnings: [
      { place: options.file ?? 'scenario', issues: leftOut(request) },
      ...chosen.map(({ selected: { word, warnings } }) => ({ place: word, issues: warnings })),
    ],
  };
};
