/** Names of models and devices to what they mean: zoo entries, `family:`, aliases, `@MODE`, device files. */
import { extname } from 'node:path';
import {
  allModels,
  type CompiledModel,
  CountOverflowError,
  compileModel,
  type Device,
  type DeviceIssue,
  devices,
  families,
  findDevice,
  findFamily,
  findModel,
  findRuntime,
  type ModelEntry,
  ModelOptionError,
  type ModelOptionErrorCode,
  modeNamed,
  nearestDevices,
  nearestModels,
  nearestNames,
  OperatorError,
  type Precision,
  type Runtime,
  type StudyDevice,
  type ZooEntry,
} from '../index.ts';
import { DEVICE_FILE_ENDINGS, type FileOperations, readDeviceFile } from '../node/api.ts';
import { didYouMean, InputError, quoted } from './errors.ts';

const FAMILY_PREFIX = 'family:';

export const isFamily = (word: string): boolean => word.toLowerCase().startsWith(FAMILY_PREFIX);

/** Endings of model files that are not read: a name with one of them is a path even where no such file is. */
export const FOREIGN_ENDINGS: readonly string[] = [
  ...['.ort', '.tflite', '.pb', '.pbtxt', '.h5', '.keras', '.mlmodel', '.mlpackage', '.xml', '.param'],
  ...['.pt', '.pth', '.pt2', '.pkl', '.bin', '.ckpt', '.safetensors', '.gguf', '.json', '.yaml', '.yml'],
];

export const isPath = (word: string): boolean => /[/\\]/.test(word);

/** The ending of ONNX files; a path or a file of any other name is tried as well, unless its ending says what it is. */
export const MODEL_ENDING = '.onnx';

const endingOf = (word: string): string => extname(word).toLowerCase();

/** Whether a word that names no model of the zoo is a path. */
export const isModelPath = async (word: string, files: FileOperations): Promise<boolean> => {
  const ending = endingOf(word);
  if (isPath(word) || ending === MODEL_ENDING || FOREIGN_ENDINGS.includes(ending)) return true;
  return (await files.kindOf(word)) !== undefined;
};

/** Throws `InputError` for a file that is not read because of what its name says it is. */
export const refuseForeign = (path: string): void => {
  if (!FOREIGN_ENDINGS.includes(endingOf(path))) return;
  const expected = 'expected an ONNX file (NAME.onnx) or a name of the zoo (assay models lists them)';
  throw new InputError(
    'unsupported-model-file',
    path,
    `${quoted(path)} is no ONNX file, and only those are read: ${expected}`,
  );
};

const unknownModel = async (word: string, files: FileOperations): Promise<InputError> => {
  if (await isModelPath(word, files)) {
    const message = `${quoted(word)} is a path: expected a name of the zoo (assay models lists them)`;
    return new InputError('not-a-zoo-model', word, message);
  }
  const near = didYouMean(nearestModels(word));
  return new InputError('unknown-model', word, `no model is called ${quoted(word)}: assay models lists all${near}`);
};

const familyMembers = (word: string): readonly ZooEntry[] => {
  const id = word.slice(FAMILY_PREFIX.length);
  const family = findFamily(id);
  if (family !== undefined) return family.variants.map((variant) => ({ family, variant }));
  const ids = families.map((known) => known.id);
  const near = didYouMean(nearestNames(id, ids));
  throw new InputError(
    'unknown-family',
    word,
    `no family is called ${quoted(id)}: expected one of ${ids.join(', ')}${near}`,
  );
};

/** Words with their commas taken apart; a file whose name has one stays whole. */
export const wordsOf = async (given: readonly string[], files: FileOperations): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const word of given) {
    const isFile = word.includes(',') && (await files.kindOf(word)) === 'file';
    found.push(...(isFile ? [word] : word.split(',').map((part) => part.trim())));
  }
  return found;
};

/** What a word names in the zoo, unless it is a path. Throws `InputError`. */
export const zooEntries = async (word: string, files: FileOperations): Promise<readonly ZooEntry[]> => {
  const model = findModel(word);
  if (model !== undefined) return [model];
  if (isFamily(word)) return familyMembers(word);
  throw await unknownModel(word, files);
};

/** The models of the zoo of a list, in its order, each once. Throws `InputError`. */
export const selectModels = async (given: readonly string[], files: FileOperations): Promise<readonly ZooEntry[]> => {
  const found = new Map<string, ZooEntry>();
  for (const word of await wordsOf(given, files)) {
    for (const entry of await zooEntries(word, files)) {
      if (!found.has(entry.variant.name)) found.set(entry.variant.name, entry);
    }
  }
  return [...found.values()];
};

/** Every model, or those of a family. */
export const modelsOf = (familyId: string | undefined): readonly ZooEntry[] =>
  familyId === undefined ? allModels() : familyMembers(`${FAMILY_PREFIX}${familyId}`);

export interface SelectedDevice {
  readonly device: Device;
  readonly powerMode?: string;
  /** What a device file says that was probably not meant; none for a built-in device. */
  readonly warnings: readonly DeviceIssue[];
  /** What was typed. */
  readonly word: string;
}

/** Ids, though an alias may be what is near: both name the same device. */
const nearestIds = (name: string): readonly string[] => [
  ...new Set(nearestDevices(name).flatMap((near) => findDevice(near)?.id ?? [])),
];

type FoundDevice = Pick<SelectedDevice, 'device' | 'warnings'>;

const readDevice = async (path: string): Promise<FoundDevice> => {
  const read = await readDeviceFile(path);
  if (!read.ok) throw new InputError(read.code, path, read.message);
  // The schema's library takes as long to load as everything else: only for a file.
  const { parseDevice } = await import('../hardware/api.ts');
  const parsed = parseDevice(read.data, { source: path, builtins: devices });
  if (parsed.ok) return parsed;
  const [first, ...others] = parsed.issues;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const code = first?.code ?? 'malformed-file';
  throw new InputError(code, path, `${path}: ${first?.path ?? '(root)'}: ${first?.message ?? 'is no device'}${more}`);
};

const isDevicePath = (word: string): boolean =>
  isPath(word) || (DEVICE_FILE_ENDINGS as readonly string[]).includes(extname(word).toLowerCase());

const deviceNamed = async (name: string, files: FileOperations): Promise<FoundDevice | undefined> => {
  const known = findDevice(name);
  if (known !== undefined) return { device: known, warnings: [] };
  return isDevicePath(name) || (await files.kindOf(name)) === 'file' ? readDevice(name) : undefined;
};

const selectDevice = async (word: string, files: FileOperations): Promise<SelectedDevice> => {
  const at = word.lastIndexOf('@');
  // A path may hold an @ of its own, as in node_modules/@scope/device.yaml.
  const isWhole = at === -1 || (isDevicePath(word) && (await files.kindOf(word)) === 'file');
  const name = isWhole ? word : word.slice(0, at);
  const found = await deviceNamed(name, files);
  if (found === undefined) {
    const near = nearestIds(name);
    const ids = near.length === 0 ? ' (assay devices lists them)' : '';
    throw new InputError(
      'unknown-device',
      word,
      `no device is called ${quoted(name)}: expected an id, an alias or a device file${ids}${didYouMean(near)}`,
    );
  }
  const { device } = found;
  if (isWhole) return { ...found, word };
  const asked = word.slice(at + 1);
  const mode = modeNamed(device, asked);
  if (mode !== undefined) return { ...found, word, powerMode: mode.name };
  const modes = device.power.modes.map((known) => known.name).join(', ');
  throw new InputError(
    'unknown-mode',
    word,
    `${device.id} has no power mode ${quoted(asked)}: expected one of ${modes}`,
  );
};

/** The devices of a list, in its order, each with its mode once. Throws `InputError`. */
export const selectDevices = async (
  given: readonly string[],
  files: FileOperations,
): Promise<readonly SelectedDevice[]> => {
  const found = new Map<string, SelectedDevice>();
  for (const word of await wordsOf(given, files)) {
    const selected = await selectDevice(word, files);
    const key = `${selected.device.id}@${selected.powerMode ?? ''}`;
    if (!found.has(key)) found.set(key, selected);
  }
  return [...found.values()];
};

/** A device with what runs on it: the runtime and precision asked for, or the device's own. Throws `InputError`. */
export const targetOf = (
  { device, powerMode, word }: Omit<SelectedDevice, 'warnings'>,
  {
    runtime,
    precision = device.defaultPrecision,
  }: { readonly runtime?: Runtime | undefined; readonly precision?: Precision },
): StudyDevice => {
  const own = runtime ?? findRuntime(device.defaultRuntime);
  if (own === undefined) {
    const message = `${device.id} names the runtime ${quoted(device.defaultRuntime)}, which is not known: choose one with --runtime`;
    throw new InputError('unknown-runtime', word, message);
  }
  return { device, runtime: own, precision, ...(powerMode === undefined ? {} : { powerMode }) };
};

/** Runs what counts; a count that would no longer be exact is an `InputError`. */
export const exactly = <Value>(what: string, count: () => Value): Value => {
  try {
    return count();
  } catch (error) {
    if (!(error instanceof CountOverflowError)) throw error;
    const expected = 'expected a smaller resolution or batch';
    throw new InputError(error.code, '--resolution', `${what}: ${error.message}; ${expected}`, { cause: error });
  }
};

const OPTION_OF: Readonly<Record<ModelOptionErrorCode, string>> = {
  'illegal-resolution': '--resolution',
  'illegal-width': '--width',
  'illegal-tokens': '--tokens',
  'unsupported-option': '--width',
};

/** Runs what builds graphs at a resolution that was asked for; what does not fit the network is an `InputError`. */
export const atResolution = <Value>(what: string, resolution: number | undefined, build: () => Value): Value => {
  const place = resolution === undefined ? what : `${what} at resolution ${resolution}`;
  try {
    return exactly(place, build);
  } catch (error) {
    if (error instanceof ModelOptionError) {
      const option = OPTION_OF[error.code];
      throw new InputError(error.code, option, `${what}: ${error.message}`, { cause: error });
    }
    if (resolution === undefined || !(error instanceof OperatorError || error instanceof RangeError)) throw error;
    const expected = 'expected a resolution that fits the network';
    throw new InputError('invalid-resolution', '--resolution', `${place}: ${error.message}; ${expected}`, {
      cause: error,
    });
  }
};

/** Builds and counts a model of the zoo, at its native resolution unless one is given. Throws `InputError`. */
export const compileEntry = (
  { variant }: ModelEntry,
  options: Parameters<typeof compileModel>[1] = {},
): CompiledModel => {
  if (options.resolution !== undefined && variant.withoutResolution) {
    const message = `${variant.name} reads no image, so there is no resolution to set`;
    throw new InputError('no-image-input', '--resolution', message);
  }
  return atResolution(variant.name, options.resolution, () => compileModel(variant, options));
};
