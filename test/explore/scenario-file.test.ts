import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { parseScenario, type ScenarioRequest } from '../../src/explore/scenario-file.ts';
import { scenarioFile, scenarioFileTerms } from '../../src/explore/scenario-format.ts';

const GUIDE = readFileSync(new URL('../../docs/scenario-file.md', import.meta.url), 'utf8');

const read = (input: unknown): ScenarioRequest => {
  const parsed = parseScenario(input, { name: 'mine' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
};
const refusal = (input: unknown): string => {
  const parsed = parseScenario(input, { name: 'mine' });
  const [first] = parsed.ok ? [] : parsed.issues;
  return first === undefined ? 'accepted' : `${first.code} ${first.path}`;
};

describe('a scenario file', () => {
  it('is read into SI units', () => {
    const { scenario, devices } = read({
      load: { cameras: 6, rate: '30 fps', arrival: 'together', dutyCycle: '10 %' },
      deadline: '33 ms',
      energyPerInference: '5 mJ',
      battery: { capacity: '10 Wh', usable: '85 %', life: '2 years', sleep: '5 mW' },
      memory: { weights: '4 MB', activations: '512 KiB' },
      accuracy: '75 %',
      devices: ['kpu_t2', { device: 'nvidia_t4', price: 900 }],
    });
    expect(scenario).toMatchObject({
      id: 'mine',
      load: { kind: 'streams', streams: 6, ratePerSecond: 30, arrival: 'together', dutyCycle: 0.1, utilization: 1 },
      deadline: 0.033,
      energyPerInference: 0.005,
      battery: { supply: { capacity: 10, usableShare: 0.85, regulatorEfficiency: 1 }, days: 730, sleepWatts: 0.005 },
      memory: { weights: 4e6, activations: 524_288 },
      accuracy: { minimum: 75, metric: 'top-1' },
    });
    expect(devices).toEqual([{ word: 'kpu_t2' }, { word: 'nvidia_t4', price: 900 }]);
  });

  it('counts requests by the second', () => {
    // 864,000 a day are 10 a second.
    expect(read({ load: { requests: '864,000 per day', peak: 4 } }).scenario.load).toEqual({
      ...{ kind: 'requests', averagePerSecond: 10, peakFactor: 4, utilization: 1 },
    });
  });

  it.each<[unknown, string]>([
    [null, 'not-an-object (root)'],
    [[1], 'not-an-object (root)'],
    [{ dedline: '3 ms' }, 'unknown-key dedline'],
    [{ battery: { capacity: '10 Wh', life: '1 year', efficency: '90 %' } }, 'unknown-key battery.efficency'],
    [{ deadline: 33 }, 'missing-unit deadline'],
    [{ deadline: '33' }, 'missing-unit deadline'],
    [{ deadline: '33 W' }, 'not-a-quantity deadline'],
    [{ deadline: '0,033 s' }, 'not-a-quantity deadline'],
    [{ deadline: '0 ms' }, 'out-of-range deadline'],
    [{ load: { rate: '0 fps' } }, 'out-of-range load.rate'],
    [{ load: { rate: '30 frames' } }, 'not-a-quantity load.rate'],
    [{ load: { streams: 3 } }, 'missing load.rate'],
    [{ load: { streams: 1.5, rate: '3 fps' } }, 'wrong-type load.streams'],
    [{ load: { rate: '3 fps', requests: '3 per day' } }, 'contradictory-constraints load.rate and load.requests'],
    [{ load: { requests: '3 per day', streams: 2 } }, 'contradictory-constraints load.requests and load.streams'],
    [{ load: { streams: 2, cameras: 2, rate: '3 fps' } }, 'contradictory-constraints load.streams and load.cameras'],
    [{ accuracy: 75 }, 'missing-unit accuracy'],
    [{ accuracy: { minimum: 0.75 } }, 'missing-unit accuracy.minimum'],
    [{ accuracy: '175 %' }, 'out-of-range accuracy'],
    [{ precisions: ['fp31'] }, 'unknown-name precisions[0]'],
    [{ prefer: 'speed' }, 'unknown-name prefer'],
    [{ at: 'p99' }, 'unknown-name at'],
    [{ batches: [] }, 'out-of-range batches'],
    [{ models: 'resnet18' }, 'wrong-type models'],
    [{ devices: [{ device: 'kpu_t2', prise: 3 }] }, 'unknown-key devices[0].prise'],
    [{ title: 'a\u001b[31m' }, 'control-character title'],
  ])('%j is refused: %s', (input, expected) => {
    expect(refusal(input)).toBe(expected);
  });

  it('suggests the nearest field', () => {
    const parsed = parseScenario({ dedline: '3 ms' }, { name: 'mine' });
    expect(parsed.ok ? '' : parsed.issues[0]?.message).toBe(
      'is not a field of a scenario here: did you mean "deadline"?',
    );
  });
});

describe('docs/scenario-file.md', () => {
  it('shows files that are read', () => {
    const files = [...GUIDE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => parse(text) as unknown);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(refusal(file)).toBe('accepted');
  });
});

describe('docs/scenario.schema.json', () => {
  it('is generated from the format; after a change of it, run this test with -u', async () => {
    const { $schema, ...schema } = z.toJSONSchema(scenarioFile, { io: 'input', metadata: scenarioFileTerms });
    const text = JSON.stringify(
      {
        $schema,
        title: 'Assay scenario file',
        description: 'Generated from src/explore/scenario-format.ts. Guide: scenario-file.md.',
        ...schema,
      },
      null,
      2,
    );
    await expect(`${text}\n`).toMatchFileSnapshot('../../docs/scenario.schema.json');
  });
});
