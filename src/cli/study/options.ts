/** The study of `assay report`: the reference study with what the options replace. */
import {
  devices,
  isMachine,
  PRECISIONS,
  type Precision,
  referenceStudyOptions,
  resolveMachine,
  type StudyDevice,
  type StudyOptions,
} from '../../index.ts';
import type { FileOperations } from '../../node/api.ts';
import { InputError } from '../errors.ts';
import { compileSelected, requireClosed, type SelectedModel, selectAnyModels } from '../model/select.ts';
import { givenOptions, parseVariation, type VariationWords } from '../model/variation.ts';
import { type FixedWords, isFixing, parseFixed } from '../model/words.ts';
import { BATCHES, MAX_CELLS, parseWhole, parseWholeList, RESOLUTIONS } from '../parse.ts';
import { atResolution, type SelectedDevice, selectDevices, targetOf } from '../select.ts';

export interface StudyWords extends FixedWords, VariationWords {
  readonly models?: readonly string[];
  readonly on?: readonly string[];
  readonly batch?: readonly string[];
  readonly resolution?: string;
}

/** int8 where all have it, as in the reference study; then the narrowest type with a wide reach. */
const COMMON_PRECISIONS: readonly Precision[] = ['int8', 'fp16', 'bf16', 'fp32', ...PRECISIONS];

const has = ({ device, runtime, powerMode }: StudyDevice, precision: Precision): boolean =>
  isMachine(resolveMachine(device, runtime, { precision, ...(powerMode === undefined ? {} : { mode: powerMode }) }));

const commonPrecision = (targets: readonly StudyDevice[]): Precision => {
  const found = COMMON_PRECISIONS.find((precision) => targets.every((target) => has(target, precision)));
  if (found !== undefined) return found;
  const each = targets.map(({ device }) => `${device.id}: ${Object.keys(device.matrixPeaks).join(', ')}`).join('; ');
  throw new InputError('no-common-precision', '--on', `the devices share no precision to compare them in (${each})`);
};

/** Every batch is estimated at the common and at the native resolution, and once at the common precision. */
const cellCount = ({ models, devices: targets, batches }: StudyOptions): number =>
  models.length * targets.length * (2 * batches.length + 1);

/** The reference's, unless all models are files of one other size: nothing else asks for a size of them. */
const commonResolution = (models: readonly SelectedModel[], reference: number): number => {
  const natives = new Set(
    models.map(({ entry }) => entry.variant.nativeResolution).filter((size) => size !== undefined),
  );
  const [only] = natives;
  const areFiles = models.length > 0 && models.every(({ source }) => source !== undefined);
  return areFiles && natives.size === 1 && only !== undefined ? only : reference;
};

/** What a model does not fit is said with its name, before the study begins. */
const checkModels = (models: readonly SelectedModel[], resolution: number): void => {
  for (const model of models) {
    const { name, withoutResolution, nativeResolution, build } = model.entry.variant;
    if (model.source === undefined) {
      if (!withoutResolution) atResolution(name, resolution, () => build({ resolution }));
      continue;
    }
    try {
      requireClosed(model, compileSelected(model, withoutResolution ? {} : { resolution }));
      if (nativeResolution !== undefined && nativeResolution !== resolution)
        requireClosed(model, compileSelected(model));
    } catch (error) {
      if (!(error instanceof InputError) || error.code !== 'fixed-batch') throw error;
      const message = `${error.message}; a report tries several batches`;
      throw new InputError(error.code, error.path, message, { cause: error });
    }
  }
};

export const studyOptions = async (
  { models, on, batch, resolution: size, ...words }: StudyWords,
  files: FileOperations,
): Promise<{ readonly options: StudyOptions; readonly selected: readonly SelectedDevice[] }> => {
  const reference = referenceStudyOptions();
  const fixed = parseFixed(words);
  const variation = parseVariation(words);
  const [knob] = givenOptions(variation);
  if (models === undefined && knob !== undefined) {
    const message = `--${knob} says how the models of --models are built: expected --models NAME beside it`;
    throw new InputError('conflicting-options', `--${knob}`, message);
  }
  if (models === undefined && isFixing(fixed)) {
    const message = '--dim and --input fix what a file leaves open: expected --models FILE beside them';
    throw new InputError('conflicting-options', fixed.dims.size > 0 ? '--dim' : '--input', message);
  }
  const batches =
    batch === undefined ? reference.batches : parseWholeList(batch, '--batch', BATCHES).toSorted((a, b) => a - b);
  // The scenarios of a report try batches of their own, so its counts have to be per item.
  const chosen =
    models === undefined ? [] : await selectAnyModels(models, { files, fixed, variation, batches, batch: 'any' });
  const entries = models === undefined ? reference.models : chosen.map(({ entry }) => entry);
  const resolution =
    size === undefined ? commonResolution(chosen, reference.resolution) : parseWhole(size, '--resolution', RESOLUTIONS);
  const selected = on === undefined ? [] : await selectDevices(on, files);
  const targets = on === undefined ? reference.devices : selected.map((device) => targetOf(device, {}));
  const names = entries.map(({ variant }) => variant.name);
  const ids = targets.map(({ device }) => device.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new InputError(
      'duplicate-device',
      '--on',
      `${twice} is given in two power modes: a report holds each device once`,
    );
  }
  const options: StudyOptions = {
    models: entries,
    devices: targets,
    baseline: names.includes(reference.baseline) ? reference.baseline : (names[0] as string),
    resolution,
    batches,
    commonPrecision: commonPrecision(targets),
  };
  const cells = cellCount(options);
  if (cells > MAX_CELLS) {
    const message = `${names.length} models on ${ids.length} of ${devices.length} devices at ${options.batches.length} batches are about ${cells} estimates: expected at most ${MAX_CELLS}`;
    throw new InputError('too-many-estimates', '--models', message);
  }
  checkModels(chosen, resolution);
  return { options, selected };
};
