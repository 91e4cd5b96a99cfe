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
import { HBM3, MAC_7NM, MAC_INT4_7NM, SRAM_1MB_7NM } from './energy-figures.ts';

const REGISTRY =
  'KPU-T768 entry of a public hardware registry, 2026 (read: 537 int8, 154 bf16 and 77 matrix tiles, 64 GB, 1638 GB/s, 192 MB L3; 30 / 60 / 100 W at 1.1 / 1.2 / 1.35 GHz); no silicon exists';

export const device: Device = {
  id: 'kpu_t768',
  aliases: ['kpu-t768'],
  name: 'KPU-T768',
  vendor: 'Stillwater',
  status: 'hypothetical',
  year: 2026,
  process: figure(nanometres(7), REGISTRY, 'low'),
  geometry: {
    kind: 'spatial',
    tiles: figure(768, REGISTRY, 'low'),
    // Tiles of three kinds, of unlike width; counted in tiles of 32 x 32, as many as give the stated peak.
    tilesByPrecision: { int4: 576, int8: 442, bf16: 173 },
    rows: figure(
      32,
      'chosen: as KPU-T64 and T256; the 16 x 8 PEs of its name would need 3,538 tiles for the stated peak',
      'low',
    ),
    columns: figure(32, 'chosen, see rows', 'low'),
    clock: figure(gigahertz(1.2), `${REGISTRY}: peaks are quoted in its 60 W mode`, 'low'),
  },
  matrixPeaks: {
    int4: figure(teraoperationsPerSecond(1415.5776), REGISTRY, 'low'),
    int8: figure(
      teraoperationsPerSecond(1086.8736),
      `${REGISTRY}: 537 x 512 + 77 x 8192 = 905,728 operations a cycle, 442.3 tiles of 32 x 32`,
      'low',
    ),
    bf16: figure(
      teraoperationsPerSecond(425.7792),
      `${REGISTRY}: 154 x 256 + 77 x 4096 = 354,816 operations a cycle, 173.3 tiles of 32 x 32`,
      'low',
    ),
    fp32: figure(teraoperationsPerSecond(23.6544), REGISTRY, 'low'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(14.7),
    'chosen: a vector engine of 8 lanes beside each tile, 768 x 8 x 2 operations x 1.2 GHz, below the fp32 peak',
    'low',
  ),
  onChip: {
    name: 'L3 tiles',
    capacity: figure(mebibytes(192), REGISTRY, 'low'),
    perUnit: figure(kibibytes(256), 'derived: 192 MiB / 768 tiles', 'low'),
    bandwidth: figure(
      gigabytesPerSecond(117965),
      'chosen: 768 tiles x 4 edges x 32 B per cycle at 1.2 GHz, one operand edge fed per PE row or column',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'HBM3',
    capacity: figure(gibibytes(64), REGISTRY, 'low'),
    bandwidth: figure(gigabytesPerSecond(1638), REGISTRY, 'low'),
    energyPerByte: HBM3,
  },
  power: {
    modes: [
      { name: '60W', cap: figure(watts(60), REGISTRY, 'low') },
      { name: '100W', cap: figure(watts(100), REGISTRY, 'low'), clock: figure(megahertz(1350), REGISTRY, 'low') },
      { name: '30W', cap: figure(watts(30), REGISTRY, 'low'), clock: figure(megahertz(1100), REGISTRY, 'low') },
    ],
    static: figure(watts(10), 'chosen: a third of the lowest mode', 'low'),
    idle: figure(watts(5), 'chosen: clocks stopped, memory in self-refresh', 'low'),
    sleep: figure(watts(0.5), 'chosen: power-gated, memory off', 'low'),
  },
  energy: {
    perMac: { int4: MAC_INT4_7NM, int8: MAC_7NM.int8, bf16: MAC_7NM.bf16, fp32: MAC_7NM.fp32 },
    perVectorOperation: figure(MAC_7NM.fp32.value, 'chosen: as one fp32 multiply-accumulate', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'kpu-static',
  notes: [
    'Hypothetical: generation of 2026 (T64, T256, T768); the profiles of 2025 (T2, T100) differ by 2 to 9 times.',
    '543 TMAC/s x 0.1 pJ = 54 W and 1638 GB/s x 31 pJ/B = 51 W: its 60 W mode cannot sustain both.',
    'The peaks are those of the 1.2 GHz of the 60 W mode; the others have a clock of their own.',
  ],
};
