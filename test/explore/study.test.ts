import { describe, expect, it } from 'vitest';
import { paretoFront } from '../../src/explore/pareto.ts';
import { referenceStudyOptions } from '../../src/explore/reference-study.ts';
import { runStudy } from '../../src/explore/study.ts';
import { RESULT_COLUMNS, resultRow } from '../../src/report/results.ts';

const study = runStudy(referenceStudyOptions());

describe('the reference study', () => {
  it('has 54 batch-1 cells at 224 and every batch and native resolution beside them', () => {
    const at224 = study.cells.filter(({ resolution }) => resolution === 224);
    expect(at224.filter(({ batch }) => batch === 1)).toHaveLength(54);
    expect(at224).toHaveLength(54 * 4);
    // B1 240, B2 288, V2-S 384, V2-M 480: four models with another native resolution.
    expect(study.cells.filter(({ resolution }) => resolution !== 224)).toHaveLength(4 * 6 * 4);
    expect(study.commonPrecisionCells).toHaveLength(54);
    expect(new Set(study.commonPrecisionCells.map(({ precision }) => precision))).toEqual(new Set(['int8']));
  });

  it('holds every law in every row of results.csv', () => {
    for (const cell of study.cells) {
      const row = resultRow(study, cell) as Record<string, number | string>;
      expect(Object.keys(row)).toEqual([...RESULT_COLUMNS]);
      const { device } = cell.target;
      const power = Number(row.average_power_w);
      const seconds = Number(row.latency_ms) / 1e3;
      const peak = Math.max(device.matrixPeaks[cell.precision]?.value ?? 0, device.vectorPeak.value);
      expect(seconds).toBeGreaterThanOrEqual((2 * Number(row.macs)) / peak);
      expect(seconds).toBeGreaterThanOrEqual(Number(row.weight_bytes) / device.offChip.bandwidth.value);
      expect(power).toBeLessThanOrEqual(device.power.modes[0].cap.value * (1 + 1e-9));
      expect((Number(row.throughput_ips) * seconds) / cell.batch).toBeCloseTo(1, 9);
      expect((Number(row.energy_mj) * cell.batch) / Number(row.latency_ms) / power).toBeCloseTo(1, 9);
      expect(Number(row.latency_low_ms)).toBeLessThanOrEqual(Number(row.latency_ms));
      expect(Number(row.latency_high_ms)).toBeGreaterThanOrEqual(Number(row.latency_ms));
      expect(Number(row.utilization)).toBeLessThanOrEqual(1);
      expect(row.coverage).toBe('complete');
    }
  });

  it('keeps the cells of two runtimes on one device apart', () => {
    const [target] = study.devices;
    const eager = { ...target, runtime: { id: 'pytorch-2.4-eager', title: 'eager', fusion: 'none' } } as typeof target;
    if (target === undefined || eager === undefined) throw new Error('no device');
    const model = study.baseline;
    expect(study.cell(model, eager).estimate.kernelTimes().length).toBeGreaterThan(
      study.cell(model, target).estimate.kernelTimes().length,
    );
  });
});

describe('the Pareto front', () => {
  it('keeps what nothing beats, by hand', () => {
    const points = [
      { cost: 1, value: 1 },
      { cost: 2, value: 3 },
      { cost: 3, value: 2 },
      { cost: 4, value: 4 },
      { cost: 4, value: 4 },
    ];
    const front = paretoFront(points, [
      { goal: 'minimize', value: ({ cost }) => cost },
      { goal: 'maximize', value: ({ value }) => value },
    ]);
    // (3, 2) costs more than (2, 3) and is worth less; the two equal points beat nobody and are beaten by nobody.
    expect(front).toEqual([points[0], points[1], points[3], points[4]]);
  });
});
