/** Budgets: limits on what models may cost, read from plain data. The caller has turned YAML or JSON text into it. */
import * as z from 'zod/mini';
import { boundedCopy, isObject, pathText, show } from '../hardware/file-issues.ts';
import type { Precision } from '../ir/dtype.ts';
import { nearestNames } from '../units/suggest.ts';
import {
  fileOfOne,
  fileOfSeveral,
  type WrittenBudget,
  type WrittenFigure,
  type WrittenTarget,
} from './budget-format.ts';

export type BudgetPath = readonly (string | number)[];

/** Figures of a model whatever runs it; of one in memory at a precision; and of one on a device. */
export const MODEL_FIGURES = ['params', 'macs', 'flops', 'unknownOperators', 'opset'] as const;
export const MEMORY_FIGURES = ['weights', 'peakActivations', 'arena', 'traffic'] as const;
export const DEVICE_FIGURES = ['latency', 'throughput', 'energy', 'power'] as const;
export type BudgetFigure =
  | (typeof MODEL_FIGURES)[number]
  | (typeof MEMORY_FIGURES)[number]
  | (typeof DEVICE_FIGURES)[number];

export interface BudgetTarget {
  /** As written: an id, an alias or a path, with @MODE for a power mode. */
  readonly device: string;
  readonly precision?: Precision;
  readonly batch?: number;
  readonly runtime?: string;
  /** The predicted point, or the end of its interval that costs more. */
  readonly at: 'upper' | 'point';
}

interface Bound {
  readonly sense: 'max' | 'min';
  readonly value: number;
  /** As the file has it. */
  readonly written: string;
  /** Where it stands in the file. */
  readonly path: BudgetPath;
}

export type BudgetLimit =
  | (Bound & { readonly kind: 'model'; readonly figure: (typeof MODEL_FIGURES)[number] })
  | (Bound & {
      readonly kind: 'memory';
      readonly figure: (typeof MEMORY_FIGURES)[number];
      readonly precision?: Precision;
    })
  | (Bound & { readonly kind: 'device'; readonly figure: (typeof DEVICE_FIGURES)[number]; readonly on: BudgetTarget })
  | {
      readonly kind: 'operators';
      readonly rule: 'allowed' | 'denied';
      readonly names: readonly string[];
      readonly path: BudgetPath;
    }
  /** What the device does not run, by its own description. */
  | { readonly kind: 'operators'; readonly rule: 'on'; readonly device: string; readonly path: BudgetPath };

export interface Budget {
  /** As written; none where they are given elsewhere. */
  readonly models: readonly string[];
  readonly resolution?: number;
  readonly batch?: number;
  readonly dims: Readonly<Record<string, number>>;
  readonly inputs: Readonly<Record<string, string>>;
  /** A figure that is not known passes. */
  readonly allowUnknown: boolean;
  readonly limits: readonly BudgetLimit[];
}

export type BudgetIssueCode =
  | 'not-an-object'
  | 'unknown-key'
  | 'missing'
  | 'wrong-type'
  | 'unknown-name'
  | 'missing-unit'
  | 'not-a-quantity'
  | 'out-of-range'
  | 'malformed-budget'
  | 'contradictory-limits'
  | 'no-limits';

export interface BudgetIssue {
  readonly code: BudgetIssueCode;
  readonly path: BudgetPath;
  /** `limits.latency[0].max`; `(root)` for the file itself. */
  readonly place: string;
  readonly message: string;
}

export type ParsedBudgets =
  | { readonly ok: true; readonly budgets: readonly Budget[] }
  | { readonly ok: false; readonly issues: readonly BudgetIssue[] };

const issue = (code: BudgetIssueCode, path: BudgetPath, message: string): BudgetIssue => ({
  code,
  path,
  place: pathText(path),
  message,
});

// ---- zod's issues as ours. ----

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
  record: 'a mapping',
};
const UNSAID = 'Invalid input';

const suggestion = (name: string, known: readonly string[]): string => {
  const [nearest] = nearestNames(name, known, 1);
  return nearest === undefined ? `expected one of ${known.join(', ')}` : `did you mean "${nearest}"?`;
};

const refusalsOf = (refused: z.core.$ZodIssue, at: BudgetPath): readonly BudgetIssue[] => {
  const { input } = refused;
  const path: BudgetPath = [...at, ...(refused.path as BudgetPath)];
  switch (refused.code) {
    case 'unrecognized_keys': {
      const known = refused.message.split(' ').filter((key) => key !== '$schema');
      return refused.keys.map((key) =>
        issue('unknown-key', [...path, key], `is not a field of a budget here: ${suggestion(key, known)}`),
      );
    }
    case 'invalid_union': {
      const said = refused.message !== UNSAID && !isObject(input) && !Array.isArray(input);
      const branch = Array.isArray(input)
        ? refused.errors.at(-1)
        : isObject(input)
          ? refused.errors[1]
          : (refused.errors[0] ?? []);
      if (said && typeof input !== 'string')
        return [issue('wrong-type', path, `is ${show(input)}: ${refused.message}`)];
      return (branch ?? []).flatMap((inner) => refusalsOf(inner, path));
    }
    case 'invalid_type': {
      const expected =
        refused.message === UNSAID ? `expected ${EXPECTED[refused.expected] ?? refused.expected}` : refused.message;
      const sentence = expected.includes('expected ') ? expected : `expected ${expected}`;
      if (input === undefined) return [issue('missing', path, `is missing: ${sentence}`)];
      if (sentence.includes('has no unit')) return [issue('missing-unit', path, sentence)];
      return [issue('wrong-type', path, `is ${show(input)}: ${sentence}`)];
    }
    case 'invalid_value': {
      const known = refused.values.map(String);
      return [issue('unknown-name', path, `is ${show(input)}: ${suggestion(String(input), known)}`)];
    }
    case 'too_small':
    case 'too_big': {
      const isSmall = refused.code === 'too_small';
      if (refused.origin === 'string') {
        return [issue('out-of-range', path, isSmall ? 'is empty: expected text' : `is longer than ${refused.maximum}`)];
      }
      const side = isSmall ? `at least ${refused.minimum}` : `at most ${refused.maximum}`;
      const what = refused.origin === 'array' ? `expected a list of ${side}` : `is ${show(input)}: expected ${side}`;
      return [issue('out-of-range', path, what)];
    }
    case 'custom':
      return [
        issue(refused.message.includes('has no unit') ? 'missing-unit' : 'not-a-quantity', path, refused.message),
      ];
    default:
      return [issue('wrong-type', path, `is ${show(input)}: expected something else`)];
  }
};

// ---- The written form as limits. ----

type Written = { readonly max?: WrittenFigure; readonly min?: WrittenFigure; readonly [key: string]: unknown };

const isWrittenFigure = (value: unknown): value is WrittenFigure => isObject(value) && Object.hasOwn(value, 'written');

/** Figures of which more is better: a bare number is the least there must be. */
const AT_LEAST: readonly BudgetFigure[] = ['throughput'];

interface Entry {
  readonly bounds: readonly Bound[];
  readonly precision?: Precision;
  readonly on?: string | WrittenTarget;
  readonly path: BudgetPath;
}

const entriesOf = (figure: BudgetFigure, written: unknown, path: BudgetPath): readonly Entry[] => {
  if (written === undefined) return [];
  if (isWrittenFigure(written)) {
    const sense = AT_LEAST.includes(figure) ? 'min' : 'max';
    return [{ bounds: [{ sense, ...written, path }], path }];
  }
  if (Array.isArray(written)) return written.flatMap((item, index) => entriesOf(figure, item, [...path, index]));
  const { max, min, precision, on } = written as Written & Pick<Entry, 'precision' | 'on'>;
  const bounds: readonly Bound[] = [
    ...(min === undefined ? [] : [{ sense: 'min' as const, ...min, path: [...path, 'min'] }]),
    ...(max === undefined ? [] : [{ sense: 'max' as const, ...max, path: [...path, 'max'] }]),
  ];
  return [{ bounds, path, ...(precision !== undefined && { precision }), ...(on !== undefined && { on }) }];
};

const targetFields = (on: string | WrittenTarget | undefined): WrittenTarget =>
  typeof on === 'string' ? { device: on } : (on ?? {});

/** What a limit says of its target, over the budget's own; one that names its device says all of it. */
const targetOf = (
  own: string | WrittenTarget | undefined,
  common: string | WrittenTarget | undefined,
): WrittenTarget => {
  const stated = targetFields(own);
  return stated.device === undefined ? { ...targetFields(common), ...stated } : stated;
};

const limitsOf = ({ limits, on, precision }: WrittenBudget, at: BudgetPath, issues: BudgetIssue[]): BudgetLimit[] => {
  const path = [...at, 'limits'];
  const found: BudgetLimit[] = [];
  const each = <Figure extends BudgetFigure>(
    figures: readonly Figure[],
    make: (figure: Figure, bound: Bound, entry: Entry) => BudgetLimit | undefined,
  ): void => {
    for (const figure of figures) {
      for (const entry of entriesOf(figure, limits[figure], [...path, figure])) {
        if (entry.bounds.length === 0) {
          issues.push(issue('no-limits', entry.path, 'states no limit: expected max or min'));
        }
        for (const bound of entry.bounds) {
          const limit = make(figure, bound, entry);
          if (limit !== undefined) found.push(limit);
        }
      }
    }
  };
  each(['params', 'macs', 'flops'] as const, (figure, bound) => ({ kind: 'model', figure, ...bound }));
  each(MEMORY_FIGURES, (figure, bound, entry) => {
    const asked = entry.precision ?? precision;
    return { kind: 'memory', figure, ...bound, ...(asked !== undefined && { precision: asked }) };
  });
  each(DEVICE_FIGURES, (figure, bound, entry) => {
    const { device, at: end = 'upper', ...rest } = targetOf(entry.on, on);
    if (device === undefined) {
      issues.push(issue('missing', [...entry.path, 'on'], 'is missing: expected the device that the limit is for'));
      return undefined;
    }
    return { kind: 'device', figure, ...bound, on: { ...rest, device, at: end } };
  });
  each(['unknownOperators'] as const, (figure, bound) => ({ kind: 'model', figure, ...bound }));
  const { opset, operators } = limits;
  for (const sense of ['min', 'max'] as const) {
    const value = opset?.[sense];
    if (value !== undefined) {
      found.push({
        ...{ kind: 'model', figure: 'opset', sense, value, written: String(value) },
        path: [...path, 'opset', sense],
      });
    }
  }
  for (const rule of ['allowed', 'denied'] as const) {
    const listed = operators?.[rule];
    if (listed !== undefined) {
      found.push({ kind: 'operators', rule, names: listed, path: [...path, 'operators', rule] });
    }
  }
  if (operators?.on !== undefined) {
    found.push({ kind: 'operators', rule: 'on', device: operators.on, path: [...path, 'operators', 'on'] });
  }
  return found;
};

/** What two bounds have to share to be on the same figure. */
const figureKey = (limit: BudgetLimit): string | undefined => {
  if (limit.kind === 'operators') return undefined;
  const { figure } = limit;
  if (limit.kind === 'memory') return `${figure}/${limit.precision ?? ''}`;
  if (limit.kind === 'model') return figure;
  const { device, precision, batch, runtime, at } = limit.on;
  return [figure, device, precision, batch, runtime, at].join('/');
};

/** Limits that no model can meet together. */
const contradictions = (limits: readonly BudgetLimit[]): readonly BudgetIssue[] => {
  const byFigure = new Map<string, Bound[]>();
  for (const limit of limits) {
    const key = figureKey(limit);
    if (key !== undefined && limit.kind !== 'operators') byFigure.set(key, [...(byFigure.get(key) ?? []), limit]);
  }
  return [...byFigure.values()].flatMap((bounds) => {
    const least = bounds.filter(({ sense }) => sense === 'min').toSorted((a, b) => b.value - a.value)[0];
    const most = bounds.filter(({ sense }) => sense === 'max').toSorted((a, b) => a.value - b.value)[0];
    if (least === undefined || most === undefined || least.value <= most.value) return [];
    const message = `asks for at least ${least.written}, and ${pathText(most.path)} for at most ${most.written}: no model can meet both`;
    return [issue('contradictory-limits', least.path, message)];
  });
};

const operatorContradictions = (limits: readonly BudgetLimit[]): readonly BudgetIssue[] => {
  const listed = (rule: 'allowed' | 'denied') =>
    limits.find((limit) => limit.kind === 'operators' && limit.rule === rule) as
      | (BudgetLimit & { readonly names: readonly string[] })
      | undefined;
  const [allowed, denied] = [listed('allowed'), listed('denied')];
  const both = denied?.names.find((name) => allowed?.names.includes(name));
  if (both === undefined || denied === undefined) return [];
  return [issue('contradictory-limits', denied.path, `denies ${show(both)}, which is allowed as well`)];
};

const budgetOf = (written: WrittenBudget, at: BudgetPath, issues: BudgetIssue[]): Budget => {
  const limits = limitsOf(written, at, issues);
  if (limits.length === 0 && issues.length === 0) {
    issues.push(issue('no-limits', [...at, 'limits'], 'states no limit: expected one at least, such as params: 5 M'));
  }
  issues.push(...contradictions(limits), ...operatorContradictions(limits));
  const { models = [], resolution, batch, dims = {}, inputs = {}, allowUnknown = false } = written;
  return {
    ...{ models, dims, inputs, allowUnknown, limits },
    ...(resolution !== undefined && { resolution }),
    ...(batch !== undefined && { batch }),
  };
};

/** Nobody reads more of them. */
const MAX_ISSUES = 50;

/** Reads a budget file that the caller has parsed to plain data: one budget, or a list of them. Never throws on plain data. */
export const parseBudgets = (input: unknown): ParsedBudgets => {
  const refuse = (issues: readonly BudgetIssue[]): ParsedBudgets => ({
    ok: false,
    // A misspelt field is what explains that the right one is missing.
    issues: issues
      .toSorted((a, b) => Number(b.code === 'unknown-key') - Number(a.code === 'unknown-key'))
      .slice(0, MAX_ISSUES),
  });
  const { copy, issues: unbounded } = boundedCopy(input);
  const [first] = unbounded;
  if (first !== undefined) {
    const message =
      first.code === 'too-large' || first.code === 'unknown-key'
        ? 'is more than a budget file may hold'
        : first.message;
    return refuse([{ code: 'malformed-budget', path: [], place: first.path, message }]);
  }
  if (!isObject(copy)) {
    const what = copy === null || copy === undefined ? 'is empty' : `is ${show(copy)}`;
    return refuse([issue('not-an-object', [], `${what}: expected a mapping with limits, as limits: { params: 5 M }`)]);
  }
  const issues: BudgetIssue[] = [];
  if (Object.hasOwn(copy, 'budgets')) {
    const parsed = z.safeParse(fileOfSeveral, copy, { reportInput: true });
    if (!parsed.success) return refuse(parsed.error.issues.flatMap((refused) => refusalsOf(refused, [])));
    const budgets = parsed.data.budgets.map((written, index) => budgetOf(written, ['budgets', index], issues));
    return issues.length > 0 ? refuse(issues) : { ok: true, budgets };
  }
  const parsed = z.safeParse(fileOfOne, copy, { reportInput: true });
  if (!parsed.success) return refuse(parsed.error.issues.flatMap((refused) => refusalsOf(refused, [])));
  const budget = budgetOf(parsed.data, [], issues);
  return issues.length > 0 ? refuse(issues) : { ok: true, budgets: [budget] };
};
