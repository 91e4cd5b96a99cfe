/**
 * The format of device files, which is that of `Device` with figures as text with a unit ("2 TB/s") or as
 * { value, source, confidence }. docs/device.schema.json is generated from it; docs/device-file.md is the guide.
 */
import * as z from 'zod/mini';
import { PRECISIONS, type Precision } from '../ir/dtype.ts';
import { OPERATOR_CLASSES } from '../ops/classes.ts';
import { formatSI } from '../units/format.ts';
import { parseQuantity, type UnitName } from '../units/parse.ts';
import type { Quantity } from '../units/quantity.ts';
import type { Confidence, Device, Figure } from './device.ts';
import { type DeviceIssueCode, type Fields, isObject } from './file-issues.ts';

/** Titles and descriptions for editors, which only the JSON Schema carries. A registry of our own: zod's is global. */
export const deviceFileTerms = z.registry<{
  readonly id?: string;
  readonly description?: string;
  readonly pattern?: string;
}>();

/** Longest text of one figure, and of one source or note. */
const QUANTITY_LENGTH = 64;
const SENTENCE_LENGTH = 1000;
/** A number and then something: which units there are is known to units/parse.ts alone. */
const NUMBER_WITH_UNIT = '^\\s*\\+?[\\d.][\\d.,_]*([eE][+-]?\\d+)?\\s*[A-Za-z\\u00b5\\u03bc]';

const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim();
const sentence = (limit: number = SENTENCE_LENGTH) =>
  z.string().check(z.overwrite(collapse), z.minLength(1), z.maxLength(limit));
const matching = (pattern: RegExp, expected: string) =>
  z.string(expected).check(z.maxLength(64), z.regex(pattern, expected));

/** The error map of a section says which keys it knows: a list that the sentence about an unknown key is made of. */
export const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
  });

const byPrecision = <Value extends z.ZodMiniType>(value: Value) =>
  section(
    Object.fromEntries(PRECISIONS.map((precision) => [precision, z.exactOptional(value)])) as Record<
      Precision,
      z.ZodMiniExactOptional<Value>
    >,
  );

/** A bare value, or one with its provenance. Both read as `{ value, source?, confidence? }`. */
const figureOf = <Value extends z.ZodMiniType>(value: Value, id: string, description: string) => {
  const bare = z.pipe(
    value,
    z.transform((read: z.output<Value>): { value: z.output<Value>; source?: string; confidence?: Confidence } => ({
      value: read,
    })),
  );
  const sourced = section({
    value,
    source: z.exactOptional(sentence()),
    confidence: z.exactOptional(z.enum(['high', 'medium', 'low'])),
  });
  const either = z.union([bare, sourced]);
  deviceFileTerms.add(either, { id, description });
  return either;
};

interface Bounds {
  readonly low: number;
  readonly high: number;
  /** Whether exactly 0 is meaningful: a device that draws nothing at rest is an ideal, one that moves nothing is an error. */
  readonly zero?: boolean;
}

const expectedUnit = (unit: UnitName): string => {
  const refused = parseQuantity('', unit);
  return refused.ok ? unit : refused.message.slice(refused.message.indexOf('expected') + 'expected '.length);
};

type ReadQuantity =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly code: DeviceIssueCode; readonly message: string };

/** Why text that is no quantity of its unit is none, for code that acts on it; the sentence is parseQuantity's. */
const refusalCode = (text: string): DeviceIssueCode => {
  if (!/^[+-]?\.?\d/.test(text)) return 'not-a-quantity';
  if (!Number.isFinite(Number.parseFloat(text))) return 'out-of-range';
  return Number.isFinite(Number(text)) ? 'missing-unit' : 'wrong-unit';
};

const readQuantity = (text: string, unit: UnitName, { low, high, zero = false }: Bounds): ReadQuantity => {
  // A decimal comma deserves a sentence of its own: the unit is not what is wrong with it.
  if (/,(?!\d{3}(?!\d))/.test(text)) {
    return {
      ok: false,
      code: 'ambiguous-number',
      message: `"${text}": a comma stands between thousands only; expected a decimal point`,
    };
  }
  const parsed = parseQuantity(text, unit);
  if (!parsed.ok) {
    const code = refusalCode(text.replace(/[,_]/g, ''));
    return { ok: false, code, message: parsed.message };
  }
  const { value } = parsed;
  if ((zero && value === 0) || (value >= low && value <= high)) return { ok: true, value };
  const range = `expected ${zero ? '0, or ' : ''}${formatSI(low, unit)} to ${formatSI(high, unit)}`;
  return { ok: false, code: 'out-of-range', message: `"${text}" is out of range: ${range}` };
};

const quantity = <Unit extends UnitName>(
  id: string,
  unit: Unit,
  bounds: Bounds,
  { description, spelled = (text) => text }: { description: string; spelled?: (text: string) => string },
) => {
  const expected = expectedUnit(unit);
  const text = z
    .string({
      error: ({ input }) => (typeof input === 'number' ? `${input} has no unit: expected ${expected}` : expected),
    })
    .check(z.overwrite(collapse), z.maxLength(QUANTITY_LENGTH))
    .register(deviceFileTerms, { pattern: NUMBER_WITH_UNIT });
  const value = z.pipe(
    text,
    z.transform((written: string, context): Quantity<Unit> => {
      const read = readQuantity(spelled(written), unit, bounds);
      if (read.ok) return read.value as Quantity<Unit>;
      context.issues.push({ code: 'custom', params: { code: read.code }, message: read.message, input: written });
      return z.NEVER;
    }),
  );
  return figureOf(value, id, `${description}: ${expected}`);
};

// Bounds are far outside of anything built: they catch a wrong prefix ("350 MW" for mW) and keep sums finite.
const length = quantity('length', 'm', { low: 1e-10, high: 1e-4 }, { description: 'Process node' });
const clock = quantity('clock', 'Hz', { low: 1e3, high: 1e12 }, { description: 'Sustained clock' });
const peak = quantity(
  'peak',
  'OP/s',
  { low: 1e3, high: 1e21 },
  { description: 'Dense peak; one multiply-accumulate is two operations' },
);
const capacity = quantity('capacity', 'B', { low: 1, high: 1e16 }, { description: 'Capacity' });
const fabricShare = quantity(
  'fabricShare',
  'B',
  { low: 1, high: 1e16, zero: true },
  { description: 'What a layer takes whatever its size' },
);
const bandwidth = quantity('bandwidth', 'B/s', { low: 1e3, high: 1e18 }, { description: 'Bandwidth' });
const energyPerByte = quantity(
  'energyPerByte',
  'J/B',
  { low: 1e-18, high: 1e-6, zero: true },
  { description: 'Energy of moving one byte' },
);
const energyPerOperation = quantity(
  'energyPerOperation',
  'J/OP',
  { low: 1e-18, high: 1e-6, zero: true },
  { description: 'Energy of one operation' },
);
const energyPerMac = quantity(
  'energyPerMac',
  'J/OP',
  { low: 1e-18, high: 1e-6, zero: true },
  {
    description: 'Energy of one whole multiply-accumulate (not half of one); pJ/MAC is also understood',
    spelled: (text) => text.replace(/\/MAC$/, '/OP'),
  },
);
const cap = quantity('cap', 'W', { low: 1e-9, high: 1e6 }, { description: 'Power cap' });
const duration = quantity(
  'duration',
  's',
  { low: 1e-12, high: 1e3, zero: true },
  { description: 'Time of one launch or one transfer' },
);
const restPower = quantity('restPower', 'W', { low: 1e-9, high: 1e6, zero: true }, { description: 'Power' });

const MAX_MULTIPLE = 1000;
const multiple = figureOf(
  z.number().check(z.gte(0), z.lte(MAX_MULTIPLE)),
  'multiple',
  'How many times: a plain number',
);

const MAX_COUNT = 1e7;
const wholeNumber = z.int('a whole number').check(z.gte(1), z.lte(MAX_COUNT));
const count = figureOf(wholeNumber, 'count', 'A plain whole number');
const rate = z.number().check(z.gt(0), z.lte(MAX_COUNT));
const operationsPerCycle = byPrecision(rate);
deviceFileTerms.add(operationsPerCycle, {
  id: 'operationsPerCycle',
  description: 'Matrix operations of one core or multiprocessor per cycle, dense; one multiply-accumulate is two',
});
const tilesByPrecision = byPrecision(wholeNumber);
deviceFileTerms.add(tilesByPrecision, {
  id: 'tilesByPrecision',
  description:
    'Where tiles are of several kinds: as many tiles as give the peak of a precision; all of them where absent',
});

const cluster = section({ name: sentence(64), cores: wholeNumber, clock, operationsPerCycle });
const clusters = z.array(cluster).check(z.minLength(1), z.maxLength(16));
const cpu = section({ kind: z.literal('simd-cpu'), clusters, lanes: count });
const gpu = section({ kind: z.literal('simt-gpu'), multiprocessors: count, clock, operationsPerCycle });
const systolic = section({ kind: z.literal('systolic'), arrays: count, rows: count, columns: count, clock });
const spatial = section({
  kind: z.literal('spatial'),
  tiles: count,
  tilesByPrecision: z.exactOptional(tilesByPrecision),
  rows: count,
  columns: count,
  clock,
});
const npu = section({ kind: z.literal('npu'), engines: count, rows: count, columns: count, clock });
const mcu = section({ kind: z.literal('mcu'), cores: count, clock, operationsPerCycle });

const matrixPeaks = byPrecision(peak);
const onChip = section({ name: sentence(64), capacity, perUnit: capacity, bandwidth, energyPerByte });
const offChip = section({
  name: sentence(64),
  capacity: z._default(z.nullable(capacity), null),
  bandwidth,
  energyPerByte,
});
const bank = section({ name: sentence(64), capacity });
const memories = section({ weights: bank, activations: bank });
const fabric = section({ capacity, perKernel: fabricShare, windowRows: multiple });
const link = section({ name: sentence(64), bandwidth, transferSeconds: duration });
const host = section({
  name: sentence(128),
  vectorPeak: peak,
  link,
  unsupported: z.array(z.enum(OPERATOR_CLASSES)).check(z.maxLength(OPERATOR_CLASSES.length)),
});
const mode = section({
  name: matching(/^[\w.+-]+$/, 'letters, digits and . _ + -'),
  cap,
  clock: z.exactOptional(clock),
  units: z.exactOptional(count),
  bandwidth: z.exactOptional(bandwidth),
  static: z.exactOptional(restPower),
  hostClock: z.exactOptional(clock),
});
const power = section({
  modes: z.array(mode).check(z.minLength(1), z.maxLength(32)),
  static: restPower,
  idle: restPower,
  sleep: z._default(z.nullable(restPower), null),
});
const perMac = byPrecision(energyPerMac);
const energy = section({ perMac, perVectorOperation: energyPerOperation });

const identity = matching(/^[a-z0-9]+(_[a-z0-9]+)*$/, 'lower-case letters and digits joined by _, such as my_npu_2');
const alias = matching(/^[a-z0-9]+([-_.][a-z0-9]+)*$/, 'lower-case letters and digits joined by - _ or .');

/** A whole file; one with `extends` is laid over the built-in device before it is read. */
export const completeFile = section({
  $schema: z.exactOptional(z.string()),
  extends: z.exactOptional(z.string()),
  id: identity,
  aliases: z._default(z.array(alias).check(z.maxLength(16)), []),
  name: sentence(128),
  vendor: sentence(64),
  status: z._default(z.enum(['product', 'hypothetical']), 'hypothetical'),
  year: z.int('a whole number').check(z.gte(1940), z.lte(2100)),
  process: length,
  geometry: z.discriminatedUnion('kind', [cpu, gpu, systolic, spatial, npu, mcu]),
  matrixPeaks,
  vectorPeak: peak,
  halfVectorPeak: z.exactOptional(peak),
  onChip,
  offChip,
  residentWeights: z.exactOptional(capacity),
  fabric: z.exactOptional(fabric),
  memories: z.exactOptional(memories),
  host: z.exactOptional(host),
  launchSeconds: z.exactOptional(duration),
  power,
  energy,
  defaultPrecision: z.enum(PRECISIONS),
  defaultRuntime: matching(/^[a-z0-9]+([-._][a-z0-9]+)*$/, 'a name such as onnxruntime-1.30'),
  notes: z._default(z.array(sentence()).check(z.maxLength(64)), []),
});

const without = <Value extends z.ZodMiniType>(value: Value) => z.partial(byPrecision(z.nullable(value)));

const partialGpu = z.partial(z.extend(gpu, { operationsPerCycle: without(rate) }));
const partialMcu = z.partial(z.extend(mcu, { operationsPerCycle: without(rate) }));
const partialSpatial = z.partial(z.extend(spatial, { tilesByPrecision: without(wholeNumber) }));

/** What a file with `extends` may state, for editors: any part, and null to take away a precision or what not every device has. */
export const extendingFile = z.extend(z.partial(completeFile), {
  extends: z.string(),
  geometry: z.optional(
    z.union([z.partial(cpu), partialGpu, z.partial(systolic), partialSpatial, z.partial(npu), partialMcu]),
  ),
  matrixPeaks: z.optional(without(peak)),
  onChip: z.optional(z.partial(onChip)),
  offChip: z.optional(z.partial(offChip)),
  halfVectorPeak: z.optional(z.nullable(peak)),
  residentWeights: z.optional(z.nullable(capacity)),
  fabric: z.optional(z.nullable(z.partial(fabric))),
  memories: z.optional(z.nullable(z.partial(memories))),
  host: z.optional(z.nullable(z.partial(z.extend(host, { link: z.partial(link) })))),
  launchSeconds: z.optional(z.nullable(duration)),
  power: z.optional(z.partial(power)),
  energy: z.optional(z.partial(z.extend(energy, { perMac: without(energyPerMac) }))),
});

/** Tables in which an extending file may write null. */
export const PRECISION_TABLES: readonly string[] = ['matrixPeaks', 'perMac', 'operationsPerCycle', 'tilesByPrecision'];

/** What not every device has: an extending file takes it away with null. */
export const OPTIONAL_FIELDS: readonly string[] = [
  'halfVectorPeak',
  'residentWeights',
  'fabric',
  'memories',
  'host',
  'launchSeconds',
];

const UNIT_OF_FIELD: Readonly<Record<string, UnitName>> = {
  process: 'm',
  clock: 'Hz',
  hostClock: 'Hz',
  matrixPeaks: 'OP/s',
  vectorPeak: 'OP/s',
  halfVectorPeak: 'OP/s',
  capacity: 'B',
  perUnit: 'B',
  perKernel: 'B',
  bandwidth: 'B/s',
  energyPerByte: 'J/B',
  residentWeights: 'B',
  transferSeconds: 's',
  launchSeconds: 's',
  cap: 'W',
  static: 'W',
  idle: 'W',
  sleep: 'W',
  perMac: 'J/OP',
  perVectorOperation: 'J/OP',
};

/** A figure in either form. */
export const isFigure = (value: unknown): value is Figure<number> => isObject(value) && Object.hasOwn(value, 'value');

const fileForm = (value: unknown, unit?: UnitName): unknown => {
  if (Array.isArray(value)) return value.map((item) => fileForm(item, unit));
  // The shortest decimal that reads back as the same double, in the base unit.
  if (isFigure(value)) return { ...value, value: unit === undefined ? value.value : `${value.value} ${unit}` };
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fileForm(inner, UNIT_OF_FIELD[key] ?? unit)]),
  );
};

/** A device in the form of a device file, without loss: plain data for JSON or YAML, to start a file of one's own from. */
export const deviceFileOf = (device: Device): Fields => fileForm(device) as Fields;
