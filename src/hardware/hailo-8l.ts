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

const HAILO = 'Hailo product page, 13 TOPS, 1.5 W typical (recalled)';
const BENCHMARK =
  'Hailo model zoo, BENCHMARKS (read: ResNet-50 on a Hailo-8, 1328.8 frames a second at 3.19 W on average, 2.40 mJ each)';
const FABRIC =
  'memory, compute and control of the fabric are not published; Hailo community, topic 8017 (read): a network that takes more of them than there is runs in contexts, one after the other';

export const device: Device = {
  id: 'hailo_8l',
  aliases: ['hailo8l', 'raspberry-pi-ai-kit'],
  name: 'Hailo-8L',
  vendor: 'Hailo',
  status: 'product',
  year: 2023,
  process: figure(nanometres(16), 'press (recalled)', 'medium'),
  geometry: {
    kind: 'npu',
    engines: figure(16, 'chosen: 16 x 32 x 32 x 2 x 400 MHz = 13.1 TOPS, to meet the stated peak', 'low'),
    rows: figure(32, 'chosen, see engines', 'low'),
    columns: figure(32, 'chosen, see engines', 'low'),
    clock: figure(megahertz(400), 'HailoRT prints a core clock of 400 MHz (recalled)', 'medium'),
  },
  matrixPeaks: {
    int8: figure(teraoperationsPerSecond(13), HAILO, 'high'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(0.41),
    'chosen: one activation unit per column, 16 engines x 32 x 2 operations x 400 MHz',
    'low',
  ),
  onChip: {
    name: 'distributed SRAM',
    capacity: figure(mebibytes(16), 'chosen: not published; half of the Hailo-8 estimate, as its peak is', 'low'),
    perUnit: figure(mebibytes(1), 'derived: 16 MiB / 16 engines', 'low'),
    bandwidth: figure(gigabytesPerSecond(409), 'chosen: 16 engines x 64 B, in and out, per cycle at 400 MHz', 'low'),
    energyPerByte: SRAM_1MB_16NM,
  },
  offChip: {
    name: 'PCIe Gen3 x2 to the host',
    capacity: null,
    bandwidth: figure(
      gigabytesPerSecond(1.6),
      'derived: 1.97 GB/s of 2 lanes at 8 GT/s x 0.8 for packets and driver',
      'medium',
    ),
    energyPerByte: PCIE_GEN3,
  },
  residentWeights: figure(mebibytes(16), 'chosen: not published; half of the Hailo-8 estimate, as its peak is', 'low'),
  fabric: {
    capacity: figure(
      mebibytes(18.2),
      'chosen: with the two figures below, the networks that the model zoo runs at one rate at batches of 1 and 8 (MobileNetV1, V2, ResNet-18) take up to 18.5 MB, those that it reloads (RepVGG-A1, EfficientNet-Lite0 and others) from 19.6 MB',
      'low',
    ),
    perKernel: figure(mebibytes(0.23), `chosen, see capacity; ${FABRIC}`, 'low'),
    windowRows: figure(5, `chosen, see capacity; ${FABRIC}`, 'low'),
  },
  power: {
    modes: [
      {
        name: '5W',
        cap: figure(watts(5), 'chosen: half of the Hailo-8 cap; 1.5 W is typical', 'low'),
      },
    ],
    static: figure(watts(0.6), 'chosen: more than half of the Hailo-8 figure: the link does not shrink', 'low'),
    idle: figure(watts(0.4), 'chosen: link up, fabric clock-gated', 'low'),
    sleep: figure(watts(0.05), 'chosen: fabric power-gated, link in its low-power state', 'low'),
  },
  energy: {
    perMac: {
      int8: figure(
        picojoulesPerOperation(0.35),
        `derived: (2.40 mJ - 1 W / 1328.8 - 50 MB on chip x 4.2 pJ/B) / 4.09 G multiply-accumulates; ${BENCHMARK}`,
        'low',
      ),
    },
    perVectorOperation: figure(picojoulesPerOperation(0.35), 'chosen: as one multiply-accumulate', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'hailort-3.33',
  notes: [
    'The module without its host. It has no DRAM: a network whose weights exceed its memory is run in contexts that are loaded over PCIe.',
    'A dataflow fabric: frames that its vendor quotes are pipelined, so their rate is not one over the latency.',
    'The Raspberry Pi AI Kit connects it over one lane: 0.8 GB/s at Gen3, 0.4 GB/s at Gen2.',
  ],
};
