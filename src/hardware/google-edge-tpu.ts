import {
  gigabytesPerSecond,
  kibibytes,
  mebibytes,
  megahertz,
  microseconds,
  milliwatts,
  nanometres,
  picojoulesPerByte,
  picojoulesPerOperation,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { SRAM_1MB_28NM } from './energy-figures.ts';

const CORAL = 'Coral FAQ and benchmark pages (read: 4 TOPS, 0.5 W per TOPS, about 8 MB of on-chip memory)';

export const device: Device = {
  id: 'google_edge_tpu',
  aliases: ['edge-tpu', 'coral'],
  name: 'Google Edge TPU (Coral USB accelerator)',
  vendor: 'Google',
  status: 'product',
  year: 2019,
  process: figure(nanometres(28), 'chosen: not published; the process of the memory figures used', 'low'),
  geometry: {
    kind: 'npu',
    engines: figure(1, 'chosen: one array, see rows', 'low'),
    rows: figure(64, 'derived: 4 TOPS / 2 / about 0.5 GHz = 4,096 multipliers, as a square of 64', 'low'),
    columns: figure(64, 'derived, see rows', 'low'),
    clock: figure(
      megahertz(488),
      'derived: 4 TOPS / (64 x 64 x 2); the runtime calls its highest clock 500 MHz (recalled)',
      'low',
    ),
  },
  matrixPeaks: {
    int8: figure(teraoperationsPerSecond(4), `${CORAL}; 64 x 64 x 2 x 488 MHz = 4.0 T`, 'high'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(0.25),
    'chosen: 64 lanes x 4 operations x 488 MHz x 2, so that depthwise layers of MobileNet are not what 2.6 ms are spent on',
    'low',
  ),
  onChip: {
    name: 'on-chip SRAM',
    capacity: figure(mebibytes(8), CORAL, 'medium'),
    perUnit: figure(kibibytes(64), 'chosen: what feeds the array; the rest holds parameters and activations', 'low'),
    bandwidth: figure(
      gigabytesPerSecond(62.5),
      'chosen: 64 operands in and 64 results out per cycle at 488 MHz, one byte each',
      'low',
    ),
    energyPerByte: SRAM_1MB_28NM,
  },
  offChip: {
    name: 'USB 3 link to the host',
    capacity: null,
    bandwidth: figure(
      gigabytesPerSecond(0.45),
      'derived: 5 Gb/s x 8/10 of line coding x 0.9 for packets; hosts sustain less, which the efficiency of a calibration holds',
      'medium',
    ),
    energyPerByte: figure(
      picojoulesPerByte(160),
      'chosen: two USB 3 transceivers of about 0.07 W together at 0.45 GB/s; the memory of the host is not counted',
      'low',
    ),
  },
  residentWeights: figure(
    mebibytes(8),
    `${CORAL}; the compiler keeps some of it for activations and reports 6.9 to 7.7 MiB left (recalled)`,
    'medium',
  ),
  host: {
    name: 'Raspberry Pi 4 (4 Cortex-A72)',
    vectorPeak: figure(
      teraoperationsPerSecond(0.0576),
      'derived: 4 cores x 8 operations x 1.8 GHz; chosen as a common host of the accelerator',
      'low',
    ),
    link: {
      name: 'USB 3',
      bandwidth: figure(gigabytesPerSecond(0.45), 'chosen: as off chip', 'low'),
      transferSeconds: figure(microseconds(100), 'chosen: submit and complete one bulk transfer', 'low'),
    },
    unsupported: ['attention', 'normalization'],
  },
  power: {
    modes: [{ name: '2W', cap: figure(watts(2), `${CORAL}: 0.5 W per TOPS at 4 TOPS`, 'high') }],
    static: figure(
      watts(1.3),
      'chosen: most of the 2 W is drawn whatever runs: MobileNet v2 fills a sixteenth of the array',
      'low',
    ),
    idle: figure(milliwatts(500), 'chosen: about 0.1 A at 5 V with the link awake', 'low'),
    sleep: figure(milliwatts(20), 'chosen: USB suspend allows 2.5 mA at 5 V, rounded up', 'low'),
  },
  energy: {
    perMac: {
      int8: figure(
        picojoulesPerOperation(0.34),
        'derived: (2 W - 1.3 W static) / 2.0 TMAC/s at the peak, rounded down; above the 0.2 pJ of the bare datapath',
        'low',
      ),
    },
    perVectorOperation: figure(picojoulesPerOperation(0.34), 'chosen: as one multiply-accumulate', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'edgetpu-compiler',
  notes: [
    'The accelerator alone; what its host draws is not part of its energy.',
    'Weights beyond the on-chip memory cross the USB link on every inference: models above 8 MB are bound by it.',
    'Operators that the compiler does not map run on the host, and so does everything after the first of them.',
  ],
};
