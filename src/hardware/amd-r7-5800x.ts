import {
  gigabytesPerSecond,
  gigahertz,
  kibibytes,
  mebibytes,
  nanometres,
  picojoulesPerOperation,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { CPU_MAC_FP32, CPU_VECTOR_OPERATION, DDR, SRAM_1MB_7NM } from './energy-figures.ts';

const AMD = 'AMD product page, Ryzen 7 5800X (recalled)';

export const device: Device = {
  id: 'amd_r7_5800x',
  aliases: ['r7-5800x', 'ryzen7-5800x'],
  name: 'AMD Ryzen 7 5800X',
  vendor: 'AMD',
  status: 'product',
  year: 2020,
  process: figure(nanometres(7), `${AMD}: TSMC 7 nm`, 'high'),
  geometry: {
    kind: 'simd-cpu',
    clusters: [
      {
        name: 'Zen 3',
        cores: 8,
        clock: figure(
          gigahertz(4.4),
          'chosen: all-core clock under heavy vector load that public reviews report at 142 W (recalled); 3.8 GHz base, 4.7 GHz boost',
          'medium',
        ),
        operationsPerCycle: { fp32: 32, int8: 64 },
      },
    ],
    lanes: figure(8, 'AVX2: 256 bits', 'high'),
  },
  matrixPeaks: {
    fp32: figure(teraoperationsPerSecond(1.1264), 'derived: 8 x 4.4 GHz x 32 FLOP (two 256-bit FMA)', 'medium'),
    int8: figure(
      teraoperationsPerSecond(2.2528),
      'derived: 8 x 4.4 GHz x 64 operations (AVX2 without VNNI: two multiply instructions for 32 products, two a cycle)',
      'medium',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(1.1264), 'derived: the same SIMD units as the fp32 matrix peak', 'medium'),
  onChip: {
    name: 'L3 cache',
    capacity: figure(mebibytes(32), `${AMD}: 32 MB, shared`, 'high'),
    perUnit: figure(kibibytes(512), `${AMD}: L2 of a core`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(700),
      'chosen: about 32 B per cycle to each core at 4.4 GHz (1126 GB/s), less contention; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'DDR4-3200',
    capacity: null,
    bandwidth: figure(gigabytesPerSecond(51.2), 'derived: DDR4-3200 x 8 B x 2 channels', 'high'),
    energyPerByte: DDR,
  },
  power: {
    modes: [
      { name: '142W', cap: figure(watts(142), `${AMD}: package power limit (PPT) of the 105 W TDP class`, 'high') },
    ],
    static: figure(
      watts(70),
      'chosen: between idle and half of the 142 W limit; a core at work spends its power per cycle, hardly per operation',
      'low',
    ),
    idle: figure(
      watts(18),
      'chosen: package with cores parked, whose separate I/O die stays on; no published figure',
      'low',
    ),
    sleep: figure(watts(2), 'chosen: package in its deepest idle state; no published figure', 'low'),
  },
  energy: {
    perMac: {
      fp32: CPU_MAC_FP32,
      int8: figure(
        picojoulesPerOperation(3.1),
        'derived: three instructions of 32 pJ for 32 products (multiply, widen, add: no VNNI) + 0.10 pJ int8 MAC; Horowitz 2014 and Jouppi 2021 (recalled)',
        'low',
      ),
    },
    perVectorOperation: CPU_VECTOR_OPERATION,
  },
  defaultPrecision: 'fp32',
  defaultRuntime: 'pytorch-2.4-inductor',
  notes: ['No fp16 or bf16 arithmetic: those precisions run by conversion and are not offered.'],
};
