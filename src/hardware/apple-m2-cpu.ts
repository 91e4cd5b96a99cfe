import {
  gibibytes,
  gigabytesPerSecond,
  gigahertz,
  kibibytes,
  mebibytes,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { LPDDR5, NEON_MAC_7NM, NEON_VECTOR_OPERATION_7NM, SRAM_1MB_7NM } from './energy-figures.ts';

const APPLE = 'Apple newsroom and public reverse engineering of M2 (recalled)';

export const device: Device = {
  id: 'apple_m2_cpu',
  aliases: ['m2-cpu'],
  name: 'Apple M2 (CPU cores)',
  vendor: 'Apple',
  status: 'product',
  year: 2022,
  process: figure(nanometres(5), `${APPLE}: TSMC N5P`, 'high'),
  geometry: {
    kind: 'simd-cpu',
    clusters: [
      {
        name: 'P',
        cores: 4,
        clock: figure(
          gigahertz(3.2),
          'chosen: all-core clock below the 3.49 GHz of one core, as public tools report (recalled)',
          'medium',
        ),
        operationsPerCycle: { fp32: 32, fp16: 64, bf16: 64, int8: 128 },
      },
      {
        name: 'E',
        cores: 4,
        clock: figure(
          gigahertz(2.4),
          'chosen: all-core clock, hardly below the 2.42 GHz of one core (recalled)',
          'medium',
        ),
        operationsPerCycle: { fp32: 16, fp16: 32, bf16: 32, int8: 64 },
      },
    ],
    lanes: figure(4, 'NEON: 128 bits', 'high'),
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(0.5632),
      'derived: 4 x 3.2 GHz x 32 + 4 x 2.4 GHz x 16 FLOP (four 128-bit NEON FMA per P-core, two per E-core)',
      'medium',
    ),
    fp16: figure(
      teraoperationsPerSecond(1.1264),
      'derived: 4 x 3.2 GHz x 64 + 4 x 2.4 GHz x 32 FLOP (NEON FMA of 8 halves)',
      'medium',
    ),
    bf16: figure(
      teraoperationsPerSecond(1.1264),
      'derived: 4 x 3.2 GHz x 64 + 4 x 2.4 GHz x 32 FLOP (NEON dot products of 8)',
      'medium',
    ),
    int8: figure(
      teraoperationsPerSecond(2.2528),
      'derived: 4 x 3.2 GHz x 128 + 4 x 2.4 GHz x 64 operations (NEON dot products of 16)',
      'medium',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(0.5632), 'derived: the same SIMD units as the fp32 matrix peak', 'medium'),
  onChip: {
    name: 'L2 cache of the P-cores',
    capacity: figure(
      mebibytes(16),
      `${APPLE}: shared by four P-cores; 4 MiB for the E-cores, 8 MiB of system cache behind both`,
      'medium',
    ),
    perUnit: figure(kibibytes(128), `${APPLE}: L1 data cache of a P-core`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(320),
      'chosen: about 32 B per cycle to each P-core at 3.2 GHz (410 GB/s), less contention; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'LPDDR5-6400',
    capacity: figure(gibibytes(24), `${APPLE}: largest configuration, shared with the GPU`, 'high'),
    bandwidth: figure(gigabytesPerSecond(100), `${APPLE}: 100 GB/s, LPDDR5-6400 x 16 B`, 'high'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      {
        name: '20W',
        cap: figure(
          watts(20),
          'chosen: package power that public reviews report with all CPU cores at work (recalled); Apple states none',
          'medium',
        ),
      },
    ],
    static: figure(
      watts(8),
      'chosen: between idle and half of the package power; a core at work spends its power per cycle, hardly per operation',
      'low',
    ),
    idle: figure(watts(0.5), 'chosen: package with cores parked between inferences; no published figure', 'low'),
    sleep: figure(watts(0.05), 'chosen: package in its deepest idle state; no published figure', 'low'),
  },
  energy: {
    perMac: { fp32: NEON_MAC_7NM.fp32, fp16: NEON_MAC_7NM.fp16, bf16: NEON_MAC_7NM.bf16, int8: NEON_MAC_7NM.int8 },
    perVectorOperation: NEON_VECTOR_OPERATION_7NM,
  },
  defaultPrecision: 'fp32',
  defaultRuntime: 'onnxruntime-1.30',
  notes: [
    'CPU cores only, without their undocumented matrix coprocessor (AMX): software that uses it runs above these peaks.',
    'Energy figures are those of 7 nm, not shrunk further.',
  ],
};
