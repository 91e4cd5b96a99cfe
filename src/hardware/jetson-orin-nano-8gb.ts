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

const DATASHEET = 'NVIDIA Jetson Orin Nano datasheet (as quoted in public pages); dense figures';
const NVPMODEL = 'NVIDIA power model configuration, nvpmodel_p3767_0003.conf (read)';

export const device: Device = {
  id: 'jetson_orin_nano_8gb',
  aliases: ['orin-nano', 'jetson-orin-nano'],
  name: 'NVIDIA Jetson Orin Nano 8GB',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2023,
  process: figure(nanometres(8), `${DATASHEET}: Samsung 8N`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(8, DATASHEET, 'high'),
    clock: figure(gigahertz(0.625), `${DATASHEET}: maximum GPU clock`, 'high'),
    operationsPerCycle: { tf32: 512, fp16: 2048, bf16: 2048, int8: 4096 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(1.28),
      `${DATASHEET}: 8 SM x 256 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    tf32: figure(
      teraoperationsPerSecond(2.56),
      'derived: a quarter of the fp16 rate, 8 SM x 512 operations per cycle x 0.625 GHz; NVIDIA states no tf32 figure for the GPU',
      'low',
    ),
    fp16: figure(
      teraoperationsPerSecond(10.2),
      'derived: half the int8 rate, 8 SM x 2048 operations per cycle x 0.625 GHz',
      'medium',
    ),
    bf16: figure(
      teraoperationsPerSecond(10.2),
      'derived: half the int8 rate, 8 SM x 2048 operations per cycle x 0.625 GHz',
      'medium',
    ),
    int8: figure(
      teraoperationsPerSecond(20.5),
      `${DATASHEET}: half of 40 sparse TOPS; 8 SM x 4096 operations per cycle x 0.625 GHz`,
      'high',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(1.28), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  halfVectorPeak: figure(
    teraoperationsPerSecond(2.56),
    'derived: 256 results of 16 bits per cycle and multiprocessor and 128 of 32, compute capability 8.7, CUDA programming guide (recalled)',
    'medium',
  ),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(2), `${DATASHEET}: of the GPU`, 'high'),
    perUnit: figure(kibibytes(192), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(125),
      'derived: 500 GB/s chosen for AGX Orin x 8 / 16 SM x 0.625 / 1.3 GHz, rounded up; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'LPDDR5',
    capacity: figure(gibibytes(8), `${DATASHEET}, shared with the CPU`, 'high'),
    bandwidth: figure(gigabytesPerSecond(68), `${DATASHEET}: 128 bits x 4.25 Gb/s / 8`, 'high'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      {
        name: '15W',
        cap: figure(watts(15), `${DATASHEET}: module power mode`, 'high'),
        hostClock: figure(megahertz(1510.4), `${DATASHEET}: 6 Cortex-A78AE at up to 1.5 GHz`, 'high'),
      },
      {
        name: '7W',
        cap: figure(watts(7), `${DATASHEET}: module power mode`, 'high'),
        clock: figure(megahertz(408), NVPMODEL, 'high'),
        units: figure(4, `${NVPMODEL}: 2 of 4 TPC on`, 'high'),
        hostClock: figure(megahertz(960), NVPMODEL, 'high'),
        static: figure(watts(4), 'chosen: between a module at rest and the figure at full clocks', 'low'),
      },
    ],
    static: figure(watts(5), 'chosen: below the smallest mode, above a module at rest; no published figure', 'low'),
    idle: figure(watts(3.5), 'chosen: module at rest with its CPU awake; no published figure', 'low'),
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
    'GPU only: the figures on the box are sparse.',
    'The same module runs faster with newer firmware: see Orin Nano Super.',
    'Sparse peaks (twice these) are never used as dense.',
    'Modes lower clocks and switch units off; that voltages and with them the energy of an operation fall too is not modelled.',
  ],
};
