import { describe, expect, it } from 'vitest';
import type { Study } from '../../../src/explore/study.ts';
import { section } from '../../../src/report/sections/executive-summary.ts';
import { build, expectSound, otherBaseline, prose, reference, small, table } from './study-fixture.ts';

describe('executive summary', () => {
  it('is sound on every study', () => expectSound(section));

  it('counts its predictions and says that they are no measurements', () => {
    const text = prose(build(section, reference));
    expect(text).toContain(`${reference.cells.length} predictions`);
    expect(text).toContain('none of them is a measurement');
  });

  it('names per device the fastest model and the most accurate one that holds 30 FPS', () => {
    const { rows } = table(build(section, reference), 'executive-summary');
    reference.devices.forEach((device, index) => {
      const cells = reference.models.map((model) => reference.cell(model, device).estimate);
      const row = rows[index];
      expect(row?.latency).toBe(Math.min(...cells.map(({ latencySeconds }) => latencySeconds)));
      const holding = reference.models.filter(
        (model) =>
          reference.cell(model, device, { resolution: model.nativeResolution }).estimate.interval.highSeconds <= 1 / 30,
      );
      const best = Math.max(...holding.map(({ entry }) => entry.variant.accuracy?.top1 ?? 0));
      expect(row?.top1).toBeCloseTo(best / 100, 12);
      expect(Number(row?.accurateHigh)).toBeLessThanOrEqual(1 / 30);
    });
  });

  it('says which devices are hypothetical and which uncalibrated', () => {
    const text = prose(build(section, small));
    expect(text).toContain('KPU-T2 is a hypothetical device');
    expect(text).toContain('are uncalibrated');
  });

  it('states the held-out error of a calibration', () => {
    const heldOut = {
      by: 'model family',
      rows: 120,
      families: 12,
      mape: 0.085,
      intervalCoverage: 0.81,
      medianApe: 0.062,
      within10: 0.7,
      within20: 0.9,
      spearman: 0.97,
    } as const;
    const calibrated: Study = {
      ...small,
      cell: (...query) => {
        const cell = small.cell(...query);
        const calibration = { ...cell.estimate.calibration, kind: 'calibrated', heldOut } as const;
        return { ...cell, estimate: { ...cell.estimate, calibration } };
      },
    };
    const text = prose(build(section, calibrated));
    expect(text).toContain(
      'errs by 8.5 % in the mean and 6.2 % in the median over 120 measurements of 12 model families',
    );
    expect(text).not.toContain('uncalibrated');
  });

  it('follows the baseline', () => {
    expect(prose(build(section, small))).toContain("of ResNet-18's");
    const other = prose(build(section, otherBaseline));
    expect(other).toContain('the baseline MobileNetV2 has the fewest FLOPs');
    expect(other).not.toContain("of ResNet-18's");
  });
});
