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

const DATASHEET = 'NVIDIA Jetson Orin NX datasheet (recalled); dense figures';
const NVPMODEL = 'NVIDIA power model configuration, nvpmodel_p3767_0000.conf (read)';

export const device: Device = {
  id: 'jetson_orin_nx_16gb',
  aliases: ['orin-nx', 'jetson-orin-nx'],
  name: 'NVIDIA Jetson Orin NX 16GB',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2023,
  process: figure(nanometres(8), `${DATASHEET}: Samsung 8N`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(8, DATASHEET, 'high'),
    clock: figure(gigahertz(0.918), `${DATASHEET}: maximum GPU clock`, 'high'),
    operationsPerCycle: { tf32: 512, fp16: 2048, bf16: 2048, int8: 4096 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(1.88),
      `${DATASHEET}: 8 SM x 256 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    tf32: figure(
      teraoperationsPerSecond(3.76),
      'derived: a quarter of the fp16 rate, 8 SM x 512 operations per cycle x 0.918 GHz; NVIDIA states no tf32 figure for the GPU',
      'low',
    ),
    fp16: figure(
      teraoperationsPerSecond(15),
      'derived: half the int8 rate, 8 SM x 2048 operations per cycle x 0.918 GHz',
      'medium',
    ),
    bf16: figure(
      teraoperationsPerSecond(15),
      'derived: half the int8 rate, 8 SM x 2048 operations per cycle x 0.918 GHz',
      'medium',
    ),
    int8: figure(
      teraoperationsPerSecond(30),
      `${DATASHEET}: half of 60 sparse TOPS; 8 SM x 4096 operations per cycle x 0.918 GHz`,
      'high',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(1.88), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  halfVectorPeak: figure(
    teraoperationsPerSecond(3.76),
    'derived: 256 results of 16 bits per cycle and multiprocessor and 128 of 32, compute capability 8.7, CUDA programming guide (recalled)',
    'medium',
  ),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(2), `${DATASHEET}: of the GPU`, 'high'),
    perUnit: figure(kibibytes(192), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(180),
      'derived: 500 GB/s chosen for AGX Orin x 8 / 16 SM x 0.918 / 1.3 GHz; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'LPDDR5',
    capacity: figure(gibibytes(16), `${DATASHEET}, shared with the CPU`, 'high'),
    bandwidth: figure(gigabytesPerSecond(102.4), `${DATASHEET}: 128 bits x 6.4 Gb/s / 8`, 'high'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      {
        name: 'MAXN',
        cap: figure(watts(25), `${DATASHEET}: what the module may draw; the mode itself caps nothing`, 'high'),
        hostClock: figure(megahertz(1984), `${DATASHEET}: 8 Cortex-A78AE at up to 2 GHz`, 'high'),
      },
      {
        name: '25W',
        cap: figure(watts(25), `${DATASHEET}: module power mode`, 'high'),
        clock: figure(megahertz(408), NVPMODEL, 'high'),
        hostClock: figure(megahertz(1497.6), NVPMODEL, 'high'),
        static: figure(watts(6), 'chosen: between a module at rest and the figure at full clocks', 'low'),
      },
      {
        name: '15W',
        cap: figure(watts(15), `${DATASHEET}: module power mode`, 'high'),
        clock: figure(megahertz(612), NVPMODEL, 'high'),
        units: figure(4, `${NVPMODEL}: 2 of 4 TPC on`, 'high'),
        hostClock: figure(megahertz(1651.2), NVPMODEL, 'high'),
        static: figure(watts(5.5), 'chosen: between a module at rest and the figure at full clocks', 'low'),
      },
      {
        name: '10W',
        cap: figure(watts(10), `${DATASHEET}: module power mode`, 'high'),
        clock: figure(megahertz(612), NVPMODEL, 'high'),
        units: figure(4, `${NVPMODEL}: 2 of 4 TPC on`, 'high'),
        bandwidth: figure(
          gigabytesPerSecond(68.3),
          `derived: ${NVPMODEL}, memory at 2,133 MHz, 2 transfers a clock`,
          'high',
        ),
        hostClock: figure(megahertz(1190.4), NVPMODEL, 'high'),
        static: figure(watts(5), 'chosen: between a module at rest and the figure at full clocks', 'low'),
      },
    ],
    static: figure(watts(7), 'chosen: below the smallest mode, above a module at rest; no published figure', 'low'),
    idle: figure(watts(4.5), 'chosen: module at rest with its CPU awake; no published figure', 'low'),
    sleep: figure(watts(0.3), 'chosen: module suspended to RAM (SC7); no published figure', 'low'),
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
    'GPU only: the figures on the box are sparse and include two deep-learning accelerators (100 = 60 GPU + 40).',
    'Sparse peaks (twice these) are never used as dense.',
    'Modes lower clocks and switch units off; that voltages and with them the energy of an operation fall too is not modelled.',
  ],
};
