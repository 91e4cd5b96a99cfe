/** What an architecture can be built with, and what to try instead of what it cannot. */

export type ModelOptionErrorCode = 'illegal-resolution' | 'illegal-width' | 'illegal-tokens' | 'unsupported-option';

/** An option that the architecture cannot take. The message says what was expected. */
export class ModelOptionError extends Error {
  readonly code: ModelOptionErrorCode;
  /** The closest values that the architecture does take; empty where it does not take the option at all. */
  readonly nearest: readonly number[];

  constructor(code: ModelOptionErrorCode, message: string, nearest: readonly number[] = []) {
    super(message);
    this.code = code;
    this.nearest = nearest;
  }
}

const refusal = (code: ModelOptionErrorCode, value: string, expected: string, nearest: readonly number[]) =>
  new ModelOptionError(code, `${value}: expected ${expected}; nearest: ${nearest.join(' or ')}`, nearest);

/** Extents of an image, in pixels, or numbers of tokens, that an architecture takes. */
export interface ExtentRule {
  readonly minimum: number;
  readonly maximum?: number;
  /** Extents are multiples of it: of a patch, or of a window at the coarsest stage. */
  readonly multipleOf?: number;
  /** What the rule follows from: "its total stride", "patches of 16 pixels". */
  readonly because?: string;
}

const nearestTo = (value: number, { minimum, maximum = Number.POSITIVE_INFINITY, multipleOf = 1 }: ExtentRule) => {
  const below = Math.floor(value / multipleOf) * multipleOf;
  const first = Math.ceil(minimum / multipleOf) * multipleOf;
  const last = Math.floor(maximum / multipleOf) * multipleOf;
  return [...new Set([below, below + multipleOf].map((extent) => Math.min(Math.max(extent, first), last)))];
};

const sentence = ({ minimum, maximum, multipleOf = 1, because }: ExtentRule): string => {
  const first = Math.ceil(minimum / multipleOf) * multipleOf;
  const range = maximum === undefined ? `${first} or more` : first === maximum ? `${first}` : `${first} to ${maximum}`;
  const kind = multipleOf === 1 ? '' : `a multiple of ${multipleOf}, `;
  return `${kind}${range}${because === undefined ? '' : ` (${because})`}`;
};

const checkExtent = (value: number, rule: ExtentRule, code: ModelOptionErrorCode, what: string): void => {
  const { minimum, maximum = Number.POSITIVE_INFINITY, multipleOf = 1 } = rule;
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum && value % multipleOf === 0) return;
  throw refusal(code, `${value} ${what}`, sentence(rule), nearestTo(value, rule));
};

/** Throws `ModelOptionError`. */
export const checkResolution = (pixels: number, rule: ExtentRule): void =>
  checkExtent(pixels, rule, 'illegal-resolution', 'pixels');

/** Throws `ModelOptionError`. */
export const checkTokens = (tokens: number, rule: ExtentRule): void =>
  checkExtent(tokens, rule, 'illegal-tokens', 'tokens');

/** Widest multiple of a published architecture that is still taken for the same kind of network. */
const MAX_WIDTH = 16;

/** A multiplier of channels, 1 unless given. Throws `ModelOptionError`. */
export const widthOf = (width = 1): number => {
  if (width > 0 && width <= MAX_WIDTH) return width;
  const nearest = width > MAX_WIDTH ? [MAX_WIDTH] : [0.25, 0.5];
  throw refusal('illegal-width', `a width of ${width}`, `a multiplier above 0, at most ${MAX_WIDTH}`, nearest);
};
