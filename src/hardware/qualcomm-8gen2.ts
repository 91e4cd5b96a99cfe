import {
  gigabytesPerSecond,
  kibibytes,
  mebibytes,
  megahertz,
  milliwatts,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { LPDDR5, MAC_7NM, MAC_INT4_7NM, SRAM_1MB_7NM } from './energy-figures.ts';

const PRESS = 'press and reverse-engineering estimates (recalled): about 26 TOPS int8; Qualcomm publishes none';

export const device: Device = {
  id: 'qualcomm_8gen2',
  aliases: ['snapdragon-8gen2', '8gen2'],
  name: 'Snapdragon 8 Gen 2 (Hexagon)',
  vendor: 'Qualcomm',
  status: 'product',
  year: 2022,
  process: figure(nanometres(4), 'TSMC N4 (recalled)', 'medium'),
  geometry: {
    kind: 'npu',
    engines: figure(16, 'chosen: 16 x 32 x 32 x 2 x 793 MHz = 26 TOPS, to meet the estimated peak', 'low'),
    rows: figure(32, 'chosen: the matrix unit takes tiles of 32 channels (reverse-engineering notes, recalled)', 'low'),
    columns: figure(32, 'chosen, see rows', 'low'),
    clock: figure(megahertz(793), 'chosen, see engines', 'low'),
  },
  matrixPeaks: {
    fp16: figure(teraoperationsPerSecond(13), PRESS, 'low'),
    int8: figure(teraoperationsPerSecond(26), PRESS, 'low'),
    int4: figure(teraoperationsPerSecond(52), PRESS, 'low'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(0.81),
    'chosen: 4 vector units of 1,024 bits, 128 lanes of one byte x 2 operations x 793 MHz',
    'low',
  ),
  onChip: {
    name: 'VTCM',
    capacity: figure(mebibytes(8), 'press and reverse-engineering notes (recalled): about 8 MiB', 'low'),
    perUnit: figure(kibibytes(512), 'derived: 8 MiB / 16, shared by all', 'low'),
    bandwidth: figure(
      gigabytesPerSecond(406),
      'chosen: 4 vector units x 128 B per cycle at 793 MHz; the matrix unit reads over the same banks',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'LPDDR5X',
    capacity: null,
    bandwidth: figure(
      gigabytesPerSecond(67.2),
      'derived: 64 bits x 8,400 MT/s / 8, shared with the whole phone',
      'medium',
    ),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      {
        name: '8W',
        cap: figure(
          watts(8),
          'chosen: fp16 at its peak 4.7 W + LPDDR5X at its rate 2.7 W + 700 mW static, rounded down; not published',
          'low',
        ),
      },
    ],
    static: figure(
      milliwatts(700),
      'chosen: leakage and clocks of the Hexagon and its share of the memory system',
      'low',
    ),
    idle: figure(milliwatts(50), 'chosen: the Hexagon retained, the rest of the phone not counted', 'low'),
    sleep: figure(milliwatts(5), 'chosen: power-gated', 'low'),
  },
  energy: {
    perMac: { fp16: MAC_7NM.fp16, int8: MAC_7NM.int8, int4: MAC_INT4_7NM },
    perVectorOperation: figure(MAC_7NM.fp16.value, 'chosen: as one fp16 multiply-accumulate', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'qnn-2.42',
  notes: [
    'The Hexagon alone: processor, GPU and display of the phone are not part of its energy.',
    'Qualcomm publishes no TOPS: peaks are estimates, and latencies measured on phones are worth more than they are.',
  ],
};
