/** The budget file, and its words as models, devices and runtimes. What is wrong with one names its line. */
import { dirname, isAbsolute, join } from 'node:path';
import {
  allOperators,
  type Budget,
  type BudgetHardware,
  type BudgetPath,
  type BudgetTarget,
  findModel,
  findRuntime,
  type Machine,
  nearestNames,
  parseBudgets,
  RUNTIMES,
  type Runtime,
} from '../../index.ts';
import { DEVICE_FILE_ENDINGS, type FileOperations, readBudgetFile } from '../../node/api.ts';
import { didYouMean, InputError, quoted } from '../errors.ts';
import { machineOf } from '../estimate/cells.ts';
import type { Warning } from '../output.ts';
import { isFamily, isPath, type SelectedDevice, selectDevices, targetOf } from '../select.ts';

export interface BudgetFile {
  readonly path: string;
  readonly budgets: readonly Budget[];
  lineOf(place: BudgetPath): number;
}

/** Throws `InputError` with the line and the field that is wrong. */
export const readBudgets = async (path: string): Promise<BudgetFile> => {
  const read = await readBudgetFile(path);
  if (!read.ok) throw new InputError(read.code, path, read.message);
  const parsed = parseBudgets(read.data);
  if (parsed.ok) return { path, budgets: parsed.budgets, lineOf: read.lineOf };
  const [first, ...others] = parsed.issues;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const line = read.lineOf(first?.path ?? []);
  const message = `${path}:${line}: ${first?.place ?? '(root)'}: ${first?.message ?? 'is no budget'}${more}`;
  throw new InputError(first?.code ?? 'malformed-budget', path, message);
};

/** Runs what reads words of the file: what is wrong with them names the line. */
export const atPlace = async <Value>(
  { path, lineOf }: BudgetFile,
  place: BudgetPath,
  run: () => Value | Promise<Value>,
): Promise<Value> => {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.code, path, `${path}:${lineOf(place)}: ${error.message}`, { cause: error });
  }
};

const besideFile = ({ path }: BudgetFile, word: string): string =>
  isAbsolute(word) ? word : join(dirname(path), word);

/** Paths are relative to the budget file, wherever it is run from. */
export const modelWord = async (file: BudgetFile, word: string, files: FileOperations): Promise<string> => {
  if (findModel(word) !== undefined || isFamily(word)) return word;
  const beside = besideFile(file, word);
  return isPath(word) || /\.onnx$/i.test(word) || (await files.kindOf(beside)) !== undefined ? beside : word;
};

const deviceWord = (file: BudgetFile, word: string): string => {
  const name = word.replace(/@[^@/\\]*$/, '').toLowerCase();
  return isPath(word) || DEVICE_FILE_ENDINGS.some((ending) => name.endsWith(ending)) ? besideFile(file, word) : word;
};

const runtimeNamed = (name: string): Runtime => {
  const found = findRuntime(name) ?? findRuntime(name.toLowerCase());
  if (found !== undefined) return found;
  const ids = RUNTIMES.map(({ id }) => id);
  const expected = `expected one of ${ids.join(', ')}${didYouMean(nearestNames(name, ids))}`;
  throw new InputError('unknown-runtime', name, `no runtime is called ${quoted(name)}: ${expected}`);
};

const keyOf = ({ device, precision, runtime }: BudgetTarget): string => [device, precision, runtime].join('\n');

export interface Hardware extends BudgetHardware {
  /** What device files say that was probably not meant. */
  readonly warnings: readonly { readonly word: string; readonly warnings: readonly Warning[] }[];
}

/** Every device that the budgets name, resolved once. Throws `InputError`. */
export const hardwareOf = async (file: BudgetFile, files: FileOperations): Promise<Hardware> => {
  const selected = new Map<string, SelectedDevice>();
  const machines = new Map<string, Machine>();
  const select = async (word: string): Promise<SelectedDevice> => {
    const known = selected.get(word);
    if (known !== undefined) return known;
    const [found] = await selectDevices([deviceWord(file, word)], files);
    if (found === undefined) throw new InputError('unknown-device', word, `no device is called ${quoted(word)}`);
    selected.set(word, found);
    return found;
  };
  for (const limit of file.budgets.flatMap(({ limits }) => limits)) {
    if (limit.kind === 'operators' && limit.rule === 'on') {
      await atPlace(file, limit.path, async () => {
        const { device } = await select(limit.device);
        if (device.host !== undefined) return;
        const message = `${device.id} does not say which operators it leaves to a host, so there is nothing to hold a model to: expected a device that does, or operators.allowed`;
        throw new InputError('no-operator-list', limit.device, message);
      });
    }
    if (limit.kind !== 'device') continue;
    const { on, path } = limit;
    await atPlace(file, path, async () => {
      const device = await select(on.device);
      const { precision } = on;
      const runtime = on.runtime === undefined ? undefined : runtimeNamed(on.runtime);
      const target = targetOf(device, { runtime, ...(precision !== undefined && { precision }) });
      machines.set(keyOf(on), machineOf(device, target));
    });
  }
  return {
    machineOf: (target) => machines.get(keyOf(target)) as Machine,
    deviceOf: (word) => {
      const found = selected.get(word) as SelectedDevice;
      return { device: found.device, runtime: targetOf(found, {}).runtime };
    },
    warnings: [...selected.values()].map(({ word, warnings }) => ({ word, warnings })),
  };
};

/** A misspelt name in a list would never match, and the check would pass. Throws `InputError`. */
export const requireOperators = async (file: BudgetFile): Promise<void> => {
  const known = allOperators.filter(({ domain }) => domain === '').map(({ type }) => type);
  for (const limit of file.budgets.flatMap(({ limits }) => limits)) {
    if (limit.kind !== 'operators' || limit.rule === 'on') continue;
    for (const [index, name] of limit.names.entries()) {
      // A name with a domain may be anybody's.
      if (name.includes('.') || name.endsWith('*') || known.includes(name)) continue;
      await atPlace(file, [...limit.path, index], () => {
        const near = didYouMean(nearestNames(name, known));
        const message = `no operator is called ${quoted(name)}: expected a name that assay ops lists, or one with its domain, as ai.onnx.${name.slice(0, 32)}${near}`;
        throw new InputError('unknown-operator', name, message);
      });
    }
  }
};
