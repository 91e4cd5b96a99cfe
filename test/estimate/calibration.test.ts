import { describe, expect, it } from 'vitest';
import table from '../../reference/measurements/intel-i7-12700h.json' with { type: 'json' };
import { calibrate } from '../../src/estimate/calibrate.ts';
import { CALIBRATIONS } from '../../src/estimate/calibrations.ts';
import { isMachine, resolveMachine } from '../../src/estimate/machine.ts';
import { findRuntime, type Runtime } from '../../src/estimate/runtime.ts';
import { errorSummary } from '../../src/estimate/statistics.ts';
import { type MeasurementTable, matchRows } from '../../src/explore/measured.ts';
import { validationRows } from '../../src/explore/validation.ts';
import { devices } from '../../src/hardware/index.ts';

const measurements = table as unknown as MeasurementTable;
const runtime = findRuntime(measurements.runtime) as Runtime;
const device = devices.find(({ id }) => id === measurements.device);
const record = CALIBRATIONS.find(({ device: id }) => id === measurements.device);
if (device === undefined || record === undefined) throw new Error('the calibrated device is gone');
const machine = resolveMachine(device, runtime, { precision: 'fp32' });
if (!isMachine(machine)) throw new Error(machine.message);
const { used, skipped } = matchRows(measurements, runtime);
const result = calibrate(used, machine);

describe('the calibration of the i7-12700H', () => {
  it('uses every row whose network the zoo has with the same counts, and says which it leaves out', () => {
    expect(used.length).toBe(record.heldOut?.rows);
    expect(used.length + skipped.length).toBe(measurements.rows.length);
    expect(skipped.filter(({ reason }) => reason === 'counts differ')).toEqual([]);
  });

  it('is what the committed record says, constant by constant', () => {
    for (const [name, value] of Object.entries(record.constants)) {
      const fitted = result.constants[name as keyof typeof result.constants];
      expect(Math.abs(fitted / value - 1) || 0, name).toBeLessThan(0.03);
    }
    expect(result.heldOut.mape).toBeCloseTo(record.heldOut?.mape ?? Number.NaN, 2);
    expect(result.interval.low).toBeCloseTo(record.interval.low, 1);
    expect(result.interval.high).toBeCloseTo(record.interval.high, 1);
  });

  it('predicts families it never saw within the target, better than a line through the MACs', () => {
    // What a form of five constants reached on this table in a study of all its models.
    expect(result.heldOut.mape).toBeLessThan(0.105);
    // The baseline to beat: latency proportional to MACs, its one factor fitted on all rows, held-out or not.
    const macs = used.map(({ workload }) => workload.columns.macsPerItem.reduce((sum, count) => sum + count, 0));
    const ratios = used.map(({ latencySeconds }, i) => Math.log(latencySeconds / (macs[i] as number)));
    const factor = Math.exp(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length);
    const line = errorSummary(
      used.map(({ latencySeconds }, i) => ({ predicted: factor * (macs[i] as number), measured: latencySeconds })),
    );
    expect(line.mape).toBeGreaterThan(2 * result.heldOut.mape);
  });

  it('has an interval that holds about as often as it says, on families it never saw', () => {
    expect(result.heldOut.intervalCoverage).toBeGreaterThan(0.74);
    expect(result.heldOut.intervalCoverage).toBeLessThan(0.9);
  });

  it('fits constants that physics allows', () => {
    const { matrixEfficiency, windowEfficiency, depthwiseEfficiency, weightEfficiency } = result.constants;
    for (const share of [matrixEfficiency, windowEfficiency, depthwiseEfficiency, weightEfficiency]) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });
});

describe('predictions for uncalibrated devices', () => {
  it('hold the measured value inside their interval for most rows that nothing was fitted to', () => {
    const rows = validationRows();
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.filter(({ inside }) => inside).length / rows.length).toBeGreaterThanOrEqual(0.5);
  });
});
