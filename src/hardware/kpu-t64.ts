import {
  gibibytes,
  gigabytesPerSecond,
  gigahertz,
  kibibytes,
  mebibytes,
  megahertz,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { LPDDR5, MAC_16NM, SRAM_1MB_16NM } from './energy-figures.ts';

const REGISTRY =
  'KPU-T64 entry of a public hardware registry, 2026 (read: 44 int8, 13 bf16 and 7 matrix tiles, 8 GB, 64 GB/s, 16 MB L3; 3 / 6 / 10 W at 850 / 900 / 950 MHz); no silicon exists';

export const device: Device = {
  id: 'kpu_t64',
  aliases: ['kpu-t64'],
  name: 'KPU-T64',
  vendor: 'Stillwater',
  status: 'hypothetical',
  year: 2026,
  process: figure(nanometres(16), REGISTRY, 'low'),
  geometry: {
    kind: 'spatial',
    tiles: figure(64, REGISTRY, 'low'),
    // Tiles of three kinds, of unlike width; counted in tiles of 32 x 32, as many as give the stated peak.
    tilesByPrecision: { int4: 50, int8: 39, bf16: 17 },
    rows: figure(32, 'the name of the registry entry: tiles of 32 x 32 PEs', 'low'),
    columns: figure(32, 'see rows', 'low'),
    clock: figure(gigahertz(0.9), `${REGISTRY}: peaks are quoted in its 6 W mode`, 'low'),
  },
  matrixPeaks: {
    int4: figure(teraoperationsPerSecond(92.16), REGISTRY, 'low'),
    int8: figure(
      teraoperationsPerSecond(71.8848),
      `${REGISTRY}: 44 x 512 + 7 x 8192 = 79,872 operations a cycle, 39 tiles of 32 x 32`,
      'low',
    ),
    bf16: figure(
      teraoperationsPerSecond(31.6224),
      `${REGISTRY}: 35,136 operations a cycle, 17.2 tiles of 32 x 32`,
      'low',
    ),
    fp32: figure(teraoperationsPerSecond(1.5), REGISTRY, 'low'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(0.92),
    'chosen: a vector engine of 8 lanes beside each tile, 64 x 8 x 2 operations x 0.9 GHz, below the fp32 peak',
    'low',
  ),
  onChip: {
    name: 'L3 tiles',
    capacity: figure(mebibytes(16), REGISTRY, 'low'),
    perUnit: figure(kibibytes(256), 'derived: 16 MiB / 64 tiles', 'low'),
    bandwidth: figure(
      gigabytesPerSecond(7373),
      'chosen: 64 tiles x 4 edges x 32 B per cycle at 0.9 GHz, one operand edge fed per PE row or column',
      'low',
    ),
    energyPerByte: SRAM_1MB_16NM,
  },
  offChip: {
    name: 'LPDDR5',
    capacity: figure(gibibytes(8), REGISTRY, 'low'),
    bandwidth: figure(gigabytesPerSecond(64), REGISTRY, 'low'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      { name: '6W', cap: figure(watts(6), REGISTRY, 'low') },
      { name: '10W', cap: figure(watts(10), REGISTRY, 'low'), clock: figure(megahertz(950), REGISTRY, 'low') },
      { name: '3W', cap: figure(watts(3), REGISTRY, 'low'), clock: figure(megahertz(850), REGISTRY, 'low') },
    ],
    static: figure(watts(1), 'chosen: a third of the lowest mode', 'low'),
    idle: figure(watts(0.5), 'chosen: clocks stopped, memory in self-refresh', 'low'),
    sleep: figure(watts(0.05), 'chosen: power-gated, memory off', 'low'),
  },
  energy: {
    perMac: { int4: MAC_16NM.int4, int8: MAC_16NM.int8, bf16: MAC_16NM.bf16, fp32: MAC_16NM.fp32 },
    perVectorOperation: figure(MAC_16NM.fp32.value, 'chosen: as one fp32 multiply-accumulate', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'kpu-static',
  notes: [
    'Hypothetical: generation of 2026 (T64, T256, T768); the profiles of 2025 (T2, T100) differ by 2 to 9 times.',
    '36 TMAC/s x 0.163 pJ = 5.9 W, and 1 W of static power: its 6 W mode cannot sustain the peak that it is quoted for.',
    'The peaks are those of the 900 MHz of the 6 W mode; the others have a clock of their own.',
  ],
};
