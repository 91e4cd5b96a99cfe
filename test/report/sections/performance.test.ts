import { describe, expect, it } from 'vitest';
import { section } from '../../../src/report/sections/performance.ts';
import { build, expectSound, prose, reference, rowsByModel, small, table, tables, twins } from './study-fixture.ts';

const deviceTables = (study: typeof reference) =>
  study.devices.map((device) => {
    const id = `performance-${device.device.id.replaceAll('_', '-')}`;
    return { device, rows: rowsByModel(study, table(build(section, study), id)) };
  });

describe('performance by device', () => {
  it('is sound on every study', () => expectSound(section));

  it.each([reference, small])('keeps latency, throughput, margin and verdict consistent', (study) => {
    for (const { device, rows } of deviceTables(study)) {
      for (const { row, model } of rows) {
        const latency = Number(row.latency);
        expect(latency).toBe(study.cell(model, device).estimate.latencySeconds);
        expect(latency * Number(row.throughput)).toBeCloseTo(1, 9);
        expect(latency * Number(row.margin)).toBeCloseTo(1 / 30, 12);
        expect(Number(row.low)).toBeLessThanOrEqual(latency);
        expect(Number(row.high)).toBeGreaterThanOrEqual(latency);
        expect(row.realTime).toBe(Number(row.high) <= 1 / 30);
        const rates = study.options.batches.map(
          (batch) => study.cell(model, device, { batch }).estimate.throughputPerSecond,
        );
        expect(row.bestThroughput).toBe(Math.max(...rates));
        expect(rates[study.options.batches.indexOf(Number(row.bestBatch))]).toBe(row.bestThroughput);
      }
    }
  });

  it('states peak, bandwidth and ridge point of a device, and that it does not exist', () => {
    const text = prose(build(section, small));
    // Ridge point = peak / bandwidth: 2.05 T / 165 G.
    expect(text).toMatch(
      /dense peak 2\.\d\d TOP\/s, LPDDR5 at 165 GB\/s, ridge point 12\.\d OP\/B\. The device is hypothetical/,
    );
    expect(text).toContain('dense peak 756 TFLOP/s, HBM2e at 2.04 TB/s, ridge point 371 FLOP/B');
  });

  it('has latencies at native resolutions, with the factors of their intervals', () => {
    const native = table(build(section, small), 'performance-native');
    for (const { row, model } of rowsByModel(small, native)) {
      expect(row.resolution).toBe(model.nativeResolution);
      for (const device of small.devices) {
        expect(row[device.device.id.replaceAll('_', '-')]).toBe(
          small.cell(model, device, { resolution: model.nativeResolution }).estimate.latencySeconds,
        );
      }
    }
    expect(native.notes?.join()).toMatch(/KPU-T2 ×[\d.]+ to ×[\d.]+/);
  });

  it('tells two targets of one device apart', () => {
    const titles = build(section, twins).flatMap((block) => (block.kind === 'heading' ? [block.text] : []));
    expect(titles.slice(0, 2)).toEqual(['NVIDIA H100 PCIe 80GB (fp16)', 'NVIDIA H100 PCIe 80GB (int8)']);
    expect(tables(build(section, twins)).map(({ id }) => id)).toContain('performance-nvidia-h100-pcie-int8');
  });

  it('has one table per device and one for native resolutions', () => {
    expect(tables(build(section, reference))).toHaveLength(reference.devices.length + 1);
  });
});
