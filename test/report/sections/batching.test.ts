import { describe, expect, it } from 'vitest';
import { batchSeries, NEAR_BEST } from '../../../src/report/figures/batching.ts';
import { section } from '../../../src/report/sections/batching.ts';
import { build, expectSound, prose, reference, small, table, twins } from './study-fixture.ts';

describe('batching', () => {
  it('is sound on every study', () => expectSound(section));

  it('states throughput as batch over latency, for every model, device and batch', () => {
    for (const device of reference.devices) {
      const { rows } = table(build(section, reference), `batching-${device.device.id.replaceAll('_', '-')}`);
      expect(rows).toHaveLength(reference.models.length * reference.options.batches.length);
      for (const row of rows) {
        expect(Number(row.throughput) * Number(row.latency)).toBeCloseTo(Number(row.batch), 9);
        expect(Number(row.low)).toBeLessThanOrEqual(Number(row.latency));
        expect(Number(row.high)).toBeGreaterThanOrEqual(Number(row.latency));
      }
    }
  });

  it('takes the gain of the largest batch and the first batch near the best', () => {
    for (const device of reference.devices) {
      for (const model of reference.models) {
        const rates = [1, 8, 16, 32].map(
          (batch) => reference.cell(model, device, { batch }).estimate.throughputPerSecond,
        );
        const series = batchSeries(reference, model, device);
        expect(series.gain).toBeCloseTo((rates[3] as number) / (rates[0] as number), 12);
        const best = Math.max(...rates);
        expect(series.nearBest).toBe([1, 8, 16, 32][rates.findIndex((rate) => rate >= NEAR_BEST * best)]);
      }
    }
  });

  it('says that a calibration at batch 1 reaches less far', () => {
    expect(prose(build(section, reference))).toContain('calibrated at batch 1');
    expect(prose(build(section, small))).not.toContain('calibrated at batch 1');
  });

  it('has nothing to compare with one batch', () => {
    expect(prose(build(section, twins))).toContain('1 batch only');
  });
});
