/** How NPUs and microcontrollers take a product: hand-worked cycles and shares of the peak. */

import { describe, expect, it } from 'vitest';
import { compileWorkload, type Workload } from '../../src/analysis/workload.ts';
import { isMachine, type Machine, resolveMachine, UNIT_NAMES, unitCount } from '../../src/estimate/machine.ts';
import { mapToNpu } from '../../src/estimate/npu.ts';
import { allocateKernelTimes, evaluateKernels, type KernelTimes } from '../../src/estimate/roofs.ts';
import { RUNTIMES, type Runtime } from '../../src/estimate/runtime.ts';
import type { Device } from '../../src/hardware/device.ts';
import { devices } from '../../src/hardware/index.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { type ConvOptions, conv } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput } from '../analysis/graphs.ts';

const runtime = RUNTIMES.find(({ fusion }) => fusion === 'none') as Runtime;

const deviceOf = (id: string): Device => {
  const device = devices.find((candidate) => candidate.id === id);
  if (device === undefined) throw new Error(`no device ${id}`);
  return device;
};

const machineOf = (device: Device): Machine => {
  const machine = resolveMachine(device, runtime);
  if (!isMachine(machine)) throw new Error(machine.message);
  return machine;
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

/** 64 channels, 3 x 3, at 28 x 28: 64 x 9 x 784 = 451,584 multiply-accumulates. */
const DEPTHWISE = convolution(64, 64, 28, { kernel: 3, groups: 64 });
const DEPTHWISE_MACS = 451_584;

describe('NPU', () => {
  // One engine of 64 x 64 cells at 488 MHz; a cycle takes 1 / 488 MHz over the efficiency of the prior.
  const prior = machineOf(deviceOf('google_edge_tpu'));
  // Every kind of product at the same rate: what the shapes make of it is another matter.
  const one: Machine = { ...prior, constants: { ...prior.constants, windowEfficiency: 1, linearEfficiency: 1 } };
  const slowVector: Machine = { ...one, vectorPeak: one.vectorPeak / 1000 };
  const cycles = (workload: Workload, machine: Machine, batch: number) => {
    const cellsTogether = machine.units * 64 * 64;
    const cycleSeconds = (2 * cellsTogether) / (machine.constants.matrixEfficiency * machine.matrixPeak);
    return first(run(workload, machine, batch).computeSeconds) / cycleSeconds;
  };
  /** The same engine four times, at four times the peak. */
  const four: Machine = { ...one, units: 4, matrixPeak: 4 * one.matrixPeak };

  it.each([
    // [k, n, m, cycles]: each of the m positions takes a cycle a pass; the first weights load in 64.
    [64, 64, 1000, 1000 + 64],
    [65, 64, 1000, 2000 + 64],
    [64, 65, 1000, 2000 + 64],
    [65, 65, 1000, 4000 + 64],
    [640, 1, 7, 70 + 64],
    // A single product takes as long as a full block.
    [1, 1, 1000, 1000 + 64],
    [1, 1, 1, 1 + 64],
  ])('k = %d, n = %d, m = %d: %d cycles on one engine of 64 x 64', (k, n, m, expected) => {
    expect(cycles(product(k, n), one, m)).toBeCloseTo(expected, 9);
  });

  it('keeps the share of its cells that work: 1000 of 1064 cycles, at the efficiency of the prior', () => {
    const share = first(run(product(64, 64), one, 1000).spatialUtilization);
    expect(share / one.constants.matrixEfficiency).toBeCloseTo(1000 / 1064, 12);
    // 65 products in two passes of 64.
    const ragged = first(run(product(65, 64), one, 1000).spatialUtilization);
    expect(ragged / one.constants.matrixEfficiency).toBeCloseTo((65 * 1000) / (64 * 2064), 12);
  });

  it('is never faster than its peak, whatever the constants make of it', () => {
    const fast: Machine = { ...one, constants: { ...one.constants, matrixEfficiency: 0.9, linearEfficiency: 1.5 } };
    const peak: Machine = { ...one, constants: { ...one.constants, matrixEfficiency: 1 } };
    const seconds = (of: Machine) => first(run(product(64, 64), of, 1000).computeSeconds);
    expect(seconds(fast)).toBeCloseTo(seconds(peak), 15);
  });

  it('shares positions and passes out over its engines', () => {
    // 1000 positions on 4 engines: 250; 1001: 251; 3 passes of 3 positions: 9 in 3 rounds.
    expect(cycles(product(64, 64), four, 1000)).toBeCloseTo(250 + 64, 9);
    expect(cycles(product(64, 64), four, 1001)).toBeCloseTo(251 + 64, 9);
    expect(cycles(product(64, 129), four, 3)).toBeCloseTo(3 + 64, 9);
    expect(first(run(product(64, 64), four, 1000).busyUnits)).toBe(4);
    // A single position occupies a single engine.
    expect(first(run(product(64, 64), four, 1).busyUnits)).toBe(1);
    expect(cycles(product(64, 64), four, 1)).toBeCloseTo(1 + 64, 9);
  });

  it('slides a window as a deeper product: 3 x 3 over 32 channels is 288 of 5 x 64 rows', () => {
    // 5 passes of rows, 1 of columns, 28 x 28 positions.
    expect(cycles(convolution(32, 64, 28, { kernel: 3 }), one, 1)).toBeCloseTo(5 * 784 + 64, 9);
    // 1 x 1 over 32 channels fills half of the rows of its one pass.
    expect(cycles(convolution(32, 64, 28, { kernel: 1 }), one, 1)).toBeCloseTo(784 + 64, 9);
  });

  it('takes groups one after another: 4 groups of 16 channels, 144 of 3 x 64 rows each', () => {
    expect(cycles(convolution(64, 64, 28, { kernel: 3, groups: 4 }), one, 1)).toBeCloseTo(4 * 3 * 784 + 64, 9);
  });

  it('does depthwise work with one column a group, or on the vector path where that is faster', () => {
    // 64 groups of one pass of 784 positions: 9 of 64 rows and 1 of 64 columns.
    expect(cycles(DEPTHWISE, slowVector, 1)).toBeCloseTo(64 * 784 + 64, 6);
    const fast: Machine = { ...one, vectorPeak: one.matrixPeak };
    const onVector = (2 * DEPTHWISE_MACS) / (one.constants.depthwiseEfficiency * fast.vectorPeak);
    expect(first(run(DEPTHWISE, fast, 1).computeSeconds) / onVector).toBeCloseTo(1, 9);
    const dense = first(run(convolution(64, 64, 28, { kernel: 3 }), slowVector, 1).spatialUtilization);
    expect(first(run(DEPTHWISE, slowVector, 1).spatialUtilization)).toBeLessThan(dense / 32);
  });

  it('refuses another geometry, and calls its units engines', () => {
    expect(() =>
      mapToNpu(product(8, 8).columns, machineOf(deviceOf('google_tpu_v4')), 1, allocateKernelTimes(1)),
    ).toThrow('an NPU mapping needs an NPU geometry');
    expect(unitCount(one.geometry)).toBe(1);
    expect(UNIT_NAMES.npu).toBe('engine');
  });
});

describe('microcontroller', () => {
  const machine = machineOf(deviceOf('mcu_stm32l4r5'));
  const { matrixEfficiency, windowEfficiency, depthwiseEfficiency, vectorEfficiency } = machine.constants;
  // 4 operations a cycle at 120 MHz.
  const PEAK = 480e6;

  it('runs plain products at its share of the peak, whatever their shape', () => {
    for (const m of [1, 7, 1000]) {
      const { computeSeconds, spatialUtilization, busyUnits } = run(product(96, 10), machine, m);
      expect(first(computeSeconds) / ((2 * 96 * 10 * m) / (matrixEfficiency * PEAK))).toBeCloseTo(1, 9);
      expect(first(spatialUtilization)).toBe(matrixEfficiency);
      expect(first(busyUnits)).toBe(1);
    }
  });

  it('runs products that slide a window at the share of those: 3 x 3, but not 1 x 1', () => {
    // 16 x 32 x 28 x 28 = 401,408 multiply-accumulates a tap.
    const seconds = (kernel: number) => first(run(convolution(16, 32, 28, { kernel }), machine, 1).computeSeconds);
    const tap = (2 * 401_408) / (matrixEfficiency * PEAK);
    expect(seconds(1) / tap).toBeCloseTo(1, 9);
    expect(seconds(3) / tap).toBeCloseTo(9 / windowEfficiency, 9);
  });

  it('runs depthwise work at a share of its own of the same peak', () => {
    const { computeSeconds, spatialUtilization } = run(DEPTHWISE, machine, 1);
    expect(first(computeSeconds) / ((2 * DEPTHWISE_MACS) / (depthwiseEfficiency * PEAK))).toBeCloseTo(1, 9);
    expect(first(spatialUtilization)).toBe(depthwiseEfficiency);
  });

  it('does element-wise work on the same core, after the products', () => {
    // 1,000 additions at a share of one a cycle at 120 MHz.
    const sum = compileWorkload(
      analyzed((g) => [g.node('Add', 'sum', [g.input('a', [BATCH, 1000]), g.input('b', [BATCH, 1000])])]),
      'none',
    );
    const { computeSeconds, spatialUtilization } = run(sum, machine, 3);
    expect(first(computeSeconds) / (3000 / (vectorEfficiency * 120e6))).toBeCloseTo(1, 9);
    expect(first(spatialUtilization)).toBe(0);
    expect(UNIT_NAMES.mcu).toBe('core');
    expect(unitCount(machine.geometry)).toBe(1);
  });
});

describe('tiles of several kinds', () => {
  const device = deviceOf('kpu_t64');

  it('count as those that work at the precision', () => {
    expect(unitCount(device.geometry)).toBe(64);
    expect(unitCount(device.geometry, 'int8')).toBe(39);
    expect(unitCount(device.geometry, 'bf16')).toBe(17);
    // Nothing is said of fp32: all of them.
    expect(unitCount(device.geometry, 'fp32')).toBe(64);
    expect(unitCount(deviceOf('kpu_t100').geometry, 'int8')).toBe(64);
    expect(machineOf(device).units).toBe(39);
  });

  it('take one block of 32 x 32 each: 40 blocks need a second round on 39 tiles', () => {
    const machine = machineOf(device);
    // A cycle of a tile is that of the clock, 0.9 GHz, whatever the number of tiles: 39 x 1024 x 2 x 0.9 GHz = 71.88 T.
    const cycles = (blocks: number) =>
      first(run(product(100, 32), machine, 32 * blocks).computeSeconds) * machine.constants.matrixEfficiency * 0.9e9;
    expect(cycles(39)).toBeCloseTo(100 + 64, 6);
    expect(cycles(40)).toBeCloseTo(200 + 64, 6);
  });
});
