import { describe, expect, it } from 'vitest';
import { section } from '../../../src/report/sections/battery.ts';
import {
  build,
  expectSound,
  otherBaseline,
  prose,
  reference,
  rowsByModel,
  single,
  small,
  table,
  tables,
} from './study-fixture.ts';

describe('battery', () => {
  it('is sound on every study', () => expectSound(section));

  it('has a table for every device with a sleep power figure and no other', () => {
    const sleeping = reference.devices.filter(({ device }) => device.power.sleep !== null);
    expect(tables(build(section, reference)).map(({ id }) => id)).toEqual(
      sleeping.map(({ device }) => `battery-${device.id.replaceAll('_', '-')}`),
    );
  });

  it('agrees with days worked by hand', () => {
    for (const device of reference.devices) {
      const { sleep, idle } = device.device.power;
      if (sleep === null) continue;
      const lives = table(build(section, reference), `battery-${device.device.id.replaceAll('_', '-')}`);
      for (const { row, model } of rowsByModel(reference, lives)) {
        const { energyPerInferenceJoules: energy, latencySeconds: busy } = reference.cell(model, device).estimate;
        expect(row.best).toBeCloseTo(36_000 / energy / 86_400, 6);
        const realistic = (rest: number) => (36_000 * 0.85 * 0.9) / (energy + rest * (1 - busy)) / 86_400;
        expect(row.sleep).toBeCloseTo(realistic(sleep.value), 9);
        expect(row.idle).toBeCloseTo(realistic(idle.value), 9);
        expect(row.sleepShare).toBeCloseTo(energy / (energy + sleep.value * (1 - busy)), 9);
        expect(Number(row.best)).toBeGreaterThan(Number(row.sleep));
        expect(Number(row.sleep)).toBeGreaterThanOrEqual(Number(row.idle));
      }
    }
  });

  it('names the largest draw', () => {
    const device = small.devices.find(({ device: { id } }) => id === 'kpu_t2');
    for (const { row, model } of rowsByModel(small, table(build(section, small), 'battery-kpu-t2'))) {
      if (device === undefined) throw new Error('no kpu_t2');
      const { energy, latencySeconds } = small.cell(model, device).estimate;
      const rest = (device.device.power.sleep?.value ?? 0) * (1 - latencySeconds);
      const largest = Math.max(energy.compute, energy.onChipMemory, energy.offChipMemory, energy.static);
      expect(row.sleepLargest === 'Rest power').toBe(rest > largest);
    }
  });

  it('relates lives to the baseline, and states its assumptions', () => {
    const ratio = (study: typeof small, index: number) =>
      table(build(section, study), 'battery-kpu-t2').rows[index]?.bestRatio;
    const baseAt = (study: typeof small) => study.models.indexOf(study.baseline);
    expect(ratio(small, baseAt(small))).toBe(1);
    expect(Number(ratio(small, baseAt(otherBaseline))) * Number(ratio(otherBaseline, baseAt(small)))).toBeCloseTo(
      1,
      12,
    );
    const text = JSON.stringify(build(section, small));
    for (const part of ['85 %', '90 %', 'Best case', 'self-discharge', '36,000 J', '27,540 J'])
      expect(text).toContain(part);
    expect(prose(build(section, single))).not.toContain('KPU');
  });
});
