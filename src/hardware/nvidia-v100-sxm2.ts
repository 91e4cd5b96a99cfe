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
import {
  GPU_DOT_PRODUCT_INT8_12NM,
  GPU_MAC_12NM,
  GPU_VECTOR_OPERATION_12NM,
  HBM2,
  SRAM_1MB_12NM,
} from './energy-figures.ts';

const DATASHEET = 'NVIDIA V100 datasheet and architecture white paper (recalled)';

export const device: Device = {
  id: 'nvidia_v100_sxm2',
  aliases: ['v100', 'v100-sxm2'],
  name: 'NVIDIA V100 SXM2',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2017,
  process: figure(nanometres(12), `${DATASHEET}: TSMC 12 nm FFN`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(80, DATASHEET, 'high'),
    clock: figure(
      gigahertz(1.53),
      `${DATASHEET}: boost clock; derived: 125 T / (80 SM x 1024 FLOP per cycle)`,
      'medium',
    ),
    operationsPerCycle: { fp16: 1024, int8: 512 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(15.7),
      `${DATASHEET}: 80 SM x 128 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    fp16: figure(teraoperationsPerSecond(125), `${DATASHEET}: 80 SM x 1024 operations per cycle x 1.53 GHz`, 'high'),
    int8: figure(
      teraoperationsPerSecond(62.7),
      'derived: 80 SM x 512 operations per cycle x 1.53 GHz on the vector units (DP4A); the tensor cores have no int8',
      'medium',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(15.7), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  halfVectorPeak: figure(
    teraoperationsPerSecond(31.4),
    'derived: 128 results of 16 bits per cycle and multiprocessor and 64 of 32, compute capability 7.x, CUDA programming guide (read)',
    'high',
  ),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(6), DATASHEET, 'high'),
    perUnit: figure(kibibytes(128), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(2155),
      'Jia et al. 2018 ("Dissecting the NVIDIA Volta GPU architecture via microbenchmarking"), measured on V100, recalled',
      'low',
    ),
    energyPerByte: SRAM_1MB_12NM,
  },
  offChip: {
    name: 'HBM2',
    capacity: figure(gigabytes(32), `${DATASHEET}: also sold with 16 GB`, 'high'),
    bandwidth: figure(gigabytesPerSecond(900), `${DATASHEET}: 4096 bits x 1.75 Gb/s / 8`, 'high'),
    energyPerByte: HBM2,
  },
  power: {
    modes: [{ name: '300W', cap: figure(watts(300), `${DATASHEET}: board power`, 'high') }],
    static: figure(watts(65), 'chosen: between an idle board and a quarter of its power; no published figure', 'low'),
    idle: figure(
      watts(40),
      'chosen: board with clocks down; as public nvidia-smi readings of such boards (recalled)',
      'low',
    ),
    sleep: null,
  },
  energy: {
    perMac: { fp32: GPU_MAC_12NM.fp32, fp16: GPU_MAC_12NM.fp16, int8: GPU_DOT_PRODUCT_INT8_12NM },
    perVectorOperation: GPU_VECTOR_OPERATION_12NM,
  },
  defaultPrecision: 'fp16',
  defaultRuntime: 'tensorrt-8.6',
  notes: [
    'int8 is slower than fp16: the tensor cores of this generation multiply fp16 only.',
    'No bf16 and no tf32.',
    'One board. Host processor, host memory and cooling are not part of its energy.',
  ],
};
