import {
  gibibytes,
  gigabytesPerSecond,
  gigahertz,
  kibibytes,
  mebibytes,
  megahertz,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { GPU_MAC_8NM, GPU_VECTOR_OPERATION_8NM, LPDDR5, SRAM_1MB_7NM } from './energy-figures.ts';

const DATASHEET = 'NVIDIA Jetson AGX Orin technical brief and datasheet (as quoted in public pages); dense figures';
const NVPMODEL = 'NVIDIA power model configuration, nvpmodel_p3701_0000.conf (read)';

export const device: Device = {
  id: 'jetson_agx_orin_64gb',
  aliases: ['orin', 'agx-orin', 'jetson-agx-orin'],
  name: 'NVIDIA Jetson AGX Orin 64GB',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2022,
  process: figure(nanometres(8), `${DATASHEET}: Samsung 8N`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(16, DATASHEET, 'high'),
    clock: figure(gigahertz(1.3), `${DATASHEET}: maximum GPU clock`, 'high'),
    operationsPerCycle: { tf32: 512, fp16: 2048, bf16: 2048, int8: 4096 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(5.3),
      `${DATASHEET}: 16 SM x 256 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    tf32: figure(
      teraoperationsPerSecond(10.6),
      'derived: a quarter of the fp16 rate, 16 SM x 512 operations per cycle x 1.3 GHz; NVIDIA states no tf32 figure for the GPU',
      'low',
    ),
    fp16: figure(
      teraoperationsPerSecond(42.5),
      'derived: half the int8 rate, 16 SM x 2048 operations per cycle x 1.3 GHz',
      'medium',
    ),
    bf16: figure(
      teraoperationsPerSecond(42.5),
      'derived: half the int8 rate, 16 SM x 2048 operations per cycle x 1.3 GHz',
      'medium',
    ),
    int8: figure(
      teraoperationsPerSecond(85),
      `${DATASHEET}: half of 170 sparse TOPS; 16 SM x 4096 operations per cycle x 1.3 GHz`,
      'high',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(5.3), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  halfVectorPeak: figure(
    teraoperationsPerSecond(10.6),
    'derived: 256 results of 16 bits per cycle and multiprocessor and 128 of 32, compute capability 8.7, CUDA programming guide (recalled)',
    'medium',
  ),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(4), `${DATASHEET}: of the GPU`, 'high'),
    perUnit: figure(kibibytes(192), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(500),
      'chosen: about 24 B per SM and cycle, as GPUs of this generation reach; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'LPDDR5',
    capacity: figure(gibibytes(64), `${DATASHEET}, shared with the CPU`, 'high'),
    bandwidth: figure(gigabytesPerSecond(204.8), `${DATASHEET}: 256 bits x 6.4 Gb/s / 8`, 'high'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      {
        name: 'MAXN',
        cap: figure(watts(60), `${DATASHEET}: what the module may draw; the mode itself caps nothing`, 'high'),
        hostClock: figure(megahertz(2201.6), `${DATASHEET}: 12 Cortex-A78AE at up to 2.2 GHz`, 'high'),
      },
      {
        name: '50W',
        cap: figure(watts(50), `${DATASHEET}: module power mode`, 'high'),
        clock: figure(megahertz(816), NVPMODEL, 'high'),
        hostClock: figure(megahertz(1497.6), NVPMODEL, 'high'),
        static: figure(watts(15), 'chosen: between 30W and MAXN, as the clocks are', 'low'),
      },
      {
        name: '30W',
        cap: figure(watts(30), `${DATASHEET}: module power mode`, 'high'),
        clock: figure(megahertz(612), NVPMODEL, 'high'),
        units: figure(8, `${NVPMODEL}: 4 of 8 TPC on`, 'high'),
        hostClock: figure(megahertz(1728), NVPMODEL, 'high'),
        static: figure(watts(10.5), 'chosen: between 15W and 50W, as the clocks are', 'low'),
      },
      {
        name: '15W',
        cap: figure(watts(15), `${DATASHEET}: module power mode`, 'high'),
        clock: figure(megahertz(408), NVPMODEL, 'high'),
        units: figure(6, `${NVPMODEL}: 3 of 8 TPC on`, 'high'),
        bandwidth: figure(
          gigabytesPerSecond(136.5),
          `derived: ${NVPMODEL}, memory at 2,133 MHz, 2 transfers a clock`,
          'high',
        ),
        hostClock: figure(megahertz(1113.6), NVPMODEL, 'high'),
        static: figure(
          watts(8),
          'derived: 14.8 W at the wall in MLPerf Inference v3.0 MaxQ, ResNet-50 single-stream with the GPU at 0.62 GHz (read), x 0.9 of a supply - 4 W of the board (chosen) - 1.6 W of arithmetic and traffic',
          'low',
        ),
      },
    ],
    static: figure(
      watts(24),
      'derived: 41.5 W at the wall in MLPerf Inference v3.0, ResNet-50 single-stream in MAXN (read), x 0.9 of a supply - 9 W of the board (chosen) - 4 W of arithmetic and traffic',
      'low',
    ),
    idle: figure(
      watts(7),
      'chosen: module at rest with its CPU awake, below the static power of its lowest mode',
      'low',
    ),
    sleep: figure(watts(0.5), 'chosen: module suspended to RAM (SC7); no published figure', 'low'),
  },
  energy: {
    perMac: {
      fp32: GPU_MAC_8NM.fp32,
      tf32: GPU_MAC_8NM.tf32,
      fp16: GPU_MAC_8NM.fp16,
      bf16: GPU_MAC_8NM.bf16,
      int8: GPU_MAC_8NM.int8,
    },
    perVectorOperation: GPU_VECTOR_OPERATION_8NM,
  },
  defaultPrecision: 'fp16',
  defaultRuntime: 'tensorrt-8.6',
  notes: [
    'GPU only: the figures on the box are sparse and include two deep-learning accelerators (275 = 170 GPU + 105).',
    'MAXN caps nothing below what the module can draw; a new module starts in 30W.',
    'Sparse peaks (twice these) are never used as dense.',
    'Modes lower clocks and switch units off; that voltages and with them the energy of an operation fall too is not modelled.',
  ],
};
