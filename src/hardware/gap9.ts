import {
  gigabytesPerSecond,
  kibibytes,
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

const BRIEF =
  'GreenWaves GAP9 product brief (recalled): 150.8 GOP/s with NE16, 15.6 GOP/s on the cluster, 1.5 MiB of L2, 2 MiB of eMRAM';
const TINY =
  'MLPerf Tiny v1.0, GAP9 at 370 MHz and 0.8 V (recalled): ResNet-8 in 0.62 ms with about 40 uJ, MobileNet v1 0.25 in 1.2 ms with about 58 uJ';

export const device: Device = {
  id: 'gap9',
  aliases: ['greenwaves-gap9'],
  name: 'GreenWaves GAP9',
  vendor: 'GreenWaves',
  status: 'product',
  year: 2022,
  process: figure(nanometres(22), BRIEF, 'medium'),
  geometry: {
    kind: 'npu',
    engines: figure(9, 'derived: 3 x 3 output positions side by side, counted as engines; NE16 (recalled)', 'low'),
    rows: figure(
      18,
      'derived: 16 channels x 3 x 3 products of 8 x 1 bit, so an eighth of 144 in int8; NE16 (recalled)',
      'low',
    ),
    columns: figure(1, 'derived: output channels follow one another; NE16 (recalled)', 'low'),
    clock: figure(
      megahertz(370),
      'system name in MLPerf Tiny (read): 370 MHz at 0.8 V; also 240 MHz at 0.65 V',
      'high',
    ),
  },
  matrixPeaks: {
    int8: figure(
      teraoperationsPerSecond(0.1199),
      `derived: 162 x 2 x 370 MHz; with the cluster this comes near the stated 150.8 GOP/s; ${BRIEF}`,
      'low',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(0.0156), `${BRIEF}: the cluster`, 'medium'),
  onChip: {
    name: 'L2',
    capacity: figure(kibibytes(1536), BRIEF, 'medium'),
    perUnit: figure(
      kibibytes(14),
      'derived: 128 KiB of L1, which all share, / 9 positions; product brief (recalled)',
      'low',
    ),
    bandwidth: figure(gigabytesPerSecond(2.96), 'chosen: 8 B a cycle at 370 MHz between L2 and L1', 'low'),
    energyPerByte: figure(
      picojoulesPerByte(4),
      'chosen: between 1.75 pJ/B at 7 nm and 12.5 pJ/B at 45 nm for 1 MB',
      'low',
    ),
  },
  offChip: {
    name: 'external octo-SPI memory',
    capacity: null,
    bandwidth: figure(gigabytesPerSecond(0.4), 'derived: 8 bits x 200 MHz x 2 edges / 8 (recalled)', 'medium'),
    energyPerByte: figure(picojoulesPerByte(160), 'chosen: as DDR; no figure for serial memories found', 'low'),
  },
  residentWeights: figure(
    kibibytes(1536),
    'chosen: L2, which activations share; eMRAM would keep 2 MiB more through sleep',
    'low',
  ),
  host: {
    name: 'cluster of 9 RISC-V cores',
    vectorPeak: figure(teraoperationsPerSecond(0.0156), `${BRIEF}: the cluster`, 'medium'),
    link: {
      name: 'shared L1',
      bandwidth: figure(gigabytesPerSecond(11.8), 'chosen: 8 cores x 4 B a cycle at 370 MHz', 'low'),
      transferSeconds: figure(microseconds(2), 'chosen: an event and the set-up of NE16, some hundred cycles', 'low'),
    },
    unsupported: ['attention', 'recurrent', 'normalization'],
  },
  power: {
    modes: [{ name: '0.1W', cap: figure(watts(0.1), `chosen: above the about 65 mW of ${TINY}`, 'low') }],
    static: figure(milliwatts(25), `chosen: what leaves 1.8 pJ a multiply-accumulate to ${TINY}`, 'low'),
    idle: figure(milliwatts(5), 'chosen: clocks stopped, L2 kept', 'low'),
    sleep: figure(milliwatts(0.05), 'chosen: deep sleep with some retention', 'low'),
  },
  energy: {
    perMac: {
      int8: figure(
        picojoulesPerOperation(1.8),
        `derived: (40 uJ - 25 mW x 0.62 ms) / 12.5 MMAC = 2.0 pJ, less the traffic in L2; ${TINY}`,
        'low',
      ),
    },
    perVectorOperation: figure(
      picojoulesPerOperation(2.5),
      'chosen: 15.6 GOP/s of the cluster for about 40 mW above static',
      'low',
    ),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'nntool',
  notes: [
    'NE16 is the engine, the cluster its host: what NE16 does not run stays on the chip and in the same L1.',
    'The peak is that of NE16 alone. It also takes weights of 2 to 7 bits, at rates that rise as they narrow.',
  ],
};
