/** Constants from measurements of one's own: made, written, read back and used. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { invoke, json } from './invoke.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-calibrate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

interface EstimateRow {
  readonly latencySeconds: number;
  readonly calibration: { readonly id: string; readonly kind: string };
}
const latencyOf = async (line: string): Promise<EstimateRow> =>
  ((await json(`estimate ${line}`)) as { rows: readonly [EstimateRow] }).rows[0];

const MODELS = ['resnet18', 'resnet50', 'mobilenet_v2', 'efficientnet_b0', 'vgg16', 'densenet121', 'squeezenet1_1'];
const DEVICE = '--device rpi5 --runtime tflite-2.7';

/** What a device would measure that is twice as slow as the one that is described. */
const slowTable = async (): Promise<string> => {
  const rows = await Promise.all(
    MODELS.map(async (model) => {
      const { latencySeconds } = await latencyOf(`${model} --on rpi5 --runtime tflite-2.7`);
      return `${model},${latencySeconds * 2e3}`;
    }),
  );
  return ['model,latency_ms', ...rows].join('\n');
};

describe('assay calibrate', () => {
  it('finds the scale of a slower device, on models that it did not see either, and its file is used', async () => {
    const table = file('slow.csv', await slowTable());
    const record = join(folder, 'slow.json');
    const made = await invoke(['calibrate', table, ...DEVICE.split(' '), '--out', record]);
    expect(made).toMatchObject({ status: 0, stdout: '' });
    const written = JSON.parse(readFileSync(record, 'utf8')) as {
      readonly calibration: { readonly rows: number; readonly heldOut: { readonly mape: number } };
      readonly uncalibrated: { readonly mape: number };
    };
    expect(written.calibration.rows).toBe(MODELS.length);
    expect(written.uncalibrated.mape).toBeCloseTo(0.5, 6);
    expect(written.calibration.heldOut.mape).toBeLessThan(0.1);

    // A model that is not in the table.
    const before = await latencyOf('mobilenet_v3_large --on rpi5 --runtime tflite-2.7');
    const after = await latencyOf(`mobilenet_v3_large --on rpi5 --runtime tflite-2.7 --calibration ${record}`);
    expect(after.calibration).toMatchObject({ kind: 'calibrated' });
    expect(after.calibration.id).toContain('slow.json');
    expect(after.latencySeconds / before.latencySeconds).toBeGreaterThan(1.8);
    expect(after.latencySeconds / before.latencySeconds).toBeLessThan(2.2);

    const cases = file('cases.csv', 'device,runtime,model\nrpi5,tflite-2.7,mobilenet_v3_large\n');
    const { stdout } = await invoke(`predict --cases ${cases} --calibration ${record}`);
    const [columns = [], cells = []] = stdout.split('\n').map((line) => line.split(','));
    expect(Number(cells[columns.indexOf('latency_ms')])).toBeCloseTo(after.latencySeconds * 1e3, 5);
  });

  it('reads what spreadsheets of other countries write', async () => {
    const path = file('bom.csv', '\uFEFFmodel;latency_ms\nresnet50;20\nresnet18;9\nvgg16;90\n');
    const { calibration } = (await json(`calibrate ${path} ${DEVICE}`)) as { calibration: { rows: number } };
    expect(calibration.rows).toBe(3);
  });

  it('warns of a latency that is beyond the peaks of the device, with the line', async () => {
    const path = file('microseconds.csv', 'model,latency_ms\nresnet50,0.02\nresnet18,9\nvgg16,90\n');
    const { status, stderr } = await invoke(`calibrate ${path} ${DEVICE}`);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: faster-than-possible: .*line 2: resnet50 is measured faster than rpi5/);
  });

  const TABLES: readonly (readonly [name: string, text: string, says: RegExp])[] = [
    ['two models', 'model,latency_ms\nresnet50,20\nresnet18,9\n', /too-few-models: .*on 2 models: expected 3 or more/],
    ['NaN', 'model,latency_ms\nresnet50,20\nresnet18,nan\nvgg16,3\n', /not-finite: .*csv:3: latency_ms: "nan"/],
    ['zero', 'model,latency_ms\nresnet50,20\nresnet18,0\nvgg16,3\n', /not-positive: .*csv:3: latency_ms: "0"/],
    ['negative', 'model,latency_ms\nresnet50,-20\nresnet18,1\nvgg16,3\n', /not-positive: .*csv:2: latency_ms: "-20"/],
    ['units', 'model,latency_ms\nresnet50,20 us\nresnet18,9 ms\nvgg16,90\n', /mixed-units: .*csv:4: latency_ms/],
    ['no column', 'a,b\n1,2\n', /missing-column: .*csv:1: model, latency_ms/],
    ['a device', 'device,model,latency_ms\nfoo,resnet50,20\n', /unknown-device: .*csv:2: device: .*"foo"/],
    ['empty', '', /csv:1/],
  ];
  it.each(TABLES)('refuses a table with %s, and says where', async (name, text, says) => {
    const path = file(`${name.replaceAll(' ', '-')}.csv`, text);
    const { status, stdout, stderr } = await invoke(`calibrate ${path} ${DEVICE}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toMatch(says);
  });

  it('takes device and runtime from the table, and refuses several', async () => {
    const rows = ['resnet18,9', 'resnet50,20', 'vgg16,90'].map((row) => `rpi5,tflite-2.7,${row}`);
    const head = 'device,runtime,model,latency_ms';
    const whole = file('whole.csv', [head, ...rows].join('\n'));
    const { calibration } = (await json(`calibrate ${whole}`)) as { calibration: { device: string; runtime: string } };
    expect(calibration).toMatchObject({ device: 'rpi5', runtime: 'tflite-2.7' });
    const two = file('two.csv', [head, ...rows, 'rpi4,tflite-2.7,vgg16,200'].join('\n'));
    const { status, stderr } = await invoke(`calibrate ${two}`);
    expect(status).toBe(2);
    expect(stderr).toContain('several devices (rpi5, rpi4): choose one with --device');
  });
});

describe('--calibration', () => {
  const refused = async (text: string, device = 'rpi5'): Promise<string> => {
    const path = file('record.json', text);
    const { status, stderr } = await invoke(`estimate resnet18 --on ${device} --calibration ${path}`);
    expect(status).toBe(2);
    return stderr;
  };

  it('refuses what is no such file, with the field', async () => {
    expect(await refused('model,latency_ms')).toContain('is not valid JSON');
    expect(await refused('{"schema":"assay.estimate/1"}')).toContain('schema is "assay.estimate/1"');
    expect(await refused('{"schema":"assay.calibrate/1"}')).toContain('calibration is missing');
    expect(await refused('{"schema":"assay.calibrate/1","calibration":{}}')).toContain('architecture is missing');
  });

  it('refuses constants that no device has, and a record of another device', async () => {
    const path = file('three.csv', 'model,latency_ms\nresnet50,60\nresnet18,25\nvgg16,190\n');
    const made = (await json(`calibrate ${path} ${DEVICE}`)) as {
      readonly calibration: { readonly constants: Readonly<Record<string, number>> };
    };
    const faster = { ...made.calibration.constants, matrixEfficiency: 40 };
    const text = JSON.stringify({ ...made, calibration: { ...made.calibration, constants: faster } });
    expect(await refused(text)).toContain('constants.matrixEfficiency is 40: expected a number');
    expect(await refused(JSON.stringify(made), 'rpi4')).toContain('calibration-mismatch');
  });
});
