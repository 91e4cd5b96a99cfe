import { describe, expect, it } from 'vitest';
import { unitUse } from '../../../src/report/figures/kernels.ts';
import { section } from '../../../src/report/sections/tiles.ts';
import { build, expectSound, prose, reference, rowsByModel, single, small, table, target } from './study-fixture.ts';

describe('tiles', () => {
  it('is sound on every study', () => expectSound(section));

  it('counts tiles from the largest working set', () => {
    for (const device of reference.devices) {
      const tiles = table(build(section, reference), `tiles-${device.device.id.replaceAll('_', '-')}`);
      for (const { row, model } of rowsByModel(reference, tiles)) {
        const kernels = reference.cell(model, device).estimate.kernelTimes();
        const largest = Math.max(...kernels.onChipBytes);
        expect(row.tiles).toBe(Math.ceil(largest / device.device.onChip.perUnit.value));
        expect(Number(row.resident)).toBeLessThanOrEqual(Number(row.kernels));
        expect(Number(row.busy)).toBeLessThanOrEqual(Number(row.available) * (1 + 1e-9));
      }
    }
  });

  it('weights utilization by compute time, and the two groups make the whole', () => {
    for (const device of reference.devices) {
      const cells = reference.models.map((model) => reference.cell(model, device));
      const all = unitUse(reference, cells);
      const own = unitUse(reference, cells, (kernel) => kernel.class === 'depthwise-conv');
      const others = unitUse(reference, cells, (kernel) => kernel.class !== 'depthwise-conv');
      const useful = own.computeSeconds * (own.utilization ?? 0) + others.computeSeconds * (others.utilization ?? 0);
      expect(useful / all.computeSeconds).toBeCloseTo(all.utilization ?? Number.NaN, 12);
      expect(own.computeSeconds + others.computeSeconds).toBeCloseTo(all.computeSeconds, 12);
    }
  });

  it('gives depthwise kernels on a systolic array no more than a column, as worked by hand', () => {
    // 9 of 128 rows and 1 of 128 columns, or the vector unit where that is faster.
    const device = target(reference, 'google_tpu_v4');
    const cells = reference.models.map((model) => reference.cell(model, device));
    const { utilization } = unitUse(reference, cells, (kernel) => kernel.class === 'depthwise-conv');
    const { constants } = reference.cell(reference.baseline, device).estimate.calibration;
    const peak = device.device.matrixPeaks[device.precision]?.value ?? Number.NaN;
    const vector = (constants.depthwiseEfficiency * device.device.vectorPeak.value) / peak;
    expect(utilization).toBeLessThanOrEqual(Math.max(vector, 25 / 128 / 128) * (1 + 1e-9));
  });

  it('defines a tile, and calls a design on paper one', () => {
    expect(JSON.stringify(build(section, small))).toContain('private memory of one unit');
    expect(prose(build(section, small))).toContain('designs on paper');
    expect(prose(build(section, single))).not.toContain('on paper');
  });
});
