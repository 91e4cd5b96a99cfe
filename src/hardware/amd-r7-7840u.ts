import {
  gigabytesPerSecond,
  gigahertz,
  mebibytes,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { CPU_MAC_BF16, CPU_MAC_FP32, CPU_MAC_INT8, CPU_VECTOR_OPERATION, DDR, SRAM_1MB_7NM } from './energy-figures.ts';

const AMD = 'AMD product page, Ryzen 7 7840U (recalled)';

export const device: Device = {
  id: 'amd_r7_7840u',
  aliases: ['ryzen7', 'r7-7840u', 'ryzen7-7840u'],
  name: 'AMD Ryzen 7 7840U',
  vendor: 'AMD',
  status: 'product',
  year: 2023,
  process: figure(nanometres(4), AMD, 'high'),
  geometry: {
    kind: 'simd-cpu',
    clusters: [
      {
        name: 'Zen 4',
        cores: 8,
        clock: figure(gigahertz(3.3), `${AMD}: base clock, sustained by all cores at 28 W`, 'medium'),
        operationsPerCycle: { fp32: 32, bf16: 64, int8: 128 },
      },
    ],
    lanes: figure(8, 'AVX-512 on a 256-bit datapath', 'high'),
  },
  matrixPeaks: {
    fp32: figure(teraoperationsPerSecond(0.8448), 'derived: 8 x 3.3 GHz x 32 FLOP (two 256-bit FMA)', 'medium'),
    bf16: figure(teraoperationsPerSecond(1.6896), 'derived: 8 x 3.3 GHz x 64 FLOP (AVX512-BF16)', 'medium'),
    int8: figure(teraoperationsPerSecond(3.3792), 'derived: 8 x 3.3 GHz x 128 operations (AVX512-VNNI)', 'medium'),
  },
  vectorPeak: figure(teraoperationsPerSecond(0.8448), 'derived: the same SIMD units as the fp32 matrix peak', 'medium'),
  onChip: {
    name: 'L3 cache',
    capacity: figure(mebibytes(16), `${AMD}: 16 MB, shared`, 'high'),
    perUnit: figure(mebibytes(1), `${AMD}: L2 of a core`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(500),
      'chosen: about 32 B per cycle to each core at 3.3 GHz, less contention; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'DDR5-5600',
    capacity: null,
    bandwidth: figure(
      gigabytesPerSecond(89.6),
      'derived: DDR5-5600 x 8 B x 2 channels; 120 GB/s with LPDDR5X-7500',
      'high',
    ),
    energyPerByte: DDR,
  },
  power: {
    modes: [
      { name: '28W', cap: figure(watts(28), `${AMD}: default TDP`, 'high') },
      { name: '15W', cap: figure(watts(15), `${AMD}: lower end of the configurable TDP`, 'high') },
    ],
    static: figure(
      watts(13),
      'chosen: between idle and the 15 W lower TDP; a core at work spends its power per cycle, hardly per operation',
      'low',
    ),
    idle: figure(watts(3), 'chosen: package of a laptop processor with cores parked; no published figure', 'low'),
    sleep: figure(watts(0.5), 'chosen: package in its deepest idle state; no published figure', 'low'),
  },
  energy: {
    perMac: { fp32: CPU_MAC_FP32, bf16: CPU_MAC_BF16, int8: CPU_MAC_INT8 },
    perVectorOperation: CPU_VECTOR_OPERATION,
  },
  defaultPrecision: 'fp32',
  defaultRuntime: 'pytorch-2.4-inductor',
  notes: ['CPU cores only: the integrated GPU and NPU are other devices.', 'Peaks are at the base clock.'],
};
