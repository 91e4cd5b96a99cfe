import {
  gigabytesPerSecond,
  gigahertz,
  gigaoperationsPerSecond,
  kibibytes,
  mebibytes,
  microseconds,
  microwatts,
  milliwatts,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { MAC_16NM, OCTAL_SPI, SRAM_1MB_16NM } from './energy-figures.ts';

const BRIEF = 'Arm Ethos-U55 product brief: 256 multiply-accumulates a cycle, 0.5 TOPS at 1 GHz (recalled)';

export const device: Device = {
  id: 'ethos_u55_256',
  aliases: ['ethos-u55', 'u55-256'],
  name: 'Arm Ethos-U55 (256 MAC)',
  vendor: 'Arm',
  status: 'product',
  year: 2020,
  process: figure(nanometres(16), 'chosen: licensed to many processes; that of the energy figures used', 'low'),
  geometry: {
    kind: 'npu',
    engines: figure(
      4,
      'derived: 256 multiply-accumulates a cycle as 2 x 2 output positions x 8 input x 8 output channels, the block that Vela prints (recalled)',
      'low',
    ),
    rows: figure(8, 'derived: 8 input channels summed, see engines', 'low'),
    columns: figure(8, 'derived: 8 output channels side by side, see engines', 'low'),
    clock: figure(gigahertz(1), BRIEF, 'medium'),
  },
  matrixPeaks: {
    int8: figure(teraoperationsPerSecond(0.512), `${BRIEF}; 4 x 8 x 8 x 2 x 1 GHz`, 'medium'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(0.016),
    'chosen: an output unit of 8 results x 2 operations at 1 GHz',
    'low',
  ),
  onChip: {
    name: 'system SRAM',
    capacity: figure(mebibytes(2), 'chosen: 0.5 to 2 MiB are typical of the microcontrollers that have it', 'low'),
    perUnit: figure(kibibytes(12), 'derived: 48 KiB of buffers inside the engine (recalled) / 4', 'low'),
    bandwidth: figure(gigabytesPerSecond(8), 'derived: a 64-bit AXI port at 1 GHz', 'medium'),
    energyPerByte: SRAM_1MB_16NM,
  },
  offChip: {
    name: 'octal flash',
    capacity: null,
    bandwidth: figure(
      gigabytesPerSecond(0.5),
      'chosen: the off-chip flash of the high-end embedded configuration of Vela (recalled)',
      'low',
    ),
    energyPerByte: OCTAL_SPI,
  },
  host: {
    name: 'Arm Cortex-M55',
    vectorPeak: figure(
      gigaoperationsPerSecond(1.6),
      'derived: 2 fp32 lanes of Helium a cycle x 2 operations x 400 MHz (recalled)',
      'low',
    ),
    link: {
      name: 'system SRAM',
      bandwidth: figure(gigabytesPerSecond(3.2), 'derived: a 64-bit port at 400 MHz', 'low'),
      transferSeconds: figure(microseconds(10), 'chosen: an interrupt and the cleaning of a cache', 'low'),
    },
    unsupported: ['attention', 'normalization'],
  },
  power: {
    modes: [
      {
        name: '0.2W',
        cap: figure(
          watts(0.2),
          'chosen: 256 GMAC/s x 0.163 pJ = 42 mW, 8 GB/s x 4.2 pJ/B = 34 mW, 0.5 GB/s x 135 pJ/B = 68 mW, static 8 mW',
          'low',
        ),
      },
    ],
    static: figure(milliwatts(8), 'chosen: leakage and clocks of the NPU and the SRAM beside it', 'low'),
    idle: figure(milliwatts(2), 'chosen: clock-gated', 'low'),
    sleep: figure(microwatts(20), 'chosen: power-gated, SRAM off', 'low'),
  },
  energy: {
    perMac: { int8: MAC_16NM.int8 },
    perVectorOperation: figure(MAC_16NM.int8.value, 'chosen: as one multiply-accumulate of 8 bits', 'low'),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'vela',
  notes: [
    'At the 1 GHz of its brief. Microcontrollers run it at 0.25 to 0.5 GHz: scale clock, peak and SRAM bandwidth in a device file that extends it.',
    'One multiply-accumulate engine; its block of output positions is counted as engines, since they work side by side.',
  ],
};
