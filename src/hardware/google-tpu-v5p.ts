import {
  gigabytes,
  gigabytesPerSecond,
  gigahertz,
  mebibytes,
  nanometres,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { HBM2E, MAC_7NM, SRAM_1MB_7NM } from './energy-figures.ts';

const CLOUD = 'Google Cloud documentation, TPU v5p (recalled: 459 T bf16, 918 T int8, 95 GB, 2765 GB/s)';
const UNPUBLISHED = 'Google publishes no power figure for TPU v5p';

export const device: Device = {
  id: 'google_tpu_v5p',
  aliases: ['tpu-v5p'],
  name: 'Google TPU v5p',
  vendor: 'Google',
  status: 'product',
  year: 2023,
  process: figure(nanometres(7), 'chosen: not published; the process of the energy figures used', 'low'),
  geometry: {
    kind: 'systolic',
    arrays: figure(8, `${CLOUD}: 2 TensorCores x 4 matrix units`, 'medium'),
    rows: figure(128, CLOUD, 'medium'),
    columns: figure(128, CLOUD, 'medium'),
    clock: figure(gigahertz(1.75), 'derived: 459 T / (8 x 128 x 128 x 2)', 'medium'),
  },
  matrixPeaks: {
    bf16: figure(teraoperationsPerSecond(459), `${CLOUD}; 8 x 128 x 128 x 2 x 1.75 GHz = 458.8 T`, 'medium'),
    int8: figure(teraoperationsPerSecond(918), CLOUD, 'medium'),
  },
  vectorPeak: figure(
    teraoperationsPerSecond(14.3),
    'derived: 2 TensorCores x 128 lanes x 8 sublanes x 4 units x 1.75 GHz; "How to Scale Your Model" (2025, recalled)',
    'low',
  ),
  onChip: {
    name: 'VMEM',
    capacity: figure(mebibytes(128), 'chosen: 64 MiB per TensorCore; not published on the page', 'low'),
    perUnit: figure(mebibytes(16), 'derived: 128 MiB / 8 matrix units', 'low'),
    bandwidth: figure(
      gigabytesPerSecond(60_800),
      'chosen: 22 x 2765 GB/s, the ratio of VMEM to HBM that "How to Scale Your Model" (2025, recalled) gives for TPU v5e',
      'low',
    ),
    energyPerByte: SRAM_1MB_7NM,
  },
  offChip: {
    name: 'HBM2e',
    capacity: figure(gigabytes(95), CLOUD, 'medium'),
    bandwidth: figure(gigabytesPerSecond(2765), CLOUD, 'medium'),
    energyPerByte: HBM2E,
  },
  power: {
    modes: [
      {
        name: '500W',
        cap: figure(
          watts(500),
          `chosen: 150 W static + 230 TMAC/s x 0.59 pJ + 2765 GB/s x 34 pJ/B + VMEM traffic = 485 W, rounded up; ${UNPUBLISHED}`,
          'low',
        ),
      },
    ],
    static: figure(
      watts(150),
      `chosen: TPU v4's 90 W x 459 / 275 T, the arrays being as many and faster; ${UNPUBLISHED}`,
      'low',
    ),
    idle: figure(watts(150), 'chosen: as static, which is what TPU v4 measures', 'low'),
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
  notes: [
    'One chip, both TensorCores used as one. Host and interconnect are not part of its energy.',
    `It has no fp8 arithmetic of its own. ${UNPUBLISHED}: its power is chosen.`,
  ],
};
