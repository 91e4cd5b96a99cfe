/** The format of budget files. docs/budget.schema.json is generated from it; docs/budget-file.md is the guide. */
import * as z from 'zod/mini';
import { section } from '../hardware/file-format.ts';
import { PRECISIONS } from '../ir/dtype.ts';
import { type ParsedQuantity, parseCount, parseQuantity, parseShare, type UnitName } from '../units/parse.ts';

/** Descriptions for editors, which only the JSON Schema carries. A registry of our own: zod's is global. */
export const budgetFileTerms = z.registry<{ readonly id?: string; readonly description?: string }>();

/** A figure with the text that it was read from: people read their own spelling. */
export interface WrittenFigure {
  readonly value: number;
  readonly written: string;
}

const MAX_TEXT = 64;
const NAME_LENGTH = 256;
/** Longest list of models, of operators and of targets of one figure. */
const MAX_LIST = 512;

const described = <Value extends z.ZodMiniType>(value: Value, id: string, description: string): Value => {
  budgetFileTerms.add(value, { id, description });
  return value;
};

/** Text that `read` understands, or a bare number where `bare` says so. */
const figureText = (
  id: string,
  { read, bare, expected }: { read: (text: string) => ParsedQuantity; bare: boolean; expected: string },
) => {
  const unitless = (input: unknown): string =>
    typeof input === 'number' && !bare ? `${input} has no unit: expected ${expected}` : `expected ${expected}`;
  const text = z.string({ error: ({ input }) => unitless(input) }).check(z.minLength(1), z.maxLength(MAX_TEXT));
  const number = z.number({ error: ({ input }) => unitless(input) });
  const written: z.ZodMiniType<string | number, string | number> = bare
    ? z.union([number, text], { error: ({ input }) => unitless(input) })
    : text;
  const value = z.pipe(
    written,
    z.transform((input: string | number, context): WrittenFigure => {
      const read_ = read(String(input));
      if (read_.ok) return { value: read_.value, written: String(input).trim() };
      context.issues.push({ code: 'custom', message: read_.message, input });
      return z.NEVER;
    }),
  );
  return described(value, id, expected);
};

const positive =
  (unit: UnitName) =>
  (text: string): ParsedQuantity => {
    const parsed = parseQuantity(text, unit);
    if (!parsed.ok || parsed.value > 0) return parsed;
    return { ok: false, message: `"${text}" is not above 0: expected a limit such as "${EXAMPLES[unit]}"` };
  };

const EXAMPLES = { B: '20 MB', s: '10 ms', J: '5 mJ', W: '2 W', '/s': '30 /s' } as Readonly<Record<UnitName, string>>;
const quantity = (id: string, unit: UnitName, what: string) =>
  figureText(id, { read: positive(unit), bare: false, expected: `${what} with its unit, such as "${EXAMPLES[unit]}"` });
const counts = (id: string, noun: string, what: string) =>
  figureText(id, {
    read: (text) => parseCount(text, noun),
    bare: true,
    expected: `${what}, such as "300 M" or 3504872`,
  });

const parameters = counts('parameters', 'params', 'a number of parameters');
const macs = counts('macs', 'MACs', 'a number of multiply-accumulates');
const flops = counts('flops', 'FLOPs', 'a number of floating-point operations');
const bytes = quantity('bytes', 'B', 'a size');
const time = quantity('time', 's', 'a time');
const energy = quantity('energy', 'J', 'an energy');
const power = quantity('power', 'W', 'a power');
const rate = quantity('rate', '/s', 'a rate');
const share = figureText('share', { read: parseShare, bare: false, expected: 'a share, such as "0 %"' });

const precision = z.enum(PRECISIONS);
const name = z.string('a name').check(z.minLength(1), z.maxLength(NAME_LENGTH));
const wholeNumber = (most: number) => z.int('a whole number').check(z.gte(1), z.lte(most));
const batch = wholeNumber(65_536);
const opset = wholeNumber(1000);

const target = section({
  device: z.exactOptional(name),
  precision: z.exactOptional(precision),
  batch: z.exactOptional(batch),
  runtime: z.exactOptional(name),
  at: z.exactOptional(z.enum(['upper', 'point'])),
});
const on = described(
  z.union([name, target]),
  'target',
  'A device by id, alias or path, or with its precision, batch, runtime and end of the interval',
);

/** A bare limit, a mapping, or a list of mappings: one for each precision or device. */
const limit = <Value extends z.ZodMiniType, Extra extends z.core.$ZodLooseShape>(value: Value, extra: Extra) => {
  const bounds = section({ max: z.exactOptional(value), min: z.exactOptional(value), ...extra });
  return z.exactOptional(z.union([value, bounds, z.array(bounds).check(z.minLength(1), z.maxLength(MAX_LIST))]));
};
const ofModel = {};
const ofMemory = { precision: z.exactOptional(precision) };
const ofDevice = { on: z.exactOptional(on) };

const names = z.array(name).check(z.minLength(1), z.maxLength(MAX_LIST));
const limits = section({
  params: limit(parameters, ofModel),
  macs: limit(macs, ofModel),
  flops: limit(flops, ofModel),
  weights: limit(bytes, ofMemory),
  peakActivations: limit(bytes, ofMemory),
  arena: limit(bytes, ofMemory),
  traffic: limit(bytes, ofMemory),
  latency: limit(time, ofDevice),
  throughput: limit(rate, ofDevice),
  energy: limit(energy, ofDevice),
  power: limit(power, ofDevice),
  unknownOperators: limit(share, ofModel),
  opset: z.exactOptional(section({ min: z.exactOptional(opset), max: z.exactOptional(opset) })),
  operators: z.exactOptional(
    section({
      allowed: z.exactOptional(names),
      denied: z.exactOptional(names),
      on: z.exactOptional(name),
    }),
  ),
});

const budgetFields = {
  models: z.exactOptional(names),
  resolution: z.exactOptional(wholeNumber(8192)),
  batch: z.exactOptional(batch),
  precision: z.exactOptional(precision),
  dims: z.exactOptional(z.record(name, wholeNumber(Number.MAX_SAFE_INTEGER))),
  inputs: z.exactOptional(z.record(name, name)),
  on: z.exactOptional(on),
  allowUnknown: z.exactOptional(z.boolean('true or false')),
  limits,
};

export const oneBudget = section(budgetFields);
export const fileOfOne = section({ $schema: z.exactOptional(z.string()), ...budgetFields });
export const fileOfSeveral = section({
  $schema: z.exactOptional(z.string()),
  budgets: z.array(oneBudget).check(z.minLength(1), z.maxLength(MAX_LIST)),
});

export type WrittenBudget = z.output<typeof oneBudget>;
export type WrittenTarget = z.output<typeof target>;
