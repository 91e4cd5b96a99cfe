import {
  gibibytes,
  gigabytesPerSecond,
  gigahertz,
  mebibytes,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { HBM2, MAC_7NM, SRAM_1MB_7NM } from './energy-figures.ts';

const CLOUD =
  'Google Cloud documentation, TPU v4 (read: 275 T bf16 or int8, 32 GiB, 1200 GB/s, power 90 / 170 / 192 W)';
const PAPER = 'Jouppi et al. 2023 (ISCA), "TPU v4" (recalled)';

export const device: Device = {
  id: 'google_tpu_v4',
  aliases: ['tpu-v4', 'tpu_v4'],
  name: 'Google TPU v4',
  vendor: 'Google',
  status: 'product',
  year: 2021,
  process: figure(nanometres(7), PAPER, 'high'),
  geometry: {
    kind: 'systolic',
    arrays: figure(8, `${PAPER}: 2 TensorCores x 4 matrix units`, 'high'),
    rows: figure(128, PAPER, 'high'),
    columns: figure(128, PAPER, 'high'),
    clock: figure(gigahertz(1.05), PAPER, 'high'),
  },
  matrixPeaks: {
    bf16: figure(teraoperationsPerSecond(275), `${CLOUD}; 8 x 128 x 128 x 2 x 1.05 GHz = 275.3 T`, 'high'),
    int8: figure(teraoperationsPerSecond(275), `${CLOUD}: int8 at the bf16 rate`, 'high'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(4.3),
    'derived: 2 TensorCores x 128 lanes x 8 sublanes x 2 operations x 1.05 GHz, the vector unit of earlier TPUs (recalled)',
    'low',
  ),
  onChip: {
    name: 'CMEM',
    capacity: figure(mebibytes(128), PAPER, 'medium'),
    perUnit: figure(mebibytes(4), `derived: 16 MiB vector memory per TensorCore / 4 matrix units; ${PAPER}`, 'medium'),
    bandwidth: figure(
      gigabytesPerSecond(2400),
      'chosen: twice the HBM rate; the paper says only that CMEM is faster than HBM',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'HBM2',
    capacity: figure(gibibytes(32), CLOUD, 'high'),
    bandwidth: figure(gigabytesPerSecond(1200), CLOUD, 'high'),
    energyPerByte: HBM2,
  },
  power: {
    modes: [{ name: '192W', cap: figure(watts(192), `${CLOUD}: measured maximum`, 'high') }],
    static: figure(watts(90), `${CLOUD}: measured minimum`, 'high'),
    idle: figure(watts(90), `${CLOUD}: measured minimum`, 'high'),
    sleep: null,
  },
  energy: {
    perMac: { bf16: MAC_7NM.bf16, int8: MAC_7NM.bf16 },
    perVectorOperation: figure(
      MAC_7NM.bf16.value,
      'chosen: as one bf16 multiply-accumulate; no published figure for the vector unit',
      'low',
    ),
  },
  defaultPrecision: 'bf16',
  defaultRuntime: 'xla',
  notes: [
    'One chip, both TensorCores used as one. Host and interconnect are not part of its energy.',
    'int8 runs at the bf16 rate, and its energy per MAC is taken as the bf16 one for want of a figure.',
  ],
};
