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
import { GDDR6, GPU_MAC_12NM, GPU_VECTOR_OPERATION_12NM, SRAM_1MB_12NM } from './energy-figures.ts';

const DATASHEET = 'NVIDIA T4 datasheet and Turing white paper (recalled; a public catalogue agrees)';

export const device: Device = {
  id: 'nvidia_t4',
  aliases: ['t4'],
  name: 'NVIDIA T4',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2018,
  process: figure(nanometres(12), `${DATASHEET}: TSMC 12 nm FFN`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(40, DATASHEET, 'high'),
    clock: figure(
      gigahertz(1.59),
      `${DATASHEET}: boost clock; derived: 65 T / (40 SM x 1024 FLOP per cycle)`,
      'medium',
    ),
    operationsPerCycle: { fp16: 1024, int8: 2048, int4: 4096 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(8.1),
      `${DATASHEET}: 40 SM x 128 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    fp16: figure(teraoperationsPerSecond(65), `${DATASHEET}: 40 SM x 1024 operations per cycle x 1.59 GHz`, 'high'),
    int8: figure(teraoperationsPerSecond(130), `${DATASHEET}: 40 SM x 2048 operations per cycle x 1.59 GHz`, 'high'),
    int4: figure(teraoperationsPerSecond(260), `${DATASHEET}: 40 SM x 4096 operations per cycle x 1.59 GHz`, 'high'),
  },
  vectorPeak: figure(teraoperationsPerSecond(8.1), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  halfVectorPeak: figure(
    teraoperationsPerSecond(16.2),
    'derived: 128 results of 16 bits per cycle and multiprocessor and 64 of 32, compute capability 7.x, CUDA programming guide (read)',
    'high',
  ),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(4), DATASHEET, 'high'),
    perUnit: figure(kibibytes(96), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(1270),
      'Jia et al. 2019 ("Dissecting the NVIDIA Turing T4 GPU via microbenchmarking"), recalled',
      'low',
    ),
    energyPerByte: SRAM_1MB_12NM,
  },
  offChip: {
    name: 'GDDR6',
    capacity: figure(gigabytes(16), DATASHEET, 'high'),
    bandwidth: figure(gigabytesPerSecond(320), `${DATASHEET}: 256 bits x 10 Gb/s / 8`, 'high'),
    energyPerByte: GDDR6,
  },
  power: {
    modes: [{ name: '70W', cap: figure(watts(70), `${DATASHEET}: board power`, 'high') }],
    static: figure(
      watts(28),
      'chosen: board at full clocks without work, below half of its power; no published figure',
      'low',
    ),
    idle: figure(
      watts(10),
      'chosen: board with clocks down; as public nvidia-smi readings of such boards (recalled)',
      'low',
    ),
    sleep: null,
  },
  energy: {
    perMac: { fp32: GPU_MAC_12NM.fp32, fp16: GPU_MAC_12NM.fp16, int8: GPU_MAC_12NM.int8, int4: GPU_MAC_12NM.int4 },
    perVectorOperation: GPU_VECTOR_OPERATION_12NM,
  },
  defaultPrecision: 'int8',
  defaultRuntime: 'tensorrt-8.6',
  notes: [
    'Peaks are at the boost clock. Under its 70 W limit the board often sustains 0.9-1.2 GHz, 60-75 % of them.',
    'No bf16 and no tf32.',
    'One board. Host processor, host memory and cooling are not part of its energy.',
  ],
};
