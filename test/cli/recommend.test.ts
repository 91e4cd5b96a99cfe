import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { devices } from '../../src/hardware/index.ts';
import { MAX_DATA_FILE_BYTES } from '../../src/node/api.ts';
import { invoke, json } from './invoke.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-recommend-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, contents: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
};

interface Check {
  readonly constraint: string;
  readonly required: number | null;
  readonly actual: number | null;
  readonly unit: string;
  readonly factor: number | null;
  readonly missedBy: number | null;
}
interface Row {
  readonly model: string;
  readonly device: string;
  readonly precision: string;
  readonly batch: number;
  readonly resolution: number;
  readonly latencySeconds: number;
  readonly high: number;
  readonly waitSeconds: number;
  readonly responseSeconds: number;
  readonly energyPerInferenceJoules: number;
  readonly accuracy: number;
  readonly devicesNeeded: number;
  readonly batteryDays: number | null;
  readonly costPerMillion: number | null;
  readonly peakActivationBytes: number;
  readonly margins: Readonly<Record<string, number>>;
}
interface Answer {
  readonly schema: string;
  readonly scenario: { readonly id: string; readonly deadlineSeconds: number; readonly at: string };
  readonly searched: Readonly<Record<'combinations' | 'models' | 'devices' | 'pairs' | 'pairsHolding', number>>;
  readonly feasible: readonly Row[];
  readonly pareto: { readonly objectives: readonly string[]; readonly front: readonly Row[] };
  readonly recommendation:
    | (Row & { readonly rule: string; readonly runnerUp: Row | null; readonly robust: { readonly holds: boolean } })
    | null;
  readonly rejected: readonly { readonly model: string; readonly device: string; readonly binding: Check }[];
  readonly relax: readonly {
    readonly constraint: string;
    readonly opens: number;
    readonly steps: readonly { readonly to: number; readonly opens: number }[];
  }[];
  readonly proposed: readonly {
    readonly model: string;
    readonly device: string;
    readonly survives: boolean;
    readonly binding: Check;
    readonly claims: readonly { readonly figure: string; readonly claimed: number; readonly computed: number }[];
  }[];
  readonly warnings: readonly { readonly code: string }[];
}
const answer = async (line: string): Promise<Answer> => (await json(`recommend ${line}`)) as Answer;

const FEW = '--models family:mobilenet_v3,efficientnet_b0,efficientnet_b1,efficientnet_b2,efficientnet_v2_s,resnet18';

describe('the built-in scenarios', () => {
  it('smart-camera: nothing lasts a year, and what was recommended for it falls with its battery', async () => {
    const made = await answer(`--scenario smart-camera ${FEW}`);
    expect(made).toMatchObject({ schema: 'assay.recommend/1', recommendation: null, feasible: [] });
    expect(made.scenario).toMatchObject({ id: 'smart-camera', at: 'upper' });
    // 10 Wh x 0.85 x 0.9 = 27,540 J; asleep the device draws 5 mW: 63.75 days without a single frame.
    for (const { binding } of made.rejected) {
      expect(binding).toMatchObject({ constraint: 'battery life', required: 365, unit: 'days' });
      expect(binding.actual).toBeLessThan(63.75);
      expect(binding.factor).toBeCloseTo(365 / (binding.actual ?? 0), 9);
      expect(binding.missedBy).toBeCloseTo(365 - (binding.actual ?? 0), 9);
    }
    const [proposal] = made.proposed;
    expect(proposal).toMatchObject({ model: 'mobilenet_v3_small', device: 'kpu_t2', survives: false });
    expect(proposal?.binding.constraint).toBe('battery life');
    expect(proposal?.claims.map(({ claimed }) => claimed)).toEqual([0.086, 11_549, 0.029]);
    // The same model as one that was searched: the same miss.
    const same = made.rejected.find(({ model }) => model === 'mobilenet_v3_small');
    expect(proposal?.binding).toEqual(same?.binding);
  });

  it('mobile-app, edge-server and cloud-api: what was recommended holds; figures are compared', async () => {
    for (const [name, model] of [
      ['mobile-app', 'efficientnet_b0'],
      ['edge-server', 'efficientnet_b1'],
      ['cloud-api', 'efficientnet_v2_s'],
    ]) {
      const made = await answer(`--scenario ${name} ${FEW}`);
      expect(made.proposed.length).toBeGreaterThan(0);
      const proposal = made.proposed.find((each) => each.model === model);
      const isFeasible = made.feasible.some((row) => row.model === model && row.device === proposal?.device);
      expect(proposal?.survives).toBe(isFeasible);
      expect(made.recommendation?.accuracy).toBe(Math.max(...made.feasible.map(({ accuracy }) => accuracy)));
    }
  });

  it('video-analytics: every batch fills inside the deadline, on as many devices as the streams need', async () => {
    const made = await answer('--scenario video-analytics --models mobilenet_v3_large,efficientnet_b0');
    expect(made.feasible.length).toBeGreaterThan(5);
    for (const { waitSeconds, high, responseSeconds, devicesNeeded, batch } of made.feasible) {
      expect(responseSeconds).toBeLessThanOrEqual(1 / 30);
      expect(responseSeconds).toBeCloseTo(waitSeconds + high, 12);
      // 30,000 frames a second over the devices; the one with the fewest streams waits longest.
      const least = Math.floor(1000 / devicesNeeded);
      expect(waitSeconds).toBeCloseTo((batch - 1) / (least * 30), 12);
      expect(devicesNeeded * Math.floor(batch / high / 30)).toBeGreaterThanOrEqual(1000);
    }
    const devices = made.feasible.map(({ devicesNeeded }) => devicesNeeded);
    expect(made.recommendation?.devicesNeeded).toBe(Math.min(...devices));
  });

  it('take other devices and models', async () => {
    const made = await answer('--scenario mobile-app --on nvidia_t4 --models resnet18,resnet50 --precision int8');
    expect(made.searched).toMatchObject({ combinations: 2, models: 2, devices: 1, pairs: 2 });
    expect(made.feasible.map(({ model }) => model)).toEqual(['resnet50']);
    expect(made.rejected.map(({ binding }) => binding.constraint)).toEqual(['accuracy']);
    expect(made.relax).toMatchObject([{ constraint: 'accuracy', opens: 1 }]);
  });
});

describe('a scenario file', () => {
  const camera = file(
    'camera.yaml',
    [
      'load: { cameras: 2, rate: 10 fps }',
      'deadline: 150 ms',
      'accuracy: 68 %',
      'models: [mobilenet_v2, resnet18, yolov8n]',
      'devices: [{ device: kpu_t2, price: 20 }, { device: ./mine.yaml, price: 30 }]',
      'cost: { currency: EUR, life: 1 year, perKilowattHour: 0.5 }',
      'prefer: energy',
    ].join('\n'),
  );
  file('mine.yaml', 'extends: kpu_t2\nid: mine\nonChip: { capacity: 2 MiB }\n');

  it('is answered with devices beside it, prices and unknown accuracies', async () => {
    const made = await answer(camera);
    expect(new Set(made.feasible.map(({ device }) => device))).toEqual(new Set(['kpu_t2', 'mine']));
    expect(made.pareto.objectives).toEqual(['latency', 'energy', 'accuracy', 'memory', 'cost']);
    const energies = made.feasible.map(({ energyPerInferenceJoules }) => energyPerInferenceJoules);
    expect(made.recommendation?.energyPerInferenceJoules).toBe(Math.min(...energies));
    // Of a detector no ImageNet accuracy is published.
    const unknown = made.rejected.find(({ model }) => model === 'yolov8n');
    expect(unknown?.binding).toMatchObject({ constraint: 'accuracy', required: 68, actual: null, factor: null });
    for (const { device, costPerMillion } of made.feasible) {
      // 20 inferences a second are 630.72 million a year: the price alone, and electricity beside it.
      const price = (device === 'mine' ? 30 : 20) / 630.72;
      expect(costPerMillion).toBeGreaterThan(price);
      // Under the cap of 0.9 W: 0.9 W for a year is 7.884 kWh, 3.94 EUR.
      expect(costPerMillion).toBeLessThan(price + 3.95 / 630.72);
    }
  });

  it('has every format, with the chart that is asked for', async () => {
    const page = join(folder, 'answer.md');
    expect((await invoke(['recommend', camera, '--out', page, '--plot', 'energy,memory'])).status).toBe(0);
    const text = readFileSync(page, 'utf8');
    expect(text).toContain('**Recommended: ');
    expect(text).toContain('Pareto front of latency, energy, accuracy, memory and cost');
    expect(readdirSync(join(folder, 'answer-charts'))).toEqual(['recommend-energy-memory.svg']);

    const html = join(folder, 'answer.html');
    expect((await invoke(['recommend', camera, '--out', html])).status).toBe(0);
    expect(readFileSync(html, 'utf8')).toContain('recommend-latency-accuracy');

    const table = join(folder, 'answer.csv');
    expect((await invoke(['recommend', camera, '--out', table])).status).toBe(0);
    const lines = readFileSync(table, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(1 + (await answer(camera)).feasible.length);

    const { stdout } = await invoke(['recommend', camera]);
    expect(stdout).toContain('Runner-up: ');
    expect(stdout).toContain('Load: 2 streams at 10.0 per second: 20.0 per second');
  });

  it('is escaped, not executed', async () => {
    const evil = file('evil.yaml', 'title: "<script>alert(1)</script>"\nmodels: [resnet18]\ndevices: [kpu_t2]\n');
    const html = join(folder, 'evil.html');
    expect((await invoke(['recommend', evil, '--out', html])).status).toBe(0);
    expect(readFileSync(html, 'utf8')).not.toContain('<script>alert(1)');
  });

  it('that nothing meets is an answer: what binds, and what comes nearest', async () => {
    const path = file('hard.yaml', 'deadline: 1 us\nmodels: [resnet18, resnet50]\ndevices: [kpu_t2, nvidia_t4]\n');
    const { status, stdout } = await invoke(['recommend', path]);
    expect(status).toBe(0);
    expect(stdout).toContain('Nothing holds. Deadline binds most often, in all 4 pairs of model and device.');
    const made = await answer(path);
    expect(made.recommendation).toBeNull();
    expect(made.relax).toMatchObject([{ constraint: 'deadline', opens: 4 }]);
    // The nearest is the fastest: what it needs opens one.
    const fastest = Math.min(...made.rejected.map(({ binding }) => binding.actual ?? Number.NaN));
    expect(made.relax[0]?.steps[0]).toMatchObject({ to: fastest, opens: 1 });
  });

  it('that names no device is tried on all that exist, and says which it leaves out', async () => {
    const path = file('any.yaml', 'deadline: 1 s\nmodels: [resnet18]\nprefer: energy\n');
    const { status, stdout, stderr } = await invoke(['recommend', path, '--json']);
    expect(status).toBe(0);
    const { searched } = JSON.parse(stdout) as { searched: { targets: string[] } };
    expect(searched.targets.length).toBe(devices.filter((device) => device.status === 'product').length);
    expect(stderr).toMatch(/hypothetical-left-out.*name kpu_t100/);
    const { stderr: named } = await invoke(['recommend', path, '--on', 'kpu_t2', '--json']);
    expect(named).not.toContain('left-out');
  });

  it('is the same however often it is asked', async () => {
    const first = await invoke(['recommend', camera, '--json']);
    expect((await invoke(['recommend', camera, '--json'])).stdout).toBe(first.stdout);
  });

  it('holds a model on a microcontroller to its own memories', async () => {
    const path = file('mcu.yaml', 'models: [resnet18]\ndevices: [mcu_stm32h7a3]\nprecisions: [int8]\n');
    const made = await answer(path);
    // 11.7 million weights of a byte against 2 MiB of flash, and 1.2 MB of activations against the SRAM.
    expect(made.rejected[0]?.binding).toMatchObject({ constraint: 'device memory for weights', actual: 11_689_512 });
  });
});

describe('bad input is exit status 2 and one line', () => {
  const refusal = async (line: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await invoke(['recommend', ...line]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [a-z0-9-]+: [^\n]+\n$/);
    return stderr;
  };

  it.each<[string, string, string]>([
    ['dedline: 33 ms', 'unknown-key', 'did you mean "deadline"?'],
    ['deadline: 33', 'missing-unit', '33 has no unit'],
    ['deadline: 33 parsecs', 'not-a-quantity', 'expected a time'],
    ['load: { rate: 0 fps }', 'out-of-range', 'more than 0'],
    ['devices: [kpu_t3]', 'unknown-device', 'did you mean kpu_t2'],
    ['models: [resnet19]', 'unknown-model', 'did you mean resnet18'],
    ['models: [./nothing.onnx]', 'not-found', 'nothing.onnx'],
    ['runtimes: [tensorrd-8.6]', 'unknown-runtime', 'did you mean tensorrt-8.6'],
    ['accuracy: { minimum: 30 %, metric: mAP }', 'unknown-metric', 'box mAP'],
    ['accuracy: { minimum: 3, values: { resnet19: 4 } }', 'unknown-model', 'did you mean resnet18'],
    ['load: { rate: 3 fps, requests: 3 per day }', 'contradictory-constraints', 'load.rate and load.requests'],
    ['battery: { capacity: 10 Wh, life: 1 year }', 'contradictory-constraints', 'battery.life and load'],
    [
      'load: { rate: 1 fps }\nbattery: { capacity: 10 Wh, life: 1 year, sleep: 1 W }',
      'contradictory-constraints',
      'battery.sleep and battery.life',
    ],
    [
      'load: { rate: 1 fps }\nbattery: { capacity: 99 kWh, life: 1 year, sleep: 1 W }\npower: { average: 10 mW }',
      'contradictory-constraints',
      'battery.sleep and power.average',
    ],
    // 63 frames more at 30 /s take 2.1 s.
    ['load: { rate: 30 fps }\ndeadline: 33 ms\nbatches: [64]', 'contradictory-constraints', 'batches and deadline'],
    [
      'load: { streams: 4, rate: 30 fps, arrival: together }\nbatches: [8]',
      'contradictory-constraints',
      'batches and load.streams',
    ],
    ['devices: [google_edge_tpu]\nprecisions: [fp32]', 'contradictory-constraints', 'precisions and devices'],
    ['devices: [kpu_t2]\nexclude: { devices: [kpu-t2] }', 'contradictory-constraints', 'devices and exclude.devices'],
    [
      'models: [resnet18]\nexclude: { models: [family:resnet] }',
      'contradictory-constraints',
      'models and exclude.models',
    ],
    ['prefer: cost', 'contradictory-constraints', 'prefer and devices'],
    ['cost: { capital: 5 }', 'contradictory-constraints', 'cost.capital and devices'],
    ['devices: [{ device: kpu_t2, price: 5 }]\nprefer: cost', 'contradictory-constraints', 'devices and cost.life'],
    ['[1, 2]', 'not-an-object', 'expected a mapping'],
    ['', 'not-an-object', 'is empty'],
    ['a: [1,\n b: }', 'malformed-file', 'not valid YAML'],
  ])('%j: %s', async (text, code, says) => {
    const line = await refusal([file('bad.yaml', text)]);
    expect(line).toContain(`error: ${code}: `);
    expect(line).toContain(says);
  });

  it('no file, a folder, another kind of file, binary, too large', async () => {
    expect(await refusal([join(folder, 'none.yaml')])).toContain('missing-file');
    expect(await refusal([folder])).toContain('is a folder');
    expect(await refusal([file('a.txt', 'deadline: 3 ms')])).toContain('unknown-format');
    expect(await refusal([file('binary.yaml', new Uint8Array([0, 255, 254, 1]))])).toContain('not UTF-8');
    expect(await refusal([file('zeros.yaml', new Uint8Array(64))])).toContain('error: ');
    expect(await refusal([file('large.yaml', 'x'.repeat(MAX_DATA_FILE_BYTES + 1))])).toContain('file-too-large');
  });

  it.each<[string, string, string]>([
    ['', 'missing-argument', 'smart-camera'],
    ['--scenario smart-camra', 'unknown-scenario', 'did you mean smart-camera'],
    ['x.yaml --scenario smart-camera', 'conflicting-options', 'two scenarios'],
    ['--scenario mobile-app --plot a,b', 'invalid-plot', 'latency,accuracy'],
    ['--scenario mobile-app --prefer speed', 'invalid-prefer', 'expected one of accuracy'],
    ['--scenario mobile-app --at p50', 'invalid-at', 'point, upper'],
    ['--scenario mobile-app --on i8', 'unknown-device', 'expected an id'],
    ['--scenario mobile-app --batch 0', 'invalid-batch', 'from 1 to'],
  ])('recommend %s', async (line, code, says) => {
    const message = await refusal(line.split(' ').filter(Boolean));
    expect(message).toContain(`error: ${code}: `);
    expect(message).toContain(says);
  });

  it('says so as JSON as well', async () => {
    const { status, stdout } = await invoke(['recommend', '--scenario', 'nothing', '--json']);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'assay.recommend/1', error: { code: 'unknown-scenario' } });
  });
});
