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
import { GDDR6X, GPU_MAC_5NM, GPU_VECTOR_OPERATION_5NM, SRAM_1MB_7NM } from './energy-figures.ts';

const DATASHEET = 'NVIDIA Ada white paper (recalled); dense figures';

export const device: Device = {
  id: 'nvidia_rtx4090',
  aliases: ['rtx4090', 'rtx-4090'],
  name: 'NVIDIA GeForce RTX 4090',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2022,
  process: figure(nanometres(5), `${DATASHEET}: TSMC 4N`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(128, DATASHEET, 'high'),
    clock: figure(
      gigahertz(2.52),
      `${DATASHEET}: boost clock; derived: 165.2 T / (128 SM x 512 FLOP per cycle)`,
      'medium',
    ),
    operationsPerCycle: { tf32: 256, fp16: 512, bf16: 512, fp8: 1024, int8: 2048, int4: 4096 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(82.6),
      `${DATASHEET}: 128 SM x 256 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    tf32: figure(
      teraoperationsPerSecond(82.6),
      `${DATASHEET}: half the fp16 rate, 128 SM x 256 operations per cycle x 2.52 GHz`,
      'high',
    ),
    fp16: figure(
      teraoperationsPerSecond(165.2),
      `${DATASHEET}: with fp32 accumulation, 128 SM x 512 operations per cycle x 2.52 GHz`,
      'high',
    ),
    bf16: figure(
      teraoperationsPerSecond(165.2),
      `${DATASHEET}: with fp32 accumulation, 128 SM x 512 operations per cycle x 2.52 GHz`,
      'high',
    ),
    fp8: figure(
      teraoperationsPerSecond(330.3),
      `${DATASHEET}: with fp32 accumulation, 128 SM x 1024 operations per cycle x 2.52 GHz`,
      'high',
    ),
    int8: figure(teraoperationsPerSecond(660.6), `${DATASHEET}: 128 SM x 2048 operations per cycle x 2.52 GHz`, 'high'),
    int4: figure(
      teraoperationsPerSecond(1321.2),
      `${DATASHEET}: 128 SM x 4096 operations per cycle x 2.52 GHz`,
      'high',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(82.6), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(72), DATASHEET, 'high'),
    perUnit: figure(kibibytes(128), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(5000),
      'chosen: about five times the DRAM rate, as public L2 read microbenchmarks find (recalled)',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'GDDR6X',
    capacity: figure(gigabytes(24), DATASHEET, 'high'),
    bandwidth: figure(gigabytesPerSecond(1008), `${DATASHEET}: 384 bits x 21 Gb/s / 8`, 'high'),
    energyPerByte: GDDR6X,
  },
  power: {
    modes: [{ name: '450W', cap: figure(watts(450), `${DATASHEET}: board power`, 'high') }],
    static: figure(
      watts(130),
      'chosen: the share of the board in the 322 W, host included, of MLPerf Inference v3.0 ResNet-50 single stream, where the arithmetic takes 4 W',
      'low',
    ),
    idle: figure(
      watts(22),
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
  defaultPrecision: 'fp16',
  defaultRuntime: 'pytorch-2.9-inductor',
  notes: [
    'fp16 and bf16 are the rates with fp32 accumulation, which PyTorch and cuDNN use; with fp16 accumulation the board reaches 330.3 T.',
    'fp8 also with fp32 accumulation; twice this with fp16 accumulation.',
    'Sparse peaks (twice these) are never used as dense.',
    'One board. Host processor, host memory and cooling are not part of its energy.',
  ],
};
