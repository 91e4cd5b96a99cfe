/** What the command line says of files that fix their arithmetic, or launch kernels many times. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type EstimateCell, estimateCells } from '../../src/cli/estimate/cells.ts';
import { explain } from '../../src/cli/estimate/explain.ts';
import { selectAnyModels } from '../../src/cli/model/select.ts';
import { parseFixed } from '../../src/cli/model/words.ts';
import { selectDevices } from '../../src/cli/select.ts';
import { machineAt, type Precision } from '../../src/index.ts';
import { fileSystem } from '../../src/node/api.ts';
import { invoke } from './invoke.ts';
import { imageModel, loopModel, mixedModel, written } from './onnx-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-narrow-'));
afterAll(() => rmSync(folder, { recursive: true }));

const plain = written(folder, 'plain.onnx', imageModel(1, 32, 32));
const mixed = written(folder, 'mixed.onnx', mixedModel());
const loop = written(folder, 'loop.onnx', loopModel(10_000));

/** Of one of its two convolutions. */
const MACS = 64 * 64 * 9 * 32 * 32;

const run = async (...line: readonly string[]): Promise<string> => {
  const { status, stdout, stderr } = await invoke(line);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};

const jsonOf = async (...line: readonly string[]) => JSON.parse(await run(...line, '--json'));

const DEVICES = ['i7', 'h100-pcie', 'tpu-v4', 'kpu_t2'];

const cellsOf = async (path: string, precisions?: readonly Precision[]): Promise<readonly EstimateCell[]> =>
  estimateCells(
    {
      models: await selectAnyModels([path], { files: fileSystem, fixed: parseFixed({}), batches: [1], batch: 'one' }),
      devices: await selectDevices(DEVICES, fileSystem),
      ...(precisions && { precisions }),
    },
    { step: async () => undefined, stop: () => undefined },
  );

describe('assay analyze of a quantized file', () => {
  it('says in which arithmetic its products run', async () => {
    const found = await jsonOf('analyze', mixed, '-b', '2');
    expect(found.arithmetic).toEqual([
      { type: 'int8', macs: 2 * MACS, shareOfMacs: 0.5 },
      { type: 'fp32', macs: 2 * MACS, shareOfMacs: 0.5 },
    ]);
    expect(await run('analyze', mixed)).toMatch(/^Arithmetic: int8: 50\.0 % of MACs, fp32: 50\.0 %$/m);
  });

  it('keeps silent where all is floating', async () => {
    expect((await jsonOf('analyze', plain)).arithmetic).toMatchObject([{ type: 'fp32', shareOfMacs: 1 }]);
    expect(await run('analyze', plain)).not.toMatch(/Arithmetic|as quantized/);
    expect(await run('analyze', plain, '--layers')).not.toContain('Arithmetic');
  });

  it('counts what is not quantized in its floating type', async () => {
    const { settings, layers } = await jsonOf('analyze', mixed, '-b', '1', '--layers');
    expect(settings.precision).toBe('fp32');
    const convolutions = layers.filter(({ type }: { type: string }) => type === 'Conv');
    const size = 64 * 32 * 32;
    expect(convolutions).toMatchObject([
      { arithmetic: 'int8', bytes: size + size + 64 * 64 * 9 },
      { bytes: 4 * (size + 64 * 64 * 9) + size * 4 },
    ]);
    expect(convolutions[1]).not.toHaveProperty('arithmetic');
  });
});

describe('assay estimate of a quantized file', () => {
  it('says what ran', async () => {
    const { rows } = await jsonOf('estimate', mixed, '--on', 'i7', '--layers');
    expect(rows[0].arithmetic).toEqual([
      { type: 'int8', macs: MACS, shareOfMacs: 0.5 },
      { type: 'fp32', macs: MACS, shareOfMacs: 0.5 },
    ]);
    const convolutions = rows[0].kernels.filter(({ macs }: { macs: number }) => macs > 0);
    expect(convolutions).toMatchObject([
      { precision: 'int8', weightBytes: 64 * 64 * 9 },
      { precision: 'fp32', weightBytes: 4 * 64 * 64 * 9 },
    ]);
    expect(await run('estimate', mixed, '--on', 'i7')).toContain('int8 + fp32');
    const out = join(folder, 'rows.csv');
    await run('estimate', mixed, '--on', 'h100-pcie', '--out', out, '--quiet');
    expect(readFileSync(out, 'utf8')).toMatch(/\nmixed\.onnx,file,[^,]*,1,int8 \+ fp16,/);
  });

  it('says what a precision asked for is for', async () => {
    const { warnings } = await jsonOf('estimate', mixed, '--on', 'h100-pcie', '-p', 'bf16');
    const message =
      'mixed.onnx is quantized and fixes 50.0 % of its MACs at int8; the rest runs in bf16, as asked for with --precision';
    expect(warnings).toEqual([{ code: 'fixed-precision', message, path: 'mixed.onnx' }]);
    expect((await jsonOf('estimate', mixed, '--on', 'h100-pcie')).warnings).toEqual([]);
    expect(await run('estimate', mixed, '--on', 'i7', 'h100-pcie')).toMatch(
      /fixes 50\.0 % of its MACs at int8; the rest runs in\s+fp32 or fp16/,
    );
    expect(await run('estimate', mixed, '--on', 'i7', '-p', 'int8')).not.toContain('is quantized');
  });

  it('is no surer than the least sure of its parts', async () => {
    const [cell] = await cellsOf(mixed);
    const narrow = cell && machineAt(cell.machine, 'int8').calibration;
    expect(cell?.machine.calibration.kind).toBe('calibrated');
    expect(cell?.estimate.calibration).toBe(narrow);
    const { latencySeconds = 0, interval } = cell?.estimate ?? {};
    expect((interval?.highSeconds ?? 0) / latencySeconds).toBeCloseTo(narrow?.interval.high ?? 0, 9);
  });

  // As for models of the zoo: each step from its inputs, at the constants of the kernel's own precision.
  it.each([mixed, loop])('explains the latency of %s', async (path) => {
    for (const cell of await cellsOf(path)) {
      const { terms, kernels, constants } = explain(cell);
      const term = (name: string) => terms.find((found) => found.name === name)?.value ?? Number.NaN;
      const parts = term('per inference') + term('launches') + term('kernels');
      expect(parts / term('before the power cap')).toBeCloseTo(1, 9);
      const latency = Math.max(term('before the power cap'), term('power roof'));
      expect(latency / cell.estimate.latencySeconds).toBeCloseTo(1, 12);
      let launched = 0;
      for (const { row, steps } of kernels) {
        const step = (name: string) => steps.find((found) => found.name === name)?.value ?? 0;
        const own = constants.find(({ precisions }) => precisions.includes(row.precision));
        const { overlapExponent: p, kernelSeconds } = own?.calibration.constants ?? cell.machine.constants;
        const compute = step('multiply-accumulates') + step('other arithmetic');
        const memory = step('weights') + Math.max(step('activations off chip'), step('activations on chip'));
        const total = (compute ** p + memory ** p) ** (1 / p) + kernelSeconds;
        expect(total / row.totalSeconds).toBeCloseTo(1, 9);
        expect(step('multiply-accumulates')).toBeGreaterThanOrEqual(0);
        launched += row.launches * row.totalSeconds;
      }
      // There are no more kernels than are explained.
      expect((launched + term('per inference')) / term('before the power cap')).toBeCloseTo(1, 9);
    }
    expect(await run('estimate', path, '--on', 'i7', '--explain')).not.toMatch(/undefined|NaN/);
  });
});

describe('assay estimate of a loop', () => {
  it('shows a kernel once, with how often it is launched', async () => {
    const { rows } = await jsonOf('estimate', loop, '--on', 'i7', '--layers');
    expect(rows[0].kernels).toMatchObject([{ launches: 10_000, macs: 64 * 64 }]);
    expect(rows[0].macs).toBe(10_000 * 64 * 64);
    expect(await run('estimate', loop, '--on', 'i7', '--layers')).toMatch(/Launches[\s\S]*10,000/);
    expect((await jsonOf('analyze', loop, '--layers')).layers).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ type: 'MatMul', bytes: 10_000 * 4 * (64 * 64 + 64 + 64) })]),
    );
  });
});
