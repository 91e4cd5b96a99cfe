import { describe, expect, it } from 'vitest';
import { type DeviceRow, describeDevice, devices, findDevice, nearestDevices } from '../../src/hardware/api.ts';
import { UNKNOWN } from '../../src/units/format.ts';

const rowsOf = (id: string): readonly DeviceRow[] => {
  const device = findDevice(id);
  if (device === undefined) throw new Error(id);
  return describeDevice(device);
};
const row = (id: string, name: string): DeviceRow | undefined =>
  rowsOf(id).find((candidate) => candidate.name === name);

/** Every figure of a record, wherever it stands. */
const figuresOf = (value: unknown): readonly { source: string; confidence: string }[] => {
  if (typeof value !== 'object' || value === null) return [];
  if ('source' in value) return [value as { source: string; confidence: string }];
  return Object.values(value).flatMap(figuresOf);
};

const plain = (source: string, confidence: string | null): string => `${confidence}: ${source}`;

describe.each(devices)('$id described', (device) => {
  const rows = describeDevice(device);

  it('has every figure with its source once, and nothing else that is sourced', () => {
    const expected = figuresOf(device).map(({ source, confidence }) => plain(source, confidence));
    const shown = rows.filter(({ derived, confidence }) => !derived && confidence !== null);
    expect(shown.map(({ source, confidence }) => plain(source, confidence)).sort()).toEqual(expected.sort());
  });

  it('has a value in every row, groups in one piece and names of their own', () => {
    expect(rows.filter(({ value, name }) => value === '' || name === '' || value.includes('NaN'))).toEqual([]);
    const groups = rows.map(({ group }) => group);
    const starts = groups.filter((group, index) => group !== groups[index - 1]);
    expect(starts).toEqual([...new Set(starts)]);
    const names = rows.map(({ group, name }) => `${group}/${name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it('has a ridge point for every precision, marked as derived', () => {
    const ridges = rows.filter(({ name }) => name.startsWith('ridge point'));
    expect(ridges).toHaveLength(Object.keys(device.matrixPeaks).length);
    expect(ridges.every(({ derived, source }) => derived && source.startsWith('derived: '))).toBe(true);
  });
});

describe('rows', () => {
  it('have the units of their field', () => {
    expect(row('nvidia_h100_pcie', 'process')?.value).toBe('5.00 nm');
    expect(row('nvidia_h100_pcie', 'clock')?.value).toBe('1.62 GHz');
    expect(row('nvidia_h100_pcie', 'matrix units, fp16')?.value).toBe('756 TFLOP/s');
    expect(row('nvidia_h100_pcie', 'matrix units, int8')?.value).toBe('1.51 POP/s');
    expect(row('nvidia_h100_pcie', 'multiprocessor: int8 per cycle')?.value).toBe('8,192 OP');
    expect(row('nvidia_h100_pcie', 'per MAC, fp32')?.value).toBe('1.90 pJ/MAC');
    expect(row('kpu_t2', 'cap of 0.9W (default mode)')?.value).toBe('900 mW');
  });

  it('show a capacity in the prefix that is exact: 50 MiB, 1.25 MiB, 80 GB, 32 GiB', () => {
    const capacities = (id: string) =>
      rowsOf(id)
        .filter(({ name }) => name.startsWith('capacity'))
        .map(({ value }) => value);
    expect(capacities('nvidia_h100_pcie')).toEqual(['50.0 MiB', '256 KiB', '80.0 GB']);
    expect(capacities('intel_i7_12700h')).toEqual(['24.0 MiB', '1.25 MiB', UNKNOWN]);
    expect(capacities('google_tpu_v4')).toEqual(['128 MiB', '4.00 MiB', '32.0 GiB']);
  });

  it('derive what people compute by hand', () => {
    // 756e12 / 2039e9 = 370.8; 275e12 / 1200e9 = 229.2.
    expect(row('nvidia_h100_pcie', 'ridge point, fp16')).toMatchObject({
      group: 'Derived',
      value: '371 FLOP/B',
      source: 'derived: 756 TFLOP/s / 2.04 TB/s to HBM2e',
      confidence: 'high',
      derived: true,
    });
    expect(row('google_tpu_v4', 'ridge point, int8')?.value).toBe('229 OP/B');
    // 8 x 128 x 128 x 2 x 1.05 GHz; the geometry alone does not tell int8.
    expect(row('google_tpu_v4', 'peak from geometry, bf16')?.value).toBe('275 TFLOP/s');
    expect(row('google_tpu_v4', 'peak from geometry, int8')).toBeUndefined();
    // The clock is of medium confidence, and so is what follows from it.
    expect(row('nvidia_h100_pcie', 'peak from geometry, fp16')?.confidence).toBe('medium');
  });

  it('show what not every device has: resident weights, a host and its link, banks, tiles of several kinds', () => {
    expect(row('google_edge_tpu', 'weights kept between inferences')?.value).toBe('8.00 MiB');
    const host = rowsOf('google_edge_tpu').filter(({ group }) => group.startsWith('Host: '));
    expect(host.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'vector units: 57.6 GOP/s',
      'bandwidth of USB 3: 450 MB/s',
      'each transfer: 100 µs',
      'runs instead of the engines: attention, normalization',
    ]);
    expect(row('mcu_stm32l4r5', 'weights: flash')?.value).toBe('2.00 MiB');
    expect(row('mcu_stm32l4r5', 'activations: SRAM')?.value).toBe('640 KiB');
    expect(row('mcu_stm32l4r5', 'core: int8 per cycle')?.value).toBe('4 OP');
    expect(row('kpu_t64', 'tiles')?.value).toBe('64');
    expect(row('kpu_t64', 'tiles, int8')?.value).toBe('39');
    // 17 x 32 x 32 x 2 x 0.9 GHz; of a device that has one kind of tile the geometry tells no more than int8.
    expect(row('kpu_t64', 'peak from geometry, bf16')?.value).toBe('31.3 TFLOP/s');
    expect(row('kpu_t100', 'peak from geometry, bf16')).toBeUndefined();
    // 64 x 64 x 2 x 488 MHz.
    expect(row('google_edge_tpu', 'engines')?.value).toBe('1');
    expect(row('google_edge_tpu', 'peak from geometry, int8')?.value).toBe('4.00 TOP/s');
    expect(row('kpu_t100', 'weights kept between inferences')).toBeUndefined();
  });

  it('say unknown, not zero', () => {
    expect(row('nvidia_h100_pcie', 'sleep')).toMatchObject({ value: UNKNOWN, confidence: null });
    expect(row('intel_i7_12700h', 'capacity')).toMatchObject({ value: UNKNOWN, confidence: null });
  });
});

describe('names', () => {
  it('are ids, aliases and what a device is sold as, in any case, with -, _ and spaces alike', () => {
    for (const name of ['nvidia_h100_pcie', 'NVIDIA-H100-PCIe', 'h100-pcie', 'H100_PCIE', ' h100-pcie ', 'H100 PCIe']) {
      expect(findDevice(name)?.id).toBe('nvidia_h100_pcie');
    }
    for (const device of devices) {
      for (const name of [device.id, ...device.aliases, device.name])
        expect(findDevice(name.toUpperCase())).toBe(device);
    }
    expect(findDevice('GeForce RTX 4090')?.id).toBe('nvidia_rtx4090');
    for (const name of ['', 'h100', 'toString', '__proto__', 'constructor']) expect(findDevice(name)).toBeUndefined();
  });

  it('have near ones', () => {
    expect(nearestDevices('h100')).toContain('h100-pcie');
    expect(nearestDevices('kpu_t10')[0]).toMatch(/^kpu[-_]t100?/);
    expect(nearestDevices('zzzzzzzzzzzz')).toEqual([]);
  });
});
