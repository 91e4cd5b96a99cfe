import {
  gigabytesPerSecond,
  gigahertz,
  gigaoperationsPerSecond,
  kibibytes,
  microseconds,
  milliwatts,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { LPDDR4, MAC_16NM, SRAM_1MB_16NM } from './energy-figures.ts';

const BRIEF = 'Arm Ethos-U65 product brief: 512 multiply-accumulates a cycle, 1 TOPS at 1 GHz (recalled)';

export const device: Device = {
  id: 'ethos_u65_512',
  aliases: ['ethos-u65', 'u65-512'],
  name: 'Arm Ethos-U65 (512 MAC)',
  vendor: 'Arm',
  status: 'product',
  year: 2021,
  process: figure(nanometres(16), 'chosen: licensed to many processes; that of the energy figures used', 'low'),
  geometry: {
    kind: 'npu',
    engines: figure(
      8,
      'derived: 512 multiply-accumulates a cycle as 8 output positions x 8 input x 8 output channels, twice the Ethos-U55-256',
      'low',
    ),
    rows: figure(8, 'derived: 8 input channels summed, see engines', 'low'),
    columns: figure(8, 'derived: 8 output channels side by side, see engines', 'low'),
    clock: figure(gigahertz(1), BRIEF, 'medium'),
  },
  matrixPeaks: {
    int8: figure(teraoperationsPerSecond(1.024), `${BRIEF}; 8 x 8 x 8 x 2 x 1 GHz`, 'medium'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(0.032),
    'chosen: an output unit of 16 results x 2 operations at 1 GHz',
    'low',
  ),
  onChip: {
    name: 'internal SRAM',
    capacity: figure(kibibytes(384), 'chosen: what the i.MX 93 gives to the NPU', 'low'),
    perUnit: figure(kibibytes(12), 'derived: twice the buffers of an Ethos-U55-256, 96 KiB / 8', 'low'),
    bandwidth: figure(gigabytesPerSecond(16), 'derived: a 128-bit AXI port at 1 GHz', 'medium'),
    energyPerByte: SRAM_1MB_16NM,
  },
  offChip: {
    name: 'LPDDR4X',
    capacity: null,
    bandwidth: figure(gigabytesPerSecond(7.466), 'derived: 16 bits x 3733 MT/s, the memory of an i.MX 93', 'medium'),
    energyPerByte: LPDDR4,
  },
  host: {
    name: '2 x Arm Cortex-A55',
    vectorPeak: figure(
      gigaoperationsPerSecond(27.2),
      'derived: 2 cores x 4 fp32 lanes x 2 operations x 1.7 GHz (i.MX 93, recalled)',
      'low',
    ),
    link: {
      name: 'DRAM',
      bandwidth: figure(gigabytesPerSecond(7.466), 'derived: tensors pass through the DRAM that both share', 'low'),
      transferSeconds: figure(
        microseconds(50),
        'chosen: a driver call, an interrupt and the cleaning of a cache',
        'low',
      ),
    },
    unsupported: ['attention', 'normalization'],
  },
  power: {
    modes: [
      {
        name: '0.75W',
        cap: figure(
          watts(0.75),
          'chosen: 512 GMAC/s x 0.163 pJ = 83 mW, 7.5 GB/s x 56 pJ/B = 418 mW, 16 GB/s x 4.2 pJ/B = 67 mW, static 60 mW',
          'low',
        ),
      },
    ],
    static: figure(milliwatts(60), 'chosen: leakage and clocks of the NPU, its SRAM and the DRAM interface', 'low'),
    idle: figure(milliwatts(20), 'chosen: clock-gated', 'low'),
    sleep: figure(milliwatts(1), 'chosen: power-gated, SRAM off', 'low'),
  },
  energy: {
    perMac: { int8: MAC_16NM.int8 },
    perVectorOperation: figure(MAC_16NM.int8.value, 'chosen: as one multiply-accumulate of 8 bits', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'vela',
  notes: [
    'With the memory of an i.MX 93, which itself has the variant of half the width (0.5 TOPS).',
    'One multiply-accumulate engine; its block of output positions is counted as engines, since they work side by side.',
  ],
};
