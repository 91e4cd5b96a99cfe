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
  'KPU-T256 entry of a public hardware registry, 2026 (read: 179 int8, 51 bf16 and 26 matrix tiles, 32 GB, 256 GB/s, 64 MB L3; 15 / 30 / 50 W at 1.1 / 1.4 / 1.65 GHz); no silicon exists';

export const device: Device = {
  id: 'kpu_t256',
  aliases: ['kpu-t256'],
  name: 'KPU-T256',
  vendor: 'Stillwater',
  status: 'hypothetical',
  year: 2026,
  process: figure(nanometres(16), REGISTRY, 'low'),
  geometry: {
    kind: 'spatial',
    tiles: figure(256, REGISTRY, 'low'),
    // Tiles of three kinds, of unlike width; counted in tiles of 32 x 32, as many as give the stated peak.
    tilesByPrecision: { int4: 194, int8: 149, bf16: 58 },
    rows: figure(32, 'the name of the registry entry: tiles of 32 x 32 PEs', 'low'),
    columns: figure(32, 'see rows', 'low'),
    clock: figure(gigahertz(1.4), `${REGISTRY}: peaks are quoted in its 30 W mode`, 'low'),
  },
  matrixPeaks: {
    int4: figure(teraoperationsPerSecond(554.8032), REGISTRY, 'low'),
    int8: figure(
      teraoperationsPerSecond(426.496),
      `${REGISTRY}: 179 x 512 + 26 x 8192 = 304,640 operations a cycle, 148.8 tiles of 32 x 32`,
      'low',
    ),
    bf16: figure(
      teraoperationsPerSecond(167.3728),
      `${REGISTRY}: 51 x 256 + 26 x 4096 = 119,552 operations a cycle, 58.4 tiles of 32 x 32`,
      'low',
    ),
    fp32: figure(teraoperationsPerSecond(9.1392), REGISTRY, 'low'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(5.73),
    'chosen: a vector engine of 8 lanes beside each tile, 256 x 8 x 2 operations x 1.4 GHz, below the fp32 peak',
    'low',
  ),
  onChip: {
    name: 'L3 tiles',
    capacity: figure(mebibytes(64), REGISTRY, 'low'),
    perUnit: figure(kibibytes(256), 'derived: 64 MiB / 256 tiles', 'low'),
    bandwidth: figure(
      gigabytesPerSecond(45875),
      'chosen: 256 tiles x 4 edges x 32 B per cycle at 1.4 GHz, one operand edge fed per PE row or column',
      'low',
    ),
    energyPerByte: SRAM_1MB_16NM,
  },
  offChip: {
    name: 'LPDDR5',
    capacity: figure(gibibytes(32), REGISTRY, 'low'),
    bandwidth: figure(gigabytesPerSecond(256), REGISTRY, 'low'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      { name: '30W', cap: figure(watts(30), REGISTRY, 'low') },
      { name: '50W', cap: figure(watts(50), REGISTRY, 'low'), clock: figure(megahertz(1650), REGISTRY, 'low') },
      { name: '15W', cap: figure(watts(15), REGISTRY, 'low'), clock: figure(megahertz(1100), REGISTRY, 'low') },
    ],
    static: figure(watts(5), 'chosen: a third of the lowest mode', 'low'),
    idle: figure(watts(2.5), 'chosen: clocks stopped, memory in self-refresh', 'low'),
    sleep: figure(watts(0.2), 'chosen: power-gated, memory off', 'low'),
  },
  energy: {
    perMac: { int4: MAC_16NM.int4, int8: MAC_16NM.int8, bf16: MAC_16NM.bf16, fp32: MAC_16NM.fp32 },
    perVectorOperation: figure(MAC_16NM.fp32.value, 'chosen: as one fp32 multiply-accumulate', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'kpu-static',
  notes: [
    'Hypothetical: generation of 2026 (T64, T256, T768); the profiles of 2025 (T2, T100) differ by 2 to 9 times.',
    '213 TMAC/s x 0.163 pJ = 35 W, and 5 W of static power: its 30 W mode cannot sustain the peak that it is quoted for.',
    'The peaks are those of the 1.4 GHz of the 30 W mode; the others have a clock of their own.',
  ],
};
