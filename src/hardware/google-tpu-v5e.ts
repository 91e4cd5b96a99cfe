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

const CLOUD = 'Google Cloud documentation, TPU v5e (read: 197 T bf16, 393 T int8, 16 GB, 819 GB/s)';
const UNPUBLISHED = 'Google publishes no power figure for TPU v5e';

export const device: Device = {
  id: 'google_tpu_v5e',
  aliases: ['tpu-v5e'],
  name: 'Google TPU v5e',
  vendor: 'Google',
  status: 'product',
  year: 2023,
  process: figure(nanometres(7), 'chosen: not published; the process of the energy figures used', 'low'),
  geometry: {
    kind: 'systolic',
    arrays: figure(4, `${CLOUD}: 1 TensorCore with 4 matrix units`, 'high'),
    rows: figure(128, CLOUD, 'high'),
    columns: figure(128, CLOUD, 'high'),
    clock: figure(gigahertz(1.5), 'derived: 197 T / (4 x 128 x 128 x 2)', 'medium'),
  },
  matrixPeaks: {
    bf16: figure(teraoperationsPerSecond(197), `${CLOUD}; 4 x 128 x 128 x 2 x 1.5 GHz = 196.6 T`, 'high'),
    int8: figure(teraoperationsPerSecond(393), CLOUD, 'high'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(6.1),
    'derived: 128 lanes x 8 sublanes x 4 units x 1.5 GHz; "How to Scale Your Model" (2025, recalled)',
    'low',
  ),
  onChip: {
    name: 'VMEM',
    capacity: figure(mebibytes(128), '"How to Scale Your Model" (2025, recalled): 128 MiB of VMEM', 'medium'),
    perUnit: figure(mebibytes(32), 'derived: 128 MiB / 4 matrix units, which share it', 'low'),
    bandwidth: figure(
      gigabytesPerSecond(18_000),
      'derived: 22 x 819 GB/s; "How to Scale Your Model" (2025, recalled) puts VMEM at about 22 times HBM',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'HBM2',
    capacity: figure(gibibytes(16), CLOUD, 'high'),
    bandwidth: figure(gigabytesPerSecond(819), `${CLOUD}; another version of the page says 800 GiB/s`, 'high'),
    energyPerByte: HBM2,
  },
  power: {
    modes: [
      {
        name: '200W',
        cap: figure(
          watts(200),
          `chosen: 60 W static + 98.5 TMAC/s x 0.59 pJ + 819 GB/s x 31 pJ/B + VMEM traffic = 175 W, rounded up; ${UNPUBLISHED}`,
          'low',
        ),
      },
    ],
    static: figure(watts(60), `chosen: two thirds of TPU v4's 90 W for half of its arrays; ${UNPUBLISHED}`, 'low'),
    idle: figure(watts(60), 'chosen: as static, which is what TPU v4 measures', 'low'),
    sleep: null,
  },
  energy: {
    perMac: { bf16: MAC_7NM.bf16, int8: MAC_7NM.int8 },
    perVectorOperation: figure(
      MAC_7NM.bf16.value,
      'chosen: as one bf16 multiply-accumulate; no published figure for the vector unit',
      'low',
    ),
  },
  defaultPrecision: 'bf16',
  defaultRuntime: 'xla',
  notes: ['One chip. Host and interconnect are not part of its energy.', `${UNPUBLISHED}: its power is chosen.`],
};
