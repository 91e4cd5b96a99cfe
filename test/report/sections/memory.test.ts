import { describe, expect, it } from 'vitest';
import { FITS, fitOnChip, peakStep } from '../../../src/report/figures/memory.ts';
import { section } from '../../../src/report/sections/memory.ts';
import {
  build,
  expectSound,
  otherBaseline,
  prose,
  reference,
  rowsByModel,
  small,
  table,
  target,
} from './study-fixture.ts';

describe('memory', () => {
  it('is sound on every study', () => expectSound(section));

  it('states weights as parameters times bytes, and int8 as a quarter', () => {
    const blocks = build(section, reference);
    const narrow = table(blocks, 'memory-int8').rows;
    rowsByModel(reference, table(blocks, 'memory-fp32')).forEach(({ row, model }, index) => {
      expect(row.weights).toBe(model.common.totals.params * 4);
      expect(narrow[index]?.weights).toBe(model.common.totals.params);
      expect(Number(narrow[index]?.peak) * 4).toBe(row.peak);
      expect(Number(row.arena)).toBeGreaterThanOrEqual(Number(row.peak));
      expect(Number(row.gap)).toBeCloseTo(Number(row.arena) / Number(row.peak) - 1, 12);
      expect(Number(row.sum)).toBeGreaterThan(Number(row.peak));
    });
  });

  it('has the peak of MobileNetV2 as worked by hand', () => {
    // The expanded 96 x 112 x 112 and the 96 x 56 x 56 that its depthwise filter writes.
    const row = rowsByModel(reference, table(build(section, reference), 'memory-fp32')).find(
      ({ model }) => model.name === 'mobilenet_v2',
    )?.row;
    expect(row?.peak).toBe((96 * 112 * 112 + 96 * 56 * 56) * 4);
  });

  it('finds buffers at the peak that add up to it', () => {
    for (const { common } of reference.models) {
      const { buffers, step, steps } = peakStep(common.memory);
      expect(buffers.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(common.memory.peakActivationBytes);
      expect(step).toBeLessThanOrEqual(steps);
    }
  });

  it('compares with the on-chip capacity at the precision of the device', () => {
    const device = target(small, 'kpu_t2');
    for (const model of small.models) {
      const { params } = model.common.totals;
      const arena = model.common.memory.arenaBytes / 4;
      const capacity = device.device.onChip.capacity.value;
      const fit = fitOnChip(small, model, device);
      expect(fit === FITS.both).toBe(params + arena <= capacity);
      expect(fit === FITS.none).toBe(arena > capacity && params > capacity);
    }
  });

  it('uses the words activation memory for nothing of its own', () => {
    const text = JSON.stringify(build(section, reference));
    expect(text.match(/activation memory/g)).toHaveLength(1);
    expect(text).toMatch(/2025-10-17[^"]*“activation memory”/);
  });

  it('relates to the baseline of the study', () => {
    const ratios = (study: typeof small) =>
      table(build(section, study), 'memory-fp32').rows.map(({ peakRatio }) => Number(peakRatio));
    expect(ratios(small)[small.models.indexOf(small.baseline)]).toBe(1);
    expect(ratios(otherBaseline)[otherBaseline.models.indexOf(otherBaseline.baseline)]).toBe(1);
    expect(ratios(small)).not.toEqual(ratios(otherBaseline));
    expect(prose(build(section, small))).toContain(small.models[0]?.title ?? '?');
  });
});
