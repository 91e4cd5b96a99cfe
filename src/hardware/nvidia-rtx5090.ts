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
import { GDDR7, GPU_MAC_5NM, GPU_VECTOR_OPERATION_5NM, SRAM_1MB_7NM } from './energy-figures.ts';

const DATASHEET = 'NVIDIA RTX Blackwell white paper (recalled); dense figures';

export const device: Device = {
  id: 'nvidia_rtx5090',
  aliases: ['rtx5090', 'rtx-5090'],
  name: 'NVIDIA GeForce RTX 5090',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2025,
  process: figure(nanometres(5), `${DATASHEET}: TSMC 4NP`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(170, DATASHEET, 'medium'),
    clock: figure(
      gigahertz(2.407),
      `${DATASHEET}: boost clock; derived: 209.5 T / (170 SM x 512 FLOP per cycle)`,
      'medium',
    ),
    operationsPerCycle: { tf32: 256, fp16: 512, bf16: 512, fp8: 1024, int8: 2048 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(104.8),
      `${DATASHEET}: 170 SM x 256 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'medium',
    ),
    tf32: figure(
      teraoperationsPerSecond(104.8),
      `${DATASHEET}: half the fp16 rate, 170 SM x 256 operations per cycle x 2.407 GHz`,
      'medium',
    ),
    fp16: figure(
      teraoperationsPerSecond(209.5),
      `${DATASHEET}: with fp32 accumulation, 170 SM x 512 operations per cycle x 2.407 GHz`,
      'medium',
    ),
    bf16: figure(
      teraoperationsPerSecond(209.5),
      `${DATASHEET}: with fp32 accumulation, 170 SM x 512 operations per cycle x 2.407 GHz`,
      'medium',
    ),
    fp8: figure(
      teraoperationsPerSecond(419),
      `${DATASHEET}: with fp32 accumulation, 170 SM x 1024 operations per cycle x 2.407 GHz`,
      'medium',
    ),
    int8: figure(
      teraoperationsPerSecond(838),
      `${DATASHEET}: 170 SM x 2048 operations per cycle x 2.407 GHz`,
      'medium',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(104.8), `${DATASHEET}: fp32 outside the tensor cores`, 'medium'),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(96), `${DATASHEET}: one public file gives 88 MB as usable`, 'medium'),
    perUnit: figure(kibibytes(128), `${DATASHEET}: L1 and shared memory of one SM`, 'medium'),
    bandwidth: figure(
      gigabytesPerSecond(6300),
      'derived: 5000 GB/s chosen for the RTX 4090 x 170 / 128 SM x 2.407 / 2.52 GHz; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'GDDR7',
    capacity: figure(gigabytes(32), DATASHEET, 'high'),
    bandwidth: figure(gigabytesPerSecond(1792), `${DATASHEET}: 512 bits x 28 Gb/s / 8`, 'high'),
    energyPerByte: GDDR7,
  },
  power: {
    modes: [{ name: '575W', cap: figure(watts(575), `${DATASHEET}: board power`, 'high') }],
    static: figure(
      watts(150),
      'chosen: 130 W of the RTX 4090 and a third more multiprocessors, less for the newer memory; no published figure',
      'low',
    ),
    idle: figure(
      watts(30),
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
    },
    perVectorOperation: GPU_VECTOR_OPERATION_5NM,
  },
  defaultPrecision: 'fp16',
  defaultRuntime: 'pytorch-2.9-inductor',
  notes: [
    'fp16 and bf16 are the rates with fp32 accumulation, which PyTorch and cuDNN use; with fp16 accumulation the board reaches 419 T.',
    'fp8 also with fp32 accumulation; twice this with fp16 accumulation.',
    'Sparse peaks (twice these) are never used as dense.',
    'The tensor cores of this generation have fp4 instead of int4; Assay has no fp4.',
    'One board. Host processor, host memory and cooling are not part of its energy.',
  ],
};
