import { describe, expect, it } from 'vitest';
import table from '../../reference/gpu-prior-check.json' with { type: 'json' };
import { PRIORS } from '../../src/estimate/calibrations.ts';
import { estimate } from '../../src/estimate/estimate.ts';
import { isMachine, resolveMachine } from '../../src/estimate/machine.ts';
import { findRuntime, type Runtime } from '../../src/estimate/runtime.ts';
import { compileModel } from '../../src/explore/compile.ts';
import { devices, parseDevice } from '../../src/hardware/api.ts';
import { isPrecision } from '../../src/ir/dtype.ts';
import { findModel } from '../../src/zoo/api.ts';

/** A GPU that is not among the built-in ones, from its datasheet alone: what the prior is for. */
const parsed = parseDevice(
  {
    id: 'a100_check',
    extends: 'nvidia_h100_pcie',
    name: 'NVIDIA A100 SXM4 80GB',
    geometry: {
      kind: 'simt-gpu',
      multiprocessors: 108,
      clock: '1.41 GHz',
      operationsPerCycle: { tf32: 1024, fp16: 2048, bf16: 2048, int8: 4096, fp8: null },
    },
    matrixPeaks: {
      fp32: '19.5 TFLOP/s',
      tf32: '156 TFLOP/s',
      fp16: '312 TFLOP/s',
      bf16: '312 TFLOP/s',
      int8: '624 TOP/s',
      fp8: null,
    },
    vectorPeak: '19.5 TFLOP/s',
    onChip: { capacity: '40 MiB', bandwidth: '4 TB/s' },
    offChip: { bandwidth: '2039 GB/s' },
    power: { modes: [{ name: '400W', cap: '400 W' }] },
    energy: { perMac: { fp8: null } },
  },
  { source: 'datasheet', builtins: devices },
);
if (!parsed.ok) throw new Error(parsed.issues.map(({ path, message }) => `${path}: ${message}`).join('; '));
const runtime = findRuntime('tensorrt-8.6') as Runtime;

const checks = table.rows.map((row) => {
  const [model, resolution, precision, batch, milliseconds] = row as [string, number, string, number, number];
  const entry = findModel(model);
  if (entry === undefined || !isPrecision(precision)) throw new Error(`${model} ${precision}`);
  const machine = resolveMachine(parsed.device, runtime, { precision });
  if (!isMachine(machine)) throw new Error(machine.message);
  const workload = compileModel(entry.variant, { resolution }).workload(runtime.fusion);
  const { latencySeconds, interval } = estimate(workload, machine, batch);
  const measured = milliseconds / 1e3;
  return {
    ratio: latencySeconds / measured,
    inside: measured >= interval.lowSeconds && measured <= interval.highSeconds,
  };
});

describe('the prior for GPUs, on a GPU nothing was fitted to', () => {
  it('holds at least 80 % of the measured TensorRT latencies inside its 80 % interval', () => {
    expect(checks).toHaveLength(20);
    // The source text of the prior quotes this count.
    const inside = checks.filter((check) => check.inside).length;
    expect(PRIORS['simt-gpu'].source).toContain(`${inside} of 20 public TensorRT 8.0 latencies`);
    expect(inside / checks.length).toBeGreaterThanOrEqual(0.8);
  });

  it('is within a factor of two everywhere, from batch 1 to 64', () => {
    for (const { ratio } of checks) {
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(2);
    }
  });
});
