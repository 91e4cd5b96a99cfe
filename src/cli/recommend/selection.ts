/** Names in a scenario to models, devices, runtimes and columns. Every refusal is an `InputError`. */
import {
  allModels,
  devices as builtinDevices,
  type DeviceChoice,
  findModel,
  findRuntime,
  nearestModels,
  nearestNames,
  RUNTIMES,
  type Runtime,
  recommend,
  type ScenarioRequest,
} from '../../index.ts';
import type { FileOperations } from '../../node/api.ts';
import { didYouMean, InputError, quoted } from '../errors.ts';
import { type SelectedModel, selectAnyModels } from '../model/select.ts';
import { parseFixed } from '../model/words.ts';
import type { Warning } from '../output.ts';
import { type SelectedDevice, selectDevices, targetOf } from '../select.ts';

/** Whether a scenario asks for a figure that a model of the zoo has. */
const isMeasured = ({
  accuracy,
}: recommend.DeploymentScenario): ((model: ReturnType<typeof allModels>[number]) => boolean) => {
  if (accuracy?.values !== undefined) {
    const names = new Set(Object.keys(namedValues(accuracy.values, new Set())));
    return ({ variant }) => names.has(variant.name);
  }
  if (accuracy === undefined || accuracy.metric === recommend.TOP_1)
    return ({ variant }) => variant.accuracy !== undefined;
  return ({ variant }) => variant.quality?.some(({ metric }) => metric === accuracy.metric) === true;
};

const metricsOfZoo = (): readonly string[] => [
  recommend.TOP_1,
  ...new Set(allModels().flatMap(({ variant }) => (variant.quality ?? []).map(({ metric }) => metric))),
];

/** Throws `InputError` for a metric that nobody gives. */
export const checkMetric = ({ accuracy }: recommend.DeploymentScenario): void => {
  if (accuracy === undefined || accuracy.values !== undefined) return;
  const { metric } = accuracy;
  const metrics = metricsOfZoo();
  if (metrics.includes(metric)) return;
  const near = didYouMean(nearestNames(metric, metrics));
  const message = `accuracy.metric is ${quoted(metric)}: expected one of ${metrics.join(', ')}, or values of your own${near}`;
  throw new InputError('unknown-metric', 'accuracy.metric', message);
};

/** A column with names of models as the zoo spells them. Throws `InputError` for others than of the zoo or selected. */
const namedValues = (
  values: Readonly<Record<string, number>>,
  own: ReadonlySet<string>,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(values).map(([word, value]) => {
      const name = own.has(word) ? word : findModel(word)?.variant.name;
      if (name !== undefined) return [name, value] as const;
      const near = didYouMean(nearestModels(word));
      throw new InputError(
        'unknown-model',
        'accuracy.values',
        `accuracy.values: no model is called ${quoted(word)}${near}`,
      );
    }),
  );

export const chosenModels = async (
  { models, excludedModels, scenario }: ScenarioRequest,
  files: FileOperations,
): Promise<readonly SelectedModel[]> => {
  const select = (words: readonly string[]) => selectAnyModels(words, { files, fixed: parseFixed({}), batch: 'any' });
  const asked =
    models === undefined
      ? allModels()
          .filter(isMeasured(scenario))
          .map((entry): SelectedModel => ({ entry }))
      : await select(models);
  const excluded = new Set((await select(excludedModels)).map(({ entry }) => entry.variant.name));
  const left = asked.filter(({ entry }) => !excluded.has(entry.variant.name));
  if (left.length > 0) return left;
  throw contradictory('models', 'exclude.models', 'every model that is allowed is excluded as well');
};

export const contradictory = (first: string, second: string, message: string, file?: string): InputError => {
  const place = file === undefined ? '' : `${file}: `;
  const path = file ?? first;
  return new InputError(
    'contradictory-constraints',
    path,
    `${place}${first} and ${second} contradict each other: ${message}`,
  );
};

export const chosenDevices = async (
  request: ScenarioRequest,
  files: FileOperations,
): Promise<readonly { readonly choice: DeviceChoice; readonly selected: SelectedDevice }[]> => {
  // What nobody can buy is recommended only to those who ask about it.
  const real = builtinDevices.filter(({ status }) => status !== 'hypothetical');
  const choices: readonly DeviceChoice[] = request.devices ?? real.map(({ id }) => ({ word: id }));
  const found = await Promise.all(
    choices.map(async (choice) =>
      (await selectDevices([choice.word], files)).map((selected) => ({ choice, selected })),
    ),
  );
  const excluded = new Set((await selectDevices(request.excludedDevices, files)).map(({ device }) => device.id));
  const left = found.flat().filter(({ selected }) => !excluded.has(selected.device.id));
  if (left.length > 0) return left;
  throw contradictory('devices', 'exclude.devices', 'every device that is allowed is excluded as well');
};

/** What a search of all devices leaves out, for people. */
export const leftOut = ({ devices: named }: ScenarioRequest): readonly Warning[] => {
  const left = builtinDevices.filter(({ status }) => status === 'hypothetical').map(({ id }) => id);
  if (named !== undefined || left.length === 0) return [];
  const message = `none are named, and hypothetical ones are left out: name ${left.join(', ')} to search them as well`;
  return [{ code: 'hypothetical-left-out', path: 'devices', message }];
};

const runtimeNamed = (word: string): Runtime => {
  const found = findRuntime(word.toLowerCase());
  if (found !== undefined) return found;
  const near = nearestNames(
    word,
    RUNTIMES.map(({ id }) => id),
  );
  const expected = `expected a runtime such as ${RUNTIMES[0]?.id}${didYouMean(near)}`;
  throw new InputError('unknown-runtime', word, `no runtime is called ${quoted(word)}: ${expected}`);
};

export const targetsOf = (
  chosen: Awaited<ReturnType<typeof chosenDevices>>,
  runtimes: readonly string[] | undefined,
): readonly recommend.Target[] => {
  const found = new Map<string, recommend.Target>();
  for (const { choice, selected } of chosen) {
    const words = choice.runtime === undefined ? (runtimes ?? [undefined]) : [choice.runtime];
    for (const word of words) {
      const { device, runtime, powerMode } = targetOf(
        selected,
        word === undefined ? {} : { runtime: runtimeNamed(word) },
      );
      const { price, pricePerHour } = choice;
      const target: recommend.Target = {
        ...{ device, runtime },
        ...(powerMode !== undefined && { powerMode }),
        ...(price !== undefined && { price }),
        ...(pricePerHour !== undefined && { pricePerHour }),
      };
      found.set(`${device.id}@${powerMode ?? ''}/${runtime.id}`, target);
    }
  }
  return [...found.values()];
};

export const resolvedProposals = async (
  proposals: readonly recommend.Proposal[],
  targets: readonly recommend.Target[],
  models: readonly SelectedModel[],
  files: FileOperations,
): Promise<readonly recommend.ResolvedProposal[]> =>
  Promise.all(
    proposals.map(async (proposal): Promise<readonly recommend.ResolvedProposal[]> => {
      const known = models.filter(({ entry }) => entry.variant.name === proposal.model);
      const selected =
        known.length > 0
          ? known
          : await selectAnyModels([proposal.model], { files, fixed: parseFixed({}), batch: 'any' });
      const own =
        proposal.device === undefined
          ? targets
          : (await selectDevices([proposal.device], files)).flatMap((device): readonly recommend.Target[] => {
              const allowed = targets.filter(
                ({ device: { id }, powerMode }) => id === device.device.id && powerMode === device.powerMode,
              );
              if (allowed.length > 0) return allowed;
              const { runtime, powerMode } = targetOf(device, {});
              return [{ device: device.device, runtime, ...(powerMode !== undefined && { powerMode }) }];
            });
      return selected.map(({ entry }) => ({ proposal, entry, targets: own }));
    }),
  ).then((found) => found.flat());

export const withNamedValues = (
  scenario: recommend.DeploymentScenario,
  models: readonly SelectedModel[],
): recommend.DeploymentScenario => {
  const { accuracy } = scenario;
  if (accuracy?.values === undefined) return scenario;
  const own = new Set(models.map(({ entry }) => entry.variant.name));
  return { ...scenario, accuracy: { ...accuracy, values: namedValues(accuracy.values, own) } };
};
