/** Words of the command line to values. Every refusal says what was typed, where, and what was expected. */
import {
  CONVENTIONS,
  type Convention,
  findRuntime,
  isConvention,
  isPrecision,
  nearestNames,
  PRECISIONS,
  type Precision,
  RUNTIMES,
  type Runtime,
} from '../index.ts';
import { didYouMean, InputError, quoted } from './errors.ts';

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Larger than any camera's side; a vision transformer at 8192 is still counted exactly. */
export const RESOLUTIONS: Range = { min: 1, max: 8192 };
/** The largest batch that offline benchmarks use is 2048; 65536 leaves room and keeps counts exact. */
export const BATCHES: Range = { min: 1, max: 65_536 };
/** ImageNet-21k has 21,841 classes, the largest vocabularies about 2^18. */
export const CLASSES: Range = { min: 1, max: 1_000_000 };
/** Every estimate keeps its kernels: 10,000 of them are some hundred megabytes. */
export const MAX_CELLS = 10_000;

/** A whole number in decimal digits: no sign, no exponent, no fraction. */
export const parseWhole = (text: string, option: string, { min, max }: Range): number => {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const code = `invalid-${option.replace(/^--/, '')}`;
  throw new InputError(code, option, `${option} is ${quoted(text)}: expected a whole number from ${min} to ${max}`);
};

/** Collects an option that may be repeated, each time with one value or several with commas. */
export const collectList = (text: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  ...text.split(',').map((word) => word.trim()),
];

const distinct = <Value>(values: readonly Value[]): readonly Value[] => [...new Set(values)];

export const parseWholeList = (words: readonly string[], option: string, range: Range): readonly number[] =>
  distinct(words.map((word) => parseWhole(word, option, range)));

export const parsePrecision = (text: string): Precision => {
  const name = text.toLowerCase();
  if (isPrecision(name)) return name;
  const near = didYouMean(nearestNames(text, PRECISIONS));
  const expected = `expected one of ${PRECISIONS.join(', ')}`;
  throw new InputError('unknown-precision', '--precision', `--precision is ${quoted(text)}: ${expected}${near}`);
};

export const parsePrecisions = (words: readonly string[]): readonly Precision[] => distinct(words.map(parsePrecision));

export const parseConvention = (text: string): Convention => {
  if (isConvention(text)) return text;
  const names = Object.keys(CONVENTIONS);
  const near = didYouMean(nearestNames(text, names));
  const expected = `expected one of ${names.join(', ')}`;
  throw new InputError('unknown-convention', '--convention', `--convention is ${quoted(text)}: ${expected}${near}`);
};

export const parseRuntime = (text: string): Runtime => {
  const found = findRuntime(text) ?? findRuntime(text.toLowerCase());
  if (found !== undefined) return found;
  const names = RUNTIMES.map(({ id }) => id);
  const near = didYouMean(nearestNames(text, names));
  throw new InputError(
    'unknown-runtime',
    '--runtime',
    `--runtime is ${quoted(text)}: expected one of ${names.join(', ')}${near}`,
  );
};
