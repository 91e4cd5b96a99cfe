import {
  gigaoperationsPerSecond,
  kibibytes,
  mebibytes,
  megabytesPerSecond,
  megahertz,
  microwatts,
  milliwatts,
  nanometres,
  picojoulesPerByte,
  picojoulesPerOperation,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';

const SHEET = 'STM32H7A3 data sheet: Cortex-M7, 280 MHz, 2 MiB flash, 1.4 MB SRAM (recalled)';
const TINY =
  'MLPerf Tiny v1.1, STMicroelectronics (read: ResNet-8 52 ms, 6.31 mJ, 122 mW; visual wake words 29.5 ms, 3.70 mJ, 125 mW)';

export const device: Device = {
  id: 'mcu_stm32h7a3',
  aliases: ['stm32h7a3', 'nucleo-h7a3zi'],
  name: 'STM32H7A3 (Cortex-M7)',
  vendor: 'STMicroelectronics',
  status: 'product',
  year: 2020,
  process: figure(nanometres(40), 'press (recalled)', 'low'),
  geometry: {
    kind: 'mcu',
    cores: figure(1, SHEET, 'high'),
    clock: figure(megahertz(280), SHEET, 'high'),
    operationsPerCycle: { int8: 4 },
  },
  matrixPeaks: {
    int8: figure(
      gigaoperationsPerSecond(1.12),
      'derived: 2 multiply-accumulates of 16 bits in one register (SMLAD) x 2 operations x 280 MHz',
      'high',
    ),
  },
  vectorPeak: figure(
    gigaoperationsPerSecond(0.56),
    'derived: two operations a cycle, dual issue, at 280 MHz',
    'medium',
  ),
  onChip: {
    name: 'SRAM',
    capacity: figure(
      kibibytes(1376),
      'STM32H7A3 data sheet: 1184 KiB of SRAM and 192 KiB tightly coupled (recalled)',
      'high',
    ),
    perUnit: figure(kibibytes(192), 'STM32H7A3 data sheet: tightly coupled memory (recalled)', 'high'),
    bandwidth: figure(megabytesPerSecond(2240), 'derived: 8 B a cycle at 280 MHz', 'medium'),
    energyPerByte: figure(
      picojoulesPerByte(10),
      'chosen: of the order of SRAM at 45 nm (Horowitz 2014), 12.5 pJ/B',
      'low',
    ),
  },
  offChip: {
    name: 'internal flash',
    capacity: figure(mebibytes(2), SHEET, 'high'),
    bandwidth: figure(
      megabytesPerSecond(640),
      'derived: a line of 16 B in 7 cycles, 6 wait states, at 280 MHz',
      'medium',
    ),
    energyPerByte: figure(picojoulesPerByte(30), 'chosen: three times SRAM; no figure of the vendor', 'low'),
  },
  memories: {
    weights: { name: 'flash', capacity: figure(mebibytes(2), SHEET, 'high') },
    activations: {
      name: 'SRAM',
      capacity: figure(
        kibibytes(1376),
        'STM32H7A3 data sheet: 1184 KiB of SRAM and 192 KiB tightly coupled (recalled)',
        'high',
      ),
    },
  },
  power: {
    modes: [
      { name: '0.2W', cap: figure(watts(0.2), 'chosen: 122 to 158 mW were measured (MLPerf Tiny v1.1, read)', 'low') },
    ],
    static: figure(
      milliwatts(89),
      'derived: median of what 7 energies of MLPerf Tiny v1.1 leave for it beside the dynamic part; their boards draw 122 to 158 mW in all',
      'medium',
    ),
    idle: figure(milliwatts(15), 'chosen: core asleep, clocks running', 'low'),
    sleep: figure(
      microwatts(100),
      'derived: stop mode with SRAM kept, about 32 uA at 3.3 V; data sheet (recalled)',
      'low',
    ),
  },
  energy: {
    perMac: {
      int8: figure(
        picojoulesPerOperation(295),
        `derived: (122 mW - 50 mW taken as static in the leanest submission) x 52 ms / 12.5 M multiply-accumulates = 300 pJ, loads included, and 295 pJ for visual wake words; ${TINY}`,
        'medium',
      ),
    },
    perVectorOperation: figure(
      picojoulesPerOperation(148),
      'chosen: half a multiply-accumulate: one instruction without loads',
      'low',
    ),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'cmsis-nn',
  notes: [
    'The chip alone, as the energy monitor of MLPerf Tiny measures it.',
    'The loads of a product issue beside it: the M7 issues two instructions a cycle.',
  ],
};
