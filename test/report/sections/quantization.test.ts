import { describe, expect, it } from 'vitest';
import { QUANTIZED_ACCURACIES } from '../../../src/explore/quantized.ts';
import { dropOf, priorities, referencesOf } from '../../../src/report/figures/quantization.ts';
import { section } from '../../../src/report/sections/quantization.ts';
import { findModel } from '../../../src/zoo/api.ts';
import { build, expectSound, prose, reference, single, small, table, target } from './study-fixture.ts';

describe('quantization', () => {
  it('is sound on every study', () => expectSound(section));

  it('divides latency and energy of the reference precision by those at int8', () => {
    for (const device of reference.devices) {
      const { rows } = table(build(section, reference), `quantization-${device.device.id.replaceAll('_', '-')}`);
      for (const precision of referencesOf(reference, device)) {
        reference.models.forEach((model, index) => {
          const wide = reference.cell(model, device, { precision }).estimate;
          const narrow = reference.cell(model, device, { precision: 'int8' }).estimate;
          expect(rows[index]?.[`speed-${precision}`]).toBe(wide.latencySeconds / narrow.latencySeconds);
          expect(rows[index]?.[`energy-${precision}`]).toBe(
            wide.energyPerInferenceJoules / narrow.energyPerInferenceJoules,
          );
          expect(rows[index]?.[`weights-${precision}`]).toBe(precision === 'fp32' ? 4 : 2);
        });
      }
    }
    expect(referencesOf(reference, target(reference, 'google_tpu_v4'))).toEqual(['bf16']);
    expect(referencesOf(reference, target(reference, 'kpu_t2'))).toEqual(['fp32']);
  });

  it('orders models by the stated rule', () => {
    const speeds = priorities(reference).map(({ speed }) => Number(speed));
    expect(speeds).toEqual([...speeds].sort((a, b) => b - a));
    const { rows } = table(build(section, single), 'quantization-priority');
    const [device] = single.devices;
    if (device === undefined) throw new Error('no device');
    const at = (precision: 'fp32' | 'int8') =>
      single.cell(single.baseline, device, { precision }).estimate.latencySeconds;
    expect(rows[0]?.speed).toBeCloseTo(at('fp32') / at('int8'), 12);
  });

  it('has published rows of models of the zoo only, in per cent, below their float accuracy or near it', () => {
    for (const row of QUANTIZED_ACCURACIES) {
      // By its own name: rows are looked up by that and not by an alias.
      expect(findModel(row.model)?.variant.name).toBe(row.model);
      // MobileNetV1 at a quarter of its width and 128 pixels has the least, 39.5.
      expect(row.top1).toBeGreaterThan(35);
      expect(row.top1).toBeLessThan(100);
      if (row.floatTop1 !== null) expect(row.floatTop1 - row.top1).toBeGreaterThan(-1);
      expect(row.source).not.toBe('');
    }
  });

  it('takes a drop as a difference of the two figures, and keeps decimals clean', () => {
    const row = QUANTIZED_ACCURACIES.find(
      ({ model, source }) => model === 'resnet18' && source.startsWith('torchvision'),
    );
    expect(row && dropOf(row)).toBe(0.264);
  });

  it('answers the claim from the rows of the study', () => {
    const stated = QUANTIZED_ACCURACIES.filter(
      ({ precision, model }) => precision === 'int8' && small.models.some(({ name }) => name === model),
    );
    const below = stated.filter((row) => (dropOf(row) ?? Number.NaN) < 1).length;
    expect(below).toBeLessThan(stated.length);
    expect(prose(build(section, small))).toContain(`${below} of ${stated.length} published rows`);
  });

  it('says that int8 is not calibrated', () => {
    expect(prose(build(section, reference))).toMatch(/int8 is uncalibrated on all \d+ devices/);
  });
});
