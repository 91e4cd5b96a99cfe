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

const AMD = 'AMD product page, Ryzen 7 7700X (recalled)';

export const device: Device = {
  id: 'amd_r7_7700x',
  aliases: ['r7-7700x', 'ryzen7-7700x'],
  name: 'AMD Ryzen 7 7700X',
  vendor: 'AMD',
  status: 'product',
  year: 2022,
  process: figure(nanometres(5), `${AMD}: TSMC 5 nm`, 'high'),
  geometry: {
    kind: 'simd-cpu',
    clusters: [
      {
        name: 'Zen 4',
        cores: 8,
        clock: figure(
          gigahertz(5),
          'chosen: all-core clock under heavy vector load that public reviews report at 142 W (recalled); 4.5 GHz base, 5.4 GHz boost',
          'medium',
        ),
        operationsPerCycle: { fp32: 32, bf16: 64, int8: 128 },
      },
    ],
    lanes: figure(8, 'AVX-512 on a 256-bit datapath', 'high'),
  },
  matrixPeaks: {
    fp32: figure(teraoperationsPerSecond(1.28), 'derived: 8 x 5.0 GHz x 32 FLOP (two 256-bit FMA)', 'medium'),
    bf16: figure(teraoperationsPerSecond(2.56), 'derived: 8 x 5.0 GHz x 64 FLOP (AVX512-BF16)', 'medium'),
    int8: figure(teraoperationsPerSecond(5.12), 'derived: 8 x 5.0 GHz x 128 operations (AVX512-VNNI)', 'medium'),
  },
  vectorPeak: figure(teraoperationsPerSecond(1.28), 'derived: the same SIMD units as the fp32 matrix peak', 'medium'),
  onChip: {
    name: 'L3 cache',
    capacity: figure(mebibytes(32), `${AMD}: 32 MB, shared`, 'high'),
    perUnit: figure(mebibytes(1), `${AMD}: L2 of a core`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(800),
      'chosen: about 32 B per cycle to each core at 5.0 GHz (1280 GB/s), less contention; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'DDR5-5200',
    capacity: null,
    bandwidth: figure(gigabytesPerSecond(83.2), 'derived: DDR5-5200 x 8 B x 2 channels', 'high'),
    energyPerByte: DDR,
  },
  power: {
    modes: [
      { name: '142W', cap: figure(watts(142), `${AMD}: package power limit (PPT) of the 105 W TDP class`, 'high') },
      {
        name: '88W',
        cap: figure(watts(88), `${AMD}: package power limit (PPT) of the 65 W eco mode (recalled)`, 'medium'),
      },
    ],
    static: figure(
      watts(60),
      'chosen: between idle and the 88 W eco mode; a core at work spends its power per cycle, hardly per operation',
      'low',
    ),
    idle: figure(
      watts(20),
      'chosen: package with cores parked, whose separate I/O die stays on; no published figure',
      'low',
    ),
    sleep: figure(watts(2), 'chosen: package in its deepest idle state; no published figure', 'low'),
  },
  energy: {
    perMac: { fp32: CPU_MAC_FP32, bf16: CPU_MAC_BF16, int8: CPU_MAC_INT8 },
    perVectorOperation: CPU_VECTOR_OPERATION,
  },
  defaultPrecision: 'fp32',
  defaultRuntime: 'pytorch-2.4-inductor',
  notes: ['Peaks are at the clock that 142 W sustains.'],
};
