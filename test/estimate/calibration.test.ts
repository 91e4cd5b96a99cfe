/** The committed constants are what the fit gives, and the errors that stand beside them are of rows that it did not see. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import heldOut from '../../reference/held-out/intel_i7_12700h.json' with { type: 'json' };
import {
  fitConstants,
  heldOutInterval,
  heldOutUnits,
  intervalFactors,
  predictHeldOut,
  predictSeconds,
  summarize,
} from '../../src/estimate/calibrate.ts';
import { CALIBRATIONS, STARTS } from '../../src/estimate/calibrations.ts';
import type { Calibration, TimeConstants } from '../../src/estimate/constants.ts';
import { largestShares } from '../../src/estimate/largest-shares.ts';
import { errorSummary } from '../../src/estimate/statistics.ts';
import { type MeasurementGroup, measurementGroups } from '../../src/explore/measured.ts';
import { readMeasurements } from '../../src/explore/measurement-table.ts';
import { predictor } from '../../src/explore/predict.ts';
import { findDevice } from '../../src/hardware/api.ts';
import type { Device } from '../../src/hardware/device.ts';
import { machineOf } from './arbitraries.ts';

const table = readFileSync(new URL('../../reference/measurements.csv', import.meta.url), 'utf8');
const records = readMeasurements(table);
const i7 = measurementGroups(records.rows.filter(({ device }) => device === 'intel_i7_12700h'));
const group = i7.groups[0] as MeasurementGroup;
const record = CALIBRATIONS.find(({ device }) => device === 'intel_i7_12700h') as Calibration;
const start = STARTS['simd-cpu'].constants;
const machine = { ...machineOf(group.device, { precision: 'fp32', runtime: group.runtime }), constants: start };

/** Absolute errors of two sets of constants on the group's rows. */
const predictions = (constants: TimeConstants) =>
  group.rows.map((row) => predictSeconds(row, { ...machine, constants }));

describe('the table of measurements', () => {
  it('is read whole, and says of every row where it comes from', () => {
    expect(records.issues).toEqual([]);
    expect(records.rows.length).toBeGreaterThan(2200);
    expect(records.rows.filter(({ source }) => source.length < 10)).toEqual([]);
  });

  it('has a record for every group of three rows or more that its device can run', () => {
    const { groups } = measurementGroups(records.rows);
    const known = new Set(CALIBRATIONS.map(({ id }) => id));
    const missing = groups.filter(
      ({ id, device, precision, rows }) => rows.length >= 3 && !known.has(id) && precision in device.matrixPeaks,
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});

describe('the record of a machine', () => {
  it('is of its own version, not a thinner one of no version', () => {
    const hailo = machineOf(findDevice('hailo_8') as Device, {});
    expect(hailo.runtime.version).toBe('3.33');
    expect(hailo.calibration).toMatchObject({ id: 'hailo_8/hailort-3.33/int8', rows: 30 });
  });
});

describe('the calibration of the i7-12700H', () => {
  it('uses every row of its table', () => {
    expect(i7.skipped).toEqual([]);
    expect(record.rows).toBe(164);
    expect(group.rows).toHaveLength(164);
  });

  it('says what its rows spend their time on with its constants', () => {
    const known = { ...machine, constants: record.constants };
    expect(largestShares(group.rows.map((row) => ({ row, machine: known })))).toEqual(record.largestShares);
    // Networks of plain products, of attention and of depthwise convolutions are all among them.
    for (const kind of ['matrix', 'attention', 'depthwise', 'window'] as const)
      expect(record.largestShares?.[kind]).toBeGreaterThan(0.05);
  });

  it('is what a fit gives today', () => {
    const refitted = predictions(fitConstants(group.rows, machine, { start }));
    predictions(record.constants).forEach((seconds, row) => {
      expect(Math.abs((refitted[row] as number) / seconds - 1)).toBeLessThan(0.01);
    });
  });

  it('is held against rows of families that were left out of the fit, and that the committed held-out constants are', () => {
    const family = 'mobilenet_v2';
    const rows = group.rows.filter((row) => row.family !== family);
    const fresh = fitConstants(rows, machine, { start });
    const committed = heldOut.records[0]?.fits.find((fit) => fit.family === family);
    const left = group.rows.filter((row) => row.family === family);
    for (const row of left) {
      const [a, b] = [fresh, committed?.constants as TimeConstants].map((constants) =>
        predictSeconds(row, { ...machine, constants }),
      ) as [number, number];
      expect(Math.abs(a / b - 1)).toBeLessThan(0.01);
    }
  });

  it('predicts families it never saw within the target, better than a line through the MACs', () => {
    const fits = heldOut.records[0]?.fits as unknown as Parameters<typeof predictHeldOut>[2];
    const { mape, spearman } = summarize(predictHeldOut(heldOutUnits(group.rows).rows, machine, fits));
    expect(mape).toBeLessThan(0.1);
    expect(spearman).toBeGreaterThan(0.98);
    expect(mape).toBeCloseTo(record.heldOut?.mape ?? Number.NaN, 3);
    // Latency proportional to MACs, its one factor fitted on all rows, held-out or not.
    const macs = group.rows.map(({ workload }) => workload.macs.perItem);
    const ratios = group.rows.map(({ latencySeconds }, i) => Math.log(latencySeconds / (macs[i] as number)));
    const factor = Math.exp(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length);
    const line = errorSummary(
      group.rows.map(({ latencySeconds }, i) => ({
        predicted: factor * (macs[i] as number),
        measured: latencySeconds,
      })),
    );
    expect(line.mape).toBeGreaterThan(2 * mape);
  });
});

describe('a fit of a part of a table', () => {
  // Two networks far apart: what a fit makes of them depends on how far it may move.
  const rows = group.rows
    .slice(0, 9)
    .map((row, i) => ({ ...row, latencySeconds: row.latencySeconds * (i % 2 ? 3 : 1) }));
  const farthest = (tableRows?: number): number => {
    const fitted = fitConstants(rows, machine, { start, ...(tableRows !== undefined && { tableRows }) });
    const moved = (name: 'matrixEfficiency' | 'depthwiseEfficiency' | 'weightEfficiency') =>
      Math.abs(Math.log(fitted[name] / start[name]));
    return moved('matrixEfficiency') + moved('depthwiseEfficiency') + moved('weightEfficiency');
  };

  it('moves as freely as the table lets it, and by itself as its own rows do', () => {
    expect(farthest()).toBe(farthest(9));
    expect(farthest(7)).not.toBe(farthest(9));
    expect(farthest(9)).toBe(farthest(29));
    expect(farthest(200)).not.toBe(farthest(29));
  });
});

describe('an interval', () => {
  const row = group.rows[0] as MeasurementGroup['rows'][number];
  // One set of 90 rows that are predicted exactly, nine of one row each that took from 1.1 to 1.9 times as long.
  const predicted = [
    ...Array.from({ length: 90 }, () => ({ family: 'large', ratio: 1 })),
    ...Array.from({ length: 9 }, (_, i) => ({ family: `small ${i}`, ratio: 1.1 + i / 10 })),
  ].map(({ family, ratio }) => ({ row: { ...row, family }, predictedSeconds: row.latencySeconds / ratio }));

  it('is of rows, or of sets however large they are', () => {
    // 0.8 × 11 / 10 of all: 6 % are left out at either end, 5.94 of 99 rows or 0.6 of 10 sets.
    expect(intervalFactors(predicted, 0.8)).toEqual({ level: 0.8, low: 1, high: expect.closeTo(1.4, 9) });
    expect(intervalFactors(predicted, 0.8, 'sets')).toEqual({ level: 0.8, low: 1, high: expect.closeTo(1.9, 9) });
  });
});

describe('an interval of few held-out sets', () => {
  const widest = { level: 0.8, low: 0.5, high: 2 };
  const row = group.rows[0] as MeasurementGroup['rows'][number];
  /** Residuals from 0.9 to 1.1 in every family. */
  const predictionsOf = (families: number, each: number) =>
    Array.from({ length: families * each }, (_, i) => ({
      row: { ...row, model: `network ${i}`, family: `family ${i % families}` },
      predictedSeconds: row.latencySeconds / (0.9 + (0.2 * Math.floor(i / families)) / (each - 1)),
    }));
  const intervalOf = (families: number, each: number) =>
    heldOutInterval(predictionsOf(families, each), 0.8, { sets: families, networks: families * each, widest });

  it.each([
    [3, 3],
    [4, 4],
    [2, 100],
  ])('is that of the class where %d sets have %d networks each', (families, each) => {
    expect(intervalOf(families, each)).toEqual(widest);
  });

  it.each([
    [3, 7],
    [4, 5],
  ])('is the whole range of the residuals where %d sets have %d networks each', (families, each) => {
    const { low, high } = intervalOf(families, each);
    expect([low, high]).toEqual([expect.closeTo(0.9, 9), expect.closeTo(1.1, 9)]);
  });

  it('leaves out the tails where sets are many', () => {
    const { low, high } = intervalOf(20, 21);
    expect(low).toBeGreaterThan(0.905);
    expect(low).toBeLessThan(0.93);
    expect(high).toBeGreaterThan(1.07);
    expect(high).toBeLessThan(1.095);
  });
});

describe('held-out errors that were asked for', () => {
  it.each([
    ['nvidia_rtx3090/pytorch-2.4-eager/fp16/nchw', 0.09],
    ['nvidia_rtx4090/pytorch-2.4-eager/fp16/nchw', 0.09],
    ['nvidia_rtx4090/pytorch-2.4-eager/fp16/nhwc', 0.09],
    ['nvidia_rtx4090/pytorch-2.9-inductor/fp16/nchw', 0.09],
    ['nvidia_rtxpro6000_maxq/pytorch-2.9-inductor/fp16/nchw', 0.09],
    ['intel_i7_12700h/pytorch-2.4-inductor/fp32/nchw', 0.1],
  ])('%s: at most %f on families that no fit saw', (id, limit) => {
    const found = CALIBRATIONS.find((each) => each.id === id);
    expect(found?.heldOut?.by).toBe('model family');
    expect(found?.heldOut?.mape).toBeLessThan(limit);
    expect(found?.heldOut?.spearman).toBeGreaterThan(0.98);
    // An 80 % interval made without the family of a row holds it about as often.
    expect(found?.heldOut?.intervalCoverage).toBeGreaterThan(0.75);
    expect(found?.heldOut?.intervalCoverage).toBeLessThan(0.88);
  });

  it('ranks MobileNetV3-Small behind ResNet-18 on a Jetson at batch 1, where launches are most of the time', () => {
    // Measured: 15.1 against 6.7 ms, at a thirtieth of the multiply-accumulates.
    const predict = predictor();
    const asked = { device: 'jetson_agx_orin_64gb', runtime: 'pytorch-eager', precision: 'fp32(tf32 convs)' };
    const milliseconds = (model: string) => {
      const found = predict({ ...asked, layout: 'nchw', model, resolution: '224', batch: '1' });
      if (!found.ok) throw new Error(found.message);
      expect(found.estimate.calibration.kind).toBe('calibrated');
      return found.estimate.latencySeconds * 1e3;
    };
    const [small, plain] = [milliseconds('mobilenet_v3_small'), milliseconds('resnet18')];
    expect(small).toBeGreaterThan(1.5 * plain);
    expect(plain).toBeGreaterThan(4);
    expect(plain).toBeLessThan(9);
  });
});
