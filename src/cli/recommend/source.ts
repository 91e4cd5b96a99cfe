/** Where a scenario comes from: a file, or its name among the built-in ones. */
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { nearestNames, parseScenario, recommend, type ScenarioRequest } from '../../index.ts';
import { DATA_FILE_ENDINGS, readDataFile } from '../../node/api.ts';
import { didYouMean, InputError, quoted } from '../errors.ts';
import { FOREIGN_ENDINGS, isPath, MODEL_ENDING } from '../select.ts';

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
  const isFile = isPath(word) || [...FOREIGN_ENDINGS, MODEL_ENDING].includes(ending);
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
  const { devices, models, scenario, excludedDevices, excludedModels } = request;
  const beside = (word: string): string => besideFile(path, word);
  return {
    ...request,
    scenario: {
      ...scenario,
      proposed: scenario.proposed.map((each) => ({
        ...each,
        model: beside(each.model),
        ...(each.device !== undefined && { device: beside(each.device) }),
      })),
    },
    excludedDevices: excludedDevices.map(beside),
    excludedModels: excludedModels.map(beside),
    ...(devices && { devices: devices.map((choice) => ({ ...choice, word: beside(choice.word) })) }),
    ...(models && { models: models.map(beside) }),
  };
};

export interface ScenarioSource {
  /** A file; or the name of a built-in scenario. */
  readonly file?: string | undefined;
  readonly name?: string | undefined;
}

/** The scenario that is asked for, as it is written. Throws `InputError`. */
export const writtenScenario = ({ file, name }: ScenarioSource): Promise<ScenarioRequest> => {
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
