/**
 * The format of scenario files: what a deployment needs, as people write it, with quantities as text with a unit.
 * docs/scenario.schema.json is generated from it; docs/scenario-file.md is the guide.
 */
import * as z from 'zod/mini';
import { PRECISIONS } from '../ir/dtype.ts';
import { type ParsedQuantity, parseQuantity, type UnitName } from '../units/parse.ts';
import { parsePercent, parseRate, parseSpan } from '../units/parse-spans.ts';
import { SECONDS_PER_DAY } from '../units/quantity.ts';
import { PREFERENCES } from './recommend/scenario.ts';

/** Descriptions for editors, which only the JSON Schema carries. A registry of our own: zod's is global. */
export const scenarioFileTerms = z.registry<{
  readonly id?: string;
  readonly description?: string;
  readonly pattern?: string;
}>();

const TEXT_LENGTH = 1000;
const WORD_LENGTH = 512;
const QUANTITY_LENGTH = 64;

const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim();
/** Made anew where it is described: a description belongs to the schema, not to its place. */
const sentenceSchema = () => z.string().check(z.overwrite(collapse), z.minLength(1), z.maxLength(TEXT_LENGTH));
const wordSchema = () => z.string().check(z.overwrite(collapse), z.minLength(1), z.maxLength(WORD_LENGTH));

const sentence = sentenceSchema();
const word = wordSchema();

/** The error map of a section says which keys it knows: a list that the sentence about an unknown key is made of. */
const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
  });

const described = <Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema => {
  scenarioFileTerms.add(schema, { description });
  return schema;
};

interface Bounds {
  readonly low: number;
  readonly high: number;
  /** In the words of the file: "more than 0". */
  readonly expected: string;
}

/** Why text that is no quantity is none, for code that acts on it. */
const refusalCode = (message: string): string => (message.includes('has no unit') ? 'missing-unit' : 'not-a-quantity');

const quantity = (
  id: string,
  read: (text: string) => ParsedQuantity,
  { low, high, expected }: Bounds,
  description: string,
) => {
  const refused = read('');
  const example = refused.ok ? '' : refused.message.slice(refused.message.indexOf('expected'));
  const text = z
    .string({
      error: ({ input }) =>
        typeof input === 'number' ? `${input} has no unit: ${example}` : example.replace(/^expected /, ''),
    })
    .check(z.overwrite(collapse), z.maxLength(QUANTITY_LENGTH))
    .register(scenarioFileTerms, { pattern: '\\d' });
  const value = z.pipe(
    text,
    z.transform((written: string, context): number => {
      const parsed = read(written);
      if (parsed.ok && parsed.value >= low && parsed.value <= high) return parsed.value;
      const [code, message] = parsed.ok
        ? ['out-of-range', `"${written}" is out of range: expected ${expected}`]
        : [refusalCode(parsed.message), parsed.message];
      context.issues.push({ code: 'custom', params: { code }, message, input: written });
      return z.NEVER;
    }),
  );
  scenarioFileTerms.add(value, { id, description: `${description}: ${example}` });
  return value;
};

const inUnit =
  (unit: UnitName) =>
  (text: string): ParsedQuantity =>
    parseQuantity(text, unit);

// Bounds are far outside of anything built: they catch a wrong prefix and keep sums finite.
const HUNDRED_YEARS = 100 * 365 * SECONDS_PER_DAY;
const span = quantity('span', parseSpan, { low: 1e-9, high: HUNDRED_YEARS, expected: '1 ns to 100 years' }, 'A time');
const rate = quantity('rate', parseRate, { low: 1e-9, high: 1e12, expected: 'more than 0, up to 1e12 /s' }, 'A rate');
const share = quantity(
  'share',
  parsePercent,
  { low: 1e-6, high: 100, expected: 'more than 0 %, up to 100 %' },
  'A share',
);
const percent = quantity('percent', parsePercent, { low: 0, high: 100, expected: '0 % to 100 %' }, 'A percentage');
const energy = quantity('energy', inUnit('J'), { low: 1e-15, high: 1e9, expected: '1 fJ to 1 GJ' }, 'An energy');
const power = quantity('power', inUnit('W'), { low: 1e-12, high: 1e9, expected: '1 pW to 1 GW' }, 'A power');
const restPower = quantity('restPower', inUnit('W'), { low: 0, high: 1e9, expected: '0 W to 1 GW' }, 'A power');
const capacity = quantity(
  'capacity',
  inUnit('Wh'),
  { low: 1e-9, high: 1e12, expected: '1 nWh to 1 TWh' },
  'A capacity',
);
const size = quantity('size', inUnit('B'), { low: 1, high: 1e18, expected: '1 B to 1 EB' }, 'A size in bytes');

const MAX_COUNT = 1e9;
const wholeSchema = () => z.int('a whole number').check(z.gte(1), z.lte(MAX_COUNT));
const price = z.number().check(z.gte(0), z.lte(1e15));
const batch = z.int('a whole number').check(z.gte(1), z.lte(65_536));
const pixels = z.int('a whole number').check(z.gte(1), z.lte(8192));
const listOf = <Item extends z.ZodMiniType>(item: Item, most: number) =>
  z.array(item).check(z.minLength(1), z.maxLength(most));

const load = section({
  streams: z.exactOptional(described(wholeSchema(), 'Sources that each send at the rate; 1 where it is left out')),
  cameras: z.exactOptional(described(wholeSchema(), 'The same as streams')),
  rate: z.exactOptional(rate),
  arrival: z.exactOptional(
    described(
      z.enum(['spread', 'together']),
      'Inputs of several streams come evenly spread in time, or all at once in each period',
    ),
  ),
  dutyCycle: z.exactOptional(share),
  requests: z.exactOptional(rate),
  peak: z.exactOptional(described(z.number().check(z.gte(1), z.lte(1e6)), 'Peak over the average of the day')),
  utilization: z.exactOptional(share),
});

const device = section({
  device: word,
  runtime: z.exactOptional(word),
  price: z.exactOptional(described(z.number().check(z.gte(0), z.lte(1e15)), 'Of one device, in the currency')),
  perHour: z.exactOptional(described(z.number().check(z.gte(0), z.lte(1e15)), 'Rent of one device')),
});

const proposal = section({
  model: word,
  device: z.exactOptional(word),
  source: z.exactOptional(sentence),
  latency: z.exactOptional(span),
  energy: z.exactOptional(energy),
  rate: z.exactOptional(rate),
  streams: z.exactOptional(described(z.number().check(z.gt(0), z.lte(1e15)), 'Streams of one device')),
  headroom: z.exactOptional(described(z.number().check(z.gt(0), z.lte(1e15)), 'Rate of one device over the peak load')),
});

const floor = section({
  minimum: z.union([percent, z.number()]),
  metric: z.exactOptional(
    described(wordSchema(), 'top-1 (ImageNet-1k), a metric of the zoo, or the name of the column'),
  ),
  values: z.exactOptional(
    described(z.record(z.string().check(z.maxLength(WORD_LENGTH)), z.number()), 'Model to value'),
  ),
});

export const scenarioFile = section({
  $schema: z.exactOptional(z.string()),
  id: z.exactOptional(
    z
      .string('lower-case letters and digits joined by -')
      .check(z.maxLength(64), z.regex(/^[a-z0-9]+([-_][a-z0-9]+)*$/, 'lower-case letters and digits joined by -')),
  ),
  title: z.exactOptional(sentence),
  workload: z.exactOptional(described(sentenceSchema(), 'What is to be done, for readers')),
  assumptions: z.exactOptional(z.array(sentence).check(z.maxLength(64))),
  load: z.exactOptional(load),
  deadline: z.exactOptional(span),
  at: z.exactOptional(
    described(
      z.enum(['point', 'upper']),
      'Times are held to the predicted median, or to the upper end of its interval',
    ),
  ),
  energyPerInference: z.exactOptional(energy),
  power: z.exactOptional(section({ average: z.exactOptional(power), sustained: z.exactOptional(power) })),
  battery: z.exactOptional(
    section({
      capacity,
      usable: z.exactOptional(share),
      efficiency: z.exactOptional(share),
      life: span,
      sleep: z.exactOptional(restPower),
    }),
  ),
  rest: z.exactOptional(described(z.enum(['idle', 'sleep']), 'What a device does between two inferences')),
  memory: z.exactOptional(section({ weights: z.exactOptional(size), activations: z.exactOptional(size) })),
  accuracy: z.exactOptional(z.union([percent, floor])),
  cost: z.exactOptional(
    section({
      currency: z.exactOptional(z.string('text').check(z.minLength(1), z.maxLength(8))),
      life: z.exactOptional(span),
      perKilowattHour: z.exactOptional(price),
      perMillion: z.exactOptional(described(z.number().check(z.gt(0)), 'Most that a million inferences may cost')),
      perHour: z.exactOptional(described(z.number().check(z.gt(0)), 'Most that all devices may cost per hour')),
      capital: z.exactOptional(described(z.number().check(z.gt(0)), 'Most that all devices may cost to buy')),
    }),
  ),
  devices: z.exactOptional(listOf(z.union([word, device]), 256)),
  models: z.exactOptional(listOf(word, 1000)),
  exclude: z.exactOptional(
    section({ devices: z.exactOptional(listOf(word, 256)), models: z.exactOptional(listOf(word, 1000)) }),
  ),
  runtimes: z.exactOptional(listOf(word, 32)),
  precisions: z.exactOptional(listOf(z.enum(PRECISIONS), PRECISIONS.length)),
  batches: z.exactOptional(listOf(batch, 64)),
  resolutions: z.exactOptional(listOf(z.union([z.enum(['native', 'published']), pixels]), 32)),
  maxDevices: z.exactOptional(described(wholeSchema(), 'Most devices that may share the load')),
  prefer: z.exactOptional(z.enum(PREFERENCES)),
  proposed: z.exactOptional(z.array(z.union([word, proposal])).check(z.maxLength(64))),
});

export type ScenarioFields = z.output<typeof scenarioFile>;
