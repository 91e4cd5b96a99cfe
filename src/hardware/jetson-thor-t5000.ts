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
import { GPU_MAC_5NM, GPU_VECTOR_OPERATION_5NM, LPDDR5, SRAM_1MB_7NM } from './energy-figures.ts';

const DATASHEET =
  'NVIDIA Jetson Thor product page, 2070 sparse fp4 TOPS, and forum (multiprocessors and caches read, the rest recalled)';

export const device: Device = {
  id: 'jetson_thor_t5000',
  aliases: ['thor', 'jetson-thor', 'jetson-agx-thor', 't5000'],
  name: 'NVIDIA Jetson AGX Thor (T5000)',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2025,
  process: figure(nanometres(5), `${DATASHEET}: TSMC 4N class`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(20, DATASHEET, 'medium'),
    clock: figure(gigahertz(1.575), 'derived: 2070 T sparse fp4 / 8 / (20 SM x 8192 FLOP per cycle)', 'medium'),
    operationsPerCycle: { fp16: 8192, bf16: 8192, fp8: 16384, int8: 16384 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(8.06),
      `${DATASHEET}: 20 SM x 256 FLOP per cycle on the vector units; the tensor cores have no fp32`,
      'medium',
    ),
    fp16: figure(teraoperationsPerSecond(258), 'derived: 2070 T sparse fp4 / 8', 'medium'),
    bf16: figure(teraoperationsPerSecond(258), 'derived: 2070 T sparse fp4 / 8', 'medium'),
    fp8: figure(teraoperationsPerSecond(517), 'derived: 2070 T sparse fp4 / 4', 'medium'),
    int8: figure(
      teraoperationsPerSecond(517),
      'derived: 2070 T sparse fp4 / 4; int8 taken to run at the fp8 rate',
      'low',
    ),
  },
  vectorPeak: figure(teraoperationsPerSecond(8.06), `${DATASHEET}: fp32 outside the tensor cores`, 'medium'),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(32), `${DATASHEET}: of the GPU`, 'medium'),
    perUnit: figure(kibibytes(228), `${DATASHEET}: L1 and shared memory of one SM`, 'medium'),
    bandwidth: figure(
      gigabytesPerSecond(1500),
      'chosen: about 48 B per SM and cycle, for an L2 sized as that of a large GPU; no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'LPDDR5X',
    capacity: figure(gigabytes(128), `${DATASHEET}, shared with the CPU`, 'high'),
    bandwidth: figure(gigabytesPerSecond(273), `${DATASHEET}: 256 bits x 8.533 Gb/s / 8 (recalled)`, 'medium'),
    energyPerByte: LPDDR5,
  },
  power: {
    modes: [
      { name: '130W', cap: figure(watts(130), `${DATASHEET}: module power mode`, 'medium') },
      { name: '70W', cap: figure(watts(70), `${DATASHEET}: module power mode (recalled)`, 'medium') },
      { name: '40W', cap: figure(watts(40), `${DATASHEET}: module power mode`, 'medium') },
    ],
    static: figure(watts(30), 'chosen: below the smallest mode, above a module at rest; no published figure', 'low'),
    idle: figure(watts(15), 'chosen: module at rest with its CPU awake; no published figure', 'low'),
    sleep: figure(watts(1), 'chosen: module suspended to RAM; no published figure', 'low'),
  },
  energy: {
    perMac: {
      fp32: GPU_MAC_5NM.fp32,
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
    'GPU only. Peaks follow from the printed 2070 sparse fp4 TOPS: 1035 dense fp4, 517 fp8, 258 fp16. That int8 runs as fast as fp8 is taken from data-centre Blackwell.',
    'No tf32 figure is published, and none is offered.',
    'Power modes lower clocks as well; peaks and bandwidth here are those of the first mode, and the other modes are only caps on the average power.',
  ],
};
