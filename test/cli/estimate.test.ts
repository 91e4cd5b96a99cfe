import { describe, expect, it } from 'vitest';
import { estimateCells } from '../../src/cli/estimate/cells.ts';
import { explain } from '../../src/cli/estimate/explain.ts';
import { collectList } from '../../src/cli/parse.ts';
import { selectDevices, selectModels, targetOf } from '../../src/cli/select.ts';
import { compileModel, estimate, findModel, isMachine, REFERENCE_DEVICES, resolveMachine } from '../../src/index.ts';
import { fileSystem } from '../../src/node/api.ts';
import { invoke, json } from './invoke.ts';

interface Row {
  readonly model: string;
  readonly device: string;
  readonly resolution: number;
  readonly batch: number;
  readonly precision: string;
  readonly powerMode: string;
  readonly latencySeconds: number;
  readonly latencyLowSeconds: number;
  readonly latencyHighSeconds: number;
  readonly throughputPerSecond: number;
  readonly energyPerInferenceJoules: number;
  readonly averagePowerWatts: number;
  readonly calibration: { readonly kind: string };
  readonly kernels?: readonly { readonly totalSeconds: number }[];
}

const rows = async (commandLine: string): Promise<readonly Row[]> =>
  ((await json(`estimate ${commandLine}`)) as { rows: readonly Row[] }).rows;

const silent = { step: async () => undefined, stop: () => undefined };

describe('assay estimate', () => {
  it('says what the library says', async () => {
    const [row] = await rows('mobilenet_v2 --on kpu_t2 --batch 4');
    const entry = findModel('mobilenet_v2');
    const [selected] = await selectDevices(['kpu_t2'], fileSystem);
    if (entry === undefined || selected === undefined) throw new Error('the zoo or the devices changed');
    const { device, runtime } = targetOf(selected, {});
    const machine = resolveMachine(device, runtime);
    if (!isMachine(machine)) throw new Error(machine.message);
    const expected = estimate(compileModel(entry.variant).workload(runtime.fusion), machine, 4);
    expect(row?.latencySeconds).toBe(expected.latencySeconds);
    expect(row?.energyPerInferenceJoules).toBe(expected.energyPerInferenceJoules);
  });

  it('has a row per model, device, precision and batch, in SI units', async () => {
    const found = await rows('resnet18 mobilenet_v2 --on i7,kpu_t100@12W --precision fp32,int8 --batch 1,8');
    expect(found).toHaveLength(16);
    expect(new Set(found.map(({ device, powerMode }) => `${device}@${powerMode}`))).toContain('kpu_t100@12W');
    for (const row of found) {
      expect(row.latencyLowSeconds).toBeLessThanOrEqual(row.latencySeconds);
      expect(row.latencyHighSeconds).toBeGreaterThanOrEqual(row.latencySeconds);
      expect(row.throughputPerSecond * row.latencySeconds).toBeCloseTo(row.batch, 9);
      expect((row.energyPerInferenceJoules * row.batch) / row.latencySeconds).toBeCloseTo(row.averagePowerWatts, 6);
    }
  });

  it('takes devices after one --on, with commas, and repeated', async () => {
    const devicesOf = async (line: string) => (await rows(line)).map(({ device }) => device);
    const expected = ['intel_i7_12700h', 'nvidia_h100_pcie'];
    expect(await devicesOf('resnet18 --on i7 h100-pcie')).toEqual(expected);
    expect(await devicesOf('resnet18 --on i7,h100-pcie')).toEqual(expected);
    expect(await devicesOf('resnet18 --on i7 --on h100-pcie')).toEqual(expected);
  });

  it("is at the model's native resolution unless stated, and always states it", async () => {
    expect((await rows('efficientnet_v2_s --on i7'))[0]?.resolution).toBe(384);
    expect((await rows('efficientnet_v2_s --on i7 -r 224'))[0]?.resolution).toBe(224);
    expect((await invoke('estimate efficientnet_v2_s --on i7')).stdout).toContain('Resolution: 384');
  });

  it('shows kernels that add up to the latency', async () => {
    const [row] = await rows('resnet18 --on i7 --layers');
    const total = (row?.kernels ?? []).reduce((sum, { totalSeconds }) => sum + totalSeconds, 0);
    expect(total).toBeCloseTo(row?.latencySeconds ?? 0, 12);
  });

  it('says what is hypothetical and what is not calibrated', async () => {
    const { stdout } = await invoke('estimate resnet18 --on i7,kpu_t2');
    expect(stdout).toMatch(/kpu_t2.*hypothetical device, uncalibrated/);
    expect(stdout).toMatch(/intel_i7_12700h.*\bcalibrated on/);
  });
});

describe('assay estimate --explain', () => {
  const models = ['mobilenet_v2', 'vit_b_16'];

  // The trace recomputes each step from its inputs; the estimator's own figures have to come out.
  it.each(REFERENCE_DEVICES)('agrees with the estimator on %s', async (device) => {
    const cells = await estimateCells(
      {
        models: (await selectModels(models, fileSystem)).map((entry) => ({ entry, batches: [1, 8] })),
        devices: await selectDevices([device], fileSystem),
      },
      silent,
    );
    for (const cell of cells) {
      const { terms, kernels } = explain(cell);
      const term = (name: string) => terms.find((found) => found.name === name)?.value ?? Number.NaN;
      const parts = term('per inference') + term('launches') + term('kernels');
      expect(parts / term('before the power cap')).toBeCloseTo(1, 9);
      const latency = Math.max(term('before the power cap'), term('power roof'));
      expect(latency / cell.estimate.latencySeconds).toBeCloseTo(1, 12);
      expect(kernels.length).toBeGreaterThan(0);
      const { overlapExponent: p, kernelSeconds } = cell.machine.constants;
      for (const { row, steps } of kernels) {
        const step = (name: string) => steps.find((found) => found.name === name)?.value ?? 0;
        const compute = step('multiply-accumulates') + step('other arithmetic');
        const memory = step('weights') + Math.max(step('activations off chip'), step('activations on chip'));
        expect(memory / step('memory')).toBeCloseTo(1, 9);
        const total = (compute ** p + memory ** p) ** (1 / p) + kernelSeconds;
        expect(total / row.totalSeconds).toBeCloseTo(1, 9);
        expect(step('multiply-accumulates')).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('names the source of every device figure and of the constants', async () => {
    const { stdout } = await invoke('estimate mobilenet_v2 --on h100-pcie --explain', { columns: 160 });
    expect(stdout).toContain('matrix peak, fp16');
    expect(stdout).toContain('NVIDIA H100 datasheet');
    expect(stdout).toContain('Source: ');
  });
});

describe('lists', () => {
  it('may be repeated and hold commas', () => {
    expect(collectList('4, 5', collectList('1,2', undefined))).toEqual(['1', '2', '4', '5']);
  });
});
