/** How each class of machine takes a product: hand-worked cycles, waves and utilization. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATOR_CLASSES } from '../../src/analysis/kernel-kinds.ts';
import { compileWorkload, type Workload } from '../../src/analysis/workload.ts';
import { estimate, roofSeconds } from '../../src/estimate/estimate.ts';
import type { Machine } from '../../src/estimate/machine.ts';
import { sustainedShare } from '../../src/estimate/rates.ts';
import { allocateKernelTimes, evaluateKernels, type KernelTimes } from '../../src/estimate/roofs.ts';
import type { Device } from '../../src/hardware/device.ts';
import { devices } from '../../src/hardware/index.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { type ConvOptions, conv } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput } from '../analysis/graphs.ts';
import { anyCase, describedCase, machineOf, rescale, UNCHANGED } from './arbitraries.ts';

const deviceOf = (id: string): Device => {
  const device = devices.find((candidate) => candidate.id === id);
  if (device === undefined) throw new Error(`no device ${id}`);
  return device;
};

/** One product of m x k by k x n, m being the batch. */
const product = (k: number, n: number): Workload =>
  compileWorkload(
    analyzed((g) => [g.node('Gemm', 'product', [g.input('x', [BATCH, k]), g.weight('w', [k, n])])]),
    'none',
  );

const convolution = (inputs: number, outputs: number, extent: number, options: ConvOptions): Workload =>
  compileWorkload(
    analyzed((g) => [conv(g, 'conv', featureInput(g, inputs, extent), outputs, options).tensor]),
    'none',
  );

const run = (workload: Workload, machine: Machine, batch: number): KernelTimes => {
  const times = allocateKernelTimes(workload.columns.length);
  evaluateKernels(workload.columns, machine, batch, times);
  return times;
};

const first = (column: Float64Array): number => column[0] as number;

/** A device with another number of arrays or tiles, at the same rate each. */
const withUnits = (device: Device, units: number): Device => {
  const { geometry } = device;
  if (geometry.kind !== 'systolic' && geometry.kind !== 'spatial') throw new Error('no array to divide');
  const before = geometry.kind === 'systolic' ? geometry.arrays : geometry.tiles;
  const count = { ...before, value: units };
  const peaks = Object.entries(device.matrixPeaks).map(([name, peak]) => [
    name,
    { ...peak, value: (peak.value * units) / before.value },
  ]);
  return {
    ...device,
    geometry: geometry.kind === 'systolic' ? { ...geometry, arrays: count } : { ...geometry, tiles: count },
    matrixPeaks: Object.fromEntries(peaks) as Device['matrixPeaks'],
  };
};

/** Time of one cycle of an array at the efficiency of the prior: 2 operations of each cell over the rate of one unit. */
const cycleSeconds = ({ matrixPeak, units, constants }: Machine, cells: number): number =>
  (2 * cells * units) / (constants.matrixEfficiency * matrixPeak);

describe('every machine', () => {
  it('keeps the share of its multipliers that work in (0, 1], and none where nothing is multiplied', () => {
    fc.assert(
      fc.property(describedCase, ({ workload, machine, batch }) => {
        const { spatialUtilization } = run(workload, machine, batch);
        workload.kernels.forEach(({ macs }, row) => {
          const share = spatialUtilization[row] as number;
          if (macs.perItem === 0) expect(share).toBe(0);
          else expect(share > 0 && share <= 1 + 1e-12).toBe(true);
        });
      }),
      { numRuns: 250 },
    );
  });

  it('spends more time on more work: no kernel that multiplies takes none', () => {
    fc.assert(
      fc.property(anyCase, ({ workload, machine, batch }) => {
        const { computeSeconds } = run(workload, machine, batch);
        workload.kernels.forEach(({ macs }, row) => {
          const time = computeSeconds[row] as number;
          const fastest = (2 * macs.perItem * batch) / Math.max(machine.matrixPeak, machine.vectorPeak);
          expect(time).toBeGreaterThanOrEqual(fastest * (1 - 1e-12));
        });
      }),
      { numRuns: 100 },
    );
  });

  it('keeps that share below 1 on a machine with a strong vector unit', () => {
    const machine = rescale(machineOf(deviceOf('kpu_t100'), { precision: 'fp32' }), {
      ...UNCHANGED,
      matrixPeaks: 0.2,
      vectorPeak: 5,
    });
    const depthwise = convolution(64, 64, 32, { kernel: 3, groups: 64 });
    expect(first(run(depthwise, machine, 1).spatialUtilization)).toBeLessThanOrEqual(1);
  });
});

describe.each(['google_tpu_v4', 'kpu_t2', 'kpu_t100'])('%s', (id) => {
  it.each([3, 5])(
    'fills its array less with a depthwise kernel of width %d than with the dense one of the same shape',
    (kernel) => {
      const machine = machineOf(deviceOf(id));
      for (const channels of [32, 96, 300]) {
        const depthwise = run(convolution(channels, channels, 28, { kernel, groups: channels }), machine, 1);
        const dense = run(convolution(channels, channels, 28, { kernel }), machine, 1);
        const [low, high] = [depthwise, dense].map(({ spatialUtilization }) => first(spatialUtilization)) as [
          number,
          number,
        ];
        expect(low).toBeLessThan(high / 4);
      }
    },
  );
});

describe('SIMT GPU', () => {
  const whole = machineOf(deviceOf('nvidia_h100_pcie'), { precision: 'fp16' });
  // Tiles alone: with vector units as slow as these nothing runs there that could run in tiles.
  const machine = { ...whole, vectorPeak: 1e-6 * whole.vectorPeak };
  const seconds = (workload: Workload, batch: number, on = machine) => first(run(workload, on, batch).computeSeconds);

  // n = 32 fits the smallest tile, 64 x 32; wider ones would compute columns that do not exist. k = 256 is too short to
  // be split. So m rows are ceil(m / 64) thread blocks, and 114 multiprocessors take 114 of them at once.
  const narrow = product(256, 32);
  const WAVE = 64 * 114;

  it('one block more than a full wave costs a second wave', () => {
    expect(seconds(narrow, WAVE + 1) / seconds(narrow, WAVE)).toBeCloseTo(2, 12);
  });

  it('within a wave nothing changes', () => {
    expect(seconds(narrow, 64 * 113 + 1) / seconds(narrow, WAVE)).toBeCloseTo(1, 12);
    expect(seconds(narrow, 64) / seconds(narrow, WAVE)).toBeCloseTo(1, 12);
    expect(first(run(narrow, machine, WAVE).busyUnits)).toBe(114);
    expect(first(run(narrow, machine, 64 * 10).busyUnits)).toBe(10);
  });

  /** What a product n wide and k deep reaches of the peak, with many tiles. */
  const reached = (n: number, k: number): number => {
    const { matrixEfficiency, linearEfficiency = 1, columnSaturation = 0, depthSaturation = 0 } = machine.constants;
    const shaped = (n / (n + columnSaturation)) * (k / (k + depthSaturation));
    return matrixEfficiency * linearEfficiency * shaped * sustainedShare(machine);
  };

  it('a full wave of the largest tile runs at the efficiency of its shape, as far as the power cap sustains the peak', () => {
    // 114 blocks of 128 x 256 with k = 512.
    const full = run(product(512, 256), machine, 128 * 114);
    expect(first(full.spatialUtilization)).toBeCloseTo(reached(256, 512), 12);
    // 350 W over 378 T multiply-accumulates a second at 5.6 times 0.4 pJ.
    expect(sustainedShare(machine)).toBeCloseTo(350 / (378 * 5.6 * 0.4), 9);
  });

  it('reaches less with a short k and with few columns', () => {
    const perMac = (n: number, k: number) => seconds(product(k, n), 128 * 114 * 50) / (n * k);
    expect(perMac(256, 64) / perMac(256, 512)).toBeCloseTo(reached(256, 512) / reached(256, 64), 2);
    expect(perMac(64, 512) / perMac(256, 512)).toBeGreaterThan(1);
  });

  it('splits a long k over multiprocessors that would be idle', () => {
    // One block. k = 256: one multiprocessor. k = 2560: ten of them with 256 each take as long, but for what a longer k gains.
    const gain = reached(32, 2560) / reached(32, 256);
    expect(seconds(product(2560, 32), 64) / (seconds(product(256, 32), 64) / gain)).toBeCloseTo(1, 12);
    expect(first(run(product(2560, 32), machine, 64).busyUnits)).toBe(10);
  });

  it('runs a matrix times a vector on the vector units, and times many in tiles', () => {
    // 4096 x 4096 multiply-accumulates for a row.
    const square = product(4096, 4096);
    const { vectorPeak, constants } = whole;
    const alone = (2 * 4096 * 4096) / (constants.vectorEfficiency * vectorPeak);
    expect(seconds(square, 1, whole)).toBeCloseTo(alone, 15);
    expect(seconds(square, 2, whole)).toBeCloseTo(2 * alone, 15);
    expect(first(run(square, whole, 1).busyUnits)).toBe(114);
    // 63 rows take as long as 64 in tiles, which is less than 63 times one.
    expect(seconds(square, 64, whole)).toBeLessThan(63 * alone);
    expect(seconds(square, 63, whole) / seconds(square, 64)).toBeCloseTo(1, 9);
    expect(first(run(square, whole, 1).spatialUtilization)).toBeCloseTo(
      (2 * 4096 * 4096) / (alone * whole.matrixPeak),
      12,
    );
  });

  it('runs depthwise work on the vector units', () => {
    // 64 channels x 9 x 28 x 28 = 451,584 multiply-accumulates.
    const depthwise = convolution(64, 64, 28, { kernel: 3, groups: 64 });
    const { vectorPeak, constants } = whole;
    expect(seconds(depthwise, 1, whole)).toBeCloseTo((2 * 451_584) / (constants.depthwiseEfficiency * vectorPeak), 15);
  });
});

describe('systolic array', () => {
  const tpu = deviceOf('google_tpu_v4');
  const one = machineOf(withUnits(tpu, 1));
  const CELLS = 128 * 128;
  const cycles = (workload: Workload, machine: Machine, batch: number) =>
    first(run(workload, machine, batch).computeSeconds) / cycleSeconds(machine, CELLS);

  it('m = 1000, k = n = 128 on one 128 x 128 array: 1000 rows stream, 256 cycles to fill and drain', () => {
    expect(cycles(product(128, 128), one, 1000)).toBeCloseTo(1256, 9);
    // 1000 of 1256 cycles on full arrays, at the efficiency of the prior.
    const { spatialUtilization } = run(product(128, 128), one, 1000);
    expect(first(spatialUtilization)).toBeCloseTo((one.constants.matrixEfficiency * 1000) / 1256, 12);
  });

  it.each([
    // [k, n, m, cycles]: one weight more on either side is a second block of weights, 1000 rows again.
    [129, 128, 1000, 2256],
    [128, 129, 1000, 2256],
    [129, 129, 1000, 4256],
    // A single product in a block takes as long as a full one.
    [1, 1, 1000, 1256],
    // Fewer rows than the array is high: the next block of weights takes 128 cycles to load.
    [256, 128, 1, 2 * 128 + 256],
    [256, 128, 128, 2 * 128 + 256],
  ])('k = %d, n = %d, m = %d: %d cycles', (k, n, m, expected) => {
    expect(cycles(product(k, n), one, m)).toBeCloseTo(expected, 9);
  });

  it('deals passes to all arrays, and splits the rows where there are too few', () => {
    const eight = machineOf(tpu);
    // 8 passes of 1000 rows on 8 arrays; 1 pass of 8000 rows in 8 parts: 1000 cycles and the fill either way.
    expect(cycles(product(1024, 128), eight, 1000)).toBeCloseTo(1256, 9);
    expect(cycles(product(128, 128), eight, 8000)).toBeCloseTo(1256, 9);
    expect(first(run(product(128, 128), eight, 8000).busyUnits)).toBe(8);
    // 100 rows are too few to share: one array works, seven wait.
    expect(first(run(product(128, 128), eight, 100).busyUnits)).toBe(1);
  });

  it('gives depthwise work to the vector unit, where the array would stand still', () => {
    // On the array 64 passes of 784 rows over 8 arrays: 6272 + 256 cycles; the vector unit takes
    // 451,584 x 2 operations at 0.3 x 4.3 T.
    const eight = machineOf(tpu);
    const depthwise = convolution(64, 64, 28, { kernel: 3, groups: 64 });
    const onVector = (2 * 451_584) / (eight.constants.depthwiseEfficiency * eight.vectorPeak);
    expect(onVector).toBeLessThan(6528 * cycleSeconds(eight, CELLS));
    expect(first(run(depthwise, eight, 1).computeSeconds)).toBeCloseTo(onVector, 15);
    const slowVector = rescale(eight, { ...UNCHANGED, vectorPeak: 0.01 });
    expect(cycles(depthwise, slowVector, 1)).toBeCloseTo(6528, 6);
  });
});

describe('spatial tiles', () => {
  const device = deviceOf('kpu_t100');
  const one = machineOf(withUnits(device, 1));
  const STEADY = 100;

  it.each([1, 2, 10, 1000])(
    'u = N x steady / (N x steady + fill + drain) for %d blocks of 32 x 32 in a row',
    (blocks) => {
      // k = 100 operands stream past 32 rows and 32 columns: 32 cycles to fill, 32 to drain, paid once.
      const { spatialUtilization } = run(product(STEADY, 32), one, 32 * blocks);
      const expected = (blocks * STEADY) / (blocks * STEADY + 32 + 32);
      expect(first(spatialUtilization) / one.constants.matrixEfficiency).toBeCloseTo(expected, 12);
    },
  );

  it('two blocks of k = 100 take 264 cycles on one tile, 164 on two', () => {
    const seconds = (units: number) => {
      const machine = machineOf(withUnits(device, units));
      return first(run(product(STEADY, 32), machine, 64).computeSeconds) / cycleSeconds(machine, 32 * 32);
    };
    expect(seconds(1)).toBeCloseTo(264, 9);
    expect(seconds(2)).toBeCloseTo(164, 9);
    expect(seconds(64)).toBeCloseTo(164, 9);
  });

  it('a row or a column more than a block costs another block', () => {
    const seconds = (n: number, m: number) => first(run(product(STEADY, n), one, m).computeSeconds);
    const single = cycleSeconds(one, 32 * 32) * (STEADY + 64);
    expect(seconds(32, 32)).toBeCloseTo(single, 15);
    expect(seconds(33, 32)).toBe(seconds(32, 33));
    expect(seconds(33, 32) / single).toBeCloseTo(264 / 164, 12);
  });
});

describe('SIMD CPU', () => {
  const machine = machineOf(deviceOf('intel_i7_12700h'));
  const { matrixEfficiency, windowEfficiency, depthwiseEfficiency, linearEfficiency = 1 } = machine.constants;
  const { columnSaturation = 0, depthSaturation = 0 } = machine.constants;
  const shaped = (n: number, k: number) => (n / (n + columnSaturation)) * (k / (k + depthSaturation));

  it('runs plain products at a share of the matrix peak that falls for narrow and shallow ones', () => {
    for (const m of [1, 49, 3136]) {
      const { computeSeconds, spatialUtilization } = run(product(512, 256), machine, m);
      const share = matrixEfficiency * linearEfficiency * shaped(256, 512);
      const expected = (2 * 512 * 256 * m) / (share * machine.matrixPeak);
      expect(first(computeSeconds) / expected).toBeCloseTo(1, 12);
      expect(first(spatialUtilization)).toBeCloseTo(share, 12);
    }
  });

  it('pads columns to whole SIMD registers: 17 columns cost as many as 24', () => {
    const perColumn = (n: number) =>
      first(run(product(512, n), machine, 49).computeSeconds) * (n / (n + columnSaturation));
    expect(perColumn(17) / 17 / (perColumn(24) / 24)).toBeCloseTo(24 / 17, 9);
  });

  it('runs products that slide a window at the share of those: 3x3, but not 1x1', () => {
    // 64 x 64 x 28 x 28 = 3,211,264 multiply-accumulates a tap.
    const seconds = (kernel: number) => first(run(convolution(64, 64, 28, { kernel }), machine, 1).computeSeconds);
    const tap = (2 * 3_211_264) / (matrixEfficiency * machine.matrixPeak);
    expect(seconds(1) / (tap / shaped(64, 64))).toBeCloseTo(1, 12);
    expect(seconds(3) / (tap / shaped(64, 576))).toBeCloseTo(9 / windowEfficiency, 9);
  });

  it('runs depthwise work at its share of the vector peak', () => {
    const depthwise = run(convolution(64, 64, 28, { kernel: 3, groups: 64 }), machine, 1);
    const expected = (2 * 451_584) / (depthwiseEfficiency * machine.vectorPeak);
    expect(first(depthwise.computeSeconds) / expected).toBeCloseTo(1, 12);
  });

  it('runs depthwise work in int8 as much faster as its lanes are narrower', () => {
    const narrow = machineOf(deviceOf('intel_i7_12700h'), { precision: 'int8' });
    const depthwise = convolution(64, 64, 28, { kernel: 3, groups: 64 });
    const seconds = (on: Machine) => first(run(depthwise, { ...on, constants: machine.constants }, 1).computeSeconds);
    expect(seconds(machine) / seconds(narrow)).toBeCloseTo(4, 9);
  });
});

describe('weights that stay on chip', () => {
  // 64 x 64 = 4096 weights of one byte.
  const pointwise = convolution(64, 64, 28, {});
  const kpu = machineOf(deviceOf('kpu_t100'));
  const moved = (residentWeightBytes: number) => first(run(pointwise, { ...kpu, residentWeightBytes }, 1).offChipBytes);

  it('are not moved again where they fit, and of those that do not only the excess is', () => {
    expect(moved(0)).toBe(4096 + 2 * 50_176);
    expect(moved(4096)).toBe(2 * 50_176);
    expect(moved(3072)).toBeCloseTo(1024 + 2 * 50_176, 9);
  });

  it('of several kernels share the excess by their size', () => {
    // 4096 and 8192 weights; a quarter of 12,288 has no place.
    const two = compileWorkload(
      analyzed((g) => [conv(g, 'b', conv(g, 'a', featureInput(g, 64, 28), 64), 128).tensor]),
      'none',
    );
    const bytes = (residentWeightBytes: number) => [...run(two, { ...kpu, residentWeightBytes }, 1).offChipBytes];
    const [none, some] = [bytes(12_288), bytes(9216)];
    expect(none).toEqual([50_176, 100_352]);
    expect(some.map((value, row) => value - (none[row] as number))).toEqual([
      expect.closeTo(1024, 9),
      expect.closeTo(2048, 9),
    ]);
  });

  it('are no part of the roof either', () => {
    const roof = (residentWeightBytes: number) =>
      roofSeconds(pointwise, { ...kpu, residentWeightBytes, offChipBandwidth: 1e6 }, 1);
    expect((roof(0) - roof(4096)) * 1e6).toBeCloseTo(4096, 6);
  });
});

describe('a host', () => {
  it('runs what the device cannot, and waits for the tensors on the way there and back', () => {
    const base = deviceOf('kpu_t100');
    const machine = machineOf(base);
    const pointwise = convolution(64, 64, 28, {});
    const host = {
      takes: Uint8Array.from(OPERATOR_CLASSES, (name) => (name === 'pointwise-conv' ? 1 : 0)),
      operationSeconds: 1e-9,
      byteSeconds: 1e-8,
      crossingSeconds: 2e-3,
    };
    const times = run(pointwise, { ...machine, host }, 1);
    // 2 x 64 x 64 x 784 = 6,422,528 operations at 1 ns; 100,352 bytes at 10 ns; 2 ms.
    expect(first(times.totalSeconds)).toBeCloseTo(
      6_422_528e-9 + 100_352e-8 + 2e-3 + machine.constants.kernelSeconds,
      12,
    );
  });
});

describe('a host beside slow memory', () => {
  it('waits for what lies off chip, however fast its link', () => {
    const base = machineOf(deviceOf('kpu_t100'));
    const host = {
      takes: Uint8Array.from(OPERATOR_CLASSES, () => 1),
      ...{ operationSeconds: 0, byteSeconds: 1e-12, crossingSeconds: 0 },
    };
    const constants = { ...base.constants, weightEfficiency: 0.5, offChipEfficiency: 0.8, kernelSeconds: 0 };
    const machine = { ...base, host, constants, offChipBandwidth: 1e6 };
    const pointwise = convolution(64, 64, 28, {});
    // 4096 bytes of weights at half of 1 MB/s, 100,352 of the ends of the network at 0.8 of it.
    expect(first(run(pointwise, machine, 1).totalSeconds)).toBeCloseTo(4096 / 0.5e6 + 100_352 / 0.8e6, 9);
    const { bandwidthUtilization, latencySeconds } = estimate(pointwise, machine);
    expect(bandwidthUtilization).toBeLessThanOrEqual(1);
    expect(latencySeconds).toBeGreaterThanOrEqual(roofSeconds(pointwise, machine, 1));
  });
});

describe('the memory roofs', () => {
  // x 64 channels at 28 x 28 = 50,176 elements in and as many out; 64 x 64 = 4096 weights; one byte each in int8.
  const pointwise = convolution(64, 64, 28, {});
  const kpu = machineOf(deviceOf('kpu_t100'));

  it('the ends of the network and the weights pass off chip; everything passes on chip', () => {
    const times = run(pointwise, kpu, 2);
    expect(first(times.offChipBytes)).toBe(4096 + 2 * 2 * 50_176);
    expect(first(times.onChipBytes)).toBe(4096 + 2 * 2 * 50_176);
  });

  it('what lies between two kernels stays on chip, as far as it fits beside the weights', () => {
    const two = compileWorkload(
      analyzed((g) => [conv(g, 'b', conv(g, 'a', featureInput(g, 64, 28), 64), 64).tensor]),
      'none',
    );
    expect([...run(two, kpu, 1).offChipBytes]).toEqual([4096 + 50_176, 4096 + 50_176]);
    // Room for 60,000 bytes: of the 104,448 of a kernel 44,448 spill, all of them from the map in the middle.
    const small = { ...kpu, onChipCapacity: 60_000 };
    expect([...run(two, small, 1).offChipBytes]).toEqual([4096 + 50_176 + 44_448, 4096 + 50_176 + 44_448]);
    // No room: the whole map in the middle passes, and no more than that.
    const none = { ...kpu, onChipCapacity: 1 };
    expect([...run(two, none, 1).offChipBytes]).toEqual([4096 + 2 * 50_176, 4096 + 2 * 50_176]);
  });

  it('the slower of the two levels counts', () => {
    const { constants } = kpu;
    // Weights and activations reach shares of their own of the off-chip bandwidth.
    const off = (4096 / constants.weightEfficiency + (2 * 50_176) / constants.offChipEfficiency) / kpu.offChipBandwidth;
    expect(first(run(pointwise, kpu, 1).memorySeconds) / off).toBeCloseTo(1, 9);
    const gentle = { ...kpu, constants: { ...constants, weightEfficiency: constants.weightEfficiency / 2 } };
    const longer = first(run(pointwise, gentle, 1).memorySeconds) - off;
    expect(longer / (4096 / constants.weightEfficiency / kpu.offChipBandwidth)).toBeCloseTo(1, 9);
    const slow = { ...kpu, onChipBandwidth: 1e9 };
    // The weights come from off chip whatever the on-chip level does; what it slows is the activations.
    const weights = 4096 / constants.weightEfficiency / kpu.offChipBandwidth;
    const on = weights + (2 * 50_176) / (constants.onChipEfficiency * 1e9);
    expect(first(run(pointwise, slow, 1).memorySeconds)).toBeCloseTo(on, 12);
  });

  it.each([1, 2, 4, 8] as const)('joins compute and memory as (c^p + m^p)^(1/p) for p = %d', (p) => {
    for (const offChipBandwidth of [1e9, 1e11, 1e13]) {
      const times = run(
        pointwise,
        { ...kpu, offChipBandwidth, constants: { ...kpu.constants, overlapExponent: p } },
        1,
      );
      const [compute, memory] = [first(times.computeSeconds), first(times.memorySeconds)];
      const joined = (compute ** p + memory ** p) ** (1 / p);
      expect((first(times.totalSeconds) - kpu.constants.kernelSeconds) / joined).toBeCloseTo(1, 9);
    }
  });

  it('energy by hand: each multiply-accumulate, each byte at its level, static power over the latency', () => {
    const { energy, latencySeconds } = estimate(pointwise, kpu, 2);
    // 64 x 64 x 784 x 2 = 6,422,528 at 0.1 pJ; 204,800 bytes at 1.75 pJ (SRAM) and at 34 pJ (HBM); 3 W.
    expect(energy.compute / (6_422_528 * 0.1e-12)).toBeCloseTo(1, 9);
    expect(energy.onChipMemory / (204_800 * 1.75e-12)).toBeCloseTo(1, 9);
    expect(energy.offChipMemory / (204_800 * 34e-12)).toBeCloseTo(1, 9);
    expect(energy.static / (3 * latencySeconds)).toBeCloseTo(1, 9);
  });

  it('name what binds', () => {
    const bound = (machine: Machine) => estimate(pointwise, machine, 64).bound;
    const patient = { ...kpu, mode: { ...kpu.mode, cap: { ...kpu.mode.cap, value: 1e6 } } } as Machine;
    expect(bound({ ...patient, matrixPeak: 1e9 })).toBe('compute');
    expect(bound({ ...patient, offChipBandwidth: 1e6 })).toBe('off-chip memory');
    expect(bound({ ...patient, onChipBandwidth: 1e6 })).toBe('on-chip memory');
    expect(bound({ ...patient, constants: { ...patient.constants, kernelSeconds: 1 } })).toBe('overhead');
    expect(bound({ ...kpu, mode: { ...kpu.mode, cap: { ...kpu.mode.cap, value: 3.001 } } } as Machine)).toBe('power');
  });
});
