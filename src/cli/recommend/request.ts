/** Words of `assay recommend` and of scenario files to a scenario and what is searched for it. */
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import {
  allModels,
  devices as builtinDevices,
  type DeviceChoice,
  findModel,
  findRuntime,
  nearestModels,
  nearestNames,
  parseScenario,
  RUNTIMES,
  type Runtime,
  recommend,
  type ScenarioRequest,
} from '../../index.ts';
import { DATA_FILE_ENDINGS, type FileOperations, readDataFile } from '../../node/api.ts';
import { didYouMean, InputError, quoted } from '../errors.ts';
import { type SelectedModel, selectAnyModels } from '../model/select.ts';
import { parseFixed } from '../model/words.ts';
import type { Warning } from '../output.ts';
import { FOREIGN_ENDINGS, isPath, type SelectedDevice, selectDevices, targetOf } from '../select.ts';

export interface RecommendRequest {
  readonly scenario: recommend.DeploymentScenario;
  readonly space: recommend.SearchSpace;
  readonly models: readonly SelectedModel[];
  readonly proposals: readonly recommend.ResolvedProposal[];
  readonly warnings: readonly { readonly place: string; readonly issues: readonly Warning[] }[];
}

const scenarioNames = (): readonly string[] => recommend.REFERENCE_DEPLOYMENTS.map(({ scenario }) => scenario.id);

const EXPECTED_FILE = () =>
  `expected a scenario file (${DATA_FILE_ENDINGS.join(', ')}), or --scenario with one of ${scenarioNames().join(', ')}`;

/** A scenario that Assay knows by name. Throws `InputError`. */
const builtin = (name: string): ScenarioRequest => {
  const plain = name.toLowerCase().replaceAll('_', '-');
  const found = recommend.REFERENCE_DEPLOYMENTS.find(({ scenario }) => scenario.id === plain);
  if (found !== undefined) {
    const devices = found.devices.map((word) => ({ word }));
    return { scenario: found.scenario, devices, excludedDevices: [], excludedModels: [] };
  }
  const near = didYouMean(nearestNames(name, scenarioNames()));
  throw new InputError(
    'unknown-scenario',
    '--scenario',
    `no scenario is called ${quoted(name)}: expected one of ${scenarioNames().join(', ')}, or a file${near}`,
  );
};

/** Paths in a file are seen from where the file is. */
const besideFile = (path: string, word: string): string => {
  const ending = extname(word.replace(/@[^/\\@]*$/, '')).toLowerCase();
  const isFile = isPath(word) || [...FOREIGN_ENDINGS, '.onnx'].includes(ending);
  return isFile && !isAbsolute(word) ? join(dirname(path), word) : word;
};

const fromFile = async (path: string): Promise<ScenarioRequest> => {
  const read = await readDataFile(path, 'scenario file');
  if (!read.ok)
    throw new InputError(
      read.code,
      path,
      `${read.message}${read.code === 'missing-file' ? `: ${EXPECTED_FILE()}` : ''}`,
    );
  const parsed = parseScenario(read.data, { name: basename(path, extname(path)) });
  if (!parsed.ok) {
    const [first, ...others] = parsed.issues;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    throw new InputError(
      first?.code ?? 'malformed-file',
      path,
      `${path}: ${first?.path ?? '(root)'}: ${first?.message ?? 'is no scenario'}${more}`,
    );
  }
  const { request } = parsed;
  const { devices, models } = request;
  return {
    ...request,
    ...(devices && { devices: devices.map((choice) => ({ ...choice, word: besideFile(path, choice.word) })) }),
    ...(models && { models: models.map((word) => besideFile(path, word)) }),
  };
};

export interface RequestOptions {
  /** A file; or the name of a built-in scenario. */
  readonly file?: string | undefined;
  readonly name?: string | undefined;
  readonly files: FileOperations;
  readonly on?: readonly string[] | undefined;
  readonly models?: readonly string[] | undefined;
  readonly override?: Partial<recommend.DeploymentScenario>;
}

const written = ({ file, name }: RequestOptions): Promise<ScenarioRequest> => {
  if (file !== undefined && name !== undefined) {
    const message = `${quoted(file)} and --scenario ${quoted(name)} are two scenarios: expected one of them`;
    throw new InputError('conflicting-options', '--scenario', message);
  }
  if (file !== undefined) return fromFile(file);
  if (name === undefined) {
    throw new InputError('missing-argument', 'SCENARIO', `no scenario is given: ${EXPECTED_FILE()}`);
  }
  return Promise.resolve(builtin(name));
};

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
const checkMetric = ({ accuracy }: recommend.DeploymentScenario): void => {
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

const chosenModels = async (
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

const contradictory = (first: string, second: string, message: string, file?: string): InputError => {
  const place = file === undefined ? '' : `${file}: `;
  const path = file ?? first;
  return new InputError(
    'contradictory-constraints',
    path,
    `${place}${first} and ${second} contradict each other: ${message}`,
  );
};

const chosenDevices = async (
  request: ScenarioRequest,
  files: FileOperations,
): Promise<readonly { readonly choice: DeviceChoice; readonly selected: SelectedDevice }[]> => {
  const choices: readonly DeviceChoice[] = request.devices ?? builtinDevices.map(({ id }) => ({ word: id }));
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

const targetsOf = (
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

const resolvedProposals = async (
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

const withNamedValues = (
  scenario: recommend.DeploymentScenario,
  models: readonly SelectedModel[],
): recommend.DeploymentScenario => {
  const { accuracy } = scenario;
  if (accuracy?.values === undefined) return scenario;
  const own = new Set(models.map(({ entry }) => entry.variant.name));
  return { ...scenario, accuracy: { ...accuracy, values: namedValues(accuracy.values, own) } };
};

/** Throws `InputError` for what is unknown and for constraints that contradict each other. */
export const recommendRequest = async (options: RequestOptions): Promise<RecommendRequest> => {
  const { files, on, models: words, override = {} } = options;
  const asked = await written(options);
  const request: ScenarioRequest = {
    ...asked,
    scenario: { ...asked.scenario, ...override },
    ...(on !== undefined && { devices: on.map((word) => ({ word })) }),
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
    warnings: chosen.map(({ selected: { word, warnings } }) => ({ place: word, issues: warnings })),
  };
};
