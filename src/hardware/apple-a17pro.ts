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

const APPLE = 'Apple, A17 Pro: 16-core Neural Engine, 35 T operations a second (recalled)';

export const device: Device = {
  id: 'apple_a17pro',
  aliases: ['a17-pro', 'a17', 'iphone-15-pro'],
  name: 'Apple A17 Pro (Neural Engine)',
  vendor: 'Apple',
  status: 'product',
  year: 2023,
  process: figure(nanometres(3), 'TSMC N3B (recalled)', 'medium'),
  geometry: {
    kind: 'npu',
    engines: figure(16, APPLE, 'high'),
    rows: figure(
      16,
      'chosen: 256 multipliers per engine, as reverse engineering of earlier chips found (recalled)',
      'low',
    ),
    columns: figure(16, 'chosen, see rows', 'low'),
    clock: figure(gigahertz(2.136), 'derived: 17.5 T / (16 x 16 x 16 x 2)', 'low'),
  },
  matrixPeaks: {
    int8: figure(teraoperationsPerSecond(35), `${APPLE}, generally read as int8`, 'medium'),
    fp16: figure(
      teraoperationsPerSecond(17.5),
      'derived: half of int8; Core ML documentation says that int8 activations gain from A17 Pro on (read)',
      'low',
    ),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(1.09),
    'chosen: one activation unit per column, 16 engines x 16 columns x 2 operations x 2.136 GHz',
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
      gigabytesPerSecond(1094),
      'chosen: 16 engines x 32 B, one fp16 operand per row, x 2.136 GHz',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'LPDDR5',
    capacity: figure(gigabytes(8), 'iPhone 15 Pro, press (recalled)', 'medium'),
    bandwidth: figure(gigabytesPerSecond(51.2), 'derived: 64 bits x 6400 MT/s', 'medium'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      {
        name: '8W',
        cap: figure(
          watts(8),
          'chosen: 8.75 TMAC/s x 0.72 pJ = 6.3 W at the fp16 peak, 51 GB/s x 40 pJ/B = 2 W of DRAM: bursts; a telephone sustains about half',
          'low',
        ),
      },
    ],
    static: figure(milliwatts(250), 'chosen: leakage, clocks and the memory controller of the engine', 'low'),
    idle: figure(milliwatts(20), 'chosen: clock-gated, context kept', 'low'),
    sleep: figure(milliwatts(1), 'chosen: power-gated', 'low'),
  },
  energy: {
    perMac: { int8: MAC_7NM.int8, fp16: MAC_7NM.fp16 },
    perVectorOperation: figure(MAC_7NM.fp16.value, 'chosen: as one fp16 multiply-accumulate', 'low'),
  },
  defaultPrecision: 'fp16',
  defaultRuntime: 'coreml-7',
  notes: [
    'The neural engine with its share of DRAM, without the rest of the telephone. CPU and GPU are not part of it.',
    'The quoted 35 T is taken as int8 and fp16 as half of it.',
  ],
};
