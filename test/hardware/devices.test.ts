/** One suite over every device: the data says where it comes from, and its parts agree with each other. */
import { describe, expect, it } from 'vitest';
import type { Device, Figure, Geometry } from '../../src/hardware/device.ts';
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

const unitsOf = (geometry: Geometry): number => {
  switch (geometry.kind) {
    case 'simd-cpu':
      return geometry.clusters.reduce((sum, { cores }) => sum + cores, 0);
    case 'simt-gpu':
      return geometry.multiprocessors.value;
    case 'systolic':
      return geometry.arrays.value;
    case 'spatial':
      return geometry.tiles.value;
    case 'npu':
      return geometry.engines.value;
    case 'mcu':
      return geometry.cores.value;
  }
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
    case 'mcu': {
      const rate = geometry.operationsPerCycle[precision];
      return rate === undefined ? undefined : geometry.cores.value * rate * geometry.clock.value;
    }
    case 'systolic':
    case 'npu':
    case 'spatial': {
      // One multiply-accumulate per cell and cycle at the precision that the array was built for.
      const counted = geometry.kind === 'spatial' ? geometry.tilesByPrecision?.[precision] : undefined;
      if (counted === undefined && precision !== defaultPrecision) return undefined;
      const units = counted ?? unitsOf(geometry);
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
    // The peak of a CPU or a microcontroller is nothing else than this product; others are rounded in their datasheets.
    const tolerance = ['simd-cpu', 'mcu'].includes(device.geometry.kind) ? 1e-9 : 0.01;
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

  it('has ridge points between 1 and 2000 operations a byte, twice that where a byte holds two elements', () => {
    // A card that keeps its weights is fed from on chip; its off-chip path is a link to the host, of any slowness.
    const level = device.residentWeights === undefined ? device.offChip : device.onChip;
    const ridges = precisionsOf(device).map((precision) => ({
      precision,
      ridge: (device.matrixPeaks[precision]?.value ?? 0) / level.bandwidth.value,
    }));
    const highest = (precision: Precision) => (precision === 'int4' ? 4000 : 2000);
    expect(ridges.filter(({ precision, ridge }) => !(ridge > 1 && ridge < highest(precision)))).toEqual([]);
  });

  it('draws less power at rest than any of its modes allows', () => {
    const { modes, static: statically, idle, sleep } = device.power;
    for (const { name, cap, static: ofMode = statically } of modes)
      expect([name, ofMode.value < cap.value]).toEqual([name, true]);
    expect(idle.value).toBeLessThanOrEqual(statically.value);
    if (sleep !== null) expect(sleep.value).toBeLessThan(idle.value);
    expect(new Set(modes.map(({ name }) => name)).size).toBe(modes.length);
    // A mode is called by its cap, or MAXN where it lowers nothing.
    for (const { name, cap } of modes) if (!name.startsWith('MAXN')) expect(Number.parseFloat(name)).toBe(cap.value);
  });

  it('is as described in its first mode, and faster in another one only where that has a larger cap', () => {
    const { power, geometry, offChip } = device;
    const [first, ...others] = power.modes;
    expect([first.clock, first.units, first.bandwidth, first.static]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    for (const { cap, clock, units, bandwidth, static: whileRunning, hostClock } of others) {
      if (clock !== undefined && geometry.kind !== 'simd-cpu')
        expect(clock.value > geometry.clock.value).toBe(cap.value > first.cap.value);
      if (units !== undefined) expect(units.value).toBeLessThan(unitsOf(geometry));
      if (bandwidth !== undefined) expect(bandwidth.value).toBeLessThan(offChip.bandwidth.value);
      if (hostClock !== undefined) expect(hostClock.value).toBeLessThan(first.hostClock?.value ?? 0);
      if (whileRunning === undefined) continue;
      expect(whileRunning.value).toBeLessThanOrEqual(power.static.value);
      expect(whileRunning.value).toBeGreaterThanOrEqual(power.idle.value);
    }
  });

  it('moves a byte on chip faster and for less energy than off chip', () => {
    const { onChip, offChip } = device;
    expect(onChip.bandwidth.value).toBeGreaterThan(offChip.bandwidth.value);
    expect(onChip.energyPerByte.value).toBeLessThan(offChip.energyPerByte.value);
    // A single unit has all of it, or less where a part is not its own.
    if (unitsOf(device.geometry) === 1) expect(onChip.perUnit.value).toBeLessThanOrEqual(onChip.capacity.value);
    else expect(onChip.perUnit.value).toBeLessThan(onChip.capacity.value);
    if (offChip.capacity !== null) expect(offChip.capacity.value).toBeGreaterThan(onChip.capacity.value);
  });

  it('keeps weights where it has memory for them, and none of its banks is larger than the memory that it is of', () => {
    const { onChip, offChip, residentWeights, memories, geometry } = device;
    if (residentWeights !== undefined) expect(residentWeights.value).toBeLessThanOrEqual(onChip.capacity.value);
    // Weights in flash and activations in SRAM is what makes a microcontroller.
    if (geometry.kind === 'mcu') expect(memories).toBeDefined();
    if (memories !== undefined) {
      expect(memories.weights.capacity.value).toBe(offChip.capacity?.value);
      expect(memories.activations.capacity.value).toBe(onChip.capacity.value);
    }
  });

  it('has a host that is slower than its engines and takes over something', () => {
    const { host, matrixPeaks } = device;
    if (host === undefined) return;
    const fastest = Math.max(...precisionsOf(device).map((precision) => matrixPeaks[precision]?.value ?? 0));
    expect(host.vectorPeak.value).toBeLessThan(fastest);
    expect(host.unsupported.length).toBeGreaterThan(0);
    expect(host.unsupported).toEqual([...new Set(host.unsupported)]);
    expect(host.link.transferSeconds.value).toBeLessThan(1e-3);
  });

  it('has no more tiles for a precision than tiles', () => {
    if (device.geometry.kind !== 'spatial') return;
    const { tiles, tilesByPrecision = {} } = device.geometry;
    for (const count of Object.values(tilesByPrecision)) expect(count).toBeLessThanOrEqual(tiles.value);
    expect(Object.keys(device.matrixPeaks)).toEqual(expect.arrayContaining(Object.keys(tilesByPrecision)));
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
    // They are looked up in any case, and with - for _: no two devices answer to one name.
    const answers = devices.flatMap(({ id, aliases }) => [
      ...new Set([id, ...aliases].map((name) => name.toLowerCase().replaceAll('-', '_'))),
    ]);
    expect(answers).toEqual([...new Set(answers)]);
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
    // 4 and 8 arrays x 128 x 128 x 2 x 1.5 and 1.75 GHz.
    ['google_tpu_v5e', 'bf16', 197],
    ['google_tpu_v5e', 'int8', 393],
    ['google_tpu_v5p', 'bf16', 459],
    // 64 x 64 x 2 x 488 MHz = 4.0.
    ['google_edge_tpu', 'int8', 4],
    ['hailo_8', 'int8', 26],
    ['hailo_8l', 'int8', 13],
    ['qualcomm_8gen2', 'int8', 26],
    ['qualcomm_8gen3', 'int8', 34],
    ['apple_m2', 'fp16', 16],
    ['apple_m3', 'fp16', 18],
    ['apple_a16', 'fp16', 17],
    // The 35 that Apple quotes are int8.
    ['apple_a17pro', 'int8', 35],
    ['ethos_u65_512', 'int8', 1],
    // 79,872 x 0.9 GHz, 304,640 x 1.4 GHz and 905,728 x 1.2 GHz operations.
    ['kpu_t64', 'int8', 72],
    ['kpu_t256', 'int8', 426],
    ['kpu_t768', 'int8', 1087],
    ['kpu_t768', 'bf16', 426],
    // 8 cores x 3.3 GHz x 32 = 0.845; 6 x 3.2 x 32 + 8 x 2.4 x 16 = 921.6 GFLOP/s.
    ['amd_r7_7840u', 'int8', 3],
    ['intel_i7_12700h', 'int8', 4],
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

  it('draw what the boards of MLPerf Tiny v1.1 drew on ResNet-8: milliwatts of microcontrollers at work', () => {
    // 12.5 million multiply-accumulates in the median of the measured latencies; boards of five and of three
    // submissions drew these powers, lowest and highest.
    const measured = [
      { id: 'mcu_stm32l4r5', seconds: 0.227, lowest: 35, highest: 78.3 },
      { id: 'mcu_stm32h7a3', seconds: 0.0537, lowest: 121.8, highest: 157.9 },
    ];
    for (const { id, seconds, lowest, highest } of measured) {
      const device = devices.find((candidate) => candidate.id === id);
      const dynamic = (12.5e6 * (device?.energy.perMac.int8?.value ?? 0)) / seconds;
      const milliwatts = ((device?.power.static.value ?? 0) + dynamic) * 1e3;
      expect(milliwatts, id).toBeGreaterThan(lowest);
      expect(milliwatts, id).toBeLessThan(highest);
    }
  });

  it('include every kind of geometry', () => {
    expect(new Set(devices.map(({ geometry }) => geometry.kind)).size).toBe(6);
  });
});
