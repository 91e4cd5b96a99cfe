import {
  gigabytesPerSecond,
  gigahertz,
  mebibytes,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { CPU_MAC_FP32, CPU_MAC_INT8, CPU_VECTOR_OPERATION, DDR, SRAM_1MB_7NM } from './energy-figures.ts';

const ARK = 'Intel ARK, Core i7-12700K (recalled; clocks and power agree with public reviews of the family)';

export const device: Device = {
  id: 'intel_i7_12700k',
  aliases: ['i7-12700k'],
  name: 'Intel Core i7-12700K',
  vendor: 'Intel',
  status: 'product',
  year: 2021,
  process: figure(nanometres(10), `${ARK}: Intel 7`, 'high'),
  geometry: {
    kind: 'simd-cpu',
    clusters: [
      {
        name: 'P',
        cores: 8,
        clock: figure(
          gigahertz(4.7),
          'chosen: all-core turbo that public reviews report at 190 W (recalled); 3.6 GHz base, 5.0 GHz single core',
          'medium',
        ),
        operationsPerCycle: { fp32: 32, int8: 128 },
      },
      {
        name: 'E',
        cores: 4,
        clock: figure(
          gigahertz(3.6),
          'chosen: all-core turbo that public reviews report at 190 W (recalled); 2.7 GHz base, 3.8 GHz single core',
          'medium',
        ),
        operationsPerCycle: { fp32: 16, int8: 64 },
      },
    ],
    lanes: figure(8, 'AVX2: 256 bits', 'high'),
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(1.4336),
      'derived: 8 x 4.7 GHz x 32 + 4 x 3.6 GHz x 16 FLOP (AVX2, two 256-bit FMA per P-core, one per E-core)',
      'medium',
    ),
    int8: figure(
      teraoperationsPerSecond(5.7344),
      'derived: 8 x 4.7 GHz x 128 + 4 x 3.6 GHz x 64 operations (AVX-VNNI)',
      'medium',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(1.4336), 'derived: the same SIMD units as the fp32 matrix peak', 'medium'),
  onChip: {
    name: 'L3 cache',
    capacity: figure(mebibytes(25), `${ARK}: 25 MB, shared`, 'high'),
    perUnit: figure(mebibytes(1.25), `${ARK}: L2 of a P-core; 2 MiB per four E-cores`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(800),
      'chosen: about 32 B per cycle to each P-core at 4.7 GHz (1203 GB/s), less ring contention; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'DDR5-4800',
    capacity: null,
    bandwidth: figure(gigabytesPerSecond(76.8), 'derived: DDR5-4800 x 8 B x 2 channels', 'high'),
    energyPerByte: DDR,
  },
  power: {
    modes: [
      {
        name: '190W',
        cap: figure(
          watts(190),
          `${ARK}: maximum turbo power, sustained by default on boards for this processor`,
          'high',
        ),
      },
      { name: '125W', cap: figure(watts(125), `${ARK}: processor base power`, 'high') },
    ],
    static: figure(
      watts(80),
      'chosen: between idle and the 125 W base power; a core at work spends its power per cycle, hardly per operation',
      'low',
    ),
    idle: figure(watts(12), 'chosen: package of a desktop processor with cores parked; no published figure', 'low'),
    sleep: figure(watts(1.5), 'chosen: package in its deepest idle state; no published figure', 'low'),
  },
  energy: {
    perMac: { fp32: CPU_MAC_FP32, int8: CPU_MAC_INT8 },
    perVectorOperation: CPU_VECTOR_OPERATION,
  },
  defaultPrecision: 'fp32',
  defaultRuntime: 'pytorch-2.4-inductor',
  notes: [
    'Peaks are at the clocks that 190 W sustains; a board limited to 125 W runs below them.',
    'AVX-512 is disabled. No fp16 or bf16 arithmetic: those precisions run by conversion and are not offered.',
  ],
};
