import { describe, expect, it } from 'vitest';
import { section } from '../../../src/report/sections/common-precision.ts';
import { build, expectSound, prose, reference, rowsByModel, table } from './study-fixture.ts';

const blocks = build(section, reference);
const { commonPrecision } = reference.options;

describe('common precision', () => {
  it('is sound on every study', () => expectSound(section));

  it("has the study's cells at the common precision, and ratios of them", () => {
    const [first, ...others] = reference.devices;
    for (const { row, model } of rowsByModel(reference, table(blocks, 'common-precision'))) {
      const latency = (id: string) => Number(row[`${id.replaceAll('_', '-')}-latency`]);
      for (const { device } of reference.devices) {
        const cell = reference.commonPrecisionCells.find(
          (other) => other.model === model && other.target.device === device,
        );
        expect(cell?.precision).toBe(commonPrecision);
        expect(latency(device.id)).toBe(cell?.estimate.latencySeconds);
      }
      for (const { device } of others) {
        expect(row[`${device.id.replaceAll('_', '-')}-ratio`]).toBeCloseTo(
          latency(first?.device.id ?? '') / latency(device.id),
          9,
        );
      }
    }
  });

  it('says what leaves its calibration', () => {
    const text = prose(blocks);
    for (const target of reference.devices) {
      const own = reference.cell(reference.baseline, target).estimate.calibration.kind;
      const common = reference.cell(reference.baseline, target, { precision: commonPrecision }).estimate.calibration
        .kind;
      if (own === 'calibrated' && common === 'prior') {
        expect(text).toMatch(new RegExp(`${target.device.name}.* calibrated at ${target.precision} only`));
      }
    }
    expect(text).toContain('KPU-T2 and KPU-T100 are hypothetical devices.');
  });

  it('has the geometric mean of the ratios', () => {
    const rows = table(blocks, 'common-precision').rows;
    const means = table(blocks, 'common-precision-devices').rows;
    expect(means[0]?.speedUp).toBeCloseTo(1, 12);
    reference.devices.slice(1).forEach(({ device }, index) => {
      const product = rows.reduce((all, row) => all * Number(row[`${device.id.replaceAll('_', '-')}-ratio`]), 1);
      expect(Number(means[index + 1]?.speedUp) ** rows.length / product).toBeCloseTo(1, 9);
    });
  });
});
