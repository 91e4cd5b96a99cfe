import {
  gigabytesPerSecond,
  mebibytes,
  megahertz,
  nanometres,
  picojoulesPerOperation,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { PCIE_GEN3, SRAM_1MB_16NM } from './energy-figures.ts';

const HAILO = 'Hailo product page, 26 TOPS, 2.5 W typical (recalled)';
const BENCHMARK =
  'Hailo model zoo, BENCHMARKS (read: ResNet-50 on a Hailo-8, 1328.8 frames a second at 3.19 W on average, 2.40 mJ each)';
const FABRIC =
  'memory, compute and control of the fabric are not published; Hailo community, topic 8017 (read): a network that takes more of them than there is runs in contexts, one after the other';

export const device: Device = {
  id: 'hailo_8',
  aliases: ['hailo8', 'hailo-8-m2'],
  name: 'Hailo-8',
  vendor: 'Hailo',
  status: 'product',
  year: 2021,
  process: figure(nanometres(16), 'press (recalled)', 'medium'),
  geometry: {
    kind: 'npu',
    engines: figure(32, 'chosen: 32 x 32 x 32 x 2 x 400 MHz = 26.2 TOPS, to meet the stated peak', 'low'),
    rows: figure(32, 'chosen, see engines', 'low'),
    columns: figure(32, 'chosen, see engines', 'low'),
    clock: figure(megahertz(400), 'HailoRT prints a core clock of 400 MHz (recalled)', 'medium'),
  },
  matrixPeaks: {
    int8: figure(teraoperationsPerSecond(26), HAILO, 'high'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(0.82),
    'chosen: one activation unit per column, 32 engines x 32 x 2 operations x 400 MHz',
    'low',
  ),
  onChip: {
    name: 'distributed SRAM',
    capacity: figure(
      mebibytes(32),
      'chosen: not published; about 32 MiB estimated, and ResNet-50 (25.5 MB) runs in one context',
      'low',
    ),
    perUnit: figure(mebibytes(1), 'derived: 32 MiB / 32 engines', 'low'),
    bandwidth: figure(gigabytesPerSecond(819), 'chosen: 32 engines x 64 B, in and out, per cycle at 400 MHz', 'low'),
    energyPerByte: SRAM_1MB_16NM,
  },
  offChip: {
    name: 'PCIe Gen3 x4 to the host',
    capacity: null,
    bandwidth: figure(
      gigabytesPerSecond(3.2),
      'derived: 3.94 GB/s of 4 lanes at 8 GT/s x 0.8 for packets and driver',
      'medium',
    ),
    energyPerByte: PCIE_GEN3,
  },
  residentWeights: figure(
    mebibytes(32),
    'chosen: not published; about 32 MiB estimated, and ResNet-50 (25.5 MB) runs in one context',
    'low',
  ),
  fabric: {
    capacity: figure(
      mebibytes(45.2),
      'chosen: with the two figures below, EfficientNet-Lite4, which the model zoo runs at one rate at batches of 1 and 8, takes 46.9 MB, and ViT-Ti/16, which it reloads, 48.0 MB',
      'low',
    ),
    perKernel: figure(mebibytes(0.23), `chosen, see capacity; ${FABRIC}`, 'low'),
    windowRows: figure(5, `chosen, see capacity; ${FABRIC}`, 'low'),
  },
  power: {
    modes: [
      {
        name: '10W',
        cap: figure(
          watts(10),
          'chosen: 13 TMAC/s x 0.35 pJ = 4.6 W at the peak, 1 W static, 3.4 W of SRAM; 2.5 W is typical, 3.19 W was measured',
          'low',
        ),
      },
    ],
    static: figure(watts(1), 'chosen: a third of the 3.19 W measured under load', 'low'),
    idle: figure(watts(0.6), 'chosen: link up, fabric clock-gated', 'low'),
    sleep: figure(watts(0.05), 'chosen: fabric power-gated, link in its low-power state', 'low'),
  },
  energy: {
    perMac: {
      int8: figure(
        picojoulesPerOperation(0.35),
        `derived: (2.40 mJ - 1 W / 1328.8 - 50 MB on chip x 4.2 pJ/B) / 4.09 G multiply-accumulates; ${BENCHMARK}`,
        'medium',
      ),
    },
    perVectorOperation: figure(picojoulesPerOperation(0.35), 'chosen: as one multiply-accumulate', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'hailort-3.33',
  notes: [
    'The module without its host. It has no DRAM: a network whose weights exceed its memory is run in contexts that are loaded over PCIe.',
    'A dataflow fabric: frames that its vendor quotes are pipelined, so their rate is not one over the latency.',
    '4-bit weights save memory; the rate that they reach is not published and no int4 peak is stated.',
  ],
};
