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

const DATASHEET = 'NVIDIA RTX PRO 6000 Blackwell Max-Q datasheet (recalled): 110 T fp32, 3511 T sparse fp4';

export const device: Device = {
  id: 'nvidia_rtxpro6000_maxq',
  aliases: ['rtxpro6000-maxq', 'rtx-pro-6000-maxq'],
  name: 'NVIDIA RTX PRO 6000 Blackwell Max-Q',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2025,
  process: figure(nanometres(5), `${DATASHEET}: TSMC 4NP`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(188, DATASHEET, 'medium'),
    clock: figure(gigahertz(2.28), 'derived: 3511 T sparse fp4 / 8 / (188 SM x 1024 FLOP per cycle)', 'medium'),
    operationsPerCycle: { tf32: 512, fp16: 1024, bf16: 1024, fp8: 2048, int8: 2048 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(110),
      `${DATASHEET}: 188 SM x 256 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'medium',
    ),
    tf32: figure(teraoperationsPerSecond(219), 'derived: 3511 T sparse fp4 / 16', 'medium'),
    fp16: figure(teraoperationsPerSecond(439), 'derived: 3511 T sparse fp4 / 8', 'medium'),
    bf16: figure(teraoperationsPerSecond(439), 'derived: 3511 T sparse fp4 / 8', 'medium'),
    fp8: figure(teraoperationsPerSecond(878), 'derived: 3511 T sparse fp4 / 4', 'medium'),
    int8: figure(teraoperationsPerSecond(878), 'derived: 3511 T sparse fp4 / 4', 'medium'),
  },
  vectorPeak: figure(teraoperationsPerSecond(110), `${DATASHEET}: fp32 outside the tensor cores`, 'medium'),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(128), DATASHEET, 'medium'),
    perUnit: figure(kibibytes(128), `${DATASHEET}: L1 and shared memory of one SM`, 'medium'),
    bandwidth: figure(
      gigabytesPerSecond(6600),
      'derived: 5000 GB/s chosen for the RTX 4090 x 188 / 128 SM x 2.28 / 2.52 GHz; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'GDDR7',
    capacity: figure(gigabytes(96), DATASHEET, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(1792),
      `${DATASHEET}: 512 bits x 28 Gb/s / 8; a public benchmark reads 1.6 TB/s`,
      'high',
    ),
    energyPerByte: GDDR7,
  },
  power: {
    modes: [{ name: '300W', cap: figure(watts(300), `${DATASHEET}: board power`, 'high') }],
    static: figure(
      watts(90),
      'chosen: below the 150 W of the RTX 5090 on the same chip, tuned for half of its power; no published figure',
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
    'Full tensor rate with fp32 accumulation, unlike the GeForce boards of the same chip.',
    'Tensor peaks follow from the printed sparse fp4 rate; 116 T fp32 is also listed publicly.',
    'Peaks are at the boost clock, which the 300 W limit does not sustain under heavy matrix work.',
    'The tensor cores of this generation have fp4 instead of int4; Assay has no fp4.',
    'One board. Host processor, host memory and cooling are not part of its energy.',
  ],
};
