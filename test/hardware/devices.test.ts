/** One suite over every device: the data says where it comes from, and its parts agree with each other. */
import { describe, expect, it } from 'vitest';
import type { Device, Figure } from '../../src/hardware/device.ts';
import { devices } from '../../src/hardware/index.ts';
import { isPrecision, type Precision } from '../../src/ir/dtype.ts';

interface LocatedFigure extends Figure<number> {
  readonly path: string;
}

const isFigure = (value: object): value is Figure<number> => 'value' in value && 'source' in value;

/** Every figure of a device, wherever it stands. */
const figuresOf = (value: unknown, path: string): readonly LocatedFigure[] => {
  if (typeof value !== 'object' || value === null) return [];
  if (isFigure(value)) return [{ ...value, path }];
  return Object.entries(value).flatMap(([key, inner]) => figuresOf(inner, `${path}.${key}`));
};

/** Operations per second of the matrix units at the clock that the geometry states; undefined where it does not say. */
const peakFromGeometry = ({ geometry, defaultPrecision }: Device, precision: Precision): number | undefined => {
  switch (geometry.kind) {
    case 'simd-cpu': {
      const rates = geometry.clusters.map(({ cores, clock, operationsPerCycle }) => {
        const rate = operationsPerCycle[precision];
        return rate === undefined ? undefined : cores * rate * clock.value;
      });
      return rates.reduce((sum, rate) => (sum === undefined || rate === undefined ? undefined : sum + rate), 0);
    }
    case 'simt-gpu': {
      const rate = geometry.operationsPerCycle[precision];
      return rate === undefined ? undefined : geometry.multiprocessors.value * rate * geometry.clock.value;
    }
    case 'systolic':
    case 'spatial': {
      // One multiply-accumulate per cell and cycle at the precision that the array was built for.
      if (precision !== defaultPrecision) return undefined;
      const units = geometry.kind === 'systolic' ? geometry.arrays.value : geometry.tiles.value;
      return units * geometry.rows.value * geometry.columns.value * 2 * geometry.clock.value;
    }
  }
};

const precisionsOf = (device: Device) => Object.keys(device.matrixPeaks).filter(isPrecision);

describe.each(devices)('$id', (device) => {
  const figures = figuresOf(device, device.id);

  it('says of every figure where it comes from and how far to trust it', () => {
    expect(figures.length).toBeGreaterThan(15);
    const bare = figures.filter(
      ({ source, confidence }) => source.trim().length < 5 || !['high', 'medium', 'low'].includes(confidence),
    );
    expect(bare).toEqual([]);
    const numbers = figures.filter(({ value }) => !(Number.isFinite(value) && value > 0));
    expect(numbers).toEqual([]);
  });

  it('trusts nothing highly that was chosen', () => {
    expect(figures.filter(({ source, confidence }) => source.startsWith('chosen') && confidence === 'high')).toEqual(
      [],
    );
  });

  it('says so if it is hypothetical, and then trusts nothing highly', () => {
    const mentions = device.notes.some((note) => /^Hypothetical\b/.test(note));
    expect(mentions).toBe(device.status === 'hypothetical');
    if (device.status === 'hypothetical') expect(figures.filter(({ confidence }) => confidence === 'high')).toEqual([]);
  });

  it('has the peaks that its units, their width and their clock give', () => {
    const derived = precisionsOf(device).flatMap((precision) => {
      const peak = peakFromGeometry(device, precision);
      return peak === undefined ? [] : [[precision, peak] as const];
    });
    expect(derived.length).toBeGreaterThan(0);
    // A CPU's peak is nothing else than this product; others are rounded in their datasheets.
    const tolerance = device.geometry.kind === 'simd-cpu' ? 1e-9 : 0.01;
    const stated = (precision: Precision) => device.matrixPeaks[precision]?.value ?? 0;
    expect(derived.filter(([precision, peak]) => !(Math.abs(stated(precision) / peak - 1) <= tolerance))).toEqual([]);
  });

  it('is never slower at a narrower type', () => {
    const order: readonly Precision[] = ['fp32', 'tf32', 'fp16', 'fp8', 'int4'];
    const peaks = order.flatMap((precision) => device.matrixPeaks[precision]?.value ?? []);
    expect(peaks).toEqual([...peaks].sort((a, b) => a - b));
    const { int8 = { value: 0 }, bf16 = { value: 0 }, fp32 = { value: 0 } } = device.matrixPeaks;
    if (int8.value > 0) expect(int8.value).toBeGreaterThanOrEqual(Math.max(bf16.value, fp32.value));
  });

  it('has a vector unit that is no faster than its fastest matrix unit', () => {
    const fastest = Math.max(...precisionsOf(device).map((precision) => device.matrixPeaks[precision]?.value ?? 0));
    expect(device.vectorPeak.value).toBeLessThanOrEqual(fastest);
  });

  it('has ridge points between 1 and 2000 operations a byte', () => {
    const ridges = precisionsOf(device).map((precision) => ({
      precision,
      ridge: (device.matrixPeaks[precision]?.value ?? 0) / device.offChip.bandwidth.value,
    }));
    expect(ridges.filter(({ ridge }) => !(ridge > 1 && ridge < 2000))).toEqual([]);
  });

  it('draws less power at rest than any of its modes allows', () => {
    const { modes, static: statically, idle, sleep } = device.power;
    for (const { name, cap } of modes) expect([name, statically.value < cap.value]).toEqual([name, true]);
    expect(idle.value).toBeLessThanOrEqual(statically.value);
    if (sleep !== null) expect(sleep.value).toBeLessThan(idle.value);
    expect(new Set(modes.map(({ name }) => name)).size).toBe(modes.length);
    for (const { name, cap } of modes) expect(Number.parseFloat(name)).toBe(cap.value);
  });

  it('moves a byte on chip faster and for less energy than off chip', () => {
    const { onChip, offChip } = device;
    expect(onChip.bandwidth.value).toBeGreaterThan(offChip.bandwidth.value);
    expect(onChip.energyPerByte.value).toBeLessThan(offChip.energyPerByte.value);
    expect(onChip.perUnit.value).toBeLessThan(onChip.capacity.value);
    if (offChip.capacity !== null) expect(offChip.capacity.value).toBeGreaterThan(onChip.capacity.value);
  });

  it('knows the energy of a multiply-accumulate in every precision that it offers, and in no other', () => {
    expect(Object.keys(device.energy.perMac).sort()).toEqual(Object.keys(device.matrixPeaks).sort());
    expect(precisionsOf(device)).toContain(device.defaultPrecision);
    expect(Object.keys(device.matrixPeaks)).toEqual(precisionsOf(device));
  });

  it('spends no more on a narrower multiply-accumulate', () => {
    const order: readonly Precision[] = ['int4', 'int8', 'fp8', 'fp16', 'tf32', 'fp32'];
    const energies = order.flatMap((precision) => device.energy.perMac[precision]?.value ?? []);
    expect(energies).toEqual([...energies].sort((a, b) => a - b));
  });
});

describe('all devices', () => {
  it('have ids and aliases of their own', () => {
    const names = devices.flatMap(({ id, aliases }) => [id, ...aliases]);
    expect(names).toEqual([...new Set(names)]);
    for (const { id } of devices) expect(id).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
  });

  it.each([
    // Dense. NVIDIA prints 1513 and 3026 for fp16 and int8 with sparsity.
    ['nvidia_h100_pcie', 'fp16', 756],
    ['nvidia_h100_pcie', 'bf16', 756],
    ['nvidia_h100_pcie', 'int8', 1513],
    ['nvidia_h100_pcie', 'fp8', 1513],
    // 8 arrays x 128 x 128 x 2 x 1.05 GHz = 275.3.
    ['google_tpu_v4', 'bf16', 275],
    ['google_tpu_v4', 'int8', 275],
    // 4 tiles x 16 x 16 x 2 x 1.0 GHz = 2.048.
    ['kpu_t2', 'int8', 2],
    // 64 tiles x 32 x 32 x 2 x 763 MHz = 100.0.
    ['kpu_t100', 'int8', 100],
    ['kpu_t100', 'bf16', 50],
    // 8 cores x 3.3 GHz x 32 = 0.845; 6 x 2.3 x 32 + 8 x 1.7 x 16 = 659.2 GFLOP/s.
    ['amd_r7_7840u', 'int8', 3],
    ['intel_i7_12700h', 'int8', 3],
  ] as const)('%s reaches %s at %d dense TOPS, and not at the sparse rate', (id, precision, tops) => {
    const device = devices.find((candidate) => candidate.id === id);
    expect(Math.round((device?.matrixPeaks[precision]?.value ?? 0) / 1e12)).toBe(tops);
  });

  it('have bandwidths that their memories give', () => {
    const bandwidth = (id: string) => (devices.find((device) => device.id === id)?.offChip.bandwidth.value ?? 0) / 1e9;
    // 2 channels x 8 B x 4800 and 5600 MT/s.
    expect(bandwidth('intel_i7_12700h')).toBeCloseTo(2 * 8 * 4.8, 9);
    expect(bandwidth('amd_r7_7840u')).toBeCloseTo(2 * 8 * 5.6, 9);
    expect([bandwidth('google_tpu_v4'), bandwidth('nvidia_h100_pcie')]).toEqual([1200, 2039]);
  });

  it('include every kind of geometry', () => {
    expect(new Set(devices.map(({ geometry }) => geometry.kind)).size).toBe(4);
  });
});
