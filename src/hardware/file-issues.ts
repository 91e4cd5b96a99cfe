/** What can be wrong with a device file: hostile data, bounded before anything else looks at it, and zod's issues as ours. */
import type * as z from 'zod/mini';
import { nearestNames } from '../units/suggest.ts';

export type DeviceIssueCode =
  | 'not-an-object'
  | 'too-deep'
  | 'too-large'
  | 'not-plain-data'
  | 'not-finite'
  | 'text-too-long'
  | 'control-character'
  | 'missing'
  | 'wrong-type'
  | 'unknown-key'
  | 'unknown-name'
  | 'malformed-name'
  | 'missing-unit'
  | 'wrong-unit'
  | 'not-a-quantity'
  | 'ambiguous-number'
  | 'out-of-range'
  | 'unknown-device'
  | 'name-taken'
  | 'duplicate-name'
  | 'static-power-above-cap'
  | 'default-precision-not-offered'
  // Warnings: the device can be used, but is probably not what was meant.
  | 'peak-differs-from-geometry'
  | 'precision-without-energy'
  | 'energy-without-peak'
  | 'confidence-without-source'
  | 'idle-power-above-static'
  | 'on-chip-slower-than-off-chip';

export interface DeviceIssue {
  readonly code: DeviceIssueCode;
  /** Where, from the root of the file: `offChip.bandwidth`, `power.modes[1].cap`; `(root)` for the file itself. */
  readonly path: string;
  /** What is wrong there and what was expected; the path is not repeated. */
  readonly message: string;
}

export type Fields = Readonly<Record<string, unknown>>;
type Path = readonly PropertyKey[];

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MAX_DEPTH = 12;
const MAX_ENTRIES = 2000;
const MAX_TEXT = 4096;
const MAX_ISSUES = 50;

/** Clipped, and without characters that would steer a terminal or turn the reading direction. */
const quoted = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text).replace(/[\p{Cc}\p{Cf}]/gu, '?');

export const show = (value: unknown): string => {
  if (typeof value === 'string') return quoted(value);
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `a ${typeof value}`;
};

export const pathText = (path: Path): string => {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (typeof key === 'string' && /^[\w$-]{1,64}$/.test(key)) text += text === '' ? key : `.${key}`;
    else text += `[${show(String(key))}]`;
  }
  return text === '' ? '(root)' : text;
};

interface Refusal {
  readonly code: DeviceIssueCode;
  readonly message: string;
}

const textRefusal = (text: string): Refusal | undefined => {
  if (text.length > MAX_TEXT) {
    return { code: 'text-too-long', message: `is a text of ${text.length} characters: expected at most ${MAX_TEXT}` };
  }
  // They would reach a terminal: an escape sequence is no part of a name.
  return /[^\P{Cc}\n\r\t]/u.test(text)
    ? { code: 'control-character', message: 'contains a control character: expected plain text' }
    : undefined;
};

/** What a file describes, for sentences: "a device". */
const DEVICE = 'a device';

/** A plain copy of the input, visiting a bounded number of entries: shared branches count each time they are met. */
export const boundedCopy = (
  input: unknown,
  described: string = DEVICE,
): { readonly copy: unknown; readonly issues: readonly DeviceIssue[] } => {
  const issues: DeviceIssue[] = [];
  let entries = 0;
  let isStopped = false;
  const refuse = (path: Path, { code, message }: Refusal): undefined => {
    issues.push({ code, path: pathText(path), message });
  };
  const stop = (path: Path, refusal: Refusal): undefined => {
    isStopped = true;
    issues.length = 0;
    return refuse(path, refusal);
  };
  const isAffordable = (path: Path): boolean => {
    entries++;
    if (entries > MAX_ENTRIES) {
      stop(path.slice(0, 3), {
        code: 'too-large',
        message: `the file has more than ${MAX_ENTRIES} entries by here, far more than ${described} has`,
      });
    }
    return !isStopped;
  };
  const visit = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') {
      const refusal = textRefusal(value);
      return refusal === undefined ? value : refuse(path, refusal);
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return refuse(path, { code: 'not-finite', message: `is ${value}: expected a finite number` });
    }
    if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return value;
    if (path.length >= MAX_DEPTH) {
      return stop(path.slice(0, 3), { code: 'too-deep', message: `is nested deeper than ${MAX_DEPTH} levels` });
    }
    if (Array.isArray(value)) {
      const copy: unknown[] = [];
      for (let index = 0; index < value.length && isAffordable(path); index++) {
        copy.push(visit(value[index], [...path, index]));
      }
      return copy;
    }
    // A prototype without a prototype is the plain one, of this realm or another. Dates (a YAML tag) and maps are not.
    const prototype: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
    const isPlain = prototype === null || (prototype !== undefined && Object.getPrototypeOf(prototype) === null);
    if (!isObject(value) || !isPlain) {
      return refuse(path, {
        code: 'not-plain-data',
        message: 'is not plain data: expected text, a number, a list or a mapping',
      });
    }
    const copy: Record<string, unknown> = {};
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      if (!isAffordable(path)) break;
      const inner = [...path, key];
      // Assigning it would change the copy's prototype.
      if (key === '__proto__') refuse(inner, { code: 'unknown-key', message: `is not a field of ${described}` });
      else if (value[key] !== undefined) copy[key] = visit(value[key], inner);
    }
    return copy;
  };
  const copy = visit(input, []);
  return { copy, issues };
};

// ---- zod's issues as ours. ----

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  object: 'a mapping of fields',
  array: 'a list',
};

type ZodIssue = z.core.$ZodIssue;

const oneOf = (known: readonly string[]): string => `expected one of ${known.join(', ')}`;
const didYouMean = (name: string, known: readonly string[]): string => {
  const [nearest] = nearestNames(name, known, 1);
  return nearest === undefined ? oneOf(known) : `did you mean "${nearest}"?`;
};

/** zod's text where no schema has set one: the core of zod/mini comes without a language. */
const UNSAID = 'Invalid input';

export const refusalsOf = (issue: ZodIssue, at: Path, described: string = DEVICE): readonly DeviceIssue[] => {
  const { input } = issue;
  const path = [...at, ...issue.path];
  const one = (code: DeviceIssueCode, message: string, where: Path = path): readonly DeviceIssue[] => [
    { code, path: pathText(where), message },
  ];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = issue.message.split(' ').filter((key) => key !== '$schema');
      return issue.keys.flatMap((key) =>
        one('unknown-key', `is not a field of ${described} here: ${didYouMean(key, known)}`, [...path, key]),
      );
    }
    case 'invalid_union': {
      if (issue.errors.length === 0) {
        const kinds = ['simd-cpu', 'simt-gpu', 'systolic', 'spatial', 'npu', 'mcu'];
        const kind = isObject(input) ? input.kind : undefined;
        return kind === undefined
          ? one('missing', `is missing: ${oneOf(kinds)}`)
          : one(
              'unknown-name',
              `is ${show(kind)}: ${typeof kind === 'string' ? didYouMean(kind, kinds) : oneOf(kinds)}`,
            );
      }
      // A figure: its bare form, unless a mapping was written.
      const branch = issue.errors[isObject(input) ? 1 : 0] ?? [];
      return branch.flatMap((inner) => refusalsOf(inner, path, described));
    }
    case 'invalid_type': {
      const expected = issue.message === UNSAID ? (EXPECTED[issue.expected] ?? issue.expected) : issue.message;
      if (input === undefined) return one('missing', `is missing: expected ${expected}`);
      const isUnitless = typeof input === 'number' && expected.includes('has no unit');
      return isUnitless ? one('missing-unit', expected) : one('wrong-type', `is ${show(input)}: expected ${expected}`);
    }
    case 'invalid_value': {
      const known = issue.values.map(String);
      return input === undefined
        ? one('missing', `is missing: ${oneOf(known)}`)
        : one(
            'unknown-name',
            `is ${show(input)}: ${typeof input === 'string' ? didYouMean(input, known) : oneOf(known)}`,
          );
    }
    case 'invalid_format':
      return one('malformed-name', `is ${show(input)}: expected ${issue.message}`);
    case 'too_small':
    case 'too_big': {
      const isSmall = issue.code === 'too_small';
      const limit = isSmall ? issue.minimum : issue.maximum;
      if (issue.origin === 'string') {
        return isSmall
          ? one('missing', 'is empty: expected text')
          : one('text-too-long', `is longer than ${limit} characters`);
      }
      const side = isSmall ? (issue.inclusive === false ? 'more than' : 'at least') : 'at most';
      return issue.origin === 'array'
        ? one('out-of-range', `expected a list of ${side} ${limit}`)
        : one('out-of-range', `is ${show(input)}: expected ${side} ${limit}`);
    }
    case 'custom':
      return one((issue.params?.code ?? 'wrong-type') as DeviceIssueCode, issue.message);
    default:
      return one('wrong-type', `is ${show(input)}: expected something else`);
  }
};

/** Unknown keys first: a misspelt field is what explains that the right one is missing. Nobody reads more than MAX_ISSUES. */
export const inOrder = (issues: readonly DeviceIssue[]): readonly DeviceIssue[] =>
  [...issues].sort((a, b) => Number(b.code === 'unknown-key') - Number(a.code === 'unknown-key')).slice(0, MAX_ISSUES);
