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
import { GPU_MAC_7NM, GPU_VECTOR_OPERATION_8NM, HBM2, SRAM_1MB_7NM } from './energy-figures.ts';

const DATASHEET = 'NVIDIA A100 datasheet and architecture white paper (recalled); dense figures';

export const device: Device = {
  id: 'nvidia_a100_sxm_40',
  aliases: ['a100-sxm', 'a100-sxm-40'],
  name: 'NVIDIA A100 SXM4 40GB',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2020,
  process: figure(nanometres(7), `${DATASHEET}: TSMC N7`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(108, DATASHEET, 'high'),
    clock: figure(
      gigahertz(1.41),
      `${DATASHEET}: boost clock; derived: 312 T / (108 SM x 2048 FLOP per cycle)`,
      'medium',
    ),
    operationsPerCycle: { tf32: 1024, fp16: 2048, bf16: 2048, int8: 4096, int4: 8192 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(19.5),
      `${DATASHEET}: 108 SM x 128 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    tf32: figure(teraoperationsPerSecond(156), `${DATASHEET}: 108 SM x 1024 operations per cycle x 1.41 GHz`, 'high'),
    fp16: figure(teraoperationsPerSecond(312), `${DATASHEET}: 108 SM x 2048 operations per cycle x 1.41 GHz`, 'high'),
    bf16: figure(teraoperationsPerSecond(312), `${DATASHEET}: 108 SM x 2048 operations per cycle x 1.41 GHz`, 'high'),
    int8: figure(teraoperationsPerSecond(624), `${DATASHEET}: 108 SM x 4096 operations per cycle x 1.41 GHz`, 'high'),
    int4: figure(teraoperationsPerSecond(1248), `${DATASHEET}: 108 SM x 8192 operations per cycle x 1.41 GHz`, 'high'),
  },
  vectorPeak: figure(teraoperationsPerSecond(19.5), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  halfVectorPeak: figure(teraoperationsPerSecond(78), `${DATASHEET}: fp16 outside the tensor cores`, 'high'),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(40), DATASHEET, 'high'),
    perUnit: figure(kibibytes(192), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(4500),
      'chosen: about 60 % of the 5120 B per cycle of the white paper at 1.41 GHz (7219 GB/s); no measured figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'HBM2',
    capacity: figure(gigabytes(40), DATASHEET, 'high'),
    bandwidth: figure(gigabytesPerSecond(1555), `${DATASHEET}: 5120 bits x 2.43 Gb/s / 8`, 'high'),
    energyPerByte: HBM2,
  },
  power: {
    modes: [{ name: '400W', cap: figure(watts(400), `${DATASHEET}: board power`, 'high') }],
    static: figure(watts(90), 'chosen: as A100 PCIe 80GB, and the larger power stages of the module', 'low'),
    idle: figure(
      watts(45),
      'chosen: board with clocks down; as public nvidia-smi readings of such boards (recalled)',
      'low',
    ),
    sleep: null,
  },
  energy: {
    perMac: {
      fp32: GPU_MAC_7NM.fp32,
      tf32: GPU_MAC_7NM.tf32,
      fp16: GPU_MAC_7NM.fp16,
      bf16: GPU_MAC_7NM.bf16,
      int8: GPU_MAC_7NM.int8,
      int4: GPU_MAC_7NM.int4,
    },
    perVectorOperation: GPU_VECTOR_OPERATION_8NM,
  },
  defaultPrecision: 'fp16',
  defaultRuntime: 'tensorrt-8.6',
  notes: [
    'Sparse peaks (twice these) are never used as dense.',
    'One board. Host processor, host memory and cooling are not part of its energy.',
  ],
};
