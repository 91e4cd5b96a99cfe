import {
  gigabytesPerSecond,
  gigahertz,
  mebibytes,
  nanometres,
  picojoulesPerOperation,
  teraoperationsPerSecond,
  watts,
} from '../units/quantity.ts';
import { type Device, figure } from './device.ts';
import { DDR, SRAM_1MB_14NM } from './energy-figures.ts';

const ARK = 'Intel ARK, Core i9-10940X (recalled)';

export const device: Device = {
  id: 'intel_i9_10940x',
  aliases: ['i9-10940x', 'i9'],
  name: 'Intel Core i9-10940X',
  vendor: 'Intel',
  status: 'product',
  year: 2019,
  process: figure(nanometres(14), `${ARK}: 14 nm`, 'high'),
  geometry: {
    kind: 'simd-cpu',
    clusters: [
      {
        name: 'Cascade Lake-X',
        cores: 14,
        clock: figure(
          gigahertz(3.3),
          `${ARK}: base clock, taken as what all cores sustain under AVX-512 at 165 W`,
          'medium',
        ),
        operationsPerCycle: { fp32: 64, int8: 256 },
      },
    ],
    lanes: figure(16, 'AVX-512: 512 bits', 'high'),
  },
  matrixPeaks: {
    fp32: figure(
      teraoperationsPerSecond(2.9568),
      'derived: 14 x 3.3 GHz x 64 FLOP (AVX-512, two 512-bit FMA)',
      'medium',
    ),
    int8: figure(teraoperationsPerSecond(11.8272), 'derived: 14 x 3.3 GHz x 256 operations (AVX512-VNNI)', 'medium'),
  },
  vectorPeak: figure(teraoperationsPerSecond(2.9568), 'derived: the same SIMD units as the fp32 matrix peak', 'medium'),
  onChip: {
    name: 'L3 cache',
    capacity: figure(mebibytes(19.25), `${ARK}: 19.25 MB, shared`, 'high'),
    perUnit: figure(mebibytes(1), `${ARK}: L2 of a core`, 'high'),
    bandwidth: figure(
      gigabytesPerSecond(350),
      'chosen: about 8 B per cycle to each core at 3.3 GHz (370 GB/s), as mesh caches of this family reach (recalled); no published figure',
      'low',
    ),
    energyPerByte: SRAM_1MB_14NM,
  },
  offChip: {
    name: 'DDR4-2933',
    capacity: null,
    bandwidth: figure(gigabytesPerSecond(93.9), 'derived: DDR4-2933 x 8 B x 4 channels (93.86)', 'high'),
    energyPerByte: DDR,
  },
  power: {
    modes: [{ name: '165W', cap: figure(watts(165), `${ARK}: TDP`, 'high') }],
    static: figure(
      watts(95),
      'chosen: between idle and the 165 W TDP; a core at work spends its power per cycle, hardly per operation',
      'low',
    ),
    idle: figure(
      watts(30),
      'chosen: package of a 14-core desktop processor, whose mesh stays clocked, with cores parked; no published figure',
      'low',
    ),
    sleep: figure(watts(3), 'chosen: package in its deepest idle state; no published figure', 'low'),
  },
  energy: {
    perMac: {
      fp32: figure(
        picojoulesPerOperation(4.9),
        'derived: (32 pJ per instruction at 7 nm / 16 lanes + 1.69 pJ fp32 MAC) x 1.34 from 7 to 14 nm; Horowitz 2014 and Jouppi 2021 (recalled)',
        'low',
      ),
      int8: figure(
        picojoulesPerOperation(0.8),
        'derived: (32 pJ per instruction at 7 nm / 64 products + 0.10 pJ int8 MAC) x 1.34 from 7 to 14 nm; Horowitz 2014 and Jouppi 2021 (recalled)',
        'low',
      ),
    },
    perVectorOperation: figure(
      picojoulesPerOperation(3.2),
      'derived: (32 pJ per instruction at 7 nm / 16 lanes + 0.38 pJ fp32 add) x 1.34 from 7 to 14 nm; Horowitz 2014 and Jouppi 2021 (recalled)',
      'low',
    ),
  },
  defaultPrecision: 'fp32',
  defaultRuntime: 'pytorch-2.4-inductor',
  notes: [
    'The AVX-512 turbo of all cores lies below the scalar turbo, so the base clock is the honest one.',
    'No fp16 or bf16 arithmetic: those precisions run by conversion and are not offered.',
    '1.34 is 2.2^(ln(14/7) / ln(45/7)): the 2.2 times that logic improved from 45 to 7 nm, on a line of log energy over log node.',
  ],
};
