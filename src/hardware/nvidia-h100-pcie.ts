import {
  gigabytes,
  gigabytesPerSecond,
  gigahertz,
  kibibytes,
  mebibytes,
  nanometres,
  picojoulesPerOperation,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { HBM2E, SRAM_1MB_7NM } from './energy-figures.ts';

const DATASHEET =
  'NVIDIA H100 datasheet and architecture white paper (recalled); dense figures, half of the sparse ones printed there';
const BOARD_TENSOR =
  'board-level microbenchmark of a GeForce RTX 3090 (8 nm): 0.22 pJ per FLOP added by the tensor cores, unreviewed';

export const device: Device = {
  id: 'nvidia_h100_pcie',
  aliases: ['h100-pcie', 'h100_pcie'],
  name: 'NVIDIA H100 PCIe 80GB',
  vendor: 'NVIDIA',
  status: 'product',
  year: 2022,
  process: figure(nanometres(5), `${DATASHEET}: TSMC 4N`, 'high'),
  geometry: {
    kind: 'simt-gpu',
    multiprocessors: figure(114, DATASHEET, 'high'),
    clock: figure(gigahertz(1.62), 'derived: 756 T / (114 SM x 4096 FLOP per cycle)', 'medium'),
    operationsPerCycle: { tf32: 2048, fp16: 4096, bf16: 4096, fp8: 8192, int8: 8192 },
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(51.2),
      `${DATASHEET}: 114 SM x 256 FLOP per cycle x 1.755 GHz on the vector units; the tensor cores have no fp32`,
      'high',
    ),
    tf32: figure(teraoperationsPerSecond(378), DATASHEET, 'high'),
    fp16: figure(teraoperationsPerSecond(756), DATASHEET, 'high'),
    bf16: figure(teraoperationsPerSecond(756), DATASHEET, 'high'),
    fp8: figure(teraoperationsPerSecond(1513), DATASHEET, 'high'),
    int8: figure(teraoperationsPerSecond(1513), DATASHEET, 'high'),
  },
  vectorPeak: figure(teraoperationsPerSecond(51.2), `${DATASHEET}: fp32 outside the tensor cores`, 'high'),
  halfVectorPeak: figure(
    teraoperationsPerSecond(102.4),
    'derived: 256 results of 16 bits per cycle and multiprocessor and 128 of 32, compute capability 9.0, CUDA programming guide (recalled)',
    'medium',
  ),
  onChip: {
    name: 'L2 cache',
    capacity: figure(mebibytes(50), DATASHEET, 'high'),
    perUnit: figure(kibibytes(256), `${DATASHEET}: L1 and shared memory of one SM`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(5500),
      'chosen: about 2.7 times the DRAM rate, as public L2 read microbenchmarks of H100 PCIe find (recalled)',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'HBM2e',
    capacity: figure(gigabytes(80), DATASHEET, 'high'),
    bandwidth: figure(gigabytesPerSecond(2039), `${DATASHEET}: 2.0 TB/s`, 'high'),
    energyPerByte: HBM2E,
  },
  power: {
    modes: [{ name: '350W', cap: figure(watts(350), `${DATASHEET}: board power`, 'high') }],
    static: figure(
      watts(95),
      'chosen: between an idle board and the 277 W per board, host included, of MLPerf Inference v3.0 ResNet-50 offline at full rate',
      'low',
    ),
    idle: figure(watts(50), 'chosen: board with clocks down (recalled from public nvidia-smi readings)', 'low'),
    sleep: null,
  },
  energy: {
    perMac: {
      fp32: figure(
        picojoulesPerOperation(1.9),
        'derived: 1.69 pJ fp32 MAC at 7 nm (Jouppi 2021) and operand delivery',
        'low',
      ),
      tf32: figure(picojoulesPerOperation(0.8), `derived: twice the fp16 figure; ${BOARD_TENSOR}`, 'low'),
      fp16: figure(picojoulesPerOperation(0.4), `derived: 0.44 pJ per MAC, one node smaller; ${BOARD_TENSOR}`, 'low'),
      bf16: figure(picojoulesPerOperation(0.4), `derived: 0.44 pJ per MAC, one node smaller; ${BOARD_TENSOR}`, 'low'),
      fp8: figure(picojoulesPerOperation(0.2), `derived: half the fp16 figure; ${BOARD_TENSOR}`, 'low'),
      int8: figure(picojoulesPerOperation(0.2), `derived: half the fp16 figure; ${BOARD_TENSOR}`, 'low'),
    },
    perVectorOperation: figure(
      picojoulesPerOperation(1.2),
      'derived: 0.38 pJ fp32 add at 7 nm (Jouppi 2021) and instruction issue shared by 32 threads',
      'low',
    ),
  },
  defaultPrecision: 'fp16',
  defaultRuntime: 'tensorrt-8.6',
  notes: [
    'One board. Host processor, host memory and cooling are not part of its energy.',
    'Sparse peaks (twice these) are never used as dense.',
  ],
};
