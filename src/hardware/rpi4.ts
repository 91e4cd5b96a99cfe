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
import { LPDDR4, SRAM_1MB_28NM } from './energy-figures.ts';

const BOARD =
  'Raspberry Pi documentation, BCM2711 with four Cortex-A72 (recalled; core and clock agree with an MLPerf v3.0 system file)';

export const device: Device = {
  id: 'rpi4',
  aliases: ['pi4', 'raspberry-pi-4'],
  name: 'Raspberry Pi 4 Model B',
  vendor: 'Raspberry Pi',
  status: 'product',
  year: 2019,
  process: figure(nanometres(28), `${BOARD}: TSMC 28 nm`, 'high'),
  geometry: {
    kind: 'simd-cpu',
    clusters: [
      {
        name: 'Cortex-A72',
        cores: 4,
        clock: figure(gigahertz(1.8), `${BOARD}: 1.8 GHz since 2021, 1.5 GHz before`, 'high'),
        operationsPerCycle: { fp32: 8, int8: 16 },
      },
    ],
    lanes: figure(4, 'NEON: 128 bits', 'high'),
  },
  matrixPeaks: {
    fp32: figure(teraoperationsPerSecond(0.0576), 'derived: 4 x 1.8 GHz x 8 FLOP (one 128-bit FMA)', 'high'),
    int8: figure(
      teraoperationsPerSecond(0.1152),
      'derived: 4 x 1.8 GHz x 16 operations (8 widening multiply-accumulates; no dot-product instruction)',
      'high',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(0.0576), 'derived: the same SIMD units as the fp32 matrix peak', 'high'),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(1), `${BOARD}: shared by four cores`, 'high'),
    perUnit: figure(kibibytes(32), `${BOARD}: L1 data cache of a core`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(29),
      'chosen: 16 B per cycle at 1.8 GHz from the one shared cache (28.8 GB/s); no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_28NM,
  },
  offChip: {
    name: 'LPDDR4-3200',
    capacity: figure(gibibytes(8), `${BOARD}: largest of the versions sold`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(12.8),
      'derived: LPDDR4-3200 x 4 B; copies reach 4-5 GB/s in public benchmarks',
      'high',
    ),
    energyPerByte: LPDDR4,
  },
  power: {
    modes: [
      {
        name: '7W',
        cap: figure(
          watts(7),
          'chosen: above the 6.5 W of the whole board in MLPerf Inference (TFLite); the board has no power limit but its 15 W supply',
          'medium',
        ),
      },
    ],
    static: figure(
      watts(5),
      'chosen: MLPerf Inference measures 4.8-6.5 W of the whole board at work, and arithmetic explains under 0.3 W',
      'low',
    ),
    idle: figure(watts(2.7), 'public measurements of the whole board at rest (recalled)', 'medium'),
    sleep: null,
  },
  energy: {
    perMac: {
      fp32: figure(
        picojoulesPerOperation(17.5),
        'derived: (32 pJ per instruction at 7 nm / 4 lanes + 1.69 pJ fp32 MAC) x 1.8 from 7 to 28 nm; Horowitz 2014 and Jouppi 2021 (recalled)',
        'low',
      ),
      int8: figure(
        picojoulesPerOperation(7.4),
        'derived: (32 pJ per instruction at 7 nm / 8 products + 0.10 pJ int8 MAC) x 1.8 from 7 to 28 nm; Horowitz 2014 and Jouppi 2021 (recalled)',
        'low',
      ),
    },
    perVectorOperation: figure(
      picojoulesPerOperation(15.1),
      'derived: (32 pJ per instruction at 7 nm / 4 lanes + 0.38 pJ fp32 add) x 1.8 from 7 to 28 nm; Horowitz 2014 and Jouppi 2021 (recalled)',
      'low',
    ),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'tflite-2.7',
  notes: [
    'Power is of the whole board, which is what public measurements state; it has no suspended state.',
    '1.8 is 2.2^(ln(28/7) / ln(45/7)): the 2.2 times that logic improved from 45 to 7 nm, on a line of log energy over log node.',
    'fp16 is a storage format only; it is not offered.',
  ],
};
