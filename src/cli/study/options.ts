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
import { BATCHES, MAX_CELLS, parseWhole, parseWholeList, RESOLUTIONS } from '../parse.ts';
import { type SelectedDevice, selectDevices, selectModels, targetOf } from '../select.ts';

export interface StudyWords {
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

export const studyOptions = async (
  { models, on, batch, resolution }: StudyWords,
  files: FileOperations,
): Promise<{ readonly options: StudyOptions; readonly selected: readonly SelectedDevice[] }> => {
  const reference = referenceStudyOptions();
  const entries = models === undefined ? reference.models : await selectModels(models, files);
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
    resolution: resolution === undefined ? reference.resolution : parseWhole(resolution, '--resolution', RESOLUTIONS),
    batches:
      batch === undefined ? reference.batches : parseWholeList(batch, '--batch', BATCHES).toSorted((a, b) => a - b),
    commonPrecision: commonPrecision(targets),
  };
  const cells = cellCount(options);
  if (cells > MAX_CELLS) {
    const message = `${names.length} models on ${ids.length} of ${devices.length} devices at ${options.batches.length} batches are about ${cells} estimates: expected at most ${MAX_CELLS}`;
    throw new InputError('too-many-estimates', '--models', message);
  }
  return { options, selected };
};
