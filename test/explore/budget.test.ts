/** The format of budget files: what is read, what is refused and where, and the schema that editors check with. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { type BudgetIssue, parseBudgets } from '../../src/explore/budget.ts';
import { budgetFileTerms, fileOfOne, fileOfSeveral } from '../../src/explore/budget-format.ts';

const limitsOf = (data: unknown) => {
  const parsed = parseBudgets(data);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.budgets.flatMap(({ limits }) => limits);
};
const refusal = (data: unknown): BudgetIssue => {
  const parsed = parseBudgets(data);
  if (parsed.ok || parsed.issues[0] === undefined) throw new Error('accepted');
  return parsed.issues[0];
};

describe('a budget', () => {
  it('reads bare figures as the most, and a rate as the least', () => {
    const limits = limitsOf({ on: 'kpu_t2', limits: { params: '5 M', weights: '20 MiB', throughput: '30 /s' } });
    expect(limits).toMatchObject([
      { kind: 'model', figure: 'params', sense: 'max', value: 5e6, written: '5 M', path: ['limits', 'params'] },
      { kind: 'memory', figure: 'weights', sense: 'max', value: 20 * 2 ** 20 },
      { kind: 'device', figure: 'throughput', sense: 'min', value: 30, on: { device: 'kpu_t2', at: 'upper' } },
    ]);
  });

  it('lays what a limit says of its target over what the budget says, unless it names a device', () => {
    const limits = limitsOf({
      on: { device: 'kpu_t2', precision: 'int8', batch: 4, at: 'point' },
      limits: {
        latency: [
          { max: '5 ms', on: { batch: 8 } },
          { max: '9 ms', on: 'i7' },
        ],
      },
    });
    expect(limits.map((limit) => 'on' in limit && limit.on)).toEqual([
      { device: 'kpu_t2', precision: 'int8', batch: 8, at: 'point' },
      { device: 'i7', at: 'upper' },
    ]);
  });

  it('reads both sides of a limit, with their places', () => {
    expect(limitsOf({ limits: { macs: { min: 1, max: '300 MMACs' } } })).toMatchObject([
      { sense: 'min', value: 1, path: ['limits', 'macs', 'min'] },
      { sense: 'max', value: 300e6, path: ['limits', 'macs', 'max'] },
    ]);
  });

  it.each<[string, unknown, string, string, string]>([
    ['nothing', null, 'not-an-object', '(root)', 'is empty'],
    ['a list', [], 'not-an-object', '(root)', 'is a list'],
    ['no limits', {}, 'missing', 'limits', 'is missing'],
    ['an empty mapping of limits', { limits: {} }, 'no-limits', 'limits', 'states no limit'],
    ['a limit that says nothing', { limits: { params: {} } }, 'no-limits', 'limits.params', 'expected max or min'],
    ['a misspelt limit', { limits: { parms: 5 } }, 'unknown-key', 'limits.parms', 'did you mean "params"?'],
    ['a misspelt field', { limits: { params: 5 }, modles: ['x'] }, 'unknown-key', 'modles', 'did you mean "models"?'],
    ['bytes without a unit', { limits: { weights: 20 } }, 'missing-unit', 'limits.weights', '20 has no unit'],
    ['bytes of a unit of time', { limits: { weights: '20 ms' } }, 'not-a-quantity', 'limits.weights', 'unit of B'],
    ['less than nothing', { limits: { weights: '-20 MB' } }, 'not-a-quantity', 'limits.weights', 'not above 0'],
    ['a negative count', { limits: { params: -5 } }, 'not-a-quantity', 'limits.params', 'is negative'],
    ['no device', { limits: { latency: '5 ms' } }, 'missing', 'limits.latency.on', 'expected the device'],
    [
      'a precision that is none',
      { limits: { weights: { max: '1 MB', precision: 'fp31' } } },
      'unknown-name',
      'limits.weights.precision',
      'did you mean "fp32"?',
    ],
    [
      'a minimum above the maximum',
      { limits: { params: { min: '6 M', max: '5 M' } } },
      'contradictory-limits',
      'limits.params.min',
      'limits.params.max for at most 5 M',
    ],
    [
      'a minimum above the maximum of another entry of the same target',
      {
        limits: {
          latency: [
            { min: '6 ms', on: 'i7' },
            { max: '5 ms', on: 'i7' },
          ],
        },
      },
      'contradictory-limits',
      'limits.latency[0].min',
      'limits.latency[1].max',
    ],
    [
      'an operator allowed and denied',
      { limits: { operators: { allowed: ['Conv'], denied: ['Conv'] } } },
      'contradictory-limits',
      'limits.operators.denied',
      '"Conv"',
    ],
    ['a list of budgets beside a budget', { budgets: [{ limits: { params: 5 } }], on: 'i7' }, 'unknown-key', 'on', ''],
    [
      'a place in a list',
      { budgets: [{ limits: { params: '1x' } }] },
      'not-a-quantity',
      'budgets[0].limits.params',
      '',
    ],
    ['what no file holds', { limits: { params: () => 1 } }, 'malformed-budget', 'limits.params', 'plain data'],
  ])('refuses %s', (_, data, code, place, says) => {
    const issue = refusal(data);
    expect(issue).toMatchObject({ code, place });
    expect(issue.message).toContain(says);
    expect(issue.message).not.toContain('\n');
  });

  it('different targets do not contradict one another', () => {
    const latency = [
      { min: '6 ms', on: 'i7' },
      { max: '5 ms', on: 'kpu_t2' },
    ];
    expect(limitsOf({ limits: { latency } })).toHaveLength(2);
  });

  it('never throws, whatever plain data it is given', () => {
    const key = fc.constantFrom('limits', 'budgets', 'models', 'on', 'params', 'latency', 'max', 'operators', 'device');
    const leaf = fc.oneof(fc.constantFrom('5 M', '5 ms', 'i7', null), fc.string(), fc.double(), fc.boolean());
    const { data } = fc.letrec((tie) => ({
      data: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('data'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(key, fc.string()), tie('data'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(data, (input) => {
        const parsed = parseBudgets(input);
        if (!parsed.ok) expect(parsed.issues.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('docs/budget-file.md', () => {
  const blocks = [
    ...readFileSync(new URL('../../docs/budget-file.md', import.meta.url), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
  ].map(([, text = '']) => text);

  it('shows budgets that are read', () => {
    expect(blocks).toHaveLength(2);
    for (const text of blocks) expect(parseBudgets(parse(text))).toMatchObject({ ok: true });
  });
});

describe('docs/budget.schema.json', () => {
  it('is generated from the format; after a change of it, run this test with -u', async () => {
    const { $schema, $defs, anyOf } = z.toJSONSchema(z.union([fileOfOne, fileOfSeveral]), {
      io: 'input',
      metadata: budgetFileTerms,
    });
    const schema = {
      $schema,
      title: 'Assay budget file',
      description: 'Generated from src/explore/budget-format.ts. Guide: budget-file.md.',
      type: 'object',
      if: { required: ['budgets'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: anyOf?.[1],
      else: anyOf?.[0],
      $defs,
    };
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../docs/budget.schema.json');
  });
});
