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

const APPLE = 'Apple newsroom, M2: 16-core Neural Engine, 15.8 T operations a second (recalled)';

export const device: Device = {
  id: 'apple_m2',
  aliases: ['m2', 'apple-m2-ane'],
  name: 'Apple M2 (Neural Engine)',
  vendor: 'Apple',
  status: 'product',
  year: 2022,
  process: figure(nanometres(5), 'TSMC N5P (recalled)', 'medium'),
  geometry: {
    kind: 'npu',
    engines: figure(16, APPLE, 'high'),
    rows: figure(
      16,
      'chosen: 256 multipliers per engine, as reverse engineering of earlier chips found (recalled)',
      'low',
    ),
    columns: figure(16, 'chosen, see rows', 'low'),
    clock: figure(gigahertz(1.93), 'derived: 15.8 T / (16 x 16 x 16 x 2)', 'low'),
  },
  matrixPeaks: {
    int8: figure(
      teraoperationsPerSecond(15.8),
      'derived: int8 at the fp16 rate; quantization saves bandwidth only',
      'low',
    ),
    fp16: figure(teraoperationsPerSecond(15.8), `${APPLE}, generally read as fp16`, 'medium'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(0.99),
    'chosen: one activation unit per column, 16 engines x 16 columns x 2 operations x 1.93 GHz',
    'low',
  ),
  onChip: {
    name: 'system level cache',
    capacity: figure(mebibytes(8), 'press teardowns of the system level cache (recalled)', 'medium'),
    perUnit: figure(
      kibibytes(64),
      'chosen: kernel memory of one engine, as reverse engineering of earlier chips found',
      'low',
    ),
    bandwidth: figure(
      gigabytesPerSecond(988),
      'chosen: 16 engines x 32 B, one fp16 operand per row, x 1.93 GHz',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'LPDDR5',
    capacity: figure(gigabytes(24), 'Apple newsroom: up to 24 GB (recalled)', 'medium'),
    bandwidth: figure(gigabytesPerSecond(100), 'Apple newsroom: 100 GB/s (recalled)', 'high'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      {
        name: '10W',
        cap: figure(
          watts(10),
          'chosen: 7.9 TMAC/s x 0.72 pJ = 5.7 W at the fp16 peak, 100 GB/s x 40 pJ/B = 4 W of DRAM, static 0.3 W',
          'low',
        ),
      },
    ],
    static: figure(milliwatts(300), 'chosen: leakage, clocks and the memory controller of the engine', 'low'),
    idle: figure(milliwatts(30), 'chosen: clock-gated, context kept', 'low'),
    sleep: figure(milliwatts(1), 'chosen: power-gated', 'low'),
  },
  energy: {
    perMac: { int8: figure(MAC_7NM.fp16.value, 'chosen: int8 runs on the fp16 datapath', 'low'), fp16: MAC_7NM.fp16 },
    perVectorOperation: figure(MAC_7NM.fp16.value, 'chosen: as one fp16 multiply-accumulate', 'low'),
  },
  defaultPrecision: 'fp16',
  defaultRuntime: 'coreml-7',
  notes: [
    'The neural engine with its share of DRAM, without the rest of the chip. CPU and GPU are not part of it.',
    'Apple does not say at which precision its figure holds; it is taken as fp16.',
  ],
};
