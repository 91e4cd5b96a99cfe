/** Words of the command line to models: of the zoo, and of files. */
import {
  type CompiledModel,
  compileModel,
  findModel,
  type GraphModel,
  graphModel,
  hasDimension,
  type ModelEntry,
  OperatorError,
  openSymbols,
  type Shape,
  type Variation,
  type ZooEntry,
} from '../../index.ts';
import type { FileOperations } from '../../node/api.ts';
import { InputError, quoted } from '../errors.ts';
import { compileEntry, isFamily, isModelPath, refuseForeign, wordsOf, zooEntries } from '../select.ts';
import { type FileModel, onFile, openFile } from './file.ts';
import { givenOptions, variedEntry } from './variation.ts';
import { type Fixed, isFixing } from './words.ts';

export interface SelectedModel {
  readonly entry: ModelEntry;
  /** Where the model comes from a file. */
  readonly source?: { readonly file: FileModel; readonly model: GraphModel };
  /** Batches to count at: those asked for, the file's own, or 1. */
  readonly batches?: readonly number[] | undefined;
}

export interface SelectOptions {
  readonly files: FileOperations;
  readonly fixed: Fixed;
  /** How models of the zoo are built otherwise than published. */
  readonly variation?: Variation;
  readonly batches?: readonly number[] | undefined;
  /**
   * What is done about the batch where none is asked for: `own` leaves it as the file has it, `one` counts one item
   * of an open one, and `any` needs counts per item whatever is asked for.
   */
  readonly batch: 'own' | 'one' | 'any';
}

/** Any number of items beyond the first shows whether a file takes more than it was written for. */
const SEVERAL = 2;

const modelOf = (file: FileModel, name: string, fixed: Fixed, { batches, batch }: SelectOptions): SelectedModel => {
  const make = (asked: readonly number[] | undefined): GraphModel =>
    graphModel(file.graph, { name, ...fixed, ...(asked !== undefined && { batches: asked }) });
  const asWritten = make(undefined);
  const { ownBatch, batchSymbol } = asWritten;
  if (batches !== undefined && batchSymbol === undefined && fixesBatch(file, fixed)) {
    const given = batches.find((asked) => asked !== ownBatch);
    if (given !== undefined) {
      const message = `--batch ${given} contradicts --dim or --input, which make the batch ${ownBatch}: expected one of them`;
      throw new InputError('conflicting-options', '--batch', message);
    }
  }
  const asked = batches ?? (ownBatch === undefined && batch !== 'own' ? [1] : undefined);
  const model = batch === 'any' ? make([...(asked ?? []), ownBatch === SEVERAL ? SEVERAL + 1 : SEVERAL]) : make(asked);
  const own = ownBatch === undefined ? undefined : [ownBatch];
  return { entry: model, source: { file, model }, batches: asked ?? own };
};

/** Whether the options, and not the file, say how many items there are. */
const fixesBatch = (file: FileModel, fixed: Fixed): boolean =>
  isFixing(fixed) && graphModel(file.graph, { name: file.name }).batchSymbol !== undefined;

/** Each option has to fit one file at least: with several, those without the name are left as they are. */
const fixedFor = (file: FileModel, all: readonly FileModel[], { dims, inputs }: Fixed): Fixed => {
  if (all.length < 2) return { dims, inputs };
  const isInput = ({ graph }: FileModel, name: string): boolean => graph.inputs.some((input) => input.name === name);
  const own = <Value>(map: ReadonlyMap<string, Value>, has: (file: FileModel, name: string) => boolean) =>
    new Map([...map].filter(([name]) => has(file, name) || !all.some((other) => has(other, name))));
  const shapes: ReadonlyMap<string, Shape> = own(inputs, isInput);
  return { dims: own(dims, ({ graph }, name) => hasDimension(graph, name)), inputs: shapes };
};

type Word = { readonly entry: ZooEntry } | { readonly file: FileModel };

/** The models of a list, in its order, each once. Throws `InputError`. */
export const selectAnyModels = async (
  given: readonly string[],
  options: SelectOptions,
): Promise<readonly SelectedModel[]> => {
  const { files, fixed, batches, variation = {} } = options;
  const found = new Map<string, Word>();
  for (const word of await wordsOf(given, files)) {
    const isInZoo = findModel(word) !== undefined || isFamily(word);
    if (isInZoo || !(await isModelPath(word, files))) {
      for (const entry of await zooEntries(word, files)) {
        if (!found.has(entry.variant.name)) found.set(entry.variant.name, { entry });
      }
      continue;
    }
    refuseForeign(word);
    if (!found.has(word)) found.set(word, { file: await openFile(word) });
  }
  const words = [...found.values()];
  const opened = words.flatMap((word) => ('file' in word ? [word.file] : []));
  if (opened.length === 0 && isFixing(fixed)) {
    const message = '--dim and --input fix what a file leaves open: a model of the zoo has --resolution and --batch';
    throw new InputError('conflicting-options', fixed.dims.size > 0 ? '--dim' : '--input', message);
  }
  const [knob] = givenOptions(variation);
  return words.map((word): SelectedModel => {
    if (!('file' in word)) return { entry: variedEntry(word.entry, variation), batches };
    const { file } = word;
    if (knob !== undefined) {
      const message = `--${knob} builds a model of the zoo anew; ${quoted(file.path)} is a file, whose network is what it is`;
      throw new InputError('conflicting-options', `--${knob}`, message);
    }
    const isTwice = opened.some((other) => other !== file && other.name === file.name);
    return onFile(file.path, () =>
      modelOf(file, isTwice ? file.path : file.name, fixedFor(file, opened, fixed), options),
    );
  });
};

/** Builds and counts a model, at its native resolution unless one is given. Throws `InputError`. */
export const compileSelected = (
  { entry, source }: SelectedModel,
  options: Parameters<typeof compileEntry>[1] = {},
): CompiledModel => {
  if (source === undefined) return compileEntry(entry, options);
  const { path } = source.file;
  return onFile(path, () => {
    try {
      return compileModel(entry.variant, options);
    } catch (error) {
      if (options.resolution === undefined || !(error instanceof OperatorError)) throw error;
      // A file that contradicts itself at its own size says more about it.
      compileModel(entry.variant);
      const native = entry.variant.nativeResolution;
      const expected = `expected a resolution that fits the network${native === undefined ? '' : `, as its own ${native} does`}`;
      const message = `${path} at resolution ${options.resolution}: ${error.message}; ${expected}`;
      throw new InputError('invalid-resolution', '--resolution', message, { cause: error });
    }
  });
};

/** Throws `InputError` where anything but the batch is still open: nothing can be timed. */
export const requireClosed = ({ source }: SelectedModel, { analyzed }: CompiledModel): void => {
  if (source === undefined) return;
  const open = openSymbols(analyzed).filter((name) => !(source.model.perItem && name === 'N'));
  const [first] = open;
  if (first === undefined) return;
  const MAX_NAMED = 6;
  const shown = open.slice(0, MAX_NAMED).join(', ');
  const more = open.length > MAX_NAMED ? ` and ${open.length - MAX_NAMED} more` : '';
  const { path } = source.file;
  const message = `${path} leaves ${shown}${more} open: give a value, as in --dim ${first}=128, or the shape of an input with --input NAME=SHAPE`;
  throw new InputError('open-dimension', path, message);
};
