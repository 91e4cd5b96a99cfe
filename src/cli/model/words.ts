/** `--dim SYMBOL=VALUE` and `--input NAME=1x3x320x320`: what a file leaves open, fixed. */
import type { Command as CommanderCommand } from 'commander';
import { type Dim, parseInteger, type Shape, symbol } from '../../index.ts';
import { InputError, quoted } from '../errors.ts';

/** Values for open dimensions and shapes of inputs, by name. */
export interface Fixed {
  readonly dims: ReadonlyMap<string, number>;
  readonly inputs: ReadonlyMap<string, Shape>;
}

export interface FixedWords {
  readonly dim?: readonly string[];
  readonly input?: readonly string[];
}

/** A comma ends a value only where another NAME= follows: names and shapes may hold commas too. */
const collectPairs = (text: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  ...text.split(/,(?=[^,]*=)/),
];

export const addFixedOptions = (command: CommanderCommand): CommanderCommand =>
  command
    .option('--dim <symbol=value>', 'value of an open dimension of a file, as often as needed', collectPairs)
    .option(
      '--input <name=shape>',
      'shape of an input of a file: 1x3x320x320, or Nx3xHxW to leave some open',
      collectPairs,
    );

const MAX_EXACT = 'a whole number from 1 to 2^53';

const extent = (text: string): number | undefined => {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) && value >= 1 ? value : undefined;
};

/** Names may hold `=`, values do not. */
const pairOf = (word: string, option: string, form: string): readonly [name: string, value: string] => {
  const at = word.lastIndexOf('=');
  if (at > 0) return [word.slice(0, at).trim(), word.slice(at + 1).trim()];
  throw new InputError(`invalid-${option.slice(2)}`, option, `${option} is ${quoted(word)}: expected ${form}`);
};

const once = <Value>(into: Map<string, Value>, name: string, value: Value, option: string): void => {
  if (into.has(name)) throw new InputError('conflicting-options', option, `${option} gives ${quoted(name)} twice`);
  into.set(name, value);
};

const dimsOf = (words: readonly string[]): ReadonlyMap<string, number> => {
  const dims = new Map<string, number>();
  for (const word of words) {
    const [name, text] = pairOf(word, '--dim', 'SYMBOL=VALUE, as in batch=8');
    const value = extent(text);
    if (value === undefined) {
      const message = `--dim gives ${quoted(name)} the value ${quoted(text)}: expected ${MAX_EXACT}`;
      throw new InputError('invalid-dim', '--dim', message);
    }
    once(dims, name, value, '--dim');
  }
  return dims;
};

const dimOf = (text: string): Dim | undefined => {
  if (/^[-+.\d]/.test(text)) return extent(text);
  return text === '' ? undefined : (parseInteger(text) ?? symbol(text));
};

const shapeOf = (text: string): Shape | undefined => {
  // "×" parts names that hold an x.
  const extents = text === '' ? [] : text.split(text.includes('×') ? '×' : 'x').map((part) => dimOf(part.trim()));
  return extents.every((dim) => dim !== undefined) ? extents : undefined;
};

const inputsOf = (words: readonly string[]): ReadonlyMap<string, Shape> => {
  const inputs = new Map<string, Shape>();
  for (const word of words) {
    const [name, text] = pairOf(word, '--input', 'NAME=SHAPE, as in image=1x3x320x320');
    const shape = shapeOf(text);
    if (shape === undefined) {
      const expected = `expected extents with x between them, each ${MAX_EXACT} or a name`;
      throw new InputError(
        'invalid-input',
        '--input',
        `--input gives ${quoted(name)} the shape ${quoted(text)}: ${expected}`,
      );
    }
    once(inputs, name, shape, '--input');
  }
  return inputs;
};

/** Throws `InputError`. */
export const parseFixed = ({ dim = [], input = [] }: FixedWords): Fixed => ({
  dims: dimsOf(dim),
  inputs: inputsOf(input),
});

export const isFixing = ({ dims, inputs }: Fixed): boolean => dims.size > 0 || inputs.size > 0;
