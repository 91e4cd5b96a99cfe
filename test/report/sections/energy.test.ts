import { describe, expect, it } from 'vitest';
import { section } from '../../../src/report/sections/energy.ts';
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

const TERMS = ['compute', 'onChipMemory', 'offChipMemory', 'static'];

describe('energy', () => {
  it('is sound on every study', () => expectSound(section));

  it('adds terms up to the energy, and a watt-hour is 3600 J', () => {
    for (const device of reference.devices) {
      const energies = table(build(section, reference), `energy-${device.device.id.replaceAll('_', '-')}`);
      for (const { row, model } of rowsByModel(reference, energies)) {
        const energy = Number(row.energy);
        const sum = TERMS.reduce((total, term) => total + Number(row[term]), 0);
        expect(sum / energy).toBeCloseTo(1, 12);
        expect(Number(row.perWattHour) * energy).toBeCloseTo(3600, 6);
        const { latencySeconds } = reference.cell(model, device).estimate;
        expect(Number(row.static)).toBeCloseTo(device.device.power.static.value * latencySeconds, 12);
        expect(Number(row.power)).toBeCloseTo(energy / latencySeconds, 9);
        expect(row.capShare).toBeLessThanOrEqual(1 + 1e-9);
        expect(row.capShare).toBeCloseTo(Number(row.power) / device.device.power.modes[0].cap.value, 12);
      }
    }
  });

  it('takes the ratio to the baseline of the study', () => {
    const ratioOf = (study: typeof small, name: string) =>
      rowsByModel(study, table(build(section, study), 'energy-kpu-t2')).find(({ model }) => model.name === name)?.row
        .ratio;
    expect(ratioOf(small, 'resnet18')).toBe(1);
    expect(ratioOf(otherBaseline, 'mobilenet_v2')).toBe(1);
    expect(Number(ratioOf(small, 'mobilenet_v2')) * Number(ratioOf(otherBaseline, 'resnet18'))).toBeCloseTo(1, 12);
  });

  it('names the extremes that the cells have', () => {
    const energies = reference.devices.flatMap((device) =>
      reference.models.map((model) => ({
        model,
        energy: reference.cell(model, device).estimate.energyPerInferenceJoules,
      })),
    );
    energies.sort((a, b) => a.energy - b.energy);
    const opening = prose(build(section, reference)).split('\n')[0] ?? '';
    expect(opening.indexOf(energies[0]?.model.title ?? '?')).toBeGreaterThan(0);
    expect(opening).toContain(energies.at(-1)?.model.title ?? '?');
  });

  it('says that host and board are left out, and marks hypothetical devices', () => {
    const text = prose(build(section, small));
    expect(text).toMatch(/Host processor, board/);
    expect(text).toContain(`${target(small, 'kpu_t2').device.name} (hypothetical)`);
  });
});
