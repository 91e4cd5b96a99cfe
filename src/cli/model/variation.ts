/** `--width`, `--classes` and `--tokens`: models of the zoo built otherwise than published. */
import type { Command as CommanderCommand } from 'commander';
import {
  type Convolutions,
  families,
  knobsOf,
  ModelOptionError,
  type Variation,
  varied,
  type ZooEntry,
} from '../../index.ts';
import { InputError, quoted } from '../errors.ts';
import { CLASSES, parseWhole, type Range } from '../parse.ts';

export interface VariationWords {
  readonly width?: string;
  readonly classes?: string;
  readonly tokens?: string;
  readonly convolutions?: string;
}

export const addVariationOptions = (command: CommanderCommand): CommanderCommand =>
  command
    .option(
      '--width <factor>',
      'multiplies the channels of a zoo model whose family has a width multiplier, as in 0.75',
    )
    .option('--classes <n>', 'outputs of the classifier of a zoo model (1000)')
    .option('--tokens <n>', 'length of the text of a zoo model that reads one')
    .option(
      '--convolutions <kind>',
      'standard ones in place of depthwise-separable ones, or separable in place of standard',
    );

/** The longest contexts published are some millions of tokens. */
const TOKENS: Range = { min: 1, max: 10_000_000 };
const WIDTHS: Range = { min: 0.01, max: 16 };

const parseWidth = (text: string): number => {
  const value = /^\d{0,6}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (text !== '' && value >= WIDTHS.min && value <= WIDTHS.max) return value;
  const expected = `expected a multiplier from ${WIDTHS.min} to ${WIDTHS.max}, as in 0.75`;
  throw new InputError('invalid-width', '--width', `--width is ${quoted(text)}: ${expected}`);
};

const KINDS: readonly Convolutions[] = ['standard', 'separable'];

const parseConvolutions = (text: string): Convolutions => {
  const kind = KINDS.find((known) => known === text.toLowerCase());
  if (kind !== undefined) return kind;
  const expected = `expected ${KINDS.join(' or ')}`;
  throw new InputError('invalid-convolutions', '--convolutions', `--convolutions is ${quoted(text)}: ${expected}`);
};

/** Throws `InputError`. */
export const parseVariation = ({ width, classes, tokens, convolutions }: VariationWords): Variation => ({
  ...(width !== undefined && { width: parseWidth(width) }),
  ...(classes !== undefined && { classes: parseWhole(classes, '--classes', CLASSES) }),
  ...(tokens !== undefined && { tokens: parseWhole(tokens, '--tokens', TOKENS) }),
  ...(convolutions !== undefined && { convolutions: parseConvolutions(convolutions) }),
});

/** The options that are given, in the order of their help. */
export const givenOptions = (variation: Variation): readonly (keyof Variation)[] =>
  (['width', 'classes', 'tokens', 'convolutions'] as const).filter((knob) => variation[knob] !== undefined);

/** Throws `InputError` for what the architecture does not have. */
export const variedEntry = ({ family, variant }: ZooEntry, variation: Variation): ZooEntry => {
  try {
    return { family, variant: varied(variant, variation) };
  } catch (error) {
    if (!(error instanceof ModelOptionError)) throw error;
    const own: readonly string[] = knobsOf(variant);
    const option = givenOptions(variation).find((name) => !own.includes(name));
    const able = families.filter(({ variants }) =>
      variants.some((other) => knobsOf(other).some((knob) => knob === option)),
    );
    const others = `; families that have one: ${able.map(({ id }) => id).join(', ')}`;
    throw new InputError(error.code, `--${option}`, `${error.message}${others}`, { cause: error });
  }
};
