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

const SHEET = 'STM32L4R5 data sheet: Cortex-M4, 120 MHz, 2 MiB flash, 640 KiB SRAM (recalled)';
const TINY =
  'MLPerf Tiny v1.1, STMicroelectronics (read: ResNet-8 201 ms, 7.02 mJ, 35 mW; visual wake words 119 ms, 5.62 mJ, 47 mW)';

export const device: Device = {
  id: 'mcu_stm32l4r5',
  aliases: ['stm32l4r5', 'nucleo-l4r5zi'],
  name: 'STM32L4R5 (Cortex-M4)',
  vendor: 'STMicroelectronics',
  status: 'product',
  year: 2017,
  process: figure(nanometres(90), 'press (recalled)', 'low'),
  geometry: {
    kind: 'mcu',
    cores: figure(1, SHEET, 'high'),
    clock: figure(megahertz(120), SHEET, 'high'),
    operationsPerCycle: { int8: 4 },
  },
  matrixPeaks: {
    int8: figure(
      gigaoperationsPerSecond(0.48),
      'derived: 2 multiply-accumulates of 16 bits in one register (SMLAD) x 2 operations x 120 MHz',
      'high',
    ),
  },
  vectorPeak: figure(gigaoperationsPerSecond(0.12), 'derived: one operation a cycle at 120 MHz', 'medium'),
  onChip: {
    name: 'SRAM',
    capacity: figure(kibibytes(640), 'STM32L4R5 data sheet (recalled)', 'high'),
    perUnit: figure(kibibytes(640), 'derived: all of it, there is one core', 'high'),
    bandwidth: figure(megabytesPerSecond(480), 'derived: 4 B a cycle at 120 MHz', 'medium'),
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
      megabytesPerSecond(320),
      'derived: a line of 16 B in 6 cycles, 5 wait states, at 120 MHz',
      'medium',
    ),
    energyPerByte: figure(picojoulesPerByte(30), 'chosen: three times SRAM; no figure of the vendor', 'low'),
  },
  memories: {
    weights: { name: 'flash', capacity: figure(mebibytes(2), SHEET, 'high') },
    activations: { name: 'SRAM', capacity: figure(kibibytes(640), 'STM32L4R5 data sheet (recalled)', 'high') },
  },
  power: {
    modes: [
      {
        name: '0.1W',
        cap: figure(
          watts(0.1),
          'chosen: 78 mW were measured with the linear regulator, 35 mW with the switched one (MLPerf Tiny v1.1, read)',
          'low',
        ),
      },
    ],
    static: figure(
      milliwatts(33),
      'derived: median of what 12 energies of MLPerf Tiny v1.1 leave for it beside the dynamic part; their boards draw 35 to 78 mW in all',
      'medium',
    ),
    idle: figure(milliwatts(5), 'chosen: core asleep, clocks running', 'low'),
    sleep: figure(
      microwatts(10),
      'derived: stop mode with SRAM kept, about 3 uA at 3.3 V; data sheet (recalled)',
      'low',
    ),
  },
  energy: {
    perMac: {
      int8: figure(
        picojoulesPerOperation(330),
        `derived: (35 mW - 15 mW taken as static in the leanest submission) x 201 ms / 12.5 M multiply-accumulates = 322 pJ, loads included, and 500 pJ for visual wake words; ${TINY}`,
        'medium',
      ),
    },
    perVectorOperation: figure(
      picojoulesPerOperation(165),
      'chosen: half a multiply-accumulate: one instruction without loads',
      'low',
    ),
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'cmsis-nn',
  notes: [
    'The chip alone, as the energy monitor of MLPerf Tiny measures it.',
    'With the switched regulator. Through the linear one the same networks cost two and a half times the energy (MLPerf Tiny v1.1).',
  ],
};
