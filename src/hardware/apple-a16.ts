import {
  gigabytes,
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

const APPLE = 'Apple, A16 Bionic: 16-core Neural Engine, near 17 T operations a second (recalled)';

export const device: Device = {
  id: 'apple_a16',
  aliases: ['a16', 'a16-bionic', 'iphone-14-pro'],
  name: 'Apple A16 Bionic (Neural Engine)',
  vendor: 'Apple',
  status: 'product',
  year: 2022,
  process: figure(nanometres(4), 'TSMC N4P (recalled)', 'medium'),
  geometry: {
    kind: 'npu',
    engines: figure(16, APPLE, 'high'),
    rows: figure(
      16,
      'chosen: 256 multipliers per engine, as reverse engineering of earlier chips found (recalled)',
      'low',
    ),
    columns: figure(16, 'chosen, see rows', 'low'),
    clock: figure(gigahertz(2.075), 'derived: 17 T / (16 x 16 x 16 x 2)', 'low'),
  },
  matrixPeaks: {
    int8: figure(
      teraoperationsPerSecond(17),
      'derived: int8 at the fp16 rate; quantization saves bandwidth only',
      'low',
    ),
    fp16: figure(teraoperationsPerSecond(17), `${APPLE}, generally read as fp16`, 'medium'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(1.06),
    'chosen: one activation unit per column, 16 engines x 16 columns x 2 operations x 2.075 GHz',
    'low',
  ),
  onChip: {
    name: 'system level cache',
    capacity: figure(mebibytes(24), 'press teardowns of the system level cache (recalled)', 'medium'),
    perUnit: figure(
      kibibytes(64),
      'chosen: kernel memory of one engine, as reverse engineering of earlier chips found',
      'low',
    ),
    bandwidth: figure(
      gigabytesPerSecond(1062),
      'chosen: 16 engines x 32 B, one fp16 operand per row, x 2.075 GHz',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'LPDDR5',
    capacity: figure(gigabytes(6), 'iPhone 14 Pro, press (recalled)', 'medium'),
    bandwidth: figure(gigabytesPerSecond(51.2), 'derived: 64 bits x 6400 MT/s', 'medium'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      {
        name: '8W',
        cap: figure(
          watts(8),
          'chosen: 8.5 TMAC/s x 0.72 pJ = 6.1 W at the fp16 peak, 51 GB/s x 40 pJ/B = 2 W of DRAM: bursts; a telephone sustains about half',
          'low',
        ),
      },
    ],
    static: figure(milliwatts(250), 'chosen: leakage, clocks and the memory controller of the engine', 'low'),
    idle: figure(milliwatts(20), 'chosen: clock-gated, context kept', 'low'),
    sleep: figure(milliwatts(1), 'chosen: power-gated', 'low'),
  },
  energy: {
    perMac: { int8: figure(MAC_7NM.fp16.value, 'chosen: int8 runs on the fp16 datapath', 'low'), fp16: MAC_7NM.fp16 },
    perVectorOperation: figure(MAC_7NM.fp16.value, 'chosen: as one fp16 multiply-accumulate', 'low'),
  },
  defaultPrecision: 'fp16',
  defaultRuntime: 'coreml-7',
  notes: [
    'The neural engine with its share of DRAM, without the rest of the telephone. CPU and GPU are not part of it.',
    'Apple does not say at which precision its figure holds; it is taken as fp16.',
  ],
};
