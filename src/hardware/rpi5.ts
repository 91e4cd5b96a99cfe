import {
  gibibytes,
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
import { LPDDR4, SRAM_1MB_16NM } from './energy-figures.ts';

const BOARD = 'Raspberry Pi documentation, BCM2712 with four Cortex-A76 (recalled)';

export const device: Device = {
  id: 'rpi5',
  aliases: ['pi5', 'raspberry-pi-5'],
  name: 'Raspberry Pi 5',
  vendor: 'Raspberry Pi',
  status: 'product',
  year: 2023,
  process: figure(nanometres(16), `${BOARD}: 16 nm`, 'high'),
  geometry: {
    kind: 'simd-cpu',
    clusters: [
      {
        name: 'Cortex-A76',
        cores: 4,
        clock: figure(gigahertz(2.4), `${BOARD}: 2.4 GHz, sustained with the active cooler`, 'high'),
        operationsPerCycle: { fp32: 16, fp16: 32, int8: 64 },
      },
    ],
    lanes: figure(4, 'NEON: 128 bits', 'high'),
  },
  matrixPeaks: {
    fp32: figure(teraoperationsPerSecond(0.1536), 'derived: 4 x 2.4 GHz x 16 FLOP (two 128-bit FMA)', 'high'),
    fp16: figure(teraoperationsPerSecond(0.3072), 'derived: 4 x 2.4 GHz x 32 FLOP (two FMA of 8 halves)', 'high'),
    int8: figure(
      teraoperationsPerSecond(0.6144),
      'derived: 4 x 2.4 GHz x 64 operations (two dot products of 16)',
      'high',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(0.1536), 'derived: the same SIMD units as the fp32 matrix peak', 'high'),
  onChip: {
    name: 'L3 cache',
    capacity: figure(mebibytes(2), `${BOARD}: shared by four cores`, 'high'),
    perUnit: figure(kibibytes(512), `${BOARD}: L2 of a core`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(77),
      'chosen: 32 B per cycle at 2.4 GHz from the one shared cache (76.8 GB/s); no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_16NM,
  },
  offChip: {
    name: 'LPDDR4X-4267',
    capacity: figure(gibibytes(8), `${BOARD}: a version of 16 GB is newer`, 'high'),
    bandwidth: figure(gigabytesPerSecond(17.1), 'derived: LPDDR4X-4267 x 4 B (17.07)', 'high'),
    energyPerByte: LPDDR4,
  },
  power: {
    modes: [
      {
        name: '12W',
        cap: figure(
          watts(12),
          `${BOARD}: about 12 W at most without peripherals; the board has no power limit but its 25 W supply`,
          'medium',
        ),
      },
    ],
    static: figure(
      watts(7),
      'chosen: whole board with four cores at work, between rest and 12 W; a core at work spends its power per cycle, hardly per operation',
      'low',
    ),
    idle: figure(watts(2.7), 'public measurements of the whole board at rest (recalled)', 'medium'),
    sleep: null,
  },
  energy: {
    perMac: {
      fp32: figure(
        picojoulesPerOperation(13.8),
        'derived: (32 pJ per instruction at 7 nm / 4 lanes + 1.69 pJ fp32 MAC) x 1.42 from 7 to 16 nm; Horowitz 2014 and Jouppi 2021 (recalled)',
        'low',
      ),
      fp16: figure(
        picojoulesPerOperation(6.7),
        'derived: (32 pJ per instruction at 7 nm / 8 lanes + 0.72 pJ fp16 MAC) x 1.42 from 7 to 16 nm; Horowitz 2014 and Jouppi 2021 (recalled)',
        'low',
      ),
      int8: figure(
        picojoulesPerOperation(3),
        'derived: (32 pJ per instruction at 7 nm / 16 products + 0.10 pJ int8 MAC) x 1.42 from 7 to 16 nm; Horowitz 2014 and Jouppi 2021 (recalled)',
        'low',
      ),
    },
    perVectorOperation: figure(
      picojoulesPerOperation(11.9),
      'derived: (32 pJ per instruction at 7 nm / 4 lanes + 0.38 pJ fp32 add) x 1.42 from 7 to 16 nm; Horowitz 2014 and Jouppi 2021 (recalled)',
      'low',
    ),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'tflite-2.7',
  notes: [
    'Power is of the whole board, which is what public measurements state; it has no suspended state that keeps a program.',
    '1.42 is 2.2^(ln(16/7) / ln(45/7)): the 2.2 times that logic improved from 45 to 7 nm, on a line of log energy over log node.',
  ],
};
