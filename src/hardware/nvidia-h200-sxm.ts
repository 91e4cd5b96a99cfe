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
import { GPU_MAC_5NM, GPU_VECTOR_OPERATION_5NM, HBM3E, SRAM_1MB_7NM } from './energy-figures.ts';

const DATASHEET =
  'NVIDIA H200 datasheet (recalled; memory and power agree with an MLPerf v4.1 system file); dense figures, half of the sparse ones printed there';

export const device: Device = {
  id: 'nvidia_h200_sxm',
  aliases: ['h200', 'h200-sxm'],
  name: 'NVIDIA H200 SXM 141GB',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2024,
  process: figure(nanometres(5), `${DATASHEET}: TSMC 4N`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(132, DATASHEET, 'high'),
    clock: figure(gigahertz(1.83), 'derived: 989.4 T / (132 SM x 4096 FLOP per cycle)', 'medium'),
    operationsPerCycle: { tf32: 2048, fp16: 4096, bf16: 4096, fp8: 8192, int8: 8192 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(66.9),
      `${DATASHEET}: 132 SM x 256 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    tf32: figure(teraoperationsPerSecond(494.7), `${DATASHEET}: 132 SM x 2048 operations per cycle x 1.83 GHz`, 'high'),
    fp16: figure(teraoperationsPerSecond(989.4), `${DATASHEET}: 132 SM x 4096 operations per cycle x 1.83 GHz`, 'high'),
    bf16: figure(teraoperationsPerSecond(989.4), `${DATASHEET}: 132 SM x 4096 operations per cycle x 1.83 GHz`, 'high'),
    fp8: figure(teraoperationsPerSecond(1978.9), `${DATASHEET}: 132 SM x 8192 operations per cycle x 1.83 GHz`, 'high'),
    int8: figure(
      teraoperationsPerSecond(1978.9),
      `${DATASHEET}: 132 SM x 8192 operations per cycle x 1.83 GHz`,
      'high',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(66.9), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  halfVectorPeak: figure(
    teraoperationsPerSecond(133.8),
    'derived: 256 results of 16 bits per cycle and multiprocessor and 128 of 32, compute capability 9.0, CUDA programming guide (recalled)',
    'medium',
  ),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(50), DATASHEET, 'high'),
    perUnit: figure(kibibytes(256), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(7000),
      'chosen: that of H100 PCIe, 5500 GB/s, x 132 / 114 SM x 1.83 / 1.62 GHz, rounded down; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'HBM3e',
    capacity: figure(gigabytes(141), DATASHEET, 'high'),
    bandwidth: figure(gigabytesPerSecond(4800), `${DATASHEET}: 6144 bits x 6.25 Gb/s / 8, printed as 4.8 TB/s`, 'high'),
    energyPerByte: HBM3E,
  },
  power: {
    modes: [{ name: '700W', cap: figure(watts(700), `${DATASHEET}: board power`, 'high') }],
    static: figure(
      watts(130),
      'chosen: between an idle board and the 619 W per board, host included, of MLPerf Inference v4.1 ResNet-50 offline on H200 (eight boards)',
      'low',
    ),
    idle: figure(
      watts(75),
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
  defaultRuntime: 'tensorrt-8.6',
  notes: [
    'Sparse peaks (twice these) are never used as dense.',
    'The vector units clock higher: 132 SM x 256 FLOP x 1.98 GHz = 66.9 T.',
    'One board. Host processor, host memory and cooling are not part of its energy.',
  ],
};
