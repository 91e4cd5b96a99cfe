import {
  gigabytesPerSecond,
  gigahertz,
  kibibytes,
  mebibytes,
  milliwatts,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { LPDDR5, MAC_7NM, SRAM_1MB_7NM } from './energy-figures.ts';

const PROFILE = 'KPU-T2 profile of 2025-10 (2 TOPS int8, 165 GB/s); no silicon exists';

export const device: Device = {
  id: 'kpu_t2',
  aliases: ['kpu-t2'],
  name: 'KPU-T2',
  vendor: 'Stillwater',
  status: 'hypothetical',
  year: 2025,
  process: figure(nanometres(7), 'chosen: the process of the energy figures used', 'low'),
  geometry: {
    kind: 'spatial',
    tiles: figure(4, 'chosen: 4 tiles x 16 x 16 PEs x 2 x 1.0 GHz = 2.05 TOPS, to meet the stated peak', 'low'),
    rows: figure(16, 'chosen, see tiles', 'low'),
    columns: figure(16, 'chosen, see tiles', 'low'),
    clock: figure(gigahertz(1), 'chosen, see tiles', 'low'),
  },
  matrixPeaks: {
    int8: figure(teraoperationsPerSecond(2.048), `derived: 4 x 16 x 16 x 2 x 1.0 GHz; ${PROFILE}`, 'low'),
    bf16: figure(teraoperationsPerSecond(1.024), 'derived: half of int8, the proportion of KPU-T100', 'low'),
    fp32: figure(teraoperationsPerSecond(0.2048), 'derived: a tenth of int8, the proportion of KPU-T100', 'low'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(0.128),
    'chosen: a vector engine as wide as a tile column, 4 tiles x 16 lanes x 2 operations x 1.0 GHz',
    'low',
  ),
  onChip: {
    name: 'L3 tiles',
    capacity: figure(mebibytes(1), 'chosen: 4 L3 tiles of 256 KiB on the checkerboard', 'low'),
    perUnit: figure(kibibytes(256), 'chosen: the per-tile memory of KPU-T100', 'low'),
    bandwidth: figure(
      gigabytesPerSecond(256),
      'chosen: 4 tiles x 4 edges x 16 B per cycle at 1.0 GHz, one operand edge fed per PE row or column',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'LPDDR5',
    capacity: null,
    bandwidth: figure(gigabytesPerSecond(165), PROFILE, 'low'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      {
        name: '0.9W',
        cap: figure(
          watts(0.9),
          'chosen: 1.02 TMAC/s x 0.1 pJ = 0.1 W, leakage 0.1 W, and about 17 GB/s of LPDDR5 traffic at 40 pJ/B',
          'low',
        ),
      },
    ],
    static: figure(milliwatts(100), 'chosen: leakage and clocks of a sub-watt part', 'low'),
    idle: figure(milliwatts(50), 'chosen: clocks stopped, memory in self-refresh', 'low'),
    sleep: figure(milliwatts(5), 'chosen: power-gated with a wake-up timer', 'low'),
  },
  energy: {
    perMac: { int8: MAC_7NM.int8, bf16: MAC_7NM.bf16, fp32: MAC_7NM.fp32 },
    perVectorOperation: figure(MAC_7NM.fp32.value, 'chosen: as one fp32 multiply-accumulate', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'kpu-static',
  notes: [
    'Hypothetical: profile of 2025-10; later generations (T64, T256, T768) differ by 2 to 9 times.',
    'Reaching 165 GB/s of LPDDR5 would cost about 6.6 W: within a 0.9 W cap the stated bandwidth cannot be sustained.',
  ],
};
