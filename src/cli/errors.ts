/** What goes wrong, as data; the sentence and the exit status are made here. */
import { CommanderError } from 'commander';
import { FileError } from '../node/api.ts';

export const EXIT = { done: 0, checkFailed: 1, badInput: 2, fault: 3 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Bad usage or bad input. `path` is the argument, option or file that is wrong. */
export class InputError extends Error {
  readonly code: string;
  readonly path: string;

  constructor(code: string, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = path;
  }
}

export interface Failure {
  readonly status: ExitStatus;
  readonly code: string;
  readonly message: string;
  readonly path: string;
}

/** A word that somebody typed, as it may stand in a message: short, and without what moves a cursor. */
export const quoted = (text: string): string => {
  const MAX_SHOWN = 60;
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return `"${shown}"`;
};

/** Line breaks and control characters (also those of names and parsers' messages) would break the one-line contract. */
export const oneLine = (text: string): string =>
  text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
    .trim();

/** Nearest names as the end of a message; empty when nothing is near. */
export const didYouMean = (names: readonly string[]): string =>
  names.length === 0 ? '' : `; did you mean ${names.join(' or ')}?`;

/** "commander.unknownOption" -> "unknown-option". */
const commanderCode = (code: string): string =>
  code.replace(/^commander\./, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Commander speaks in lines that begin with "error:" and suggest on a second one. */
const commanderMessage = (message: string): string =>
  message.replace(/^error: /, '').replace(/\n\(Did you mean (?:one of )?(.*)\?\)$/, '; did you mean $1?');

const commanderPath = (message: string): string => /'([^']*)'/.exec(message)?.[1] ?? '';

const failure = (code: string, path: string, message: string, status: ExitStatus = EXIT.badInput): Failure => ({
  status,
  code,
  path,
  message: oneLine(message),
});

/**
 * Errors that tell of the input are exit status 2; every other one is a fault of Assay's own. The library is loaded
 * for its errors only here: a command that could throw them has loaded it already.
 */
export const describeFailure = async (error: unknown): Promise<Failure> => {
  if (error instanceof InputError || error instanceof FileError) return failure(error.code, error.path, error.message);
  if (error instanceof CommanderError) {
    const message = commanderMessage(error.message);
    return failure(commanderCode(error.code), commanderPath(message), message);
  }
  const { CountOverflowError, OperatorError } = await import('../index.ts');
  if (error instanceof OperatorError) return failure('invalid-graph', error.path, error.message);
  if (error instanceof CountOverflowError) return failure(error.code, '', error.message);
  const message = error instanceof Error ? error.message : String(error);
  return failure('internal', '', `${message}: a fault of assay; ASSAY_DEBUG=1 shows where`, EXIT.fault);
};
