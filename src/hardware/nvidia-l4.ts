import {
  gigabytes,
  gigabytesPerSecond,
  gigahertz,
  kibibytes,
  mebibytes,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { GDDR6, GPU_MAC_5NM, GPU_VECTOR_OPERATION_5NM, SRAM_1MB_7NM } from './energy-figures.ts';

const DATASHEET =
  'NVIDIA L4 datasheet and Ada white paper (recalled); dense figures, half of the sparse ones printed there';

export const device: Device = {
  id: 'nvidia_l4',
  aliases: ['l4'],
  name: 'NVIDIA L4',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2023,
  process: figure(nanometres(5), `${DATASHEET}: TSMC 4N`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(58, DATASHEET, 'high'),
    clock: figure(
      gigahertz(2.04),
      `${DATASHEET}: boost clock; derived: 121 T / (58 SM x 1024 FLOP per cycle)`,
      'medium',
    ),
    operationsPerCycle: { tf32: 512, fp16: 1024, bf16: 1024, fp8: 2048, int8: 2048, int4: 4096 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(30.3),
      `${DATASHEET}: 58 SM x 256 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    tf32: figure(teraoperationsPerSecond(60), `${DATASHEET}: 58 SM x 512 operations per cycle x 2.04 GHz`, 'high'),
    fp16: figure(teraoperationsPerSecond(121), `${DATASHEET}: 58 SM x 1024 operations per cycle x 2.04 GHz`, 'high'),
    bf16: figure(teraoperationsPerSecond(121), `${DATASHEET}: 58 SM x 1024 operations per cycle x 2.04 GHz`, 'high'),
    fp8: figure(teraoperationsPerSecond(242.5), `${DATASHEET}: 58 SM x 2048 operations per cycle x 2.04 GHz`, 'high'),
    int8: figure(teraoperationsPerSecond(242.5), `${DATASHEET}: 58 SM x 2048 operations per cycle x 2.04 GHz`, 'high'),
    int4: figure(teraoperationsPerSecond(485), `${DATASHEET}: 58 SM x 4096 operations per cycle x 2.04 GHz`, 'high'),
  },
  vectorPeak: figure(teraoperationsPerSecond(30.3), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(48), DATASHEET, 'high'),
    perUnit: figure(kibibytes(128), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(1800),
      'derived: 5000 GB/s chosen for the RTX 4090 x 58 / 128 SM x 2.04 / 2.52 GHz; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'GDDR6',
    capacity: figure(gigabytes(24), DATASHEET, 'high'),
    bandwidth: figure(gigabytesPerSecond(300), `${DATASHEET}: 192 bits x 12.5 Gb/s / 8`, 'high'),
    energyPerByte: GDDR6,
  },
  power: {
    modes: [{ name: '72W', cap: figure(watts(72), `${DATASHEET}: board power`, 'high') }],
    static: figure(
      watts(28),
      'chosen: board at full clocks without work, below half of its power; no published figure',
      'low',
    ),
    idle: figure(
      watts(15),
      'chosen: board with clocks down; as public nvidia-smi readings of such boards (recalled)',
      'low',
    ),
    sleep: null,
  },
  energy: {
    perMac: {
      fp32: GPU_MAC_5NM.fp32,
      tf32: GPU_MAC_5NM.tf32,
      fp16: GPU_MAC_5NM.fp16,
      bf16: GPU_MAC_5NM.bf16,
      fp8: GPU_MAC_5NM.fp8,
      int8: GPU_MAC_5NM.int8,
      int4: GPU_MAC_5NM.int4,
    },
    perVectorOperation: GPU_VECTOR_OPERATION_5NM,
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'tensorrt-8.6',
  notes: [
    'Sparse peaks (twice these) are never used as dense.',
    'Peaks are at the boost clock, which the 72 W limit does not sustain under heavy matrix work.',
    'One board. Host processor, host memory and cooling are not part of its energy.',
  ],
};
