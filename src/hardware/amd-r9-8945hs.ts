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

const AMD = 'AMD product page, Ryzen 9 8945HS (recalled)';

export const device: Device = {
  id: 'amd_r9_8945hs',
  aliases: ['r9-8945hs', 'ryzen9', 'ryzen9-8945hs'],
  name: 'AMD Ryzen 9 8945HS',
  vendor: 'AMD',
  status: 'product',
  year: 2024,
  process: figure(nanometres(4), `${AMD}: TSMC 4 nm`, 'high'),
  geometry: {
    kind: 'simd-cpu',
    clusters: [
      {
        name: 'Zen 4',
        cores: 8,
        clock: figure(gigahertz(4), `${AMD}: base clock, sustained by all cores at 45 W; 5.2 GHz boost`, 'medium'),
        operationsPerCycle: { fp32: 32, bf16: 64, int8: 128 },
      },
    ],
    lanes: figure(8, 'AVX-512 on a 256-bit datapath', 'high'),
  },
  matrixPeaks: {
    fp32: figure(teraoperationsPerSecond(1.024), 'derived: 8 x 4.0 GHz x 32 FLOP (two 256-bit FMA)', 'medium'),
    bf16: figure(teraoperationsPerSecond(2.048), 'derived: 8 x 4.0 GHz x 64 FLOP (AVX512-BF16)', 'medium'),
    int8: figure(teraoperationsPerSecond(4.096), 'derived: 8 x 4.0 GHz x 128 operations (AVX512-VNNI)', 'medium'),
  },
  vectorPeak: figure(teraoperationsPerSecond(1.024), 'derived: the same SIMD units as the fp32 matrix peak', 'medium'),
  onChip: {
    name: 'L3 cache',
    capacity: figure(mebibytes(16), `${AMD}: 16 MB, shared`, 'high'),
    perUnit: figure(mebibytes(1), `${AMD}: L2 of a core`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(600),
      'chosen: about 32 B per cycle to each core at 4.0 GHz (1024 GB/s), less contention; no published figure',
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
      { name: '45W', cap: figure(watts(45), `${AMD}: default TDP`, 'high') },
      { name: '54W', cap: figure(watts(54), `${AMD}: upper end of the configurable TDP`, 'high') },
      { name: '35W', cap: figure(watts(35), `${AMD}: lower end of the configurable TDP`, 'high') },
    ],
    static: figure(
      watts(20),
      'chosen: between idle and the 35 W lower TDP; a core at work spends its power per cycle, hardly per operation',
      'low',
    ),
    idle: figure(watts(4), 'chosen: package of a laptop processor with cores parked; no published figure', 'low'),
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
