import {
  gigabytes,
  gigabytesPerSecond,
  kibibytes,
  mebibytes,
  megahertz,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { HBM2E, MAC_7NM, MAC_INT4_7NM, SRAM_1MB_7NM } from './energy-figures.ts';

const PROFILE =
  'KPU-T100 profile of 2025-10 (64 tiles; int8 100, bf16 50, fp32 10, int4 200 T; 1 TB/s HBM, 16 GB; 256 KB per tile, 8 MB L2; 6 / 12 / 24 W); no silicon exists';

export const device: Device = {
  id: 'kpu_t100',
  aliases: ['kpu-t100'],
  name: 'KPU-T100',
  vendor: 'Stillwater',
  status: 'hypothetical',
  year: 2025,
  process: figure(nanometres(7), 'chosen: the process of the energy figures used', 'low'),
  geometry: {
    kind: 'spatial',
    tiles: figure(64, PROFILE, 'low'),
    rows: figure(32, 'chosen: 64 tiles x 32 x 32 PEs x 2 x 763 MHz = 100 TOPS, to meet the stated peak', 'low'),
    columns: figure(32, 'chosen, see rows', 'low'),
    clock: figure(megahertz(763), 'chosen, see rows', 'low'),
  },
  matrixPeaks: {
    int4: figure(teraoperationsPerSecond(200), PROFILE, 'low'),
    int8: figure(teraoperationsPerSecond(100), PROFILE, 'low'),
    bf16: figure(teraoperationsPerSecond(50), PROFILE, 'low'),
    fp32: figure(teraoperationsPerSecond(10), PROFILE, 'low'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(3.125),
    'chosen: a vector engine as wide as a tile column, 64 tiles x 32 lanes x 2 operations x 763 MHz',
    'low',
  ),
  onChip: {
    name: 'L2 and L3 tiles',
    capacity: figure(mebibytes(8), PROFILE, 'low'),
    perUnit: figure(kibibytes(256), PROFILE, 'low'),
    bandwidth: figure(
      gigabytesPerSecond(6250),
      'chosen: 64 tiles x 4 edges x 32 B per cycle at 763 MHz, one operand edge fed per PE row or column',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'HBM',
    capacity: figure(gigabytes(16), PROFILE, 'low'),
    bandwidth: figure(gigabytesPerSecond(1000), PROFILE, 'low'),
    energyPerByte: HBM2E,
  },
  power: {
    modes: [
      { name: '24W', cap: figure(watts(24), PROFILE, 'low') },
      { name: '12W', cap: figure(watts(12), PROFILE, 'low') },
      { name: '6W', cap: figure(watts(6), PROFILE, 'low') },
    ],
    static: figure(watts(3), 'chosen: half of the lowest mode', 'low'),
    idle: figure(watts(1.5), 'chosen: clocks stopped, HBM in self-refresh', 'low'),
    sleep: figure(watts(0.2), 'chosen: power-gated, HBM off', 'low'),
  },
  energy: {
    perMac: { int4: MAC_INT4_7NM, int8: MAC_7NM.int8, bf16: MAC_7NM.bf16, fp32: MAC_7NM.fp32 },
    perVectorOperation: figure(MAC_7NM.fp32.value, 'chosen: as one fp32 multiply-accumulate', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'kpu-static',
  notes: [
    'Hypothetical: profile of 2025-10; later generations (T64, T256, T768) differ by 2 to 9 times.',
    'Streaming 1 TB/s of HBM costs about 34 W, more than any of its power modes allow: memory-heavy work is power-bound.',
  ],
};
