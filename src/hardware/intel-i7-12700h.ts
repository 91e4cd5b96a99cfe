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

const ARK = 'Intel ARK, Core i7-12700H (recalled; clocks and power agree with public reviews of the family)';

export const device: Device = {
  id: 'intel_i7_12700h',
  aliases: ['i7', 'i7-12700h'],
  name: 'Intel Core i7-12700H',
  vendor: 'Intel',
  status: 'product',
  year: 2022,
  process: figure(nanometres(10), `${ARK}: Intel 7`, 'high'),
  geometry: {
    kind: 'simd-cpu',
    clusters: [
      {
        name: 'P',
        cores: 6,
        clock: figure(
          gigahertz(3.2),
          'chosen: between the base clock of 2.3 GHz and 4.7 GHz of one core, what all cores of a laptop hold near the turbo power',
          'low',
        ),
        operationsPerCycle: { fp32: 32, int8: 128 },
      },
      {
        name: 'E',
        cores: 8,
        clock: figure(gigahertz(2.4), 'chosen: between the base clock of 1.7 GHz and 3.5 GHz, as the P-cores', 'low'),
        operationsPerCycle: { fp32: 16, int8: 64 },
      },
    ],
    lanes: figure(8, 'AVX2: 256 bits', 'high'),
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(0.9216),
      'derived: 6 x 3.2 GHz x 32 + 8 x 2.4 GHz x 16 FLOP (AVX2, two 256-bit FMA per P-core, one per E-core); 1.35 T at maximum turbo on all cores, never sustained',
      'medium',
    ),
    int8: figure(
      teraoperationsPerSecond(3.6864),
      'derived: 6 x 3.2 GHz x 128 + 8 x 2.4 GHz x 64 operations (AVX-VNNI)',
      'medium',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(0.9216), 'derived: the same SIMD units as the fp32 matrix peak', 'medium'),
  onChip: {
    name: 'L3 cache',
    capacity: figure(mebibytes(24), `${ARK}: 24 MB, shared`, 'high'),
    perUnit: figure(mebibytes(1.25), `${ARK}: L2 of a P-core; 2 MiB per four E-cores`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(350),
      'chosen: about 32 B per cycle to each P-core at 2.3 GHz, less ring contention; no published figure',
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
      { name: '115W', cap: figure(watts(115), `${ARK}: maximum turbo power`, 'high') },
      { name: '45W', cap: figure(watts(45), `${ARK}: processor base power`, 'high') },
    ],
    static: figure(
      watts(25),
      'chosen: between idle and the 45 W base power; a core at work spends its power per cycle, hardly per operation',
      'low',
    ),
    idle: figure(watts(5), 'chosen: package of a laptop processor with cores parked; no published figure', 'low'),
    sleep: figure(watts(0.5), 'chosen: package in its deepest idle state; no published figure', 'low'),
  },
  energy: { perMac: { fp32: CPU_MAC_FP32, int8: CPU_MAC_INT8 }, perVectorOperation: CPU_VECTOR_OPERATION },
  defaultPrecision: 'fp32',
  defaultRuntime: 'pytorch-2.4-inductor',
  notes: [
    'Peaks are at clocks that all cores are taken to hold together; what the measured machine held is not known, and the calibrated efficiency absorbs the difference.',
    'No fp16 or bf16 arithmetic: those precisions run by conversion and are not offered.',
  ],
};
