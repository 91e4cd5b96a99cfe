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
import { GDDR6X, GPU_MAC_8NM, GPU_VECTOR_OPERATION_8NM, SRAM_1MB_7NM } from './energy-figures.ts';

const DATASHEET = 'NVIDIA GA102 white paper (recalled); dense figures';

export const device: Device = {
  id: 'nvidia_rtx3090',
  aliases: ['rtx3090', 'rtx-3090'],
  name: 'NVIDIA GeForce RTX 3090',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2020,
  process: figure(nanometres(8), `${DATASHEET}: Samsung 8N`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(82, DATASHEET, 'high'),
    clock: figure(
      gigahertz(1.695),
      `${DATASHEET}: boost clock; derived: 71 T / (82 SM x 512 FLOP per cycle)`,
      'medium',
    ),
    operationsPerCycle: { tf32: 256, fp16: 512, bf16: 512, int8: 2048, int4: 4096 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(35.6),
      `${DATASHEET}: 82 SM x 256 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    tf32: figure(
      teraoperationsPerSecond(35.6),
      `${DATASHEET}: half the fp16 rate, 82 SM x 256 operations per cycle x 1.695 GHz`,
      'high',
    ),
    fp16: figure(
      teraoperationsPerSecond(71),
      `${DATASHEET}: with fp32 accumulation, 82 SM x 512 operations per cycle x 1.695 GHz`,
      'high',
    ),
    bf16: figure(
      teraoperationsPerSecond(71),
      `${DATASHEET}: with fp32 accumulation, 82 SM x 512 operations per cycle x 1.695 GHz`,
      'high',
    ),
    int8: figure(teraoperationsPerSecond(284), `${DATASHEET}: 82 SM x 2048 operations per cycle x 1.695 GHz`, 'high'),
    int4: figure(teraoperationsPerSecond(568), `${DATASHEET}: 82 SM x 4096 operations per cycle x 1.695 GHz`, 'high'),
  },
  vectorPeak: figure(teraoperationsPerSecond(35.6), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(6), DATASHEET, 'high'),
    perUnit: figure(kibibytes(128), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(2000),
      'chosen: about twice the DRAM rate, as public L2 read microbenchmarks find (recalled)',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'GDDR6X',
    capacity: figure(gigabytes(24), DATASHEET, 'high'),
    bandwidth: figure(gigabytesPerSecond(936), `${DATASHEET}: 384 bits x 19.5 Gb/s / 8`, 'high'),
    energyPerByte: GDDR6X,
  },
  power: {
    modes: [{ name: '350W', cap: figure(watts(350), `${DATASHEET}: board power`, 'high') }],
    static: figure(
      watts(110),
      'chosen: board at full clocks and full memory clock without work, a third of its power; no published figure',
      'low',
    ),
    idle: figure(
      watts(25),
      'chosen: board with clocks down; as public nvidia-smi readings of such boards (recalled)',
      'low',
    ),
    sleep: null,
  },
  energy: {
    perMac: {
      fp32: GPU_MAC_8NM.fp32,
      tf32: GPU_MAC_8NM.tf32,
      fp16: GPU_MAC_8NM.fp16,
      bf16: GPU_MAC_8NM.bf16,
      int8: GPU_MAC_8NM.int8,
      int4: GPU_MAC_8NM.int4,
    },
    perVectorOperation: GPU_VECTOR_OPERATION_8NM,
  },
  defaultPrecision: 'fp16',
  defaultRuntime: 'pytorch-2.4-eager',
  notes: [
    'fp16 and bf16 are the rates with fp32 accumulation, which PyTorch and cuDNN use; with fp16 accumulation the board reaches 142 T.',
    'Sparse peaks (twice these) are never used as dense.',
    'One board. Host processor, host memory and cooling are not part of its energy.',
  ],
};
