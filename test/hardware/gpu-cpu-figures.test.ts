/** Figures of CPUs and GPUs against arithmetic done by hand from their units, clocks, transfer rates and bus widths. */
import { describe, expect, it } from 'vitest';
import { devices } from '../../src/hardware/index.ts';
import type { Precision } from '../../src/ir/dtype.ts';

const find = (id: string) => {
  const device = devices.find((candidate) => candidate.id === id);
  if (device === undefined) throw new Error(`no device ${id}`);
  return device;
};
const teraoperations = (id: string, precision: Precision): number =>
  (find(id).matrixPeaks[precision]?.value ?? Number.NaN) / 1e12;
const shareOff = (value: number, expected: number): number => Math.abs(value / expected - 1);

describe('GPU peaks', () => {
  it.each([
    // 80 SM x 1024 x 1.53 GHz = 125.3; x 512 (DP4A on the vector units) = 62.7.
    ['nvidia_v100_sxm2', 'fp16', 125.3],
    ['nvidia_v100_sxm2', 'int8', 62.7],
    // 80 x 1024 x 1.37 = 112.2.
    ['nvidia_v100_pcie', 'fp16', 112.2],
    // 40 x 1024 x 1.59 = 65.1; x 2048 = 130.3.
    ['nvidia_t4', 'fp16', 65.1],
    ['nvidia_t4', 'int8', 130.3],
    // 58 x 1024 x 2.04 = 121.2; x 2048 = 242.3.
    ['nvidia_l4', 'fp16', 121.2],
    ['nvidia_l4', 'int8', 242.3],
    // 108 x 2048 x 1.41 = 311.9; x 1024 = 155.9; x 4096 = 623.7.
    ['nvidia_a100_pcie_40', 'fp16', 311.9],
    ['nvidia_a100_sxm_40', 'tf32', 155.9],
    ['nvidia_a100_pcie_80', 'bf16', 311.9],
    ['nvidia_a100_sxm_80', 'int8', 623.7],
    // 132 x 4096 x 1.83 = 989.4; x 8192 = 1978.9: the 1979 and 3958 that are printed for them are sparse.
    ['nvidia_h100_sxm', 'fp16', 989.4],
    ['nvidia_h200_sxm', 'fp8', 1978.9],
    // fp32 accumulation, 512 a cycle: 82 x 512 x 1.695 = 71.2; 128 x 512 x 2.52 = 165.2; 170 x 512 x 2.407 = 209.5.
    ['nvidia_rtx3090', 'fp16', 71.2],
    ['nvidia_rtx4090', 'fp16', 165.2],
    ['nvidia_rtx5090', 'bf16', 209.5],
    // The integer rate knows no such halving: 82 x 2048 x 1.695 = 284.7; 128 x 2048 x 2.52 = 660.6.
    ['nvidia_rtx3090', 'int8', 284.7],
    ['nvidia_rtx4090', 'int8', 660.6],
    // 188 x 1024 x 2.28 = 438.9.
    ['nvidia_rtxpro6000_maxq', 'fp16', 438.9],
    // 16 x 4096 x 1.3 = 85.2; 8 x 4096 x 0.918, 0.625 and 1.02 = 30.1, 20.5 and 33.4.
    ['jetson_agx_orin_64gb', 'int8', 85.2],
    ['jetson_orin_nx_16gb', 'int8', 30.1],
    ['jetson_orin_nano_8gb', 'int8', 20.5],
    ['jetson_orin_nano_super', 'int8', 33.4],
    // 2070 sparse fp4 / 2 (dense) / 2 (fp8) / 2 (fp16) = 258.75.
    ['jetson_thor_t5000', 'fp16', 258.75],
  ] as const)('%s multiplies matrices of %s at %d T', (id, precision, expected) => {
    expect(shareOff(teraoperations(id, precision), expected)).toBeLessThan(0.01);
  });

  it.each([
    // SM x fp32 lanes x 2 x boost clock.
    ['nvidia_v100_sxm2', 80 * 64 * 2 * 1.53e9],
    ['nvidia_t4', 40 * 64 * 2 * 1.59e9],
    ['nvidia_l4', 58 * 128 * 2 * 2.04e9],
    ['nvidia_a100_sxm_80', 108 * 64 * 2 * 1.41e9],
    ['nvidia_h100_sxm', 132 * 128 * 2 * 1.98e9],
    ['nvidia_h200_sxm', 132 * 128 * 2 * 1.98e9],
    ['nvidia_rtx3090', 82 * 128 * 2 * 1.695e9],
    ['nvidia_rtx4090', 128 * 128 * 2 * 2.52e9],
    ['nvidia_rtx5090', 170 * 128 * 2 * 2.407e9],
    ['nvidia_rtxpro6000_maxq', 188 * 128 * 2 * 2.28e9],
    ['jetson_agx_orin_64gb', 16 * 128 * 2 * 1.3e9],
    ['jetson_orin_nano_8gb', 8 * 128 * 2 * 0.625e9],
    ['jetson_thor_t5000', 20 * 128 * 2 * 1.575e9],
  ] as const)('%s has the vector rate of its lanes', (id, expected) => {
    expect(shareOff(find(id).vectorPeak.value, expected)).toBeLessThan(0.01);
    expect(find(id).matrixPeaks.fp32?.value).toBe(find(id).vectorPeak.value);
  });

  it('offer only what the tensor cores of their generation have', () => {
    for (const id of ['nvidia_v100_sxm2', 'nvidia_v100_pcie', 'nvidia_t4'])
      expect(Object.keys(find(id).matrixPeaks)).not.toEqual(expect.arrayContaining(['bf16']));
    const withFp8 = devices.filter(({ geometry, matrixPeaks }) => geometry.kind === 'simt-gpu' && matrixPeaks.fp8);
    // fp8 came with Hopper and Ada, on 5 nm.
    expect(withFp8.every(({ process }) => process.value < 6e-9)).toBe(true);
  });
});

describe('CPU peaks', () => {
  it.each([
    // 8 x 4.7 x 32 + 4 x 3.6 x 16 = 1203.2 + 230.4; VNNI is four times that.
    ['intel_i7_12700k', 'fp32', 1.4336],
    ['intel_i7_12700k', 'int8', 5.7344],
    // 14 x 3.3 x 64 (two 512-bit FMA) and x 256.
    ['intel_i9_10940x', 'fp32', 2.9568],
    ['intel_i9_10940x', 'int8', 11.8272],
    // 8 x 4.4 x 32; 64 for int8 without VNNI.
    ['amd_r7_5800x', 'fp32', 1.1264],
    ['amd_r7_5800x', 'int8', 2.2528],
    // 8 x 5.0 x 32, 64 and 128.
    ['amd_r7_7700x', 'fp32', 1.28],
    ['amd_r7_7700x', 'bf16', 2.56],
    ['amd_r7_7700x', 'int8', 5.12],
    // 8 x 4.0 x 32.
    ['amd_r9_8945hs', 'fp32', 1.024],
    // 4 x 1.8 x 8 and 16; 4 x 2.4 x 16, 32 and 64.
    ['rpi4', 'fp32', 0.0576],
    ['rpi4', 'int8', 0.1152],
    ['rpi5', 'fp32', 0.1536],
    ['rpi5', 'fp16', 0.3072],
    ['rpi5', 'int8', 0.6144],
    // 4 x 3.2 x 32 + 4 x 2.4 x 16 = 409.6 + 153.6; 4 x 3.7 x 32 + 4 x 2.7 x 16 = 473.6 + 172.8.
    ['apple_m2_cpu', 'fp32', 0.5632],
    ['apple_m3_cpu', 'fp32', 0.6464],
  ] as const)('%s reaches %s at %d T', (id, precision, expected) => {
    expect(teraoperations(id, precision)).toBeCloseTo(expected, 9);
  });
});

describe('bandwidths', () => {
  it.each([
    // Gb/s per pin x bits / 8.
    ['nvidia_h100_sxm', 5.23, 5120],
    ['nvidia_h200_sxm', 6.25, 6144],
    ['nvidia_a100_pcie_40', 2.43, 5120],
    ['nvidia_a100_sxm_40', 2.43, 5120],
    ['nvidia_a100_pcie_80', 3.024, 5120],
    ['nvidia_a100_sxm_80', 3.186, 5120],
    ['nvidia_v100_sxm2', 1.754, 4096],
    ['nvidia_v100_pcie', 1.754, 4096],
    ['nvidia_t4', 10, 256],
    ['nvidia_l4', 12.5, 192],
    ['nvidia_rtx3090', 19.5, 384],
    ['nvidia_rtx4090', 21, 384],
    ['nvidia_rtx5090', 28, 512],
    ['nvidia_rtxpro6000_maxq', 28, 512],
    ['jetson_agx_orin_64gb', 6.4, 256],
    ['jetson_orin_nx_16gb', 6.4, 128],
    ['jetson_orin_nano_8gb', 4.25, 128],
    ['jetson_orin_nano_super', 6.4, 128],
    ['jetson_thor_t5000', 8.533, 256],
    ['intel_i7_12700k', 4.8, 128],
    ['intel_i9_10940x', 2.933, 256],
    ['amd_r7_5800x', 3.2, 128],
    ['amd_r7_7700x', 5.2, 128],
    ['amd_r9_8945hs', 5.6, 128],
    ['rpi4', 3.2, 32],
    ['rpi5', 4.267, 32],
  ] as const)('%s moves what %d Gb/s on each of %d pins give', (id, gigabits, pins) => {
    expect(shareOff(find(id).offChip.bandwidth.value, (gigabits * 1e9 * pins) / 8)).toBeLessThan(0.005);
  });

  it('of Apple is the one of the newsroom, 2 % below 6.4 Gb/s x 128 bits', () => {
    expect(find('apple_m2_cpu').offChip.bandwidth.value).toBe(100e9);
    expect(find('apple_m3_cpu').offChip.bandwidth.value).toBe(100e9);
  });
});

it.each([
  // [device, multiprocessors, results of 16 bits in a cycle of one, GHz]; two operations each.
  ['nvidia_a100_sxm_80', 108, 256, 1.41],
  ['nvidia_a100_pcie_40', 108, 256, 1.41],
  ['nvidia_v100_sxm2', 80, 128, 1.53],
  ['nvidia_v100_pcie', 80, 128, 1.38],
  ['nvidia_t4', 40, 128, 1.59],
  ['nvidia_h100_pcie', 114, 256, 1.755],
  ['nvidia_h200_sxm', 132, 256, 1.98],
  ['jetson_agx_orin_64gb', 16, 256, 1.3],
  ['jetson_orin_nx_16gb', 8, 256, 0.918],
  ['jetson_orin_nano_super', 8, 256, 1.02],
])(
  '%s: %d multiprocessors compute %d results of 16 bits in a cycle at %d GHz outside the tensor cores',
  (id, units, results, ghz) => {
    const half = find(id).halfVectorPeak?.value ?? Number.NaN;
    expect(shareOff(half, units * results * 2 * ghz * 1e9)).toBeLessThan(0.02);
    expect(half / find(id).vectorPeak.value).toBeGreaterThan(1.9);
  },
);

it.each(['nvidia_rtx3090', 'nvidia_rtx4090', 'nvidia_l4'])(
  '%s is no faster in 16 bits outside the tensor cores',
  (id) => {
    expect(find(id).halfVectorPeak).toBeUndefined();
  },
);

it('Jetson modules have the power modes of their datasheets, the largest first', () => {
  const modes = (id: string) => find(id).power.modes.map(({ cap }) => cap.value);
  // The first mode of an Orin with clocks of its own for every budget is the one without a budget, MAXN.
  expect(modes('jetson_agx_orin_64gb')).toEqual([60, 50, 30, 15]);
  expect(modes('jetson_orin_nx_16gb')).toEqual([25, 25, 15, 10]);
  expect(modes('jetson_orin_nano_8gb')).toEqual([15, 7]);
  expect(modes('jetson_orin_nano_super')).toEqual([25, 25, 15, 7]);
  expect(modes('jetson_thor_t5000')).toEqual([130, 70, 40]);
});
